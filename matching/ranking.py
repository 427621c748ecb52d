"""Ranks places for a person, and people for a place, from the same pair score: ability first, then rung, then the rest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from matching.columns import Columns, fitting, unmet
from matching.explaining import Explainer
from matching.ladder import StepDown, SteppingStone, stepped_down, stepping_stones
from matching.model import Match, Rung
from matching.scoring import Scores, Weights, band, bands, score
from matching.vectors import Place, Places, Profile

NEAREST_WHEN_NOTHING_FITS = 5
STEPS_NAMED = 2
"""How many of the nearest places on a rung above are looked at."""

STONES_OUT_OF = 20
"""A stepping stone is one of the places that fit best."""


@dataclass(frozen=True)
class Ranking:
    """The ranked places of one person.

    Attributes:
        matches: best first. Where nothing fits now, the nearest places, each with what would be needed.
        rung_reached: the highest open rung with a place that fits well; None when there is none yet.
        considered: how many places were compared.
    """

    seeker_id: str
    matches: tuple[Match, ...]
    rung_reached: Rung | None
    stepped_down: tuple[StepDown, ...]
    stepping_stones: tuple[SteppingStone, ...]
    considered: int


@dataclass(frozen=True, eq=False)
class _Pair:
    """A scored pair that is not explained yet; `unmet` counts the rules of practical fit that are not met."""

    number: int
    place_id: str
    rung: Rung
    ability: float
    order: float
    band: int
    unmet: int

    @property
    def fits(self) -> bool:
        return not self.unmet

    @property
    def place_in_list(self) -> tuple[int, int, float, str]:
        return (self.band, self.rung.depth, -self.order, self.place_id)


def rank(profile: Profile, places: Sequence[Place], weights: Weights, limit: int = 20, considered: int | None = None) -> Ranking:
    """Ranks places for one person; the order of `places` does not matter.

    Args:
        limit: how many places to explain and return.
        considered: how many places were compared, when `places` is the shortlist of more.
    """
    considered = len(places) if considered is None else considered
    if not places:
        nowhere = stepped_down(profile.seeker, None, [])
        return Ranking(profile.seeker.id, (), None, nowhere, (), considered)
    stacked = Places(places)
    scores = score(profile, stacked, weights)
    pairs = sorted(_pairs(profile, stacked, scores, weights), key=lambda pair: pair.place_in_list)
    fits = [pair for pair in pairs if pair.fits]
    shown = fits[:limit] or _nearest(profile, pairs)[:NEAREST_WHEN_NOTHING_FITS]

    explainer = Explainer(profile, stacked, scores, weights)

    @cache
    def explained(pair: _Pair) -> Match:
        return explainer.explain(pair.number, pair.band)

    def explain(some: Iterable[_Pair]) -> tuple[Match, ...]:
        return tuple(explained(pair) for pair in some)

    reached = _rung_reached(fits, weights)
    above = explain(_nearest_above(profile, pairs, reached))
    stones = stepping_stones(stacked, above, explain(fits[:STONES_OUT_OF]), weights)
    return Ranking(profile.seeker.id, explain(shown), reached, stepped_down(profile.seeker, reached, above), stones, considered)


def match_pair(profile: Profile, place: Place, weights: Weights) -> Match:
    """Scores and explains one person with one place, whether it fits or not."""
    asked = Places([place])
    return _explained(profile, asked, score(profile, asked, weights), weights)


def candidates(place: Place, profiles: Sequence[Profile], weights: Weights, limit: int = 20) -> list[Match]:
    """The people whom this place fits practically, by the same pair score; the order of `profiles` does not matter."""
    asked = Places([place])
    fits = fitting(Columns.of_people([one.seeker for one in profiles]), asked.practical)
    scored = [(one, score(one, asked, weights)) for one in (profiles[number] for number in fits)]
    scored.sort(key=lambda pair: (_band(pair[1], weights), -pair[1].order[0], pair[0].seeker.id))
    return [_explained(one, asked, scores, weights) for one, scores in scored[:limit]]


def _explained(profile: Profile, asked: Places, scores: Scores, weights: Weights) -> Match:
    return Explainer(profile, asked, scores, weights).explain(0, _band(scores, weights))


def _band(scores: Scores, weights: Weights) -> int:
    return band(float(scores.ability[0]), weights)


def _pairs(profile: Profile, places: Places, scores: Scores, weights: Weights) -> list[_Pair]:
    columns = (scores.ability, scores.order, bands(scores.ability, weights), unmet(profile.practical, places.practical))
    rows = zip(places.opportunities, *(column.tolist() for column in columns), strict=True)
    return [
        _Pair(number, place.id, place.kind, ability, order, band, count)
        for number, (place, ability, order, band, count) in enumerate(rows)
    ]


def _rung_reached(fits: Sequence[_Pair], weights: Weights) -> Rung | None:
    rungs = {pair.rung for pair in fits if pair.ability >= weights.reached}
    return min(rungs, key=lambda rung: rung.depth, default=None)


def _nearest(profile: Profile, pairs: Sequence[_Pair]) -> list[_Pair]:
    """Fewest unmet rules first, a rung that is not open counting last of all."""

    def distance(pair: _Pair) -> tuple[bool, int, tuple[int, int, float, str]]:
        return pair.rung not in profile.seeker.open_to, pair.unmet, pair.place_in_list

    return sorted(pairs, key=distance)


def _nearest_above(profile: Profile, pairs: Sequence[_Pair], reached: Rung | None) -> list[_Pair]:
    """The places that ask most of what this person can do, on each open rung above the one reached."""
    depth = reached.depth if reached else len(Rung)
    result = []
    for rung in sorted(profile.seeker.open_to, key=lambda rung: rung.depth):
        if rung.depth < depth:
            on_rung = [pair for pair in pairs if pair.rung is rung]
            result += sorted(on_rung, key=lambda pair: (-pair.ability, pair.place_id))[:STEPS_NAMED]
    return result
