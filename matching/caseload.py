"""A whole caseload at once: for each person the places that fit, scored and ordered as in their own list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from matching.columns import fitting
from matching.model import Rung, Seeker
from matching.scoring import Weights, bands, pair_scores
from matching.vectors import Place, Places, Profile

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
    return all_suited([profile], places, weights)


def all_suited(profiles: Iterable[Profile], places: Sequence[Place], weights: Weights) -> list[Suited]:
    """What suits each person in turn, as `suited` says it, with the places stacked once for everyone."""
    if not places:
        return []
    stacked = Places(places)
    return [pair for profile in profiles for pair in _suited(profile, stacked, weights)]


def _suited(profile: Profile, places: Places, weights: Weights) -> list[Suited]:
    numbers = fitting(profile.practical, places.practical)
    if not len(numbers):
        return []
    fit = places.take(numbers)
    ability, _, order = pair_scores(profile, fit, weights)
    columns = (ability.tolist(), bands(ability, weights).tolist(), order.tolist())
    pairs = [
        Suited(profile.seeker.id, place.id, place.kind, able, band, score)
        for place, able, band, score in zip(fit.opportunities, *columns, strict=True)
    ]
    return sorted(pairs, key=lambda pair: pair.among_places)


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
