"""The same questions as `engine.py`, answered by PostgreSQL (pgvector): nothing is kept in the memory of a worker.

Chosen with PASSEND_SEARCH=postgres, where many small workers or read replicas fit better than memory.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence

import asyncpg
import numpy as np
from numpy.typing import NDArray

from embeddings.blocks import Blocks
from matching.model import Rung
from matching.people import People
from matching.scoring import Weights
from matching.shortlist import shortlist, shortlist_people
from matching.sketches import PERSON_PARTS, person_sketch
from matching.vectors import Place, Places, Profile
from service.db import embeddings, finding, occupations, opportunities, seekers
from service.db.revisions import Changed
from service.search.engine import Keys, Organisations
from service.search.finding import Found

Vectors = NDArray[np.float32]

_EACH = 150
_MOST_PEOPLE = 500
_WIDER, _ACROSS_KM = 2.0, 500.0


class InDatabase:
    """Stands where an index of this process would: there is none to open, follow or rebuild."""

    async def open(self) -> None:
        """Nothing to do."""

    async def follow(self) -> None:
        """Nothing to do."""

    async def rebuild(self) -> None:
        """Nothing to do."""

    async def behind(self) -> int:
        """Never behind."""
        return 0

    def __len__(self) -> int:
        return 0


class PostgresSearch:
    """Finds in the database; see `engine.Engine` for the questions."""

    def __init__(self, pool: asyncpg.Pool, model: str, encoder: int, weights: Weights) -> None:
        self._pool, self._weights = pool, weights
        self.model, self.encoder = model, encoder
        self.places = self.people = self.occupations = InDatabase()

    @classmethod
    async def open(
        cls, pool: asyncpg.Pool, model: str, weights: Weights | None = None, replica: asyncpg.Pool | None = None
    ) -> "PostgresSearch":
        """Ready at once; searches in the replica where there is one."""
        number = await embeddings.encoder_id(pool, model)
        return cls(replica or pool, model, number, weights or Weights.read())

    async def places_for(self, profile: Profile, limit: int, organisations: Organisations | None = None) -> Found:
        """See `engine.Engine`."""
        near = await self._near(profile, organisations)
        rows = await self._with_vectors(opportunities.with_vectors, [one.key for one in near])
        if rows:
            numbers = shortlist(profile, Places([row.what for row in rows]), self._weights, limit).numbers
            rows = [rows[number] for number in numbers]
        return _found(rows, len(near))

    async def people_for(self, place: Place, limit: int, organisations: Organisations | None = None) -> Found:
        """See `engine.Engine`."""
        keys = await finding.fitting_people(
            self._pool, self.encoder, place.opportunity, place.vectors[0], organisations, _MOST_PEOPLE
        )
        rows = await self._with_vectors(seekers.with_vectors, keys)
        if rows:
            numbers = shortlist_people(People.stacked([row.what for row in rows]), place, self._weights, limit)
            rows = [rows[number] for number in numbers]
        return _found(rows, len(keys))

    async def places_near(self, profile: Profile, organisations: Organisations | None = None) -> Keys:
        """See `engine.Engine`."""
        return np.unique(np.array([one.key for one in await self._near(profile, organisations)], np.int64))

    async def people_near(self, place: Place, organisations: Organisations | None = None) -> Keys:
        """See `engine.Engine`."""
        asked = (place.opportunity.position, place.vectors[0], organisations, _MOST_PEOPLE)
        return np.array(await finding.people_near(self._pool, self.encoder, *asked), np.int64)

    async def places_like(
        self, place: Place, rungs: Sequence[Rung], km: float, organisations: Organisations | None = None
    ) -> Keys:
        """See `engine.Engine`."""
        asked = (place.opportunity.position, place.vectors[0], organisations, rungs, km, _EACH)
        return np.array(await finding.places_near(self._pool, self.encoder, *asked), np.int64)

    async def occupations_for(self, query: Vectors, k: int) -> list[tuple[int, float]]:
        """See `engine.Engine`."""
        return await occupations.nearest(self._pool, self.encoder, query, k)

    async def follow(self) -> None:
        """Nothing to do: the database is always up to date."""

    async def close(self) -> None:
        """Nothing to do: nothing is kept here."""

    async def _near(self, profile: Profile, organisations: Organisations | None) -> list[finding.Near]:
        """Within reach; a rung without any place there is looked up farther away."""
        whole, _, _ = np.split(person_sketch(profile, self._weights), PERSON_PARTS)
        query = whole / np.linalg.norm(whole)
        km = profile.seeker.max_travel_km + 1.0
        near = await finding.places(self._pool, self.encoder, profile.seeker, query, organisations, km, _EACH)
        missing = profile.seeker.open_to - {one.rung for one in near}
        while missing and km < _ACROSS_KM:
            km *= _WIDER
            farther = await finding.places(self._pool, self.encoder, profile.seeker, query, organisations, km, _EACH)
            near += [one for one in farther if one.rung in missing]
            missing = missing - {one.rung for one in farther}
        return near

    async def _with_vectors(self, read: Callable[..., Awaitable[list[Changed]]], keys: Iterable[int]) -> list[Changed]:
        return [row for row in await read(self._pool, list(keys), self.encoder) if row.what is not None]


def _found(rows: Sequence[Changed], considered: int) -> Found:
    vectors = [row.what.vectors for row in rows]
    starts = np.concatenate([[0], np.cumsum([len(block) for block in vectors])]).astype(np.int64)
    together = np.concatenate(vectors) if vectors else np.empty((0, 0), np.float32)
    blocks = Blocks(together, np.zeros(len(together), np.uint8), starts)
    keys, revisions = (np.array([row[column] for row in rows], np.int64) for column in (1, 0))
    return Found(keys, revisions, blocks, considered)
