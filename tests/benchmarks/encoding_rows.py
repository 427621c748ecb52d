"""Rows about encoding: in bulk against raw sentence-transformers on the same texts, and one sentence alone."""

import time
from collections.abc import Callable, Sequence

import numpy as np

from embeddings.encoder import SentenceEncoder
from tests.benchmarks.table import Row, against, at_most, median, p95

TEXTS, ALONE, REPEATS = 200, 50, 3


def rows(encoder: SentenceEncoder, texts: Sequence[str]) -> list[Row]:
    """Milliseconds a text; the order of the texts is that of a file that is imported, not sorted by length."""
    some = [texts[number] for number in np.random.default_rng(3).permutation(len(texts))[:TEXTS]]
    raw = encoder._transformer
    encoder.encode(some[:8])
    ours, theirs = [], []
    for _ in range(REPEATS):
        ours.append(_seconds(lambda: encoder.encode(some)))
        theirs.append(_seconds(lambda: raw.encode(some, batch_size=64, normalize_embeddings=True, show_progress_bar=False)))
    alone = [_seconds(lambda text=text: encoder.encode([text])) for text in some[:ALONE]]
    each = 1 / len(some)
    return [
        against("encode a text, in bulk", TEXTS, each * median(ours), "sentence-transformers", each * median(theirs), 1 / 0.9),
        at_most("encode one sentence alone, p50", 1, median(alone)),
        at_most("encode one sentence alone, p95", 1, p95(alone)),
    ]


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
