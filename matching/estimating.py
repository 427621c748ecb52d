"""How many people could do a piece of work, what they bring, and what would open it to more; people by number alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.carving import Cut, single_cuts
from matching.columns import Columns, fitting
from matching.explaining import WORTH_SAYING, strengths
from matching.scoring import Array, Weights, ability_features
from matching.vectors import Place, Places, Profile, Vectors, cosines

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Estimated:
    """People by their number in what was handed over.

    Attributes:
        able: to whom the place is open as it is.
        added: to whom else it is open after each single change of it.
        bring: who of the able has an ability of each group.
    """

    able: Rows
    added: tuple[tuple[Cut, Rows], ...]
    bring: Mapping[str, Rows]


@dataclass(frozen=True)
class SkillGroups:
    """Groups of abilities, each known by some example sentences: unit vectors (e, d), and the group (e,) of each."""

    examples: Vectors
    group: Sequence[str]


def estimate(place: Place, people: Sequence[Profile], groups: SkillGroups, weights: Weights) -> Estimated:
    """Tries a place and every single change of it on the people handed over, by the same scores and rules as `carve`."""
    cuts = list(single_cuts(place))
    if not people:
        return Estimated(_rows([]), tuple((cut, _rows([])) for cut in cuts), dict.fromkeys(groups.group, _rows([])))
    opened = _opened(people, place, cuts, weights)
    able = np.flatnonzero(opened[:, 0])
    added = tuple((cut, np.flatnonzero(opened[:, number] & ~opened[:, 0])) for number, cut in enumerate(cuts, start=1))
    return Estimated(able, added, _bringing(people, able, groups, weights))


def _opened(people: Sequence[Profile], place: Place, cuts: Sequence[Cut], weights: Weights) -> NDArray[np.bool_]:
    """Whether the place (first column) and each variant of it is open to each person."""
    suits = np.zeros((len(people), 1 + len(cuts)), bool)
    practical = Columns.of_people([one.seeker for one in people])
    for number, variant in enumerate([place, *(cut.place for cut in cuts)]):
        suits[fitting(practical, Columns.of_places([variant.opportunity])), number] = True
    rows = np.flatnonzero(suits.any(axis=1))
    suits[rows] &= _able([people[row] for row in rows.tolist()], place, cuts, weights)
    return suits


def _able(people: Sequence[Profile], place: Place, cuts: Sequence[Cut], weights: Weights) -> NDArray[np.bool_]:
    """The same for ability alone, which only a change of needs changes."""
    on_needs = [cut.place for cut in cuts if cut.need is not None]
    which = np.zeros(1 + len(cuts), np.int64)
    which[[1 + number for number, cut in enumerate(cuts) if cut.need is not None]] = 1 + np.arange(len(on_needs))
    stacked = Places([place, *on_needs])
    ability: Array = np.array([weights.ability.probability(ability_features(one, stacked)) for one in people])
    return np.asarray(ability.reshape(len(people), len(stacked))[:, which] >= weights.reached)


def _bringing(people: Sequence[Profile], able: Rows, groups: SkillGroups, weights: Weights) -> dict[str, Rows]:
    """A sentence counts for the one group it comes nearest to, if near enough to say so."""
    who: dict[str, list[int]] = {group: [] for group in groups.group}
    for row in able.tolist():
        near = cosines(people[row].abilities, groups.examples)
        sure = strengths(near.max(axis=1), weights) >= WORTH_SAYING
        for group in {groups.group[number] for number in near.argmax(axis=1)[sure]}:
            who[group].append(row)
    return {group: _rows(rows) for group, rows in who.items()}


def _rows(numbers: Sequence[int]) -> Rows:
    return np.array(numbers, np.int64)
