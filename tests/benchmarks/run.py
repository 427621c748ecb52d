"""`make bench`: measures on this machine, prints one table, writes build/bench.json, and says what became worse.

QUICK=1 takes sizes up to 100 thousand places; SIZES=1000000 that size alone. PEERS=0 leaves out the peers that build an index of
their own, which takes long at a million. What is encoded and the filled databases are kept for the next run.
"""

import asyncio
import hashlib
import itertools
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import faiss
import torch

from embeddings.encoder import SentenceEncoder
from matching.model import Position
from matching.scoring import Weights
from matching.vectors import Profile
from service.db.connect import Pools
from service.db.embedded import embedded_postgres
from service.geography import Gazetteer
from service.opening import Passend
from service.search import Search
from service.settings import Settings
from tests.benchmarks import country, encoding_rows, matching_rows, quality_rows, table, upkeep_rows
from tests.benchmarks.filling import filled
from tests.benchmarks.sentences import Vocabulary, vocabulary
from tests.benchmarks.serving import asked, serving

BUILD = Path(os.environ.get("BENCH_BUILD", "build"))
SHARED_DATA = Path(os.environ.get("SHARED_DATA", "../shared/data"))
POSTCODES = SHARED_DATA / "geo_nl" / "postcode4_gemeente_cbs_certegis.csv"
QUICK = os.environ.get("QUICK", "0") != "0"
SIZES = [int(size) for size in os.environ.get("SIZES", "10000,100000" if QUICK else "10000,100000,1000000").split(",")]
OCCUPATIONS = 1_200
PEOPLE, FEW = (200, 30) if QUICK else (1_000, 100)
OF_A_REGION = int(os.environ.get("OF_A_REGION", "50000"))
REGION, REGION_KM = Position(51.92, 4.48), 20.0
"""Rotterdam and around: the dense west, where most people may travel to most places."""


async def main() -> None:
    """Runs everything; ends with exit code 1 when something became more than 30% worse than the committed run."""
    started = time.perf_counter()
    torch.set_num_threads(1)
    faiss.omp_set_num_threads(1)
    settings = Settings()
    encoder = SentenceEncoder(settings.encoder, settings.models)
    _tell("encoding the sentences of the country, a few minutes the first time")
    words = vocabulary(SHARED_DATA / "esco_nl", encoder, BUILD / "bench", OCCUPATIONS)
    _tell("measuring the encoder and the quality of one vector")
    rows = [*encoding_rows.rows(encoder, words.texts), *quality_rows.rows(encoder)]
    with embedded_postgres(settings.home / "bench") as server:
        for size in SIZES:
            rows += await _of_size(server, encoder, words, size, settings.home / "bench")
            table.write([*rows, *_growth(rows)], BUILD / "bench.json")
    rows += _growth(rows)
    table.show(rows)
    print(f"{os.cpu_count()} cores, one used; {time.perf_counter() - started:.0f} s; {BUILD / 'bench.json'}")
    worse = table.regressions(rows)
    fine = (
        "nothing is more than 30% worse than the committed run" if table.BASELINE.exists() else "no committed run to compare with"
    )
    print("\n".join(worse) or fine)
    sys.exit(bool(worse))


async def _of_size(server: str, encoder: SentenceEncoder, words: Vocabulary, size: int, home: Path) -> list[table.Row]:
    postcodes = country.read_postcodes(POSTCODES)
    name = database_of(size, encoder.model)
    profiles = list(country.people(words, postcodes, PEOPLE))
    _tell(f"{size:,} places: filling the database, when it is not there yet")
    async with filled(
        server, name, encoder.model, country.places(words, postcodes, size), people_of(words, postcodes, size)
    ) as pools:
        search = await Search.open(pools.engine, encoder.model, encoder.dimension, home / name)
        passend = Passend(pools.owner, pools.app, pools.engine, encoder, search, Weights.read(), Gazetteer({}))
        _tell(f"{size:,} places: start and memory")
        rows = await upkeep_rows.start_rows(passend, size, home / name)
        _tell(f"{size:,} places: matches, ours and by other means")
        rows += await matching_rows.place_rows(passend, profiles, profiles[:FEW], size)
        if size == SIZES[-1]:
            _tell(f"{_in_the_region(size):,} people: candidates, ours and by other means")
            await search.people.open()
            asked = country.places(words, postcodes.around(REGION, REGION_KM), PEOPLE, seed=3)
            rows += await matching_rows.people_rows(passend, asked, FEW, OF_A_REGION)
        if size == SIZES[0]:
            rows += await _through_http(server.replace("/postgres?", f"/{name}?"), home.parent, pools, size)
        _tell(f"{size:,} places: freshness")
        rows += await upkeep_rows.freshness_rows(passend, size, home / name)
    return rows


def _tell(doing: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {doing}", file=sys.stderr, flush=True)


async def _through_http(url: str, home: Path, pools: Pools, size: int) -> list[table.Row]:
    async with serving(url, home, pools.owner, workers=1) as (address, _):
        people = [f"s{number:06}" for number in range(100)]
        await asked(address, people[:5], at_once=1)
        times, _, failed = await asked(address, people, at_once=1)
    return [
        table.at_most("matches of a person through HTTP, p50", size, table.median(times), 300),
        table.at_most("matches of a person through HTTP, p95", size, table.p95(times), 300),
        table.at_most("matches of a person through HTTP that failed", size, failed, 0),
    ]


def database_of(size: int, model: str) -> str:
    """Name of the database with so many places, with vectors of that model."""
    return f"bench_{size}_{_in_the_region(size)}_{OCCUPATIONS}_{hashlib.sha256(model.encode()).hexdigest()[:8]}"


def _in_the_region(size: int) -> int:
    return OF_A_REGION if size >= 100_000 or size == SIZES[-1] else 0


def people_of(words: Vocabulary, postcodes: country.Postcodes, size: int) -> Iterator[Profile]:
    """A thousand across the country, who look for places; and all people of a region, who are looked for."""
    yield from country.people(words, postcodes, 1_000)
    yield from country.people(words, postcodes.around(REGION, REGION_KM), _in_the_region(size), seed=4, prefix="r")


def _growth(rows: list[table.Row]) -> list[table.Row]:
    p50 = {row.size: row.ours_ms for row in rows if row.name == "match, p50"}
    return [
        table.against(f"growth of p50 from {small:,}", large, p50[large], f"{small:,} places", p50[small], 1.5)
        for small, large in itertools.pairwise(sorted(p50))
    ]


if __name__ == "__main__":
    asyncio.run(main())
