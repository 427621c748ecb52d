"""`make load`: explained matches through HTTP on this machine alone: a bounded number, from 4 workers; then beside an import.

Uses the database of `make bench` with 100 thousand places; prints one table and writes build/load.json.
"""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import numpy as np

from embeddings.encoder import SentenceEncoder
from matching.vectors import Place
from service.db.connect import Pools
from service.db.embedded import embedded_postgres
from service.search import Search
from service.settings import Settings
from tests.benchmarks import country, table
from tests.benchmarks.filling import filled
from tests.benchmarks.run import BUILD, OCCUPATIONS, POSTCODES, SHARED_DATA, database_of, people_of
from tests.benchmarks.sentences import vocabulary
from tests.benchmarks.serving import asked, serving

SIZE = int(os.environ.get("LOAD_PLACES", "100000"))
WORKERS, AT_ONCE, REQUESTS = 4, 8, int(os.environ.get("LOAD_REQUESTS", "1000"))
PEOPLE, IMPORTED = 1_000, 20_000


async def main() -> None:
    """Runs it and ends with exit code 1 when a request failed."""
    settings = Settings()
    encoder = SentenceEncoder(settings.encoder, settings.models)
    words = vocabulary(SHARED_DATA / "esco_nl", encoder, BUILD / "bench", OCCUPATIONS)
    postcodes = country.read_postcodes(POSTCODES)
    more = _written(country.places(words, postcodes, IMPORTED, seed=9), BUILD / "bench" / "more.jsonl")
    with embedded_postgres(settings.home / "bench") as server:
        places, people = country.places(words, postcodes, SIZE), people_of(words, postcodes, SIZE)
        name = database_of(SIZE, encoder.model)
        async with filled(server, name, encoder.model, places, people) as pools:
            search = await Search.open(pools.engine, encoder.model, encoder.dimension, settings.snapshots)
            await search.places.rebuild()
            await search.people.rebuild()
            rows, failed = await _measured(server.replace("/postgres?", f"/{name}?"), settings.home, pools, more)
    table.write(rows, BUILD / "load.json")
    table.show(rows)
    sys.exit(bool(failed))


async def _measured(url: str, home: Path, pools: Pools, more: Path) -> tuple[list[table.Row], int]:
    people = [f"s{number % PEOPLE:06}" for number in range(REQUESTS)]
    async with serving(url, home, pools.owner, WORKERS) as (address, process):
        await asked(address, people[: 4 * AT_ONCE], AT_ONCE)
        alone = await asked(address, people, AT_ONCE)
        memory = _memory_of(process)
        async with _importing(more, url, home):
            beside = await asked(address, people, AT_ONCE)
    failed = alone[2] + beside[2]
    rows = [
        *_rows("alone", *alone[:2]),
        *_rows("beside an import", *beside[:2]),
        table.at_most("requests that failed", 2 * REQUESTS, failed, 0),
        table.at_most(f"memory of {WORKERS} workers together (MB)", SIZE, memory / 1e6),
    ]
    return rows, failed


def _rows(name: str, times: list[float], seconds: float) -> list[table.Row]:
    return [
        table.at_most(f"matches a second, {name}", SIZE, len(times) / seconds),
        table.at_most(f"p50 through HTTP, {name}", SIZE, table.median(times)),
        table.at_most(f"p95 through HTTP, {name}", SIZE, table.p95(times)),
        table.at_most(f"p99 through HTTP, {name}", SIZE, 1_000 * float(np.quantile(times, 0.99))),
    ]


@contextlib.asynccontextmanager
async def _importing(file: Path, url: str, home: Path) -> AsyncIterator[None]:
    """An import in a process of its own goes on while the context is open."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "service.cli", "import", str(file)),
        env={**os.environ, "DATABASE_URL": url, "PASSEND_HOME": str(home), "OMP_NUM_THREADS": "1"},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _written(places: Iterable[Place], file: Path) -> Path:
    """Places as someone hands them over, in the interchange format, under ids of their own."""
    if not file.exists():
        lines = [json.dumps(_handed_over(number, place)) for number, place in enumerate(places)]
        file.write_text("\n".join(lines), encoding="utf-8")
    return file


def _handed_over(number: int, place: Place) -> dict[str, object]:
    one = place.opportunity
    return {
        "id": f"i{number:06}",
        "kind": one.kind,
        "title": one.title,
        "organisation": one.organisation,
        "place": one.place,
        "summary": one.summary,
        "tasks": one.tasks,
        "needs": [{"text": need.text, "must": need.must, "learnable": need.learnable} for need in one.needs],
        "offers": [one.offers],
        "hours_min": one.hours_min,
        "hours_max": one.hours_max,
        "positions": one.positions,
    }


def _memory_of(process: int) -> int:
    """Bytes of a process and its children, what they share counted once."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    rollups = [Path(f"/proc/{one}/smaps_rollup").read_text() for one in [str(process), *children]]
    return sum(int(line.split()[1]) * 1024 for text in rollups for line in text.splitlines() if line.startswith("Pss:"))


if __name__ == "__main__":
    asyncio.run(main())
