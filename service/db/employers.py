"""Employers of the region as account managers know them: whom to call, what support they offer, what was agreed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from service.db.connect import Connection

Row = dict[str, Any]
_EMPLOYERS = """
    SELECT organisation.id, name, organisation.created_at, contact_persons, support, agreements, version, updated_at,
        (SELECT count(*) FROM opportunity
            WHERE status = 'open' AND coalesce(employer_id, opportunity.organisation_id) = organisation.id) AS open_places
    FROM organisation JOIN employer_relation ON employer_id = organisation.id
"""


async def one(connection: Connection, employer: UUID) -> Row | None:
    """An employer, or None where there is none to see."""
    row = await connection.fetchrow(f"{_EMPLOYERS} WHERE organisation.id = $1", employer)
    return dict(row) if row else None


async def page(connection: Connection, words: str, after: tuple[str, UUID] | None, limit: int) -> list[Row]:
    """At most `limit` employers whose name holds the words, by name, after that name and id."""
    rows = await connection.fetch(
        f"""{_EMPLOYERS}
            WHERE strpos(lower(name), lower($1)) > 0 AND ($2::text IS NULL OR (name, organisation.id) > ($2, $3::uuid))
            ORDER BY name, organisation.id LIMIT $4""",
        words,
        *(after or (None, None)),
        limit,
    )
    return [dict(row) for row in rows]


async def change(
    connection: Connection, employer: UUID, version: int, contact_persons: Sequence[Row], support: Sequence[str], agreements: str
) -> bool:
    """Changes what is kept of an employer; whether it still was that version."""
    status: str = await connection.execute(
        """UPDATE employer_relation
           SET contact_persons = $3, support = $4, agreements = $5, version = version + 1, updated_at = now()
           WHERE employer_id = $1 AND version = $2""",
        employer,
        version,
        list(contact_persons),
        list(support),
        agreements,
    )
    return status == "UPDATE 1"


async def rename(connection: Connection, employer: UUID, name: str) -> None:
    """Gives an employer another name.

    Raises:
        asyncpg.UniqueViolationError: the region has an employer of that name.
    """
    await connection.execute("UPDATE organisation SET name = $2 WHERE id = $1 AND name <> $2", employer, name)
