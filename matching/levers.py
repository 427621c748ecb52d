"""Levers: every single change that a municipality can help with, and which places it opens for one person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from matching.model import LanguageLevels, Level, Rung, Seeker, Transport, ordered
from matching.scoring import Weights
from matching.standing import Standing, highest, open_places
from matching.vectors import Place, Profile
from matching.what_if import Door, door, doors

HOUR_STEPS = (4.0, 8.0)
FULL_WEEK, SHORTEST_WEEK = 40.0, 4.0
KM_STEPS = (5.0, 10.0)
MOST_NEAREST = 3
E_BIKE_KM = 15.0
"""Three quarters of an hour at 20 km an hour."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
PARTS_OF_THE_WEEK: Mapping[str, frozenset[str]] = {
    **{f"weekday_{part}": frozenset(f"{day}_{part}" for day in WEEKDAYS) for part in ("am", "pm", "eve")},
    **{day: frozenset((f"{day}_am", f"{day}_pm")) for day in (*WEEKDAYS, "sat", "sun")},
}


class Cost(StrEnum):
    """What a change takes before someone can start."""

    NONE = "none"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


LICENCE_COSTS: Mapping[str, Cost] = {
    "VCA": Cost.DAYS,
    "BHV": Cost.DAYS,
    "HACCP": Cost.DAYS,
    "forklift": Cost.DAYS,
    "SVH": Cost.WEEKS,
    "VOG": Cost.WEEKS,
    "AM": Cost.WEEKS,
    "B": Cost.MONTHS,
    "BE": Cost.MONTHS,
    "C": Cost.MONTHS,
    "CE": Cost.MONTHS,
    "D": Cost.MONTHS,
    "T": Cost.MONTHS,
}
COMES_AFTER: Mapping[str, str] = {"BE": "B", "C": "B", "D": "B", "CE": "C"}
"""A licence that can only be had by who has the other one."""


@dataclass(frozen=True)
class Change:
    """One change of a person.

    Attributes:
        name: the phrase that says it, filled from `facts`.
        fields: new values of fields of `Seeker`.
    """

    name: str
    fields: Mapping[str, object]
    facts: Mapping[str, object] = field(default_factory=dict)

    def applied_to(self, seeker: Seeker) -> Seeker:
        """The person after the change."""
        return replace(seeker, **self.fields)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Lever:
    """A change with its cost and the places it opens; none of these changes closes a place.

    Attributes:
        rung_after: the highest rung with an open place after it.
    """

    change: Change
    cost: Cost
    opens: tuple[Door, ...]
    rung_after: Rung | None


@dataclass(frozen=True)
class Levers:
    """All levers of one person.

    Attributes:
        levers: those that open most first, then those that cost least; also those that open nothing now.
        nearest: the closed places that need least, each with all that stands in between; for who needs several changes at once.
    """

    levers: tuple[Lever, ...]
    nearest: tuple[Door, ...]


def levers(profile: Profile, places: Sequence[Place], weights: Weights) -> Levers:
    """Tries every single change of one person.

    Sentences stay the same, so places are scored once and only the rules that look at the changed field are asked again.
    """
    now = open_places(profile, places, weights)
    found = [_lever(now, change, cost) for change, cost in single_changes(profile.seeker)]
    costs = list(Cost)
    found.sort(key=lambda lever: (-len(lever.opens), costs.index(lever.cost), lever.change.name))
    return Levers(tuple(found), _nearest(now))


def _nearest(now: Standing) -> tuple[Door, ...]:
    """Fewest unmet rules first, then the higher rung, then ability."""
    unmet = (~now.met).sum(axis=1)
    closed = [number for number in range(len(now.rows)) if unmet[number]]

    def distance(number: int) -> tuple[int, int, float, str]:
        row = now.rows[number]
        place = now.opportunities[row]
        return int(unmet[number]), place.kind.depth, -float(now.ability[row]), place.id

    return tuple(door(now, int(now.rows[number]), now.seeker) for number in sorted(closed, key=distance)[:MOST_NEAREST])


def single_changes(seeker: Seeker) -> Iterator[tuple[Change, Cost]]:
    """Every change that can help this person, with what it takes."""
    for change in (*_hours(seeker), *_dayparts(seeker), *_farther(seeker), *_rungs(seeker)):
        yield change, Cost.NONE
    if seeker.transport in {Transport.WALK, Transport.BIKE} and seeker.max_travel_km < E_BIKE_KM:
        yield Change("e_bike", {"transport": Transport.EBIKE, "max_travel_km": E_BIKE_KM}, {"km": E_BIKE_KM}), Cost.DAYS
    for licence in licences_to_get(seeker):
        yield with_licence(seeker, licence), LICENCE_COSTS[licence]
    if seeker.language != (levels := one_level_up(seeker.language)):
        facts = {"speaking": levels.speaking, "reading": levels.reading}
        yield Change("language_up", {"language": levels}, facts), Cost.MONTHS


def licences_to_get(seeker: Seeker) -> list[str]:
    """Licences and certificates that this person can go for next."""
    held = {licence.upper() for licence in seeker.licences}
    return [one for one in LICENCE_COSTS if one.upper() not in held and COMES_AFTER.get(one, one) in held | {one}]


def with_licence(seeker: Seeker, licence: str) -> Change:
    """One licence or certificate more."""
    return Change("licence", {"licences": seeker.licences | {licence}}, {"licences": [licence]})


def one_level_up(levels: LanguageLevels) -> LanguageLevels:
    """Speaking and reading one level higher, as after a course; what is not known becomes A1."""
    return replace(levels, speaking=_next(levels.speaking), reading=_next(levels.reading))


def _next(level: Level | None) -> Level:
    return list(Level)[min(level.step + 1, len(Level) - 1)] if level else Level.A1


def _hours(seeker: Seeker) -> list[Change]:
    more = sorted({min(seeker.hours_max + step, FULL_WEEK) for step in HOUR_STEPS})
    fewer = sorted({max(seeker.hours_min - step, SHORTEST_WEEK) for step in HOUR_STEPS}, reverse=True)
    return [Change("hours_up", {"hours_max": hours}, {"hours": hours}) for hours in more if hours > seeker.hours_max] + [
        Change("hours_down", {"hours_min": hours}, {"hours": hours}) for hours in fewer if hours < seeker.hours_min
    ]


def _dayparts(seeker: Seeker) -> list[Change]:
    told = seeker.dayparts
    if told is None:
        return []
    wider: dict[frozenset[str], str] = {}
    for name, part in PARTS_OF_THE_WEEK.items():
        wider.setdefault(told | part, name)
    return [Change("dayparts_more", {"dayparts": parts}, {"part": name}) for parts, name in wider.items() if parts != told]


def _farther(seeker: Seeker) -> list[Change]:
    limits = [seeker.max_travel_km + step for step in KM_STEPS]
    return [Change("farther", {"max_travel_km": km}, {"km": km}) for km in limits]


def _rungs(seeker: Seeker) -> list[Change]:
    closed = ordered(set(Rung) - seeker.open_to)
    return [Change("open_rung", {"open_to": seeker.open_to | {rung}}, {"rung": rung}) for rung in closed]


def _lever(now: Standing, change: Change, cost: Cost) -> Lever:
    after = now.fitting_for(change.applied_to(now.seeker))
    opened = {int(row) for row in after} - {int(row) for row in now.fitting}
    return Lever(change, cost, doors(opened, now, now.seeker), highest([now.opportunities[row] for row in after]))
