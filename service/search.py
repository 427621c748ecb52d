"""The derived indexes of this process: who and what is near in meaning and within reach. Always rebuildable from the database."""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import asyncpg
import numpy as np
from numpy.typing import NDArray

from embeddings.errors import SnapshotUnusable
from embeddings.index import PartitionedIndex
from matching.model import LADDER, Rung, ordered
from matching.vectors import Place, Profile
from service.db import embeddings, occupations, opportunities, revisions, seekers
from service.geography import Grid

log = logging.getLogger(__name__)

Keys = NDArray[np.int64]
Vectors = NDArray[np.float32]
Entry = tuple[int, int, int, Vectors]
"""Revision, index number, partition and vectors (n, dimension) of one row."""

_PAGE = 2_000
_NEAREST_PER_SENTENCE = 40
_NEAREST_ELSEWHERE = 5
_PEOPLE_PER_SENTENCE = 300
_GRID = Grid()
_PLACE_PARTITIONS = _GRID.CELLS * len(LADDER)


class DerivedIndex:
    """One index that follows one table: it asks for what changed since the last revision it saw.

    Args:
        changes: reads the next page of entries after a revision.

    Attributes:
        current: the index to search in; a rebuilt one takes its place at once, and running searches end on the old one.
    """

    def __init__(
        self, snapshot: Path, partitions: int, dimension: int, model: str, changes: Callable[[int], Awaitable[Sequence[Entry]]]
    ) -> None:
        self._snapshot = snapshot
        self._changes = changes
        self._shape = (dimension, partitions, model)
        self._turn = asyncio.Lock()
        self.current = PartitionedIndex(*self._shape)

    async def open(self) -> None:
        """Starts from the snapshot when there is a usable one, and follows up to now."""
        try:
            self.current = await asyncio.to_thread(PartitionedIndex.load, self._snapshot, self.current.model)
        except SnapshotUnusable as reason:
            log.info("building an index from the database: %s", reason)
        await self.follow()

    async def follow(self) -> None:
        """Takes over every change since the last time."""
        async with self._turn:
            before = self.current.mark
            await self._catch_up(self.current)
            if self.current.mark - before > _PAGE:
                await asyncio.to_thread(self.current.save, self._snapshot)

    async def rebuild(self) -> None:
        """Builds the index anew from the database while searches go on in the current one, then swaps it in."""
        successor = PartitionedIndex(*self._shape)
        await self._catch_up(successor)
        async with self._turn:
            await self._catch_up(successor)
            self.current = successor
        await asyncio.to_thread(successor.save, self._snapshot)

    async def _catch_up(self, index: PartitionedIndex) -> None:
        while entries := await self._changes(index.mark):
            await asyncio.to_thread(_take_over, index, entries)


def _take_over(index: PartitionedIndex, entries: Sequence[Entry]) -> None:
    counts = [len(vectors) for _, _, _, vectors in entries]
    keys = np.repeat([key for _, key, _, _ in entries], counts).astype(np.int64)
    partitions = np.repeat([partition for _, _, partition, _ in entries], counts).astype(np.int64)
    index.replace(keys, partitions, np.concatenate([vectors for _, _, _, vectors in entries]))
    index.mark = entries[-1][0]


class Search:
    """Neighbours of a person, a place or a sentence, out of the indexes of this process."""

    def __init__(self, pool: asyncpg.Pool, model: str, encoder: int, dimension: int, snapshots: Path, installation: str) -> None:
        self._pool = pool
        self.encoder = encoder
        self.model = model
        made_of = hashlib.sha256(f"{installation} {model}".encode()).hexdigest()[:12]

        def index(name: str, partitions: int, changes: Callable[[int], Awaitable[Sequence[Entry]]]) -> DerivedIndex:
            return DerivedIndex(snapshots / f"{name}-{made_of}.faiss", partitions, dimension, model, changes)

        self.places = index("places", _PLACE_PARTITIONS, self._changed_places)
        self.people = index("people", _GRID.CELLS, self._changed_people)
        self.occupations = index("occupations", 1, self._changed_occupations)

    @classmethod
    async def open(cls, pool: asyncpg.Pool, model: str, dimension: int, snapshots: Path) -> "Search":
        """The indexes of one database and one model, not yet filled: `open` the ones that are used."""
        number = await embeddings.encoder_id(pool, model)
        return cls(pool, model, number, dimension, snapshots, await revisions.installation(pool))

    async def places_for(self, profile: Profile) -> Keys:
        """Index numbers of the places on every open rung that are nearest in meaning within the person's reach.

        A rung without any place within reach is looked up everywhere, so that the person can see what would be needed.
        """
        await self.places.follow()
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
        await self.people.follow()
        farthest = await self._pool.fetchval("SELECT coalesce(max(max_travel_km), 0) FROM seeker")
        cells = _GRID.within(place.opportunity.position, farthest)
        _, keys = await asyncio.to_thread(self.people.current.search, place.vectors, _PEOPLE_PER_SENTENCE, cells)
        return np.unique(keys[keys >= 0])

    async def places_like(self, place: Place, rungs: Sequence[Rung], km: float) -> Keys:
        """Index numbers of the places on these rungs, within `km`, that are nearest in meaning to a place and its tasks."""
        await self.places.follow()
        cells = _GRID.within(place.opportunity.position, km)
        found = await asyncio.to_thread(self._places_on, place.meaning, rungs, cells, _NEAREST_PER_SENTENCE)
        return np.unique(np.concatenate([np.empty(0, np.int64), *found]))

    async def occupations_for(self, query: Vectors, k: int) -> list[tuple[int, float]]:
        """Index numbers and cosines of the occupations nearest to one vector (d,), each by its nearest text."""
        await self.occupations.follow()
        index = self.occupations.current
        scores, keys = await asyncio.to_thread(index.search, query[None], k * 10, np.zeros(1, np.int64))
        best: dict[int, float] = {}
        for score, key in zip(scores[0], keys[0], strict=True):
            if key >= 0:
                best.setdefault(int(key), float(score))
        return list(best.items())[:k]

    async def _changed_places(self, revision: int) -> list[Entry]:
        rows = await opportunities.changed_since(self._pool, revision, self.encoder, _PAGE)
        return [(revision, key, _place_partition(place), place.meaning) for revision, key, place in rows]

    async def _changed_people(self, revision: int) -> list[Entry]:
        rows = await seekers.changed_since(self._pool, revision, self.encoder, _PAGE)
        return [(revision, key, _GRID.cell(one.seeker.position), one.vectors) for revision, key, one in rows]

    async def _changed_occupations(self, revision: int) -> list[Entry]:
        rows = await occupations.changed_since(self._pool, revision, self.encoder, _PAGE)
        return [(revision, key, 0, vectors) for revision, key, vectors in rows]


def _place_partition(place: Place) -> int:
    return _GRID.cell(place.opportunity.position) * len(LADDER) + place.opportunity.kind.depth
