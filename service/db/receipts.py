"""Receipts: the stored record of each match run."""

from typing import Any, Literal
from uuid import UUID

import asyncpg

from service.db.connect import Connection


async def write(
    connection: Connection,
    about: Literal["matches", "candidates"],
    subject_id: str,
    engine: str,
    model: str,
    weights: str,
    inputs: dict[str, Any],
    result: dict[str, Any],
) -> str:
    """Stores one run; returns the receipt's id."""
    number: UUID = await connection.fetchval(
        """
        INSERT INTO receipt (about, subject_id, engine, model, weights, inputs, result)
        VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id
        """,
        about,
        subject_id,
        engine,
        model,
        weights,
        inputs,
        result,
    )
    return str(number)


async def earlier_matches(connection: Connection, seeker_id: str) -> list[asyncpg.Record]:
    """The runs of matches of one person, newest first: made_at, seeker and places as they were, and the rung reached."""
    rows: list[asyncpg.Record] = await connection.fetch(
        """
        SELECT made_at, inputs -> 'seeker' AS seeker, inputs -> 'places' AS places, result ->> 'rung_reached' AS rung
        FROM receipt WHERE about = 'matches' AND subject_id = $1 ORDER BY made_at DESC
        """,
        seeker_id,
    )
    return rows


async def people_matched(connection: Connection) -> list[str]:
    """Ids of the people who were ever matched and are still there."""
    rows = await connection.fetch(
        """
        SELECT id FROM seeker
        WHERE EXISTS (SELECT FROM receipt WHERE about = 'matches' AND subject_id = seeker.id) ORDER BY id
        """
    )
    return [row["id"] for row in rows]
