"""How every place stands for one person, and how it would stand under other wishes, without scoring again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.model import Opportunity, Outcome, Rung, Seeker, State
from matching.practical import RULES
from matching.scoring import Array, Weights, ability_features
from matching.vectors import Place, Places, Profile

Rows = NDArray[np.int64]

RULES_ON: Mapping[str, tuple[str, ...]] = {
    "position": ("reach",),
    "max_travel_km": ("reach",),
    "transport": (),
    "hours_min": ("hours", "dayparts"),
    "hours_max": ("hours",),
    "dayparts": ("dayparts",),
    "language": ("language",),
    "licences": ("licences",),
    "support_needs": ("support",),
    "open_to": ("open_to",),
}
"""Which rules of practical fit look at each practical field of a person; sentences are not practical, and need another score."""

_NUMBER = {rule.__name__: number for number, rule in enumerate(RULES)}


@dataclass(frozen=True)
class Standing:
    """How places stand for one person.

    Attributes:
        rows: numbers of the places that are looked at, those from a chosen ability.
        ability: of every place (p,).
        met: whether each looked-at place meets each rule (rows, rules).
    """

    seeker: Seeker
    opportunities: Sequence[Opportunity]
    rows: Rows
    ability: Array
    met: NDArray[np.bool_]

    @cached_property
    def fitting(self) -> Rows:
        """Numbers of the looked-at places that meet every rule."""
        return self.rows[self.met.all(axis=1)]

    def fitting_for(self, changed: Seeker) -> Rows:
        """The same if this person had other practical fields; only the rules that look at a changed field are asked again.

        Raises:
            ValueError: the sentences differ too; that needs another score.
        """
        again = _rules_on_change(self.seeker, changed)
        others = np.delete(self.met, again, axis=1).all(axis=1)
        rules = [RULES[number] for number in again]
        return np.array([row for row in self.rows[others] if _meets(changed, self.opportunities[row], rules)], np.int64)


def standing(profile: Profile, places: Sequence[Place], weights: Weights, least: float = 0.0) -> Standing:
    """Scores every place once, and asks the practical rules of those with an ability of at least `least`."""
    if not places:
        return Standing(profile.seeker, [], np.empty(0, np.int64), np.empty(0), np.empty((0, len(RULES)), bool))
    stacked = Places(places)
    ability = weights.ability.probability(ability_features(profile, stacked))
    rows = np.flatnonzero(ability >= least)
    met = [[rule(profile.seeker, stacked.opportunities[row]).state is State.MET for rule in RULES] for row in rows]
    return Standing(profile.seeker, stacked.opportunities, rows, ability, np.array(met, bool).reshape(len(rows), len(RULES)))


def open_places(profile: Profile, places: Sequence[Place], weights: Weights) -> Standing:
    """The standing of the places whose ability reaches the threshold; those of them that fit are open to this person."""
    return standing(profile, places, weights, weights.reached)


def highest(opportunities: Sequence[Opportunity]) -> Rung | None:
    """The highest rung among these places."""
    return min((one.kind for one in opportunities), key=lambda rung: rung.depth, default=None)


def _rules_on_change(seeker: Seeker, changed: Seeker) -> list[int]:
    different = [one.name for one in fields(Seeker) if getattr(seeker, one.name) != getattr(changed, one.name)]
    beyond = [name for name in different if name not in RULES_ON]
    if beyond:
        raise ValueError(f"a change of {', '.join(beyond)} needs another score")
    return sorted({_NUMBER[rule] for name in different for rule in RULES_ON[name]})


def _meets(seeker: Seeker, place: Opportunity, rules: Sequence[Callable[[Seeker, Opportunity], Outcome]]) -> bool:
    return all(rule(seeker, place).state is State.MET for rule in rules)
