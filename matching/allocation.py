"""Gives out limited positions over a whole caseload, so that most people are well served; and says why, for each person.

The goals, the first one first; a later goal never costs anything of an earlier one:

1. as many people as possible take part, those open to volunteering first;
2. as many as possible in a place that they do well (ability at or above `reached` of the weights);
3. ability: the sum of the ability bands is least;
4. the ladder: the sum of the steps below paid work is least;
5. the sum of the order scores is highest, in thousandths.

Equal cases are settled by a digest of the codes, so neither arrival nor the order of the input counts.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from matching.assignment import Integers, assign
from matching.caseload import Suited, by_person, by_place
from matching.model import LADDER, Opportunity, Rung, Seeker, ordered
from matching.phrases import CASELOAD, Language
from matching.scoring import Weights

Given = dict[str, Suited]
"""The place of each person who has one."""

_THOUSANDTHS = 1000


def allocate(seekers: Sequence[Seeker], pairs: Sequence[Suited], positions: Mapping[str, int], weights: Weights) -> Given:
    """The best allocation by the goals above; nobody is given two places, and no place is given out more often than it can.

    Args:
        pairs: every person with every place that fits them; sparse.
        positions: free positions by place.
    """
    if not seekers:
        return {}
    people = sorted(seekers, key=lambda seeker: _digest(seeker.id))
    pairs = _in_neutral_order(pairs)
    rows, columns, origin = _edges(people, pairs, positions)
    goals = [goal[origin] for goal in _goals(people, pairs, weights)]
    chosen = origin[assign(rows, columns, goals)]
    return {pairs[number].person: pairs[number] for number in chosen if number < len(pairs)}


def first_come(seekers: Sequence[Seeker], pairs: Iterable[Suited], positions: Mapping[str, int]) -> Given:
    """What handing out in order of arrival gives: each in turn takes the best of their own list that is still free."""
    lists, left, given = by_person(pairs), Counter(positions), Given()
    for seeker in seekers:
        free = next((pair for pair in lists.get(seeker.id, ()) if left[pair.place] > 0), None)
        if free:
            given[seeker.id] = free
            left[free.place] -= 1
    return given


@dataclass(frozen=True)
class Totals:
    """What an allocation comes to.

    Attributes:
        served_well: people in a place that they do well.
        open_to_volunteering, volunteers_served: people open to volunteering, and how many of them have some place.
        mean_band: mean ability band of those who have a place, 1 is the strongest; None when nobody has.
        by_rung: people on each rung, from the top of the ladder.
    """

    people: int
    served: int
    served_well: int
    open_to_volunteering: int
    volunteers_served: int
    mean_band: float | None
    by_rung: Mapping[Rung, int]


def totals(seekers: Sequence[Seeker], given: Given, weights: Weights) -> Totals:
    """Counts an allocation."""
    volunteers = {seeker.id for seeker in seekers if _is_volunteer(seeker)}
    rungs = Counter(pair.rung for pair in given.values())
    return Totals(
        people=len(seekers),
        served=len(given),
        served_well=sum(pair.ability >= weights.reached for pair in given.values()),
        open_to_volunteering=len(volunteers),
        volunteers_served=len(volunteers & given.keys()),
        mean_band=float(np.mean([pair.band + 1 for pair in given.values()])) if given else None,
        by_rung={rung: rungs[rung] for rung in ordered(rungs)},
    )


class Why(StrEnum):
    """Why someone has this place and not the first of their own list."""

    FIRST_OF_LIST = "first_of_list"
    BETTER_FOR_ANOTHER = "better_for_another"
    ONLY_ONE_FOR_ANOTHER = "only_one_for_another"
    BEST_TOGETHER = "best_together"
    NOTHING_FITS = "nothing_fits"


@dataclass(frozen=True)
class Explained:
    """The place of one person and why; `given` is None for who has no place yet, `first` for whom nothing fits."""

    person: str
    given: Suited | None
    first: Suited | None
    why: Why


def explained(seekers: Sequence[Seeker], pairs: Iterable[Suited], given: Given) -> list[Explained]:
    """Each person's outcome, in the order of `seekers`. Others are compared with, and never named."""
    lists, holders = by_person(pairs), by_place(given.values())
    return [_explained(seeker.id, lists, holders, given.get(seeker.id)) for seeker in seekers]


def allocation_sentence(one: Explained, places: Mapping[str, Opportunity], language: Language = "nl") -> str:
    """The outcome of one person as one or two plain sentences."""
    phrase = f"{'given' if one.given else 'waiting'}_{one.why}"
    titles = {name: places[pair.place].title if pair else "" for name, pair in (("given", one.given), ("first", one.first))}
    return CASELOAD[phrase][language].format(**titles)


def _explained(
    person: str, lists: Mapping[str, Sequence[Suited]], holders: Mapping[str, Sequence[Suited]], given: Suited | None
) -> Explained:
    if person not in lists:
        return Explained(person, None, None, Why.NOTHING_FITS)
    first = lists[person][0]
    others = [pair for pair in holders.get(first.place, ()) if pair.person != person]
    if given == first:
        why = Why.FIRST_OF_LIST
    elif others and all((other.band, -other.order) < (first.band, -first.order) for other in others):
        why = Why.BETTER_FOR_ANOTHER
    elif any(len(lists[other.person]) == 1 for other in others):
        why = Why.ONLY_ONE_FOR_ANOTHER
    else:
        why = Why.BEST_TOGETHER
    return Explained(person, given, first, why)


def _edges(
    people: Sequence[Seeker], pairs: Sequence[Suited], positions: Mapping[str, int]
) -> tuple[Integers, Integers, Integers]:
    """An edge from each person to each position of each place that fits, and one to having no place yet.

    Returns:
        Rows, columns, and the number of the pair that each edge comes from; from the number of pairs on: no place yet.
    """
    asked = Counter(pair.place for pair in pairs)
    slots = {place: min(positions.get(place, 0), count) for place, count in asked.items()}
    starts = dict(zip(slots, np.cumsum([0, *slots.values()]).tolist(), strict=False))
    row_of = {seeker.id: number for number, seeker in enumerate(people)}
    origin = [number for number, pair in enumerate(pairs) for _ in range(slots[pair.place])]
    rows = [row_of[pairs[number].person] for number in origin]
    columns = [starts[pair.place] + slot for pair in pairs for slot in range(slots[pair.place])]
    alone = np.arange(len(people))
    return (
        np.concatenate([np.array(rows, np.int64), alone]),
        np.concatenate([np.array(columns, np.int64), alone + sum(slots.values())]),
        np.concatenate([np.array(origin, np.int64), alone + len(pairs)]),
    )


def _goals(people: Sequence[Seeker], pairs: Sequence[Suited], weights: Weights) -> list[Integers]:
    """Costs of each pair, then of each person without a place, by goal."""
    best = max((pair.order for pair in pairs), default=0.0)
    depth = {rung: rung.depth for rung in LADDER}
    without = [2 if _is_volunteer(seeker) else 1 for seeker in people]
    costs: list[tuple[list[int], int | list[int]]] = [
        ([0] * len(pairs), without),
        ([int(pair.ability < weights.reached) for pair in pairs], 1),
        ([pair.band for pair in pairs], len(weights.bands) + 1),
        ([depth[pair.rung] for pair in pairs], len(LADDER)),
        ([round((best - pair.order) * _THOUSANDTHS) for pair in pairs], 0),
    ]
    return [np.concatenate([np.array(some, np.int64), np.broadcast_to(rest, len(people))]) for some, rest in costs]


def _in_neutral_order(pairs: Sequence[Suited]) -> list[Suited]:
    turn = {one: _digest(one) for one in {pair.person for pair in pairs} | {pair.place for pair in pairs}}
    return sorted(pairs, key=lambda pair: (turn[pair.person], turn[pair.place]))


def _digest(identifier: str) -> bytes:
    return hashlib.sha256(identifier.encode()).digest()


def _is_volunteer(seeker: Seeker) -> bool:
    return Rung.VOLUNTEERING in seeker.open_to
