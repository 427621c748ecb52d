"""Places to show and to look up by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from service.db.connect import Connection

_NAMED = "concat_ws(' ', title, organisation, place) ILIKE '%' || $1 || '%'"


@dataclass(frozen=True, slots=True)
class Listed:
    """A place in a list."""

    id: str
    title: str
    organisation: str
    place: str
    kind: str
    status: str
    positions: int
    hours_min: float
    hours_max: float


async def named(connection: Connection, words: str, kind: str, limit: int) -> list[Listed]:
    """Places whose title, organisation or town holds the words, of one rung (empty: all), by title."""
    rows = await connection.fetch(
        f"""SELECT id, title, organisation, place, kind, status, positions, hours_min, hours_max FROM opportunity
            WHERE {_NAMED} AND ($2 = '' OR kind = $2) ORDER BY title, id LIMIT $3""",
        words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_"),
        kind,
        limit,
    )
    return [Listed(**row) for row in rows]


async def at_employer(connection: Connection, employer: UUID) -> list[Listed]:
    """The places of an employer that may be seen: open ones first, then drafts, then closed ones."""
    rows = await connection.fetch(
        """SELECT id, title, organisation, place, kind, status, positions, hours_min, hours_max FROM opportunity
           WHERE coalesce(employer_id, organisation_id) = $1
           ORDER BY array_position(ARRAY['open', 'draft', 'closed'], status), title, id""",
        employer,
    )
    return [Listed(**row) for row in rows]


async def shown(connection: Connection, ids: Sequence[str]) -> dict[str, asyncpg.Record]:
    """What is shown of these places beside their score, by id."""
    rows = await connection.fetch("SELECT * FROM opportunity WHERE id = ANY ($1)", list(ids))
    return {row["id"]: row for row in rows}
