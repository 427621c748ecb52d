"""People as the widget sees them: what is compared, without code, words or organisation."""

from collections.abc import Sequence

import asyncpg

from matching.model import LanguageLevels, Opportunity, Rung, Seeker, Support, Transport
from matching.practical import TOLERANCE_KM
from matching.vectors import Profile
from service.db.connect import Connection
from service.db.embeddings import VECTORS_OF, unpacked
from service.db.seekers import level, position

_KM_A_DEGREE = 111.0
"""Of latitude; less than any degree measures, so that nobody within reach is left out."""


async def who_might(
    connection: Connection, keys: Sequence[int], place: Opportunity, region: str, encoder: int
) -> list[tuple[bytes, Profile]]:
    """Those of the people with these index numbers in a region who are open to the rung of a place and may be within reach.

    Returns:
        The secret key of each for `crowds.at_least`, and a profile with vectors, without words.
    """
    rows = await connection.fetch(
        f"""SELECT wordless_person.*, {VECTORS_OF.format(table="wordless_person", encoder="$2")} FROM wordless_person
            WHERE key = ANY($1) AND region_id = $3 AND $4 = ANY(open_to)
            AND coalesce(abs(latitude - $5) * $6 <= max_travel_km + $7, true)""",
        keys,
        encoder,
        region,
        place.kind,
        place.position.latitude if place.position else None,
        _KM_A_DEGREE,
        TOLERANCE_KM,
    )
    return [(row["crowd_key"], Profile(_seeker(row), unpacked(row["vectors"], len(row["texts"])))) for row in rows]


def _seeker(row: asyncpg.Record) -> Seeker:
    """A person of whose sentences only the numbers are known."""
    return Seeker(
        id="",
        abilities=("",) * row["abilities"],
        motivations=("",) * row["motivations"],
        learning=("",) * row["learning"],
        position=position(row),
        max_travel_km=row["max_travel_km"],
        transport=Transport(row["transport"]),
        hours_min=row["hours_min"],
        hours_max=row["hours_max"],
        dayparts=None if row["dayparts"] is None else frozenset(row["dayparts"]),
        language=LanguageLevels(level(row["speaking"]), level(row["reading"])),
        licences=frozenset(row["licences"]),
        support_needs=frozenset(map(Support, row["support_needs"])),
        open_to=frozenset(map(Rung, row["open_to"])),
    )
