"""People as their municipality knows them: by name where one is kept, with their sentences and their client manager."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from matching.model import Rung
from service.db.connect import Connection
from service.db.paging import Order
from service.db.seekers import SENTENCES

After = tuple[str | datetime, str]
"""Value in the order of a list, and code, of the last person that was given."""


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


@dataclass(frozen=True)
class Filter:
    """Which people to list; what is empty does not count. `mine`: of whom who asks is the client manager."""

    place: str = ""
    open_to: Sequence[Rung] = ()
    mine: bool = False


async def page(connection: Connection, wanted: Filter, order: Order, after: After | None, limit: int) -> list[asyncpg.Record]:
    """At most `limit` people after that row of the order, with name and client manager where who asks may see them."""
    rows: list[asyncpg.Record] = await connection.fetch(
        f"""
        SELECT id, seeker_identity.name, place, postcode4, hours_min, hours_max, open_to, created_at, updated_at, version,
            (SELECT colleague.name FROM colleague WHERE colleague.id = client_manager_id LIMIT 1) AS client_manager
        FROM seeker LEFT JOIN seeker_identity ON seeker_id = id
        WHERE strpos(lower(place), lower($1)) > 0 AND (cardinality($2::text[]) = 0 OR open_to && $2)
            AND (NOT $3::boolean OR client_manager_id = passend_user_id()) AND {order.beyond("$4", "$5")}
        ORDER BY {order.by} LIMIT $6
        """,
        wanted.place,
        list(wanted.open_to),
        wanted.mine,
        *(after or (None, None)),
        limit,
    )
    return rows


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


async def names(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Name of each of these people of whom who asks may see one."""
    rows = await connection.fetch("SELECT seeker_id, name FROM seeker_identity WHERE seeker_id = ANY ($1)", list(ids))
    return dict(rows)


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
