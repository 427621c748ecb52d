"""What became of proposals, the models learned from that, and which of them is in use."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from matching.outcomes import Declined
from matching.scoring import Logistic, Weights
from service.db.connect import Connection
from service.outcome_rows import OutcomeRecord


@dataclass(frozen=True)
class Challenger:
    """One fit.

    Attributes:
        compared_with: version of the champion of that moment; None is the order as shipped.
        order_parts: what it would make of `Weights.order`.
        verdict: how it did on outcomes that it had not seen, as plain data.
    """

    version: int
    made_at: datetime
    compared_with: int | None
    fitted_on: int
    model: Logistic
    order_parts: Mapping[str, float]
    verdict: Mapping[str, Any]
    passes: bool


async def save(connection: Connection, record: OutcomeRecord, features: Mapping[str, float]) -> None:
    """Adds an outcome, or takes over how long the placement has lasted by now; the features stay those of the first time."""
    await connection.execute(
        """
        INSERT INTO outcome (seeker_id, opportunity_id, decided_at, decision, reason, lasted_months, ended, features)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (seeker_id, opportunity_id, decided_at, decision) DO UPDATE SET
            reason = excluded.reason, lasted_months = excluded.lasted_months, ended = excluded.ended
        """,
        record.seeker_id,
        record.opportunity_id,
        record.decided_at,
        record.decision,
        record.reason,
        record.lasted_months,
        record.ended,
        dict(features),
    )


async def placed(connection: Connection) -> list[Mapping[str, Any]]:
    """Every placement with its person, features, months and end."""
    return list(
        await connection.fetch(
            """
            SELECT seeker_id, features, lasted_months, ended FROM outcome WHERE decision = 'placed'
            ORDER BY seeker_id, opportunity_id, decided_at
            """
        )
    )


async def counts(connection: Connection) -> dict[str, int]:
    """How many outcomes there are of each decision."""
    return dict(await connection.fetch("SELECT decision, count(*) FROM outcome GROUP BY decision ORDER BY decision"))


async def declined(connection: Connection) -> list[Declined]:
    """Who declined which organisation for which reason."""
    rows = await connection.fetch(
        """
        SELECT seeker_id, organisation, reason FROM outcome JOIN opportunity ON opportunity.id = opportunity_id
        WHERE decision = 'declined' ORDER BY seeker_id, opportunity_id, decided_at
        """
    )
    return [Declined(*row) for row in rows]


async def add_challenger(
    connection: Connection,
    compared_with: int | None,
    fitted_on: int,
    model: Logistic,
    order_parts: Mapping[str, float],
    verdict: Mapping[str, Any],
    passes: bool,
) -> int:
    """Keeps a fit; returns its version."""
    version: int = await connection.fetchval(
        """
        INSERT INTO outcome_model (compared_with, fitted_on, model, order_parts, verdict, passes)
        VALUES ($1, $2, $3, $4, $5, $6) RETURNING version
        """,
        compared_with,
        fitted_on,
        asdict(model),
        dict(order_parts),
        verdict,
        passes,
    )
    return version


async def challenger(connection: Connection, version: int | None = None) -> Challenger | None:
    """One version, or the newest; None when there is none."""
    row = await connection.fetchrow(
        "SELECT * FROM outcome_model WHERE $1::int IS NULL OR version = $1 ORDER BY version DESC LIMIT 1", version
    )
    return Challenger(**{**row, "model": Logistic(**row["model"])}) if row else None


async def promotions(connection: Connection) -> list[Mapping[str, Any]]:
    """Who did what with which version, oldest first."""
    return list(await connection.fetch("SELECT at, action, version, by_name FROM outcome_promotion ORDER BY number"))


async def add_promotion(connection: Connection, action: str, version: int | None, by_name: str) -> None:
    """Makes a version the champion, in the caller's transaction; None is the order as shipped."""
    await connection.execute(
        "INSERT INTO outcome_promotion (action, version, by_name) VALUES ($1, $2, $3)", action, version, by_name
    )


async def take_turn(connection: Connection) -> None:
    """Waits until no other transaction is changing the champion."""
    await connection.execute("LOCK TABLE outcome_promotion IN EXCLUSIVE MODE")


def champions(history: Iterable[Mapping[str, Any]]) -> list[int | None]:
    """Versions that a rollback can go back to, the champion last; None is the order as shipped."""
    stack: list[int | None] = [None]
    for step in history:
        if step["action"] == "promote":
            stack.append(step["version"])
        else:
            stack.pop()
    return stack


async def with_champion(connection: Connection, shipped: Weights) -> Weights:
    """The weights with the order of the champion."""
    version = champions(await promotions(connection))[-1]
    champion = await challenger(connection, version) if version else None
    return replace(shipped, order={**shipped.order, **champion.order_parts}) if champion else shipped
