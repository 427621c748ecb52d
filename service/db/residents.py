"""What is recorded of a person, objections, and erasure; the policies decide who may."""

from uuid import UUID

import asyncpg

from service.db.connect import Connection
from service.db.revisions import take_turn

Rows = list[asyncpg.Record]


async def person(connection: Connection, seeker_id: str) -> asyncpg.Record | None:
    """The practical side of a profile with name and municipality, or None when there is no such person to see."""
    return await connection.fetchrow(
        """
        SELECT seeker.id, seeker_identity.name, contact, organisation.name AS municipality, place, postcode4, max_travel_km,
            transport, hours_min, hours_max, dayparts, speaking, reading, writing, licences, support_needs, open_to,
            seeker.created_at, updated_at, version,
            (SELECT colleague.name FROM colleague WHERE colleague.id = client_manager_id LIMIT 1) AS client_manager,
            passend_candidate_runs(seeker.id) AS compared_for_places
        FROM seeker JOIN organisation ON organisation.id = organisation_id
        LEFT JOIN seeker_identity ON seeker_id = seeker.id WHERE seeker.id = $1
        """,
        seeker_id,
    )


async def proposals(connection: Connection, seeker_id: str) -> Rows:
    """Every proposal of a person, oldest first."""
    rows: Rows = await connection.fetch(
        """SELECT proposal.id, opportunity_id, title, opportunity.organisation, proposal.rung, state, started_on,
               proposal.created_at
           FROM proposal JOIN opportunity ON opportunity.id = opportunity_id
           WHERE seeker_id = $1 ORDER BY proposal.created_at, proposal.id""",
        seeker_id,
    )
    return rows


async def agreements(connection: Connection, seeker_id: str) -> Rows:
    """Who was let known who the person is, and until when."""
    rows: Rows = await connection.fetch(
        """SELECT proposal_id, (SELECT name FROM organisation WHERE id = employer_id) AS employer, given_at, revoked_at
           FROM agreement WHERE seeker_id = $1 ORDER BY given_at""",
        seeker_id,
    )
    return rows


async def match_runs(connection: Connection, seeker_id: str) -> Rows:
    """The match runs about a person: when, and what was suggested."""
    rows: Rows = await connection.fetch(
        """SELECT id, made_at, jsonb_path_query_array(result, '$.matches[*].title') AS titles
           FROM receipt WHERE about = 'matches' AND subject_id = $1 ORDER BY made_at""",
        seeker_id,
    )
    return rows


async def objections(connection: Connection, seeker_id: str) -> Rows:
    """What a person objected to, oldest first, with the answers."""
    rows: Rows = await connection.fetch(
        """SELECT id, proposal_id, opportunity_id, text, made_at, answer, answered_at, answered_by
           FROM objection WHERE seeker_id = $1 ORDER BY made_at, id""",
        seeker_id,
    )
    return rows


async def objection(connection: Connection, number: UUID) -> asyncpg.Record | None:
    """One objection, or None when there is none to see."""
    return await connection.fetchrow(
        """SELECT id, proposal_id, opportunity_id, text, made_at, answer, answered_at, answered_by
           FROM objection WHERE id = $1""",
        number,
    )


async def objects(
    connection: Connection, number: UUID, seeker_id: str, proposal_id: UUID | None, opportunity_id: str | None, text: str
) -> None:
    """Notes that a person does not agree with a suggestion."""
    await connection.execute(
        "INSERT INTO objection (id, seeker_id, proposal_id, opportunity_id, text) VALUES ($1, $2, $3, $4, $5)",
        number,
        seeker_id,
        proposal_id,
        opportunity_id,
        text,
    )


async def answer(connection: Connection, number: UUID, text: str) -> bool:
    """Answers an objection in the name of who acts; whether this user may."""
    status: str = await connection.execute("UPDATE objection SET answer = $2 WHERE id = $1", number, text)
    return status == "UPDATE 1"


async def erase(connection: Connection, seeker_id: str) -> bool:
    """Deletes a person with everything about them (triggers of 0003 to 0006 do the rest); whether this user may."""
    await take_turn(connection)
    status: str = await connection.execute("DELETE FROM seeker WHERE id = $1", seeker_id)
    return status == "DELETE 1"
