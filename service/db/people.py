"""People as their municipality knows them: by name where one is kept, with their sentences and their client manager."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from service.db.connect import Connection
from service.db.seekers import SENTENCES


async def one(connection: Connection, seeker_id: str) -> asyncpg.Record | None:
    """A person with name, contact and sentences, or None when there is none to see."""
    return await connection.fetchrow(
        f"""
        SELECT seeker.*, said.*, seeker_identity.name, coalesce(seeker_identity.contact, '') AS contact,
            (SELECT colleague.name FROM colleague WHERE colleague.id = client_manager_id LIMIT 1) AS client_manager
        FROM seeker CROSS JOIN LATERAL ({SENTENCES}) AS said
        LEFT JOIN seeker_identity ON seeker_identity.seeker_id = seeker.id
        WHERE seeker.id = $1
        """,
        seeker_id,
    )


async def name(connection: Connection, seeker_id: str, given: str, contact: str) -> None:
    """Keeps who a person is; without a name, forgets it."""
    if not given:
        await connection.execute("DELETE FROM seeker_identity WHERE seeker_id = $1", seeker_id)
        return
    await connection.execute(
        """INSERT INTO seeker_identity (seeker_id, name, contact) VALUES ($1, $2, $3)
           ON CONFLICT (seeker_id) DO UPDATE SET name = excluded.name, contact = excluded.contact""",
        seeker_id,
        given,
        contact,
    )


async def take_on(connection: Connection, seeker_id: str, client_manager: UUID) -> None:
    """Makes someone the client manager of a person."""
    await connection.execute("UPDATE seeker SET client_manager_id = $2 WHERE id = $1", seeker_id, client_manager)


async def lock_version(connection: Connection, seeker_id: str) -> int | None:
    """Version of a person, held until the transaction ends; None when there is none to change."""
    version: int | None = await connection.fetchval("SELECT version FROM seeker WHERE id = $1 FOR UPDATE", seeker_id)
    return version


async def client_managers(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Name of the client manager of each of these people who has one."""
    rows = await connection.fetch(
        """SELECT DISTINCT seeker.id, colleague.name FROM seeker JOIN colleague ON colleague.id = client_manager_id
           WHERE seeker.id = ANY ($1)""",
        list(ids),
    )
    return {row["id"]: row["name"] for row in rows}


async def own_code(connection: Connection) -> str | None:
    """The person that the acting resident is."""
    code: str | None = await connection.fetchval("SELECT passend_user_seeker()")
    return code
