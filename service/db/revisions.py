"""Revisions: the order in which changes become visible, so that derived indexes miss none."""

from service.db.connect import Connection

_WRITERS = 0x726576


async def take_turn(connection: Connection) -> None:
    """Makes writers wait for each other until the transaction ends, so that revisions commit in their order."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _WRITERS)


async def installation(connection: Connection) -> str:
    """Identity of this database; snapshots made from another one are not used."""
    return str(await connection.fetchval("SELECT id FROM installation"))
