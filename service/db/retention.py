"""What goes when its time is over, by category; the periods are in the table `retention`."""

from typing import NamedTuple

from service.db.connect import Connection
from service.db.revisions import forget_removed, take_turn

CATEGORIES = {
    "receipt": """UPDATE receipt SET subject_id = NULL, inputs = NULL, result = NULL, snapshots = '{}', erased_at = now()
        WHERE erased_at IS NULL AND made_at < now() - $1::interval""",
    "closed_proposal": """DELETE FROM proposal USING proposal_state
        WHERE proposal_state.state = proposal.state AND final AND updated_at < now() - $1::interval""",
    "statement_history": "DELETE FROM statement_history WHERE until < now() - $1::interval",
    "person": """DELETE FROM seeker WHERE updated_at < now() - $1::interval
        AND NOT EXISTS (SELECT FROM proposal WHERE seeker_id = seeker.id AND updated_at >= now() - $1::interval)
        AND NOT EXISTS (SELECT FROM plan WHERE seeker_id = seeker.id AND updated_at >= now() - $1::interval)
        AND NOT EXISTS (SELECT FROM contact_moment
            WHERE seeker_id = seeker.id AND greatest(at, updated_at) >= now() - $1::interval)""",
    "resident_link": "DELETE FROM resident_link WHERE expires_at < now() - $1::interval",
    "import_upload": "DELETE FROM import_upload WHERE created_at < now() - $1::interval",
    "received_vacancy": "DELETE FROM received_vacancy WHERE received_at < now() - $1::interval",
    "idempotency_key": "DELETE FROM idempotency_key WHERE created_at < now() - $1::interval",
}
"""Receipts lose their content and keep their place in the chain; proposals leave numbers (`outcome_count`)."""

_UNUSED_SNAPSHOTS = """
    DELETE FROM snapshot WHERE NOT EXISTS (
        SELECT FROM (SELECT unnest(snapshots) AS digest FROM receipt) AS used WHERE used.digest = snapshot.digest)
"""


class Period(NamedTuple):
    """How long a category is kept, in PostgreSQL's words."""

    category: str
    keep: str


async def periods(connection: Connection) -> list[Period]:
    """Every category with its period."""
    rows = await connection.fetch("SELECT category, keep::text FROM retention ORDER BY category")
    return [Period(*row) for row in rows]


async def set_months(connection: Connection, category: str, months: int) -> bool:
    """How long a category is kept from now on; whether who asks may say so."""
    status = await connection.execute(
        "UPDATE retention SET keep = make_interval(months => $2) WHERE category = $1", category, months
    )
    return bool(status == "UPDATE 1")


async def remove_expired(connection: Connection) -> dict[str, int]:
    """Removes what is past its period, in the caller's transaction; how many of each category."""
    await take_turn(connection)
    removed = {}
    for category, statement in CATEGORIES.items():
        keep = await connection.fetchval("SELECT keep FROM retention WHERE category = $1", category)
        status = await connection.execute(statement, keep)
        removed[category] = int(status.rsplit(maxsplit=1)[-1])
    await connection.execute(_UNUSED_SNAPSHOTS)
    await forget_removed(connection)
    return removed
