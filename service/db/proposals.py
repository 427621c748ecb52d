"""Proposals in the database; the policies and the trigger on steps (migration 0003) decide what a user sees and may do."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from service.db.connect import Connection
from service.proposals import State

_PROPOSALS = """
    SELECT proposal.id, seeker_id, opportunity_id, opportunity.title, proposal.rung, state,
        receipt_id, proposed_by, (SELECT name FROM colleague WHERE id = proposed_by LIMIT 1) AS proposed_by_name,
        started_on, proposal.created_at, proposal.updated_at, proposal.version,
        EXISTS (SELECT FROM agreement WHERE proposal_id = proposal.id AND revoked_at IS NULL) AS agreed
    FROM proposal LEFT JOIN opportunity ON opportunity.id = opportunity_id
"""


class After(NamedTuple):
    """The last row of the page before: newest first, then by id."""

    created_at: datetime
    id: UUID


async def begin(connection: Connection, number: UUID, seeker_id: str, opportunity_id: str, receipt_id: UUID | None) -> None:
    """Adds a suggestion.

    Raises:
        asyncpg.UniqueViolationError: this person and place have a proposal under way.
    """
    await connection.execute(
        "INSERT INTO proposal (id, seeker_id, opportunity_id, receipt_id) VALUES ($1, $2, $3, $4)",
        number,
        seeker_id,
        opportunity_id,
        receipt_id,
    )


async def one(connection: Connection, proposal_id: UUID) -> asyncpg.Record | None:
    """A proposal, or None where there is none to see."""
    return await connection.fetchrow(f"{_PROPOSALS} WHERE proposal.id = $1", proposal_id)


async def some(
    connection: Connection,
    states: Sequence[State],
    seeker_id: str | None,
    opportunity_id: str | None,
    employer: UUID | None,
    after: After | None,
    limit: int,
) -> list[asyncpg.Record]:
    """Proposals, newest first: in these states (none: all), of this person, at this place, at this employer, after that row."""
    rows: list[asyncpg.Record] = await connection.fetch(
        f"""{_PROPOSALS}
            WHERE (cardinality($1::text[]) = 0 OR state = ANY($1))
                AND ($2::text IS NULL OR seeker_id = $2) AND ($3::text IS NULL OR opportunity_id = $3)
                AND ($4::uuid IS NULL OR proposal.employer_id = $4)
                AND ($5::timestamptz IS NULL OR (proposal.created_at, proposal.id) < ($5, $6))
            ORDER BY proposal.created_at DESC, proposal.id DESC LIMIT $7""",
        list(states),
        seeker_id,
        opportunity_id,
        employer,
        *(after or (None, None)),
        limit,
    )
    return rows


async def take(
    connection: Connection, proposal_id: UUID, version: int, target: State, reason: str | None, note: str, on: date | None
) -> None:
    """Takes a step from the version that the user saw; the database checks everything about it."""
    await connection.execute(
        """INSERT INTO proposal_step (proposal_id, number, to_state, reason, note, on_date)
           VALUES ($1, $2, $3, $4, $5, coalesce($6, current_date))""",
        proposal_id,
        version,
        target,
        reason,
        note,
        on,
    )


async def undo(connection: Connection, proposal_id: UUID, version: int, step: int) -> None:
    """Takes the last step back; a step of its own, so that history stays whole."""
    await connection.execute(
        "INSERT INTO proposal_step (proposal_id, number, to_state, undoes) SELECT $1, $2, state, $3 FROM proposal WHERE id = $1",
        proposal_id,
        version,
        step,
    )


async def steps(connection: Connection, proposal_id: UUID) -> list[asyncpg.Record]:
    """The history that this user may see, oldest first."""
    rows: list[asyncpg.Record] = await connection.fetch(
        """SELECT number, from_state, to_state, undoes, reason, note, on_date, by_role, by_name, at
           FROM proposal_step WHERE proposal_id = $1 ORDER BY number""",
        proposal_id,
    )
    return rows


async def name_changes(connection: Connection, proposal_id: UUID) -> list[asyncpg.Record]:
    """When the name was hidden and shown again other than by a step, oldest first; `by_name` is empty where the person did it."""
    rows: list[asyncpg.Record] = await connection.fetch(
        """SELECT revoked_at AS at, false AS shown, revoked_by AS by_name FROM agreement
           WHERE proposal_id = $1 AND revoked_at IS NOT NULL AND ended_by_step IS NULL
           UNION ALL
           SELECT given_at, true, NULL FROM agreement WHERE proposal_id = $1 AND NOT EXISTS (
               SELECT FROM proposal_step AS step WHERE step.proposal_id = $1 AND to_state = 'agreed' AND at = given_at)
           ORDER BY 1""",
        proposal_id,
    )
    return rows


async def steps_after(connection: Connection, receipt_id: UUID) -> list[asyncpg.Record]:
    """Every step of the proposals that came of a match run, with the person and the place, in order."""
    rows: list[asyncpg.Record] = await connection.fetch(
        """SELECT proposal.id AS proposal, seeker_id AS seeker, coalesce(opportunity.title, opportunity_id) AS place,
               step.number, to_state, undoes, reason, by_role, by_name, at
           FROM proposal JOIN proposal_step AS step ON step.proposal_id = proposal.id
           LEFT JOIN opportunity ON opportunity.id = opportunity_id
           WHERE receipt_id = $1 ORDER BY proposal.created_at, proposal.id, step.number""",
        receipt_id,
    )
    return rows


async def agree_again(connection: Connection, proposal_id: UUID) -> None:
    """The acting resident lets the employer know who they are, after an agreement that was revoked."""
    await connection.execute("INSERT INTO agreement (proposal_id) VALUES ($1)", proposal_id)


async def revoke(connection: Connection, proposal_id: UUID) -> int:
    """Hides the name from the employer of this proposal, for all proposals at that employer; how many agreements ended."""
    status: str = await connection.execute(
        """UPDATE agreement SET revoked_at = now()
           FROM proposal WHERE proposal.id = $1 AND revoked_at IS NULL AND agreement.seeker_id = proposal.seeker_id
               AND (agreement.proposal_id = $1 OR agreement.employer_id = proposal.employer_id)""",
        proposal_id,
    )
    return int(status.rsplit(maxsplit=1)[-1])


async def introduced(connection: Connection, proposal_id: UUID) -> asyncpg.Record | None:
    """What the acting employer may know of the person: by code, with the name while the agreement stands."""
    return await connection.fetchrow(
        """SELECT introduced_person.*, name, contact FROM introduced_person
           LEFT JOIN seeker_identity ON seeker_identity.seeker_id = code WHERE proposal_id = $1""",
        proposal_id,
    )


async def set_undo_window(connection: Connection, minutes: int) -> None:
    """How long someone may take back their own last step."""
    await connection.execute("UPDATE installation SET undo_window = make_interval(mins => $1)", minutes)
