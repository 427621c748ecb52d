"""Finds who or what decides a list: practical rules over columns first, then sketches where many are left, then every sentence.

Only the last step is exact, and it decides the order; up to `_EXACT` that fit practically it is the only one.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from embeddings.blocks import Blocks
from matching.columns import Columns, fitting, unmet
from matching.model import Rung, ordered
from matching.people import People
from matching.scoring import Weights
from matching.shortlist import shortlist, shortlist_people
from matching.sketches import person_sketch, place_sketches, promising, queries_for_people, queries_for_places
from matching.vectors import Place, Places, Profile
from service.geography import Grid
from service.search.columns import ColumnIndex, Slots

_EXACT = 1_000
_BLOCKED_PER_RUNG = 40
_NEAREST_PER_RUNG = 150
_NEAREST_PEOPLE = 1_000
_WIDER = 2.0


@dataclass(frozen=True)
class Found:
    """What decides a list, in n rows.

    Attributes:
        keys, revisions: index number (n,) of each, and the revision its vectors are of.
        blocks: the vectors of each.
        considered: how many were compared.
    """

    keys: NDArray[np.int64]
    revisions: NDArray[np.int64]
    blocks: Blocks
    considered: int

    def still(self, known: Mapping[int, tuple[int, object]]) -> list[tuple[int, NDArray[np.float32]]]:
        """Index number and vectors (v, d) of the rows that have not changed since.

        Args:
            known: revision, and the row itself, by index number.
        """
        blocks = [self.blocks.vectors[start:end] for start, end in pairwise(self.blocks.starts.tolist())]
        rows = zip(self.keys.tolist(), self.revisions.tolist(), blocks, strict=True)
        return [(key, vectors) for key, revision, vectors in rows if key in known and known[key][0] == revision]

    def changed(self, known: Mapping[int, tuple[int, object]]) -> list[int]:
        """Index numbers of the rows that changed since."""
        rows = zip(self.keys.tolist(), self.revisions.tolist(), strict=True)
        return [key for key, revision in rows if key in known and known[key][0] != revision]


def find_places(
    index: ColumnIndex, grid: Grid, profile: Profile, weights: Weights, limit: int, organisations: Set[UUID] | None = None
) -> Found:
    """The places that decide a person's ranking, as `matching.ranking.rank` would make it of all within reach.

    A rung without any place within reach is looked up farther away, so that the person can see what would be needed.
    """
    with index.lock.read_lock():
        return _PlacesFor(index, grid, profile, weights, organisations).deciding(limit)


def find_nearest_places(
    index: ColumnIndex, grid: Grid, profile: Profile, weights: Weights, organisations: Set[UUID] | None = None
) -> NDArray[np.int64]:
    """Index numbers of the places on each open rung that are nearest in meaning within reach, whether they fit or not.

    A rung without any place within reach is looked up farther away.
    """
    with index.lock.read_lock():
        return index.keys(_PlacesFor(index, grid, profile, weights, organisations).nearest())


@dataclass
class _PlacesFor:
    index: ColumnIndex
    grid: Grid
    profile: Profile
    weights: Weights
    organisations: Set[UUID] | None
    looked_at: dict[float, tuple[Slots, Columns]] = field(default_factory=dict)

    def deciding(self, limit: int) -> Found:
        near, asked = self._on_open_rungs(self.profile.seeker.max_travel_km)
        fits = near[fitting(self.profile.practical, asked)]
        shown, reached = self._decisive(self._promising(fits), limit)
        others, _ = self._decisive(self._others(near, asked, fits, reached), limit)
        return _found(self.index, np.union1d(shown, others), len(near))

    def nearest(self) -> Slots:
        near, asked = self._on_open_rungs(self.profile.seeker.max_travel_km)
        rungs = ordered(self.profile.seeker.open_to)
        return _together([self._ablest(self._near_or_farther(near, asked, rung), _NEAREST_PER_RUNG) for rung in rungs])

    def _on_open_rungs(self, km: float) -> tuple[Slots, Columns]:
        """Places in the cells within so many kilometres, and what they ask."""
        if km not in self.looked_at:
            self.looked_at[km] = self._in_cells_within(km)
        return self.looked_at[km]

    def _in_cells_within(self, km: float) -> tuple[Slots, Columns]:
        slots = self.index.within(self.grid.within(self.profile.seeker.position, km), self.organisations)
        asked = self.index.practical(slots)
        is_open = np.flatnonzero(np.isin(asked.rows["rung"], [rung.depth for rung in self.profile.seeker.open_to]))
        return slots[is_open], asked.take(is_open)

    def _promising(self, fits: Slots) -> Slots:
        if len(fits) <= _EXACT:
            return fits
        return fits[promising(self._products(fits), self.index.practical(fits), self.weights, _EXACT)]

    def _products(self, slots: Slots) -> NDArray[np.float64]:
        return self.index.products(slots, queries_for_places(person_sketch(self.profile, self.weights)))

    def _decisive(self, slots: Slots, limit: int) -> tuple[Slots, Rung | None]:
        if not len(slots):
            return slots, None
        places = Places.stacked(*self.index.blocks(slots), self.index.practical(slots))
        short = shortlist(self.profile, places, self.weights, limit)
        return slots[short.numbers], short.rung_reached

    def _others(self, near: Slots, asked: Columns, fits: Slots, reached: Rung | None) -> Slots:
        """Places that do not fit now: the ablest on each open rung above the one reached, and the nearest where nothing fits."""
        higher = [rung for rung in ordered(self.profile.seeker.open_to) if reached is None or rung.depth < reached.depth]
        blocked = [np.setdiff1d(self._near_or_farther(near, asked, rung), fits) for rung in higher]
        some = [self._ablest(slots, _BLOCKED_PER_RUNG) for slots in blocked]
        if not len(fits):
            counts = unmet(self.profile.practical, asked)
            some.append(near[np.argsort(counts, kind="stable")[:_EXACT]])
        return _together(some)

    def _near_or_farther(self, near: Slots, asked: Columns, rung: Rung) -> Slots:
        km = max(self.profile.seeker.max_travel_km, 1.0)
        while not np.any(asked.rows["rung"] == rung.depth) and km < self.grid.ACROSS_KM:
            km *= _WIDER
            near, asked = self._on_open_rungs(km)
        return np.asarray(near[asked.rows["rung"] == rung.depth])

    def _ablest(self, slots: Slots, most: int) -> Slots:
        return _first(slots, self._products(slots)[0], most) if len(slots) > most else slots


def find_places_like(
    index: ColumnIndex,
    grid: Grid,
    place: Place,
    weights: Weights,
    rungs: Sequence[Rung],
    km: float,
    organisations: Set[UUID] | None = None,
) -> NDArray[np.int64]:
    """Index numbers of the places on each of these rungs, within `km`, that are nearest in meaning to a place."""
    with index.lock.read_lock():
        near = index.within(grid.within(place.opportunity.position, km), organisations)
        rung_of = index.practical(near).rows["rung"]
        on_rungs = [near[rung_of == rung.depth] for rung in rungs]
        (sketch,) = place_sketches(Places([place]), weights)[:, None]
        return index.keys(_together([_first(slots, index.products(slots, sketch)[0], _NEAREST_PER_RUNG) for slots in on_rungs]))


def find_people(
    index: ColumnIndex, grid: Grid, place: Place, weights: Weights, limit: int, organisations: Set[UUID] | None = None
) -> Found:
    """The people whom a place fits practically and best, as `matching.ranking.candidates` would choose them of all."""
    with index.lock.read_lock():
        near = index.within(grid.within(place.opportunity.position, index.farthest_km()), organisations)
        asked = Columns.of_places([place.opportunity])
        fits = near[fitting(index.practical(near), asked)]
        if len(fits) > _EXACT:
            fits = fits[promising(_products_of_people(index, fits, place, weights), asked, weights, _EXACT)]
        people = People(*index.blocks(fits), index.practical(fits))
        chosen = fits[shortlist_people(people, place, weights, limit)] if len(fits) else fits
        return _found(index, chosen, len(near))


def find_nearest_people(
    index: ColumnIndex, grid: Grid, place: Place, weights: Weights, organisations: Set[UUID] | None = None
) -> NDArray[np.int64]:
    """Index numbers of the people nearest in meaning to a place, among those who might travel that far, fitting or not."""
    with index.lock.read_lock():
        near = index.within(grid.within(place.opportunity.position, index.farthest_km()), organisations)
        return index.keys(_first(near, _products_of_people(index, near, place, weights)[0], _NEAREST_PEOPLE))


def _products_of_people(index: ColumnIndex, slots: Slots, place: Place, weights: Weights) -> NDArray[np.float64]:
    return index.products(slots, queries_for_people(place_sketches(Places([place]), weights)[0]))


def _first(slots: Slots, nearness: NDArray[np.float64], most: int) -> Slots:
    return slots[np.argpartition(-nearness, most)[:most]] if len(slots) > most else slots


def _together(some: Sequence[Slots]) -> Slots:
    return np.unique(np.concatenate([np.empty(0, np.int64), *some]))


def _found(index: ColumnIndex, slots: Slots, considered: int) -> Found:
    return Found(index.keys(slots), index.revisions(slots), index.blocks(slots), considered)
