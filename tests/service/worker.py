"""A worker of its own process that follows a database: says what its indexes hold, each time that changes, as a line of JSON.

Arguments: URL of the database, model, dimension, folder of snapshots.
"""

import asyncio
import json
import sys
from pathlib import Path

from service.db.connect import pools
from service.search import Search
from service.search.listening import kept_fresh


async def main(url: str, model: str, dimension: str, snapshots: str) -> None:
    async with pools(url) as connected:
        search = await Search.open(connected.engine, model, int(dimension), Path(snapshots))
        await search.places.open()
        await search.people.open()
        async with kept_fresh(connected.engine, search):
            await tell(search)


async def tell(search: Search) -> None:
    told = {}
    while True:
        indexes = {"places": search.places.current, "people": search.people.current}
        now = {name: {"mark": index.mark, "vectors": len(index)} for name, index in indexes.items()}
        if now != told:
            print(json.dumps(now), flush=True)
            told = now
        await asyncio.sleep(0.01)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
