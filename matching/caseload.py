"""A whole caseload at once: for each person the places that fit, scored and ordered as in their own list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from matching.model import Opportunity, Rung, Seeker, State
from matching.practical import dayparts, hours, language, licences, open_to, positions, reach, support
from matching.scoring import Weights, band, score
from matching.vectors import Place, Places, Profile

_LIKELIEST_TO_STOP_FIRST = (reach, open_to, hours, language, licences, support, dayparts, positions)
_REACH_STEPS_KM = (5, 10, 20)


@dataclass(frozen=True, slots=True)
class Suited:
    """One person with one place that fits practically now; ability, band and order are those of the pair score."""

    person: str
    place: str
    rung: Rung
    ability: float
    band: int
    order: float

    @property
    def among_places(self) -> tuple[int, int, float, str]:
        """Sorts the places of one person, best first."""
        return (self.band, self.rung.depth, -self.order, self.place)

    @property
    def among_people(self) -> tuple[int, float, str]:
        """Sorts the people of one place, best first."""
        return (self.band, -self.order, self.person)


def suited(profile: Profile, places: Sequence[Place], weights: Weights) -> list[Suited]:
    """Every place that fits one person practically, in the order of their own list; empty when nothing fits now."""
    fitting = [place for place in places if fits(profile.seeker, place.opportunity)]
    if not fitting:
        return []
    scores = score(profile, Places(fitting), weights)
    pairs = [
        Suited(profile.seeker.id, place.opportunity.id, place.opportunity.kind, ability, band(ability, weights), order)
        for place, ability, order in zip(fitting, scores.ability.tolist(), scores.order.tolist(), strict=True)
    ]
    return sorted(pairs, key=lambda pair: pair.among_places)


def fits(seeker: Seeker, place: Opportunity) -> bool:
    """Every practical rule is met; stops at the first one that is not."""
    return all(rule(seeker, place).state is State.MET for rule in _LIKELIEST_TO_STOP_FIRST)


def by_person(pairs: Iterable[Suited]) -> dict[str, list[Suited]]:
    """The places of each person, best first."""
    lists: dict[str, list[Suited]] = {}
    for pair in sorted(pairs, key=lambda pair: pair.among_places):
        lists.setdefault(pair.person, []).append(pair)
    return lists


def by_place(pairs: Iterable[Suited]) -> dict[str, list[Suited]]:
    """The people of each place, best first."""
    lists: dict[str, list[Suited]] = {}
    for pair in sorted(pairs, key=lambda pair: pair.among_people):
        lists.setdefault(pair.place, []).append(pair)
    return lists


def groups_of(seeker: Seeker) -> Mapping[str, str]:
    """The groups in which a person is counted, by kind of group: spoken Dutch, kinds of support needed, and reach."""
    needed = len(seeker.support_needs)
    farther = [str(step) for step in _REACH_STEPS_KM if seeker.max_travel_km <= step]
    return {
        "language": str(seeker.language.speaking or "unknown"),
        "support": "two or more" if needed > 1 else ("none", "one")[needed],
        "reach": f"up to {farther[0]} km" if farther else f"more than {_REACH_STEPS_KM[-1]} km",
    }
