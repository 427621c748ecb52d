"""Forward-only numbered migrations: each file runs once, in its own transaction, and never changes after that."""

import hashlib
from pathlib import Path

import asyncpg

from service.errors import DatabaseUnusable

FOLDER = Path(__file__).parent
OLDEST_POSTGRES = 160_000
_LOCK = 0x70617373656E64


async def migrate(connection: asyncpg.Connection, folder: Path = FOLDER) -> list[str]:
    """Applies what is not applied yet; two processes at once wait for each other.

    Returns:
        Names of the migrations that were applied now.

    Raises:
        DatabaseUnusable: PostgreSQL is too old, or an applied migration was changed afterwards.
    """
    if int(await connection.fetchval("SELECT current_setting('server_version_num')")) < OLDEST_POSTGRES:
        raise DatabaseUnusable("Passend needs PostgreSQL 16 or newer.")
    await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
    try:
        applied = await _applied(connection)
        return [file.stem for file in sorted(folder.glob("*.sql")) if await _apply(connection, file, applied)]
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)


async def _applied(connection: asyncpg.Connection) -> dict[str, str]:
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS migration "
        "(name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
    )
    return dict(await connection.fetch("SELECT name, checksum FROM migration"))


async def _apply(connection: asyncpg.Connection, file: Path, applied: dict[str, str]) -> bool:
    source = file.read_text(encoding="utf-8")
    checksum = hashlib.sha256(source.encode()).hexdigest()
    if file.stem in applied:
        if applied[file.stem] != checksum:
            raise DatabaseUnusable(f"Migration {file.stem} was changed after it was applied. Write a new migration instead.")
        return False
    async with connection.transaction():
        await connection.execute(source)
        await connection.execute("INSERT INTO migration (name, checksum) VALUES ($1, $2)", file.stem, checksum)
    return True
