"""What came of it, per quarter and organisation, as numbers of people and places. All questions to proposals are here.

A step that was taken back does not count, nor does the step that took it back. Quarters are those of Dutch time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg

from service.db.connect import Connection

_STEPS = """
    SELECT proposal.id, proposal.seeker_id, proposal.rung, step.number, step.to_state, step.by_role, step.reason, step.at
    FROM proposal JOIN proposal_step AS step ON step.proposal_id = proposal.id
    WHERE proposal.organisation_id = $1 AND step.undoes IS NULL AND NOT EXISTS (
        SELECT FROM proposal_step AS later WHERE later.proposal_id = step.proposal_id AND later.undoes = step.number)
"""


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of a number of durations, in days; None without any."""

    count: int
    median: float | None


async def outflow(connection: Connection, organisation_id: UUID, quarter: date) -> dict[str, int]:
    """Places that were started in, by rung; also those of people who were erased since."""
    return await _counts(
        connection,
        f"""
        SELECT rung AS name, sum(started) AS count FROM (
            SELECT rung, 1 AS started FROM ({_STEPS}) AS step WHERE to_state = 'started' AND quarter_of(at) = $2
            UNION ALL
            SELECT rung, steps FROM outcome_count WHERE organisation_id = $1 AND quarter = $2 AND state = 'started'
        ) AS every GROUP BY rung
        """,
        organisation_id,
        quarter,
    )


async def lasting(connection: Connection, organisation_id: UUID, quarter: date) -> dict[str, int]:
    """Places that were found to last, by how long."""
    return await _counts(
        connection,
        f"""
        SELECT state AS name, sum(steps) AS count FROM (
            SELECT to_state AS state, 1 AS steps FROM ({_STEPS}) AS step
            WHERE quarter_of(at) = $2
            UNION ALL
            SELECT state, steps FROM outcome_count
            WHERE organisation_id = $1 AND quarter = $2
        ) AS every WHERE state IN ('lasting_1', 'lasting_3', 'lasting_6', 'lasting_12') GROUP BY state
        """,
        organisation_id,
        quarter,
    )


async def declines(connection: Connection, organisation_id: UUID, quarter: date) -> dict[str, int]:
    """Proposals that ended without a start, by who said so and why, such as `declined: travel`."""
    return await _counts(
        connection,
        f"""
        SELECT state || ': ' || reason AS name, sum(steps) AS count FROM (
            SELECT to_state AS state, coalesce(reason, 'other') AS reason, 1 AS steps FROM ({_STEPS}) AS step
            WHERE quarter_of(at) = $2
            UNION ALL
            SELECT state, coalesce(nullif(reason, ''), 'other'), steps FROM outcome_count
            WHERE organisation_id = $1 AND quarter = $2
        ) AS every WHERE state IN ('declined', 'refused', 'withdrawn') GROUP BY state, reason
        """,
        organisation_id,
        quarter,
    )


async def time_to_placement(connection: Connection, organisation_id: UUID, quarter: date) -> Spread:
    """Days from the proposal to the start, of places that were started in."""
    row = await connection.fetchrow(
        f"""
        SELECT count(*) AS count,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM started - proposed) / 86400) AS median
        FROM (
            SELECT min(at) FILTER (WHERE to_state = 'proposed') AS proposed,
                min(at) FILTER (WHERE to_state = 'started') AS started
            FROM ({_STEPS}) AS step GROUP BY id
        ) AS placement WHERE quarter_of(started) = $2 AND proposed IS NOT NULL
        """,
        organisation_id,
        quarter,
    )
    return Spread(row["count"], row["median"])


async def steps_on_the_ladder(
    connection: Connection, organisation_id: UUID, quarter: date, ladder: Sequence[str]
) -> dict[str, int]:
    """Starts of people who started before, by whether the rung is higher, lower or the same as the one before.

    Args:
        ladder: the rungs from the top.
    """
    return await _counts(
        connection,
        f"""
        SELECT CASE WHEN depth < before THEN 'forward' WHEN depth > before THEN 'back' ELSE 'same' END AS name, count(*) AS count
        FROM (
            SELECT at, depth, lag(depth) OVER (PARTITION BY seeker_id ORDER BY at, id) AS before
            FROM (
                SELECT *, array_position($3::text[], rung) AS depth FROM ({_STEPS}) AS step WHERE to_state = 'started'
            ) AS started
        ) AS moved WHERE quarter_of(at) = $2 AND before IS NOT NULL GROUP BY 1
        """,
        organisation_id,
        quarter,
        list(ladder),
    )


async def coverage(connection: Connection, organisation_id: UUID, quarter: date) -> dict[str, int]:
    """People known at the end of the quarter, by whether at least one place was ever found for them by then."""
    return await _counts(
        connection,
        """
        SELECT CASE WHEN EXISTS (
            SELECT FROM surfacing WHERE surfacing.seeker_id = seeker.id AND surfacing.quarter <= $2
        ) THEN 'with_suggestion' ELSE 'without_suggestion' END AS name, count(*) AS count
        FROM seeker WHERE organisation_id = $1 AND quarter_of(created_at) <= $2 GROUP BY 1
        """,
        organisation_id,
        quarter,
    )


async def exposure(connection: Connection, organisation_id: UUID, quarter: date) -> dict[str, int]:
    """People known at the end of the quarter, by in how many lists of candidates they were in it."""
    return await _counts(
        connection,
        """
        SELECT CASE WHEN lists = 0 THEN '0' WHEN lists <= 5 THEN '1-5' WHEN lists <= 20 THEN '6-20' ELSE '21+' END AS name,
            count(*) AS count
        FROM (
            SELECT count(surfacing.opportunity_id) AS lists
            FROM seeker LEFT JOIN surfacing
                ON surfacing.seeker_id = seeker.id AND surfacing.quarter = $2 AND surfacing.about = 'candidates'
            WHERE seeker.organisation_id = $1 AND quarter_of(seeker.created_at) <= $2 GROUP BY seeker.id
        ) AS person GROUP BY 1
        """,
        organisation_id,
        quarter,
    )


async def _counts(connection: Connection, question: str, *arguments: object) -> dict[str, int]:
    rows: list[asyncpg.Record] = await connection.fetch(question, *arguments)
    return {row["name"]: int(row["count"]) for row in rows}
