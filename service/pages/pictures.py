"""What is drawn: points on a small map, and how far a bar is filled. Plain numbers; the templates make SVG of them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

KM_PER_DEGREE = 111.2
SIZE, EDGE = 240.0, 14.0
BESIDE = 15.0
"""A place in the person's own street stands beside them, not beneath."""


@dataclass(frozen=True)
class Point:
    """A place on the map, in units of the drawing, from its top left corner; `folded` while it is folded away in the list."""

    x: float
    y: float
    number: int
    folded: bool


@dataclass(frozen=True)
class Map:
    """Places around a person: `radius` is how far they travel, `halfway` half of that."""

    radius: float
    halfway: float
    km: float
    points: tuple[Point, ...]


def little_map(
    person: Mapping[str, Any], places: Sequence[Mapping[str, Any]], folded: Sequence[Mapping[str, Any]] = ()
) -> Map | None:
    """The places in order, around the person in the middle; None where the person's position is not known.

    Directions are true (equirectangular, far below a pixel at these distances); distances grow as their square root, so that
    what is near does not fall together.
    """
    if person["latitude"] is None:
        return None
    steps = [_step(person, place) for place in (*places, *folded)]
    known = [(number, step) for number, step in enumerate(steps, start=1) if step]
    reach = max([person["max_travel_km"], 1.0, *(math.hypot(*step) for _, step in known)])
    points = tuple(_point(number, *step, reach, number > len(places)) for number, step in known)
    return Map(
        _drawn(person["max_travel_km"], reach), _drawn(person["max_travel_km"] / 2, reach), person["max_travel_km"], points
    )


def _drawn(km: float, reach: float) -> float:
    return math.sqrt(km / reach) * (SIZE / 2 - EDGE)


def _point(number: int, east: float, north: float, reach: float, folded: bool) -> Point:
    km = math.hypot(east, north)
    right, up = (east / km, north / km) if km else (1.0, 0.0)
    drawn = max(_drawn(km, reach), BESIDE)
    return Point(SIZE / 2 + right * drawn, SIZE / 2 - up * drawn, number, folded)


def _step(person: Mapping[str, Any], place: Mapping[str, Any]) -> tuple[float, float] | None:
    if place["latitude"] is None:
        return None
    north = (place["latitude"] - person["latitude"]) * KM_PER_DEGREE
    east = (place["longitude"] - person["longitude"]) * KM_PER_DEGREE * math.cos(math.radians(person["latitude"]))
    return east, north


def strength(value: float) -> str:
    """Name of the message that says how strong a probability is."""
    bounds = ((0.8, "very_strong"), (0.6, "strong"), (0.4, "fair"), (0.27, "some"))
    return next((name for bound, name in bounds if value >= bound), "little")


def percent(value: float) -> int:
    """A probability as whole per cents."""
    return round(value * 100)
