"""Contact moments in the database."""

from datetime import datetime
from typing import Any
from uuid import UUID

from service.db.connect import Connection
from service.db.paging import Mark

Row = dict[str, Any]

_COLUMNS = "id, seeker_id, at, kind, note, created_at, updated_at, version"


async def page(connection: Connection, seeker_id: str, after: Mark | None, limit: int) -> list[Row]:
    """Contact with one person, latest first, after a mark (time of contact, id); one more than `limit` when there is more."""
    rows = await connection.fetch(
        f"""
        SELECT {_COLUMNS} FROM contact_moment
        WHERE seeker_id = $1 AND ($2::timestamptz IS NULL OR at < $2 OR at = $2 AND id > $3::uuid)
        ORDER BY at DESC, id LIMIT $4 + 1
        """,
        seeker_id,
        *(after or (None, None)),
        limit,
    )
    return [dict(row) for row in rows]


async def one(connection: Connection, moment_id: UUID) -> Row | None:
    """A contact moment, or None when it is not there for the one who asks."""
    row = await connection.fetchrow(f"SELECT {_COLUMNS} FROM contact_moment WHERE id = $1", moment_id)
    return dict(row) if row else None


async def add(connection: Connection, moment_id: UUID, seeker_id: str, at: datetime, kind: str, note: str) -> None:
    """Adds a contact moment."""
    await connection.execute(
        "INSERT INTO contact_moment (id, seeker_id, at, kind, note) VALUES ($1, $2, $3, $4, $5)",
        moment_id,
        seeker_id,
        at,
        kind,
        note,
    )


async def change(connection: Connection, moment_id: UUID, version: int, at: datetime, kind: str, note: str) -> Row | None:
    """Changes the given version of a contact moment; None when it is another version by now, or not there."""
    row = await connection.fetchrow(
        f"""
        UPDATE contact_moment SET at = $3, kind = $4, note = $5, version = version + 1, updated_at = now()
        WHERE id = $1 AND version = $2 RETURNING {_COLUMNS}
        """,
        moment_id,
        version,
        at,
        kind,
        note,
    )
    return dict(row) if row else None
