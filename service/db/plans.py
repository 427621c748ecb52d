"""Plans in the database: one document of goals and steps, with every version kept."""

from datetime import date
from typing import Any
from uuid import UUID

from service.db.connect import Connection
from service.db.paging import Mark

Row = dict[str, Any]

_COLUMNS = "id, seeker_id, starts_on, ends_on, goals, created_at, updated_at, version"


async def page(connection: Connection, seeker_id: str, after: Mark | None, limit: int) -> list[Row]:
    """Plans of one person, oldest first, after a mark; one more than `limit` when there are more."""
    rows = await connection.fetch(
        f"""
        SELECT {_COLUMNS} FROM plan
        WHERE seeker_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) > ($2, $3::uuid))
        ORDER BY created_at, id LIMIT $4 + 1
        """,
        seeker_id,
        *(after or (None, None)),
        limit,
    )
    return [dict(row) for row in rows]


async def one(connection: Connection, plan_id: UUID) -> Row | None:
    """A plan, or None when it is not there for the one who asks."""
    row = await connection.fetchrow(f"SELECT {_COLUMNS} FROM plan WHERE id = $1", plan_id)
    return dict(row) if row else None


async def add(
    connection: Connection, plan_id: UUID, seeker_id: str, starts_on: date, ends_on: date | None, goals: list[Row]
) -> None:
    """Adds a plan.

    Raises:
        asyncpg.UniqueViolationError: the person has a plan under way, and this one has no end either.
    """
    await connection.execute(
        "INSERT INTO plan (id, seeker_id, starts_on, ends_on, goals) VALUES ($1, $2, $3, $4, $5)",
        plan_id,
        seeker_id,
        starts_on,
        ends_on,
        goals,
    )


async def change(
    connection: Connection, plan_id: UUID, version: int, starts_on: date, ends_on: date | None, goals: list[Row]
) -> Row | None:
    """Changes the given version of a plan; None when it is another version by now, or not there.

    Raises:
        asyncpg.UniqueViolationError: the person has another plan under way.
    """
    row = await connection.fetchrow(
        f"""
        UPDATE plan SET starts_on = $3, ends_on = $4, goals = $5, version = version + 1, updated_at = now()
        WHERE id = $1 AND version = $2 RETURNING {_COLUMNS}
        """,
        plan_id,
        version,
        starts_on,
        ends_on,
        goals,
    )
    return dict(row) if row else None


async def versions(connection: Connection, plan_id: UUID) -> list[Row]:
    """Every version of a plan, oldest first."""
    rows = await connection.fetch(
        "SELECT version, starts_on, ends_on, goals, changed_by, changed_at FROM plan_history WHERE plan_id = $1 ORDER BY version",
        plan_id,
    )
    return [dict(row) for row in rows]
