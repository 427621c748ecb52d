"""Which of many places decide a ranking: `rank` on these alone gives the same ranking as on all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.columns import unmet
from matching.model import LADDER, Rung, ordered
from matching.people import People, score_people
from matching.ranking import NEAREST_WHEN_NOTHING_FITS, STEPS_NAMED, STONES_OUT_OF
from matching.scoring import Scores, Weights, bands, score
from matching.vectors import Place, Places, Profile

Rows = NDArray[np.int64]
_TO_SPARE = 5


class Shortlist(NamedTuple):
    """Numbers of the places that decide a ranking, and the highest rung that is reached among all."""

    numbers: Rows
    rung_reached: Rung | None


def shortlist(profile: Profile, places: Places, weights: Weights, limit: int) -> Shortlist:
    """The places that `rank` would show or reason with when it shows `limit`; equal ones at an edge are all kept."""
    compared = _Compared(profile, places, score(profile, places, weights), weights)
    first = compared.listed(max(limit, STONES_OUT_OF)) if compared.fits.any() else compared.nearest()
    reached = compared.reached()
    numbers = np.unique(np.concatenate([first, reached, *compared.above(reached)]))
    return Shortlist(numbers, LADDER[compared.rung[reached[0]]] if len(reached) else None)


@dataclass
class _Compared:
    profile: Profile
    places: Places
    scores: Scores
    weights: Weights

    def __post_init__(self) -> None:
        self.rung = self.places.practical.rows["rung"]
        self.unmet = unmet(self.profile.practical, self.places.practical)
        self.fits = self.unmet == 0
        self.in_list = (bands(self.scores.ability, self.weights), self.rung, -self.scores.order)

    def listed(self, most: int) -> Rows:
        return _first(np.flatnonzero(self.fits), self.in_list, most)

    def nearest(self) -> Rows:
        closed = ~np.isin(self.rung, [rung.depth for rung in self.profile.seeker.open_to])
        return _first(np.arange(len(self.rung)), (closed, self.unmet, *self.in_list), NEAREST_WHEN_NOTHING_FITS)

    def reached(self) -> Rows:
        """A place on the highest rung that is reached, if there is one."""
        good = np.flatnonzero(self.fits & (self.scores.ability >= self.weights.reached))
        return np.asarray(good[np.argsort(self.rung[good], kind="stable")][:1])

    def above(self, reached: Rows) -> list[Rows]:
        """The ablest places on each open rung above the one reached."""
        depth = self.rung[reached[0]] if len(reached) else len(LADDER)
        higher = [rung.depth for rung in ordered(self.profile.seeker.open_to) if rung.depth < depth]
        return [_first(np.flatnonzero(self.rung == one), (-self.scores.ability,), STEPS_NAMED) for one in higher]


def shortlist_people(people: People, place: Place, weights: Weights, limit: int) -> Rows:
    """Numbers of the people, all of whom the place fits, whom `candidates` would return; with some to spare for equal scores."""
    ability, order = score_people(people, place, weights)
    return _first(np.arange(len(people)), (bands(ability, weights), -order), limit + _TO_SPARE)


def _first(rows: Rows, keys: Sequence[NDArray[np.generic]], most: int) -> Rows:
    """The first of these rows by several keys, and whatever equals the last of them."""
    by = [np.asarray(key)[rows] for key in keys]
    order = np.lexsort(by[::-1])
    if len(order) <= most:
        return np.asarray(rows[order])
    last = order[most - 1]
    more = order[most:]
    equal = np.logical_and.reduce([key[more] == key[last] for key in by])
    return np.asarray(rows[np.concatenate([order[:most], more[equal]])])
