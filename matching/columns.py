"""The practical side of many people or places in columns, and the rules of practical fit over all of them at once.

The rules are those of `matching/practical.py`, without the sentences: a test holds the two together.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.model import DAYPARTS, HOURS_PER_DAYPART, LanguageLevels, Opportunity, Position, Seeker, Support
from matching.practical import EARTH_RADIUS_KM, TOLERANCE_KM

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]

_SHARED = [
    ("latitude", "f8"),
    ("longitude", "f8"),
    ("hours_min", "f8"),
    ("hours_max", "f8"),
    ("dayparts", "u4"),
    ("licences", "i4"),
    ("support", "u2"),
    ("speaking", "i1"),
    ("reading", "i1"),
]
PLACE = np.dtype([*_SHARED, ("positions", "i4"), ("rung", "i1")])
PERSON = np.dtype([*_SHARED, ("max_travel_km", "f8"), ("open_to", "u2")])
_FLEXIBLE = 1 << len(DAYPARTS)
_DAYPART_BITS = {part: 1 << number for number, part in enumerate(DAYPARTS)}
_SUPPORT_BITS = {one: 1 << number for number, one in enumerate(Support)}


@dataclass(frozen=True)
class Columns:
    """One side of many pairs: what places ask, or what people bring and wish.

    Attributes:
        rows: array (n,) of `PLACE` or `PERSON`.
        licence_sets: the sets of licences that occur; `rows["licences"]` is a number in it.
    """

    rows: NDArray[Any]
    licence_sets: Sequence[frozenset[str]]

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, numbers: Rows) -> "Columns":
        """The rows with these numbers."""
        return Columns(self.rows[numbers], self.licence_sets)

    @classmethod
    def of_places(cls, places: Iterable[Opportunity]) -> "Columns":
        """What each place asks."""
        sets: dict[frozenset[str], int] = {}
        rows = [(*_shared(place, place.language_min, place.support, sets), place.positions, place.kind.depth) for place in places]
        return cls(np.array(rows, PLACE), list(sets))

    @classmethod
    def of_people(cls, people: Iterable[Seeker]) -> "Columns":
        """What each person brings and wishes."""
        sets: dict[frozenset[str], int] = {}
        rows = [
            (
                *_shared(person, person.language, person.support_needs, sets),
                person.max_travel_km,
                sum(1 << rung.depth for rung in person.open_to),
            )
            for person in people
        ]
        return cls(np.array(rows, PERSON), list(sets))


def _shared(
    one: Seeker | Opportunity, language: LanguageLevels, support: frozenset[Support], sets: dict[frozenset[str], int]
) -> tuple[float | int, ...]:
    latitude, longitude = _coordinates(one.position)
    licences = frozenset(licence.upper() for licence in one.licences)
    return (
        latitude,
        longitude,
        one.hours_min,
        one.hours_max,
        _FLEXIBLE if one.dayparts is None else _dayparts_of(one.dayparts),
        sets.setdefault(licences, len(sets)),
        _support_of(support),
        -1 if language.speaking is None else language.speaking.step,
        -1 if language.reading is None else language.reading.step,
    )


def _coordinates(position: Position | None) -> tuple[float, float]:
    return (position.latitude, position.longitude) if position else (np.nan, np.nan)


@lru_cache(maxsize=10_000)
def _dayparts_of(parts: frozenset[str]) -> int:
    return sum(_DAYPART_BITS[part] for part in parts)


@lru_cache(maxsize=10_000)
def _support_of(kinds: frozenset[Support]) -> int:
    return sum(_SUPPORT_BITS[kind] for kind in kinds)


def distances_km(people: Columns, places: Columns) -> Array:
    """Great-circle distances (haversine), nan where a position is not known; one side holds one row or both as many."""
    one, other = people.rows, places.rows
    latitude, other_latitude = np.radians(one["latitude"]), np.radians(other["latitude"])
    across = np.radians(other["longitude"] - one["longitude"])
    half = np.sin((other_latitude - latitude) / 2) ** 2
    half = half + np.cos(latitude) * np.cos(other_latitude) * np.sin(across / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half)))


def fitting(people: Columns, places: Columns) -> Rows:
    """Numbers of the pairs in which every rule is met; one side holds one row."""
    rows = np.flatnonzero(_all_met(_CHEAP, people, places))
    if not len(rows):
        return rows
    return rows[_all_met(_COSTLY, _at(people, rows), _at(places, rows))]


def unmet(people: Columns, places: Columns) -> NDArray[np.int64]:
    """How many rules are not met in each pair; one side holds one row."""
    count = np.zeros(_pairs(people, places), np.int64)
    for rule in (*_CHEAP, *_COSTLY):
        count += ~rule(people, places)
    return count


def _all_met(rules: Iterable[Callable[[Columns, Columns], Mask]], people: Columns, places: Columns) -> Mask:
    met = np.ones(_pairs(people, places), bool)
    for rule in rules:
        met &= rule(people, places)
    return met


def _pairs(people: Columns, places: Columns) -> int:
    return int(np.broadcast_shapes((len(people),), (len(places),))[0])


def _at(side: Columns, rows: Rows) -> Columns:
    return side.take(rows) if len(side) > 1 else side


def _open_to(people: Columns, places: Columns) -> Mask:
    return np.asarray(people.rows["open_to"] >> places.rows["rung"].astype(np.uint16) & 1, bool)


def _positions(_: Columns, places: Columns) -> Mask:
    return np.asarray(places.rows["positions"] >= 1)


def _hours(people: Columns, places: Columns) -> Mask:
    low = np.maximum(people.rows["hours_min"], places.rows["hours_min"])
    return np.asarray(low <= np.minimum(people.rows["hours_max"], places.rows["hours_max"]))


def _dayparts(people: Columns, places: Columns) -> Mask:
    one, other = people.rows["dayparts"], places.rows["dayparts"]
    shared = np.bitwise_count(one & other) * float(HOURS_PER_DAYPART)
    needed = np.maximum(people.rows["hours_min"], places.rows["hours_min"])
    return np.asarray((one == _FLEXIBLE) | (other == _FLEXIBLE) | (shared >= needed))


def _language(people: Columns, places: Columns) -> Mask:
    speaks = people.rows["speaking"] >= places.rows["speaking"]
    return np.asarray(speaks & (people.rows["reading"] >= places.rows["reading"]))


def _support(people: Columns, places: Columns) -> Mask:
    return np.asarray((people.rows["support"] & ~places.rows["support"]) == 0)


def _licences(people: Columns, places: Columns) -> Mask:
    held, asked = people.rows["licences"], places.rows["licences"]
    if len(people) == 1:
        mine = people.licence_sets[held[0]]
        return np.asarray(np.array([one <= mine for one in places.licence_sets], bool)[asked])
    needed = places.licence_sets[asked[0]]
    return np.asarray(np.array([needed <= one for one in people.licence_sets], bool)[held])


def _reach(people: Columns, places: Columns) -> Mask:
    return ~(distances_km(people, places) > people.rows["max_travel_km"] + TOLERANCE_KM)


_CHEAP = (_open_to, _positions, _hours, _language, _support)
_COSTLY = (_dayparts, _licences, _reach)
"""Asked of the pairs alone in which the cheap ones are met."""
