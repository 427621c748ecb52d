"""Vectors are made on write: encodes what has no vector yet, outside the event loop, and keeps it."""

import asyncio
from collections.abc import Callable, Iterable

import asyncpg
import numpy as np

from embeddings.encoder import Encoder
from matching.model import Seeker
from matching.vectors import Profile, seeker_texts
from service.db import embeddings

_PORTION = 512


async def encode_missing(
    pool: asyncpg.Pool, encoder: Encoder, texts: Iterable[str], progress: Callable[[int, int], None] | None = None
) -> int:
    """Encodes the texts that have no vector of this model yet and stores them portion by portion.

    Args:
        progress: called after each portion with (encoded, to encode).

    Returns:
        How many texts were encoded now.
    """
    number = await embeddings.encoder_id(pool, encoder.model)
    todo = await embeddings.missing(pool, number, texts)
    todo.sort(key=len)
    for start in range(0, len(todo), _PORTION):
        portion = todo[start : start + _PORTION]
        vectors = await asyncio.to_thread(encoder.encode, portion)
        await embeddings.store(pool, number, portion, vectors)
        if progress:
            progress(start + len(portion), len(todo))
    return len(todo)


async def encoded_anew(encoder: Encoder, before: Profile, changed: Seeker) -> Profile:
    """The changed person with vectors: those of before, and new ones for new texts, as precise as stored ones; none is stored."""
    texts = seeker_texts(changed)
    known = dict(zip(seeker_texts(before.seeker), before.vectors, strict=True))
    new = [text for text in dict.fromkeys(texts) if text not in known]
    if new:
        vectors = await asyncio.to_thread(encoder.encode, new)
        known |= dict(zip(new, vectors.astype(np.float16).astype(np.float32), strict=True))
    return Profile(changed, np.stack([known[text] for text in texts]))
