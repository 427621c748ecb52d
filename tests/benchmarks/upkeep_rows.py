"""Rows about memory, start, freshness and encoding."""

import asyncio
import itertools
import time
from pathlib import Path

import numpy as np

from embeddings.encoder import SentenceEncoder
from service.opening import Passend
from service.search import Search
from service.search.listening import kept_fresh
from tests.benchmarks.table import Row, against, at_most, median, p95

WRITES_A_SECOND = 50
COMPRESSED_HOUR = 3_000
SENTENCE_BYTES = 384 * 4
STARTS = {1_000_000: (10.0, 90.0)}


async def start_rows(passend: Passend, size: int, folder: Path) -> list[Row]:
    """From the database, then from a snapshot; leaves the index of places filled."""
    from_snapshot, from_database = STARTS.get(size, (None, None))
    start = time.perf_counter()
    await passend.search.places.rebuild()
    built = time.perf_counter() - start
    again = await Search.open(passend.pool, passend.search.model, passend.encoder.dimension, folder)
    start = time.perf_counter()
    await again.places.open()
    opened = time.perf_counter() - start
    return [
        at_most("start from the database, with snapshot written (s)", size, built, from_database),
        at_most("start from a snapshot (s)", size, opened, from_snapshot),
        _memory(passend, size),
    ]


def _memory(passend: Passend, size: int) -> Row:
    index = passend.search.places.current
    sentences = sum(int(index.blocks(slots).starts[-1]) for slots in np.array_split(np.arange(size), max(1, size // 20_000)))
    return against("bytes per stored vector", size, index.nbytes / sentences, "raw vector (float32)", SENTENCE_BYTES, 1.4)


async def freshness_rows(passend: Passend, size: int, folder: Path) -> list[Row]:
    """A change by one worker, 50 a second: until another worker has it; and what an hour of that does to memory."""
    other = await Search.open(passend.pool, passend.search.model, passend.encoder.dimension, folder)
    await other.places.open()
    ids = [row["id"] for row in await passend.pool.fetch("SELECT id FROM opportunity ORDER BY id LIMIT 500")]
    waited, before = [], other.places.current.nbytes
    async with kept_fresh(passend.pool, other):
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


def encoding_rows(encoder: SentenceEncoder, texts: list[str]) -> list[Row]:
    """Texts a second against raw sentence-transformers on the same texts, and one sentence alone."""
    encoder.encode(texts[:8])
    raw = encoder._transformer
    ours = _seconds(lambda: encoder.encode(texts))
    theirs = _seconds(lambda: raw.encode(texts, batch_size=64, normalize_embeddings=True, show_progress_bar=False))
    alone = [_seconds(lambda text=text: encoder.encode([text])) for text in texts[:50]]
    return [
        against(
            "encode a text in bulk",
            len(texts),
            1_000 * ours / len(texts),
            "sentence-transformers",
            1_000 * theirs / len(texts),
            1 / 0.9,
        ),
        at_most("encode one sentence alone, p50", 1, median(alone)),
    ]


def _seconds(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
