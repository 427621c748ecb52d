"""The sentences of a profile, one by one, and those that were there before."""

from collections.abc import Sequence

import asyncpg

from service.db.connect import Connection


async def current(connection: Connection, seeker_id: str) -> list[asyncpg.Record]:
    """The sentences of a person, in order."""
    rows: list[asyncpg.Record] = await connection.fetch(
        "SELECT number, kind, text FROM statement WHERE seeker_id = $1 ORDER BY number", seeker_id
    )
    return rows


async def earlier(connection: Connection, seeker_id: str) -> list[asyncpg.Record]:
    """The sentences that were changed or taken out, newest first."""
    rows: list[asyncpg.Record] = await connection.fetch(
        "SELECT kind, text, until, changed_by FROM statement_history WHERE seeker_id = $1 ORDER BY until DESC, id DESC", seeker_id
    )
    return rows


async def version(connection: Connection, seeker_id: str) -> int | None:
    """Version of a person, or None when there is none to see."""
    number: int | None = await connection.fetchval("SELECT version FROM seeker WHERE id = $1", seeker_id)
    return number


async def put(connection: Connection, seeker_id: str, number: int, kind: str, text: str) -> None:
    """Adds a sentence under a number, or replaces the one that is there."""
    await connection.execute(
        """INSERT INTO statement (seeker_id, number, kind, text) VALUES ($1, $2, $3, $4)
           ON CONFLICT (seeker_id, number) DO UPDATE SET kind = excluded.kind, text = excluded.text""",
        seeker_id,
        number,
        kind,
        text,
    )


async def remove(connection: Connection, seeker_id: str, number: int) -> None:
    """Takes a sentence out."""
    await connection.execute("DELETE FROM statement WHERE seeker_id = $1 AND number = $2", seeker_id, number)


async def retell(connection: Connection, seeker_id: str, texts: Sequence[bytes]) -> int | None:
    """Takes over which texts are encoded; the new version, or None where this user may not.

    The digest is emptied, so that an import of the old row counts as a change again.
    """
    by_resident: int | None = await connection.fetchval("SELECT passend_retell($1, $2)", seeker_id, texts)
    if by_resident is not None:
        return by_resident
    by_staff: int | None = await connection.fetchval(
        """UPDATE seeker SET texts = $2, digest = '', revision = nextval('revision'), version = version + 1, updated_at = now()
           WHERE id = $1 RETURNING version""",
        seeker_id,
        texts,
    )
    return by_staff


async def note_changes(connection: Connection) -> None:
    """Puts what was changed in this transaction in the history now, instead of at its end."""
    await connection.execute("SET CONSTRAINTS remember_statement IMMEDIATE")
