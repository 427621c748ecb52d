"""Neighbours of a person, a place or a sentence, out of the indexes of this process, which follow the database."""

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import numpy as np
from numpy.typing import NDArray

from embeddings.index import PartitionedIndex
from matching.model import LADDER, Rung, ordered
from matching.vectors import Place, Profile
from service.db import embeddings, occupations, opportunities, revisions, seekers
from service.geography import Grid
from service.search.derived import DerivedIndex
from service.search.following import Row, Source, Table

Keys = NDArray[np.int64]
Vectors = NDArray[np.float32]

_NEAREST_PER_SENTENCE = 40
_NEAREST_ELSEWHERE = 5
_PEOPLE_PER_SENTENCE = 300
_GRID = Grid()
_PLACE_PARTITIONS = _GRID.CELLS * len(LADDER)


class Search:
    """Neighbours of a person, a place or a sentence, out of the indexes of this process.

    Attributes:
        encoder: number of the model in the database.
    """

    def __init__(self, pool: asyncpg.Pool, model: str, encoder: int, dimension: int, snapshots: Path, installation: str) -> None:
        self._pool = pool
        self.encoder = encoder
        self.model = model
        made_of = hashlib.sha256(f"{installation} {model}".encode()).hexdigest()[:12]

        def index(source: Source[PartitionedIndex], partitions: int) -> DerivedIndex[PartitionedIndex]:
            return DerivedIndex(
                snapshots / f"{source.name}-{made_of}.faiss",
                Table(pool, encoder, source),
                lambda: PartitionedIndex(dimension, partitions, model),
                lambda path: PartitionedIndex.load(path, model),
            )

        self.places = index(_PLACES, _PLACE_PARTITIONS)
        self.people = index(_PEOPLE, _GRID.CELLS)
        self.occupations = index(_OCCUPATIONS, 1)

    @classmethod
    async def open(cls, pool: asyncpg.Pool, model: str, dimension: int, snapshots: Path) -> "Search":
        """The indexes of one database and one model, not yet filled: `open` the ones that are used."""
        number = await embeddings.encoder_id(pool, model)
        return cls(pool, model, number, dimension, snapshots, await revisions.installation(pool))

    async def follow(self) -> None:
        """Brings every index that is in use up to now."""
        for index in (self.places, self.people, self.occupations):
            if index.opened:
                await index.follow()

    async def places_for(self, profile: Profile) -> Keys:
        """Index numbers of the places on every open rung that are nearest in meaning within the person's reach.

        A rung without any place within reach is looked up everywhere, so that the person can see what would be needed.
        """
        await self.places.fresh()
        return await asyncio.to_thread(self._places_for, profile)

    def _places_for(self, profile: Profile) -> Keys:
        seeker = profile.seeker
        rungs = ordered(seeker.open_to)
        near = self._places_on(profile.vectors, rungs, _GRID.within(seeker.position, seeker.max_travel_km), _NEAREST_PER_SENTENCE)
        empty = [rung for rung, keys in zip(rungs, near, strict=True) if not len(keys)]
        elsewhere = self._places_on(profile.vectors, empty, np.arange(_GRID.CELLS), _NEAREST_ELSEWHERE)
        return np.unique(np.concatenate([np.empty(0, np.int64), *near, *elsewhere]))

    def _places_on(self, queries: Vectors, rungs: Sequence[Rung], cells: Keys, k: int) -> list[Keys]:
        index = self.places.current
        found = [index.search(queries, k, cells * len(LADDER) + rung.depth)[1] for rung in rungs]
        return [np.unique(keys[keys >= 0]) for keys in found]

    async def people_for(self, place: Place) -> Keys:
        """Index numbers of the people nearest in meaning to a place, among those who might travel that far."""
        await self.people.fresh()
        farthest = await self._pool.fetchval("SELECT coalesce(max(max_travel_km), 0) FROM seeker")
        cells = _GRID.within(place.opportunity.position, farthest)
        _, keys = await asyncio.to_thread(self.people.current.search, place.vectors, _PEOPLE_PER_SENTENCE, cells)
        return np.unique(keys[keys >= 0])

    async def places_like(self, place: Place, rungs: Sequence[Rung], km: float) -> Keys:
        """Index numbers of the places on these rungs, within `km`, that are nearest in meaning to a place and its tasks."""
        await self.places.fresh()
        cells = _GRID.within(place.opportunity.position, km)
        found = await asyncio.to_thread(self._places_on, place.meaning, rungs, cells, _NEAREST_PER_SENTENCE)
        return np.unique(np.concatenate([np.empty(0, np.int64), *found]))

    async def occupations_for(self, query: Vectors, k: int) -> list[tuple[int, float]]:
        """Index numbers and cosines of the occupations nearest to one vector (d,), each by its nearest text."""
        await self.occupations.fresh()
        index = self.occupations.current
        scores, keys = await asyncio.to_thread(index.search, query[None], k * 10, np.zeros(1, np.int64))
        best: dict[int, float] = {}
        for score, key in zip(scores[0], keys[0], strict=True):
            if key >= 0:
                best.setdefault(int(key), float(score))
        return list(best.items())[:k]


def _take_over_places(index: PartitionedIndex, rows: Sequence[Row], removed: Sequence[int]) -> None:
    _take_over(index, [(key, _place_partition(place), place.meaning) for _, key, place in rows], removed)


def _take_over_people(index: PartitionedIndex, rows: Sequence[Row], removed: Sequence[int]) -> None:
    _take_over(index, [(key, _GRID.cell(one.seeker.position), one.vectors) for _, key, one in rows], removed)


def _take_over_occupations(index: PartitionedIndex, rows: Sequence[Row], removed: Sequence[int]) -> None:
    _take_over(index, [(key, 0, vectors) for _, key, vectors in rows], removed)


def _take_over(index: PartitionedIndex, entries: Sequence[tuple[int, int, Vectors]], removed: Sequence[int]) -> None:
    if removed:
        index.remove(np.array(removed, np.int64))
    if entries:
        counts = [len(vectors) for _, _, vectors in entries]
        keys, partitions = (np.repeat([entry[column] for entry in entries], counts).astype(np.int64) for column in (0, 1))
        index.replace(keys, partitions, np.concatenate([vectors for _, _, vectors in entries]))


def _place_partition(place: Place) -> int:
    return _GRID.cell(place.opportunity.position) * len(LADDER) + place.opportunity.kind.depth


_PLACES = Source("opportunity", opportunities.changed_since, _take_over_places)
_PEOPLE = Source("seeker", seekers.changed_since, _take_over_people)
_OCCUPATIONS = Source("occupation", occupations.changed_since, _take_over_occupations)
