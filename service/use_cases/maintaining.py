"""Keeps derived data right: vectors of a new model, coordinates of a new postcode table, indexes, ESCO."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import numpy as np

from embeddings.encoder import Encoder
from embeddings.names import letters_alike, name_scores
from matching.vectors import opportunity_texts, seeker_texts
from service.db import embeddings, occupations, opportunities, revisions, seekers
from service.db.positions import relocate
from service.encoding import encode_missing
from service.esco import Occupation, read_occupations
from service.geography import keep_postcodes, read_gazetteer
from service.search import Engine

Progress = Callable[[int, int], None]

_LOOKED_AT_EACH = 4


async def import_esco(pool: asyncpg.Pool, encoder: Encoder, folder: Path, progress: Progress | None = None) -> int:
    """Takes over the occupations of an ESCO export; returns how many.

    Raises:
        UnusableFile: the folder holds no `occupations_*.csv`.
    """
    found = read_occupations(folder)
    await encode_missing(pool, encoder, [text for one in found for text in occupations.occupation_texts(one)], progress)
    async with pool.acquire() as connection, connection.transaction():
        await revisions.take_turn(connection)
        await occupations.save_all(connection, found)
    return len(found)


@dataclass(frozen=True)
class FoundOccupation:
    """An ESCO occupation near a sentence."""

    uri: str
    isco: str
    title: str
    description: str
    cosine: float


async def find_occupations(pool: asyncpg.Pool, search: Engine, encoder: Encoder, text: str, limit: int) -> list[FoundOccupation]:
    """The occupations nearest to a sentence or a job title, best first: by meaning, and by letters among the nearest."""
    (vector,) = await asyncio.to_thread(encoder.encode, [text])
    near = dict(await search.occupations_for(vector, limit * _LOOKED_AT_EACH))
    known = await occupations.by_key(pool, list(near))
    found = [
        (_by_name(text, one, near[key]), FoundOccupation(one.uri, one.isco, one.title, one.description, near[key]))
        for key, one in known.items()
    ]
    return [one for _, one in sorted(found, key=lambda pair: (-pair[0], pair[1].uri))[:limit]]


def _by_name(text: str, occupation: Occupation, cosine: float) -> float:
    names = [occupation.title, *occupation.other_names]
    letters = letters_alike([text], names)
    preferred = np.arange(len(names)) == 0
    return float(name_scores(np.full_like(letters, cosine), letters, preferred).max())


@dataclass(frozen=True)
class Reindexed:
    """What a reindex did."""

    encoded: int
    removed: int
    vectors: int


async def reindex(pool: asyncpg.Pool, encoder: Encoder, search: Engine, progress: Progress | None = None) -> Reindexed:
    """Encodes every text that has no vector of the current model, removes vectors nobody uses, and rebuilds the indexes."""
    texts = {
        "seeker": {one.id: seeker_texts(one) for one in await seekers.everyone(pool)},
        "opportunity": {one.id: opportunity_texts(one) for one in await opportunities.all_places(pool)},
        "occupation": {one.uri: occupations.occupation_texts(one) for one in await occupations.everything(pool)},
    }
    every = [text for rows in texts.values() for row in rows.values() for text in row]
    encoded = await encode_missing(pool, encoder, every, progress)
    for table, rows in texts.items():
        await embeddings.set_texts(pool, table, rows)
    removed = await embeddings.remove_unused(pool, search.encoder)
    indexes = (search.places, search.people, search.occupations)
    for index in indexes:
        await index.rebuild()
    return Reindexed(encoded, removed, sum(len(index) for index in indexes))


@dataclass(frozen=True)
class Relocated:
    """What a new table of postcodes changed."""

    postcodes: int
    moved: int


async def import_postcodes(pool: asyncpg.Pool, source: Path, target: Path) -> Relocated:
    """Keeps a table of postcodes and looks up everyone and everything again.

    Raises:
        UnusableFile: the table cannot be read or lacks a column.
    """
    count = keep_postcodes(source, target)
    return Relocated(count, await relocate(pool, read_gazetteer(target)))
