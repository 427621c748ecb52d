"""Finds in PostgreSQL who or what may stand on a list: the rules of practical fit in SQL, nearest in meaning first (pgvector)."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector

from matching.model import HOURS_PER_DAYPART, Opportunity, Position, Rung, Seeker
from matching.practical import EARTH_RADIUS_KM, TOLERANCE_KM
from service.db.connect import Connection

Vector = NDArray[np.float32]

_KM_PER_DEGREE = 111.2
_SHARED_DAYPARTS = f"""
    (dayparts IS NULL OR $7::text[] IS NULL OR
     {HOURS_PER_DAYPART} * (SELECT count(*) FROM unnest(dayparts) AS part WHERE part = ANY($7)) >= greatest(hours_min, $5))"""
_DISTANCE = f"""
    {2 * EARTH_RADIUS_KM} * asin(sqrt(sin(radians(latitude - $3) / 2) ^ 2
        + cos(radians($3)) * cos(radians(latitude)) * sin(radians(longitude - $4) / 2) ^ 2))"""
_WITHIN = f"""
    ($3::float8 IS NULL OR latitude IS NULL OR (latitude BETWEEN $3 - {{km}} / {_KM_PER_DEGREE} AND $3 + {{km}} / {_KM_PER_DEGREE}
     AND longitude BETWEEN $4 - {{km}} / ({_KM_PER_DEGREE} * cos(radians($3)))
                       AND $4 + {{km}} / ({_KM_PER_DEGREE} * cos(radians($3)))))"""


@dataclass(frozen=True)
class Near:
    """A place near a person.

    Attributes:
        unmet: how many rules of practical fit are not met.
    """

    key: int
    rung: Rung
    unmet: int


async def places(
    connection: Connection,
    encoder: int,
    seeker: Seeker,
    query: Vector,
    organisations: Set[UUID] | None,
    km: float,
    each: int,
) -> list[Near]:
    """Places within about `km` on open rungs: the nearest in meaning that fit and that do not fit, so many of each on each rung.

    Args:
        query: (d,) whose inner product with the vector of a whole text estimates the ability.
        organisations: whose places; None is everyone's.
    """
    rows = await connection.fetch(
        _PLACES,
        encoder,
        HalfVector(query),
        *_point(seeker.position),
        seeker.hours_min,
        seeker.hours_max,
        None if seeker.dayparts is None else sorted(seeker.dayparts),
        seeker.language.speaking or "",
        seeker.language.reading or "",
        sorted(licence.upper() for licence in seeker.licences),
        sorted(seeker.support_needs),
        seeker.max_travel_km + TOLERANCE_KM,
        km,
        sorted(seeker.open_to),
        each,
        _listed(organisations),
    )
    return [Near(row["key"], Rung(row["kind"]), row["unmet"]) for row in rows]


async def fitting_people(
    connection: Connection, encoder: int, place: Opportunity, query: Vector, organisations: Set[UUID] | None, most: int
) -> list[int]:
    """Index numbers of the people whom a place fits practically, nearest in meaning first."""
    rows = await connection.fetch(
        _PEOPLE,
        encoder,
        HalfVector(query),
        *_point(place.position),
        place.hours_min,
        place.hours_max,
        None if place.dayparts is None else sorted(place.dayparts),
        place.language_min.speaking,
        place.language_min.reading,
        sorted(licence.upper() for licence in place.licences),
        sorted(place.support),
        TOLERANCE_KM,
        place.kind,
        most,
        _listed(organisations),
    )
    return [row["key"] for row in rows] if place.positions else []


async def places_near(
    connection: Connection,
    encoder: int,
    centre: Position | None,
    query: Vector,
    organisations: Set[UUID] | None,
    rungs: Iterable[Rung],
    km: float,
    each: int,
) -> list[int]:
    """Index numbers of the places within about `km` that are nearest in meaning, so many on each of these rungs."""
    asked = (HalfVector(query), *_point(centre), km, sorted(rungs), each, _listed(organisations))
    return [row["key"] for row in await connection.fetch(_PLACES_NEAR, encoder, *asked)]


async def people_near(
    connection: Connection, encoder: int, centre: Position | None, query: Vector, organisations: Set[UUID] | None, most: int
) -> list[int]:
    """Index numbers of the people nearest in meaning, among those who might travel to this point."""
    asked = (HalfVector(query), *_point(centre), TOLERANCE_KM, most, _listed(organisations))
    return [row["key"] for row in await connection.fetch(_PEOPLE_NEAR, encoder, *asked)]


def _point(position: Position | None) -> tuple[float | None, float | None]:
    return (position.latitude, position.longitude) if position else (None, None)


def _listed(organisations: Set[UUID] | None) -> Sequence[UUID] | None:
    return None if organisations is None else list(organisations)


_PLACES = f"""
    WITH near AS MATERIALIZED (
        SELECT key, kind, texts[1] AS whole,
            (positions <= taken)::int
            + (greatest(hours_min, $5) > least(hours_max, $6))::int
            + (speaking_min > $8 OR reading_min > $9 IS TRUE)::int
            + (NOT support @> $11)::int
            + (EXISTS (SELECT FROM unnest(licences) AS one WHERE upper(one) <> ALL($10)))::int
            + (NOT {_SHARED_DAYPARTS})::int
            + coalesce(({_DISTANCE} > $12)::int, 0) AS unmet
        FROM opportunity WHERE status = 'open' AND kind = ANY($14) AND {_WITHIN.format(km="$13")}
            AND ($16::uuid[] IS NULL OR organisation_id = ANY($16))
    ), placed AS (
        SELECT key, kind, unmet, row_number() OVER (PARTITION BY kind, unmet > 0 ORDER BY vector <#> $2) AS on_rung,
            row_number() OVER (ORDER BY unmet, vector <#> $2) AS by_unmet
        FROM near JOIN embedding ON encoder_id = $1 AND digest = whole
    )
    SELECT key, kind, unmet FROM placed WHERE on_rung <= $15 OR by_unmet <= $15
"""

_PEOPLE = f"""
    SELECT key FROM seeker JOIN embedding ON encoder_id = $1 AND embedding.digest = texts[1]
    WHERE $13 = ANY(open_to) AND ($15::uuid[] IS NULL OR organisation_id = ANY($15))
      AND greatest(hours_min, $5) <= least(hours_max, $6)
      AND coalesce($8 <= coalesce(speaking, ''), true) AND coalesce($9 <= coalesce(reading, ''), true)
      AND support_needs <@ $11
      AND NOT EXISTS (SELECT FROM unnest($10::text[]) AS one
                      WHERE one <> ALL (SELECT upper(held) FROM unnest(licences) AS held))
      AND {_SHARED_DAYPARTS}
      AND coalesce({_DISTANCE} <= max_travel_km + $12, true)
    ORDER BY vector <#> $2 LIMIT $14
"""

_PLACES_NEAR = f"""
    SELECT key FROM (
        SELECT key, row_number() OVER (PARTITION BY kind ORDER BY vector <#> $2) AS on_rung
        FROM opportunity JOIN embedding ON encoder_id = $1 AND embedding.digest = texts[1]
        WHERE status = 'open' AND kind = ANY($6) AND {_WITHIN.format(km="$5")}
            AND ($8::uuid[] IS NULL OR organisation_id = ANY($8))
    ) AS near WHERE on_rung <= $7
"""

_PEOPLE_NEAR = f"""
    SELECT key FROM seeker JOIN embedding ON encoder_id = $1 AND embedding.digest = texts[1]
    WHERE coalesce({_DISTANCE} <= max_travel_km + $5, true) AND ($7::uuid[] IS NULL OR organisation_id = ANY($7))
    ORDER BY vector <#> $2 LIMIT $6
"""
