"""Receipts: the stored record of each match run."""

from typing import Any, Literal
from uuid import UUID

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
