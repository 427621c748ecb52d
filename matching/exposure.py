"""Who is seen: how often each person is among the first ten of a place, who never is, and an order that gives them a turn."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from matching.caseload import Suited, groups_of
from matching.model import Seeker

TOP = 10
TURNS = 3
"""How many of the first ten a turn may take: the last ones, where a turn costs the list least."""

SMALLEST = 10
"""People in the smallest group that is reported (a minimum cell size, as statistical offices keep)."""


def appearances(people: Iterable[str], lists: Iterable[Sequence[str]], top: int = TOP) -> dict[str, int]:
    """In how many of the lists (people, best first) each person is among the first `top`; 0 for who never is."""
    counted = Counter(person for people_of_place in lists for person in people_of_place[:top])
    return {person: counted[person] for person in people}


@dataclass(frozen=True)
class GroupExposure:
    """How a group is seen; everything but the name is None where the group is too small to report.

    Attributes:
        kind: language, support or reach.
        people: size of the group.
        never: how many are never among the first ten.
        mean: mean number of lists in which someone of this group is among the first ten.
    """

    kind: str
    group: str
    people: int | None
    never: int | None
    mean: float | None


def by_group(seekers: Sequence[Seeker], seen: Mapping[str, int], smallest: int = SMALLEST) -> list[GroupExposure]:
    """Exposure by group. Of each kind, small groups are left out until those left out together are `smallest` people.

    Otherwise what is left out would follow from the total.
    """
    members: dict[str, dict[str, list[int]]] = {}
    for seeker in seekers:
        for kind, group in groups_of(seeker).items():
            members.setdefault(kind, {}).setdefault(group, []).append(seen[seeker.id])
    return [
        _exposure(kind, group, counts, group in hidden)
        for kind, groups in members.items()
        for hidden in [_too_small(groups, smallest)]
        for group, counts in sorted(groups.items())
    ]


def turn_order(
    people: Sequence[str], bands: Sequence[int], seen: Mapping[str, int], turns: int = TURNS, top: int = TOP
) -> list[int]:
    """An order of the people of a place in which the last `turns` of the first `top` are for who was never seen.

    Never across bands: at every position stands someone of the same ability band as before.

    Args:
        people, bands: code and ability band of each, best first.
        seen: how often each person was seen before; who is not in it was not seen.

    Returns:
        Numbers into `people`.
    """
    order = list(range(len(people)))
    for position in range(max(top - turns, 0), min(top, len(order))):
        same_band = (later for later in range(position, len(order)) if bands[order[later]] == bands[order[position]])
        first_unseen = next((later for later in same_band if not seen.get(people[order[later]])), position)
        order.insert(position, order.pop(first_unseen))
    return order


def in_turn(lists: Mapping[str, Sequence[Suited]], seen: Mapping[str, int], turns: int = TURNS) -> dict[str, list[Suited]]:
    """A next round over all places, by id, each with turns; who was seen at one place counts as seen at the next.

    Args:
        seen: how often each person was seen in the rounds before.
    """
    so_far, turned = Counter(seen), {}
    for place, ranked in sorted(lists.items()):
        order = turn_order([pair.person for pair in ranked], [pair.band for pair in ranked], so_far, turns)
        turned[place] = [ranked[number] for number in order]
        so_far.update(pair.person for pair in turned[place][:TOP])
    return turned


def never(seen: Mapping[str, int]) -> list[str]:
    """People who were never among the first ten, by id."""
    return sorted(person for person, count in seen.items() if count == 0)


def _too_small(groups: Mapping[str, Sequence[int]], smallest: int) -> Set[str]:
    hidden: set[str] = set()
    people = 0
    for group in sorted(groups, key=lambda group: (len(groups[group]), group)):
        if len(groups[group]) >= smallest and not 0 < people < smallest:
            break
        hidden.add(group)
        people += len(groups[group])
    return hidden


def _exposure(kind: str, group: str, counts: Sequence[int], hidden: bool) -> GroupExposure:
    if hidden:
        return GroupExposure(kind, group, None, None, None)
    return GroupExposure(kind, group, len(counts), counts.count(0), sum(counts) / len(counts))
