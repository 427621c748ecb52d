"""People as the widget sees them: what is compared, without code, words or organisation."""

from collections.abc import Sequence

from matching.model import Opportunity
from matching.practical import TOLERANCE_KM
from matching.vectors import Profile
from service.db.connect import Connection
from service.db.embeddings import VECTORS_OF
from service.db.seekers import wordless

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
    return [(row["crowd_key"], wordless(row)) for row in rows]
