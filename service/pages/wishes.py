"""What could be otherwise for a person, as boxes to tick: from what is ticked to the change that is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams

from matching.levers import E_BIKE_KM
from matching.model import Level, Transport
from service.changes import Wished

MORE_HOURS, MORE_KM, MOST_HOURS = 8, 10, 60
LICENCES = ("B", "VOG")
_BOXES = ("hours", "km", "ebike", "dutch", *LICENCES)


@dataclass(frozen=True)
class Otherwise:
    """The boxes that would change something for a person, and which of them are ticked."""

    offered: tuple[str, ...]
    chosen: tuple[str, ...] = ()


def otherwise(person: Mapping[str, Any], asked: QueryParams | None = None) -> Otherwise:
    """The boxes for a person, ticked as an address asks."""
    offered = tuple(one for one in _BOXES if wished(person, (one,)) != Wished([], []))
    return Otherwise(offered, tuple(one for one in offered if one in (asked or ())))


def wished(person: Mapping[str, Any], chosen: tuple[str, ...]) -> Wished:
    """The change for a person when these boxes are ticked."""
    values = [*_hours(person, chosen), *_travel(person, chosen), *_dutch(person, chosen)]
    return Wished(values, [f"licence={one}" for one in LICENCES if one in chosen and one not in person["licences"]])


def _hours(person: Mapping[str, Any], chosen: tuple[str, ...]) -> list[str]:
    more = person["hours_max"] + MORE_HOURS
    return [f"hours_max={more:g}"] if "hours" in chosen and more <= MOST_HOURS else []


def _travel(person: Mapping[str, Any], chosen: tuple[str, ...]) -> list[str]:
    km = person["max_travel_km"] + (MORE_KM if "km" in chosen else 0)
    rides = "ebike" in chosen and person["transport"] in {Transport.WALK, Transport.BIKE}
    reach = max(km, E_BIKE_KM) if rides else km
    return [f"transport={Transport.EBIKE}"] * rides + [f"max_travel_km={reach:g}"] * (reach != person["max_travel_km"])


def _dutch(person: Mapping[str, Any], chosen: tuple[str, ...]) -> list[str]:
    steps = {skill: _next(person[skill]) for skill in ("speaking", "reading") if person[skill]} if "dutch" in chosen else {}
    return [f"{skill}={level}" for skill, level in steps.items() if level != person[skill]]


def _next(level: str) -> str:
    steps = list(Level)
    return steps[min(steps.index(Level(level)) + 1, len(steps) - 1)]
