"""Positions of people and places, when the table of postcodes changes."""

import asyncpg

from service.db import revisions
from service.db.connect import Connection
from service.db.seekers import position
from service.geography import Gazetteer


async def relocate(pool: asyncpg.Pool, gazetteer: Gazetteer) -> int:
    """Looks up every postcode and place again; returns how many people and places moved on the map."""
    moved = 0
    async with pool.acquire() as connection, connection.transaction():
        await revisions.take_turn(connection)
        for table in ("seeker", "opportunity"):
            rows = await connection.fetch(f"SELECT id, place, postcode4, latitude, longitude, position_exact FROM {table}")
            for row in rows:
                found = gazetteer.locate(row["postcode4"], row["place"])
                if found != position(row):
                    moved += 1
                    await _move(connection, table, row["id"], found or (None, None, False))
    return moved


async def _move(connection: Connection, table: str, identifier: str, to: tuple[float | None, float | None, bool]) -> None:
    await connection.execute(
        f"""UPDATE {table} SET latitude = $2, longitude = $3, position_exact = $4, revision = nextval('revision')
            WHERE id = $1""",
        identifier,
        *to,
    )
