"""Revisions: the order in which changes become visible, so that derived indexes miss none."""

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from service.db.connect import Connection

CHANNEL = "passend_changed"
"""Notifications on this channel name the table that changed."""

REMEMBERED = timedelta(days=7)
"""How long it is known which index number was removed; an index that is older than that is built anew."""

_WRITERS = 0x726576


class Changed(NamedTuple):
    """A row as it is after a change.

    Attributes:
        key: its number in search indexes.
        what: what an index keeps of it; None when it is not to be found now.
        organisation: whose it is; zero where that does not decide who sees it.
    """

    revision: int
    key: int
    what: Any
    organisation: UUID = UUID(int=0)


async def take_turn(connection: Connection) -> None:
    """Makes writers wait for each other until the transaction ends, so that revisions commit in their order."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _WRITERS)


async def installation(connection: Connection) -> str:
    """Identity of this database; snapshots made from another one are not used."""
    return str(await connection.fetchval("SELECT id FROM installation"))


async def newest(connection: Connection, table: str) -> int:
    """The last revision of a table, removals included; 0 when nothing was ever in it."""
    number: int = await connection.fetchval(
        f"""SELECT greatest(coalesce((SELECT max(revision) FROM {table}), 0),
                coalesce((SELECT max(revision) FROM removal WHERE from_table = $1), 0))""",
        table,
    )
    return number


async def removed_since(connection: Connection, table: str, revision: int, limit: int) -> list[tuple[int, int | None]]:
    """Revision and index number of what was removed from a table after a revision, in that order; None: forgotten by now."""
    rows = await connection.fetch(
        "SELECT revision, key FROM removal WHERE from_table = $1 AND revision > $2 ORDER BY revision LIMIT $3",
        table,
        revision,
        limit,
    )
    return [(row["revision"], row["key"]) for row in rows]


async def forget_removed(connection: Connection) -> None:
    """Forgets the index numbers of what was removed longer ago than `REMEMBERED`."""
    await connection.execute(
        "UPDATE removal SET key = NULL WHERE key IS NOT NULL AND removed_at < now() - $1::interval", REMEMBERED
    )
