"""What every engine answers, and the one that answers from the memory of this process, which follows the database."""

import asyncio
import hashlib
from collections.abc import Sequence, Set
from pathlib import Path
from typing import Protocol
from uuid import UUID

import asyncpg
import numpy as np
from numpy.typing import NDArray

from embeddings.index import PartitionedIndex
from matching import columns
from matching.model import Rung
from matching.scoring import Weights
from matching.sketches import PERSON_PARTS, PLACE_PARTS
from matching.vectors import Place, Profile
from service.db import embeddings, revisions
from service.search import finding, tables
from service.search.columns import ColumnIndex
from service.search.derived import DerivedIndex
from service.search.finding import Found
from service.search.following import Source, Table

Keys = NDArray[np.int64]
Vectors = NDArray[np.float32]
Organisations = Set[UUID]
_TEXTS_EACH = 10
_ONE_PARTITION = np.zeros(1, np.int64)


class Kept(Protocol):
    """What an engine keeps of one table."""

    async def open(self) -> None:
        """Makes it ready to be searched."""

    async def follow(self) -> None:
        """Takes over every change since the last time."""

    async def rebuild(self) -> None:
        """Makes it anew from the database."""

    async def behind(self) -> int:
        """How many revisions it did not take over yet."""

    def __len__(self) -> int: ...


class Engine(Protocol):
    """Finds who and what decides a list; index numbers are those of `service.db.keys`.

    Attributes:
        model: of the vectors.
        encoder: number of the model in the database.
    """

    model: str
    encoder: int

    @property
    def places(self) -> Kept:
        """What is kept of places."""

    @property
    def people(self) -> Kept:
        """What is kept of people."""

    @property
    def occupations(self) -> Kept:
        """What is kept of ESCO occupations."""

    async def places_for(self, profile: Profile, limit: int, organisations: Organisations | None = None) -> Found:
        """The places that decide the person's ranking, out of all within reach.

        Args:
            limit: how many places the ranking will show.
            organisations: whose places to look at; None is everyone's.
        """

    async def people_for(self, place: Place, limit: int, organisations: Organisations | None = None) -> Found:
        """The people whom a place fits practically and best, out of all who might travel that far."""

    async def places_near(self, profile: Profile, organisations: Organisations | None = None) -> Keys:
        """The places nearest in meaning within reach on each open rung, whether they fit or not."""

    async def people_near(self, place: Place, organisations: Organisations | None = None) -> Keys:
        """The people nearest in meaning to a place, among those who might travel that far, whether it fits them or not."""

    async def places_like(
        self, place: Place, rungs: Sequence[Rung], km: float, organisations: Organisations | None = None
    ) -> Keys:
        """The places on these rungs, within `km`, that are nearest in meaning to a place and its tasks."""

    async def occupations_for(self, query: Vectors, k: int) -> list[tuple[int, float]]:
        """Index numbers and cosines of the occupations nearest to one vector (d,), each by its nearest text."""

    async def follow(self) -> None:
        """Brings everything that is in use up to now."""

    async def close(self) -> None:
        """Waits until what is being written is whole."""


class Search:
    """Finds in the memory of this process; see `Engine` for the questions and `service/search/finding.py` for how."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        model: str,
        encoder: int,
        dimension: int,
        snapshots: Path,
        installation: str,
        weights: Weights,
    ) -> None:
        self.encoder, self.model = encoder, model
        self._weights = weights
        made_with = f"{model} {weights.version}"
        made_of = hashlib.sha256(f"{installation} {made_with}".encode()).hexdigest()[:12]

        def of_columns(source: Source[ColumnIndex], kind: "np.dtype[np.void]", parts: int) -> DerivedIndex[ColumnIndex]:
            def make() -> ColumnIndex:
                return ColumnIndex(kind, dimension, parts * dimension, tables.GRID.CELLS, made_with)

            snapshot = snapshots / f"{source.name}-{made_of}"
            return DerivedIndex(snapshot, Table(pool, encoder, source), make, lambda path: make().restore(path))

        self.places = of_columns(tables.places(weights), columns.PLACE, PLACE_PARTS)
        self.people = of_columns(tables.people(weights), columns.PERSON, PERSON_PARTS)
        self.occupations = DerivedIndex(
            snapshots / f"occupation-{made_of}",
            Table(pool, encoder, tables.esco()),
            lambda: PartitionedIndex(dimension, 1, model),
            lambda path: PartitionedIndex.load(path, model),
        )

    @classmethod
    async def open(
        cls,
        pool: asyncpg.Pool,
        model: str,
        dimension: int,
        snapshots: Path,
        weights: Weights | None = None,
        replica: asyncpg.Pool | None = None,
    ) -> "Search":
        """The indexes of one database and one model, not yet filled: `open` the ones that are used.

        Args:
            replica: what is followed in place of the database itself.
        """
        number = await embeddings.encoder_id(pool, model)
        installation = await revisions.installation(pool)
        return cls(replica or pool, model, number, dimension, snapshots, installation, weights or Weights.read())

    async def places_for(self, profile: Profile, limit: int, organisations: Organisations | None = None) -> Found:
        """See `Engine`."""
        await self.places.fresh()
        asked = (self.places.current, tables.GRID, profile, self._weights, limit, organisations)
        return await asyncio.to_thread(finding.find_places, *asked)

    async def people_for(self, place: Place, limit: int, organisations: Organisations | None = None) -> Found:
        """See `Engine`."""
        await self.people.fresh()
        asked = (self.people.current, tables.GRID, place, self._weights, limit, organisations)
        return await asyncio.to_thread(finding.find_people, *asked)

    async def places_near(self, profile: Profile, organisations: Organisations | None = None) -> Keys:
        """See `Engine`."""
        await self.places.fresh()
        asked = (self.places.current, tables.GRID, profile, self._weights, organisations)
        return await asyncio.to_thread(finding.find_nearest_places, *asked)

    async def people_near(self, place: Place, organisations: Organisations | None = None) -> Keys:
        """See `Engine`."""
        await self.people.fresh()
        asked = (self.people.current, tables.GRID, place, self._weights, organisations)
        return await asyncio.to_thread(finding.find_nearest_people, *asked)

    async def places_like(
        self, place: Place, rungs: Sequence[Rung], km: float, organisations: Organisations | None = None
    ) -> Keys:
        """See `Engine`."""
        await self.places.fresh()
        asked = (self.places.current, tables.GRID, place, self._weights, rungs, km, organisations)
        return await asyncio.to_thread(finding.find_places_like, *asked)

    async def occupations_for(self, query: Vectors, k: int) -> list[tuple[int, float]]:
        """See `Engine`."""
        await self.occupations.fresh()
        index = self.occupations.current
        scores, keys = await asyncio.to_thread(index.search, query[None], k * _TEXTS_EACH, _ONE_PARTITION)
        best: dict[int, float] = {}
        for score, key in zip(scores[0], keys[0], strict=True):
            if key >= 0:
                best.setdefault(int(key), float(score))
        return list(best.items())[:k]

    async def follow(self) -> None:
        """See `Engine`."""
        for index in (self.places, self.people, self.occupations):
            if index.opened:
                await index.follow()

    async def close(self) -> None:
        """See `Engine`."""
        for index in (self.places, self.people, self.occupations):
            await index.settled()
