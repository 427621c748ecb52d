"""Receipts: the stored record of each match run."""

from datetime import datetime
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
    """Stores one run of the user that this transaction acts for, or else of the operator; returns the receipt's id."""
    number: UUID = await connection.fetchval(
        """
        INSERT INTO receipt (about, subject_id, engine, model, weights, inputs, result, organisation_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, coalesce(passend_user_organisation(), CASE $1
            WHEN 'matches' THEN (SELECT organisation_id FROM seeker WHERE id = $2)
            ELSE (SELECT organisation_id FROM opportunity WHERE id = $2) END)) RETURNING id
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


async def candidate_lists(connection: Connection, since: datetime, until: datetime) -> list[list[str]]:
    """The people of every list of candidates that was made from `since` up to `until`, best first."""
    rows = await connection.fetch(
        """
        SELECT coalesce(
            (SELECT array_agg(one ->> 'seeker' ORDER BY rank) FROM jsonb_array_elements(result -> 'candidates')
                WITH ORDINALITY AS listed (one, rank)), '{}') AS people
        FROM receipt WHERE about = 'candidates' AND made_at >= $1 AND made_at < $2 ORDER BY made_at, id
        """,
        since,
        until,
    )
    return [list(row["people"]) for row in rows]


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
