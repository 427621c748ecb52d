"""What all systems in a benchmark start from: places for people, or people for places, by slot of the index in memory."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import asyncpg
import numpy as np
from numpy.typing import NDArray

from matching.columns import Columns, fitting
from matching.model import Position
from matching.people import People, score_people
from matching.ranking import candidates, rank
from matching.scoring import Weights, bands, score
from matching.vectors import Place, Places, Profile, Vectors
from service.db import opportunities, seekers
from service.search.columns import ColumnIndex, Slots
from service.search.tables import GRID

SHOWN = 20
_AT_ONCE = 20_000


@dataclass(frozen=True)
class Side(ABC):
    """One direction of matching: who asks is a person or a place, what is looked in is the other table."""

    index: ColumnIndex
    pool: asyncpg.Pool
    weights: Weights
    table = ""

    @property
    def slots(self) -> Slots:
        """Slots of everything."""
        return self.index.within(np.arange(GRID.CELLS))

    def portions(self) -> list[Slots]:
        """All slots, some at a time."""
        return np.array_split(self.slots, max(1, len(self.index) // _AT_ONCE))

    def cells(self, asked: Any) -> NDArray[np.int64]:
        """The cells of the map that matter to who asks."""
        return GRID.within(self.position(asked), self.km(asked))

    def best(self, asked: Any, slots: Slots) -> Slots:
        """The top 20 of these: hard rules, then every sentence, in the order of the list."""
        fits = self.fits(asked, slots) if len(slots) else slots
        return fits[self.order(asked, fits)[:SHOWN]] if len(fits) else fits

    def exact(self, asked: Any) -> Slots:
        """The right answer: the top 20 of everything."""
        return self.best(asked, self.slots)

    def vectors(self, slots: Slots) -> list[Vectors]:
        """The vectors of each."""
        blocks = self.index.blocks(slots)
        return [blocks.vectors[start:end] for start, end in pairwise(blocks.starts.tolist())]

    @abstractmethod
    async def explain(self, asked: Any, slots: Slots) -> None:
        """Reads the texts of these, and says why each fits, as Passend does."""

    @abstractmethod
    def position(self, asked: Any) -> Position | None:
        """Where who asks is."""

    @abstractmethod
    def km(self, asked: Any) -> float:
        """How far matters."""

    @abstractmethod
    def fits(self, asked: Any, slots: Slots) -> Slots:
        """Those that meet every hard rule."""

    @abstractmethod
    def order(self, asked: Any, slots: Slots) -> NDArray[np.int64]:
        """Numbers into slots, best first."""


class PlacesSide(Side):
    """Places, for a person."""

    table = "opportunity"

    async def explain(self, asked: Profile, slots: Slots) -> None:
        keys = self.index.keys(slots).tolist()
        known = await opportunities.by_key(self.pool, keys)
        rank(asked, [Place(known[key][1], one) for key, one in zip(keys, self.vectors(slots), strict=True)], self.weights, SHOWN)

    def position(self, asked: Profile) -> Position | None:
        return asked.seeker.position

    def km(self, asked: Profile) -> float:
        return asked.seeker.max_travel_km

    def fits(self, asked: Profile, slots: Slots) -> Slots:
        return slots[fitting(asked.practical, self.index.practical(slots))]

    def order(self, asked: Profile, slots: Slots) -> NDArray[np.int64]:
        practical = self.index.practical(slots)
        scores = score(asked, Places.stacked(*self.index.blocks(slots), practical), self.weights)
        return np.lexsort((-scores.order, practical.rows["rung"], bands(scores.ability, self.weights)))


class PeopleSide(Side):
    """People, for a place."""

    table = "seeker"

    async def explain(self, asked: Place, slots: Slots) -> None:
        keys = self.index.keys(slots).tolist()
        known = await seekers.by_key(self.pool, keys)
        candidates(asked, [Profile(known[key][1], one) for key, one in zip(keys, self.vectors(slots), strict=True)], self.weights)

    def position(self, asked: Place) -> Position | None:
        return asked.opportunity.position

    def km(self, asked: Place) -> float:
        return self.index.farthest_km()

    def fits(self, asked: Place, slots: Slots) -> Slots:
        return slots[fitting(self.index.practical(slots), Columns.of_places([asked.opportunity]))]

    def order(self, asked: Place, slots: Slots) -> NDArray[np.int64]:
        ability, order = score_people(People(*self.index.blocks(slots), self.index.practical(slots)), asked, self.weights)
        return np.lexsort((-order, bands(ability, self.weights)))


def whole_texts(side: Side) -> tuple[Slots, Vectors]:
    """Slots, and the vector of the whole text of each."""
    blocks = [side.index.blocks(slots) for slots in side.portions()]
    return side.slots, np.concatenate([some.vectors[some.starts[:-1]] for some in blocks])
