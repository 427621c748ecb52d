"""Rows about memory, start and freshness."""

import asyncio
import itertools
import shutil
import time
from pathlib import Path

from service.opening import Passend
from service.search import Search
from service.search.listening import kept_fresh
from tests.benchmarks.sides import PlacesSide
from tests.benchmarks.table import Row, against, at_most, median, p95

WRITES_A_SECOND = 50
COMPRESSED_HOUR = 3_000
SENTENCE_BYTES = 384 * 4
STARTS = {1_000_000: (10.0, 90.0)}


async def start_rows(passend: Passend, size: int, folder: Path) -> list[Row]:
    """From the database, then from a snapshot; leaves the index of places filled."""
    from_snapshot, from_database = STARTS.get(size, (None, None))
    shutil.rmtree(folder, ignore_errors=True)
    start = time.perf_counter()
    await passend.search.places.open()
    built = time.perf_counter() - start
    start = time.perf_counter()
    await passend.search.places.settled()
    written = time.perf_counter() - start
    again = await Search.open(passend.engine, passend.search.model, passend.encoder.dimension, folder)
    start = time.perf_counter()
    await again.places.open()
    opened = time.perf_counter() - start
    return [
        at_most("start from the database (s)", size, built, from_database),
        at_most("snapshot written, while searches go on (s)", size, written),
        at_most("start from a snapshot (s)", size, opened, from_snapshot),
        _memory(passend, size),
    ]


def _memory(passend: Passend, size: int) -> Row:
    index = passend.search.places.current
    side = PlacesSide(index, passend.pool, passend.weights)
    sentences = sum(int(index.blocks(slots).starts[-1]) for slots in side.portions())
    return against("bytes per stored vector", size, index.nbytes / sentences, "raw vector (float32)", SENTENCE_BYTES, 1.4)


async def freshness_rows(passend: Passend, size: int, folder: Path) -> list[Row]:
    """A change by one worker, 50 a second: until another worker has it; and what an hour of that does to memory."""
    other = await Search.open(passend.engine, passend.search.model, passend.encoder.dimension, folder)
    await other.places.open()
    ids = [row["id"] for row in await passend.pool.fetch("SELECT id FROM opportunity ORDER BY id LIMIT 500")]
    waited, before = [], other.places.current.nbytes
    async with kept_fresh(passend.engine, other):
        for one in itertools.islice(itertools.cycle(ids), 250):
            revision = await passend.pool.fetchval(_TOUCH, one)
            waited.append(await _until(other, revision))
            await asyncio.sleep(max(0.0, 1 / WRITES_A_SECOND - waited[-1]))
        for one in itertools.islice(itertools.cycle(ids), COMPRESSED_HOUR):
            await passend.pool.fetchval(_TOUCH, one)
        await other.follow()
    return [
        at_most("another worker has a change, p50", size, median(waited), 1_000),
        at_most("another worker has a change, p95", size, p95(waited), 1_000),
        against("bytes after an hour of changes, compressed", size, other.places.current.nbytes, "before", before, 1.0),
    ]


_TOUCH = "UPDATE opportunity SET positions = 1, revision = nextval('revision') WHERE id = $1 RETURNING revision"


async def _until(other: Search, revision: int) -> float:
    start = time.perf_counter()
    while other.places.current.mark < revision:  # noqa: ASYNC110 - measures from outside
        await asyncio.sleep(0.001)
    return time.perf_counter() - start
