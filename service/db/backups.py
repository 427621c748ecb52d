"""The whole database to a file and back, as its owner."""

from pathlib import Path

import asyncpg

from service.db import postgres_tools
from service.db.connect import Connection


async def dump(url: str, file: Path) -> dict[str, int]:
    """Writes the database to `file` in the custom form of pg_dump; returns the number of rows of each table at that moment."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            moment = await connection.fetchval("SELECT pg_export_snapshot()")
            rows = await count_rows(connection)
            await postgres_tools.run("pg_dump", url, "--format=custom", f"--snapshot={moment}", f"--file={file}")
    finally:
        await connection.close()
    return rows


async def load(url: str, file: Path) -> dict[str, int]:
    """Puts a dump in the place of all there is, or leaves everything as it was; returns the number of rows of each table.

    The installation gets another id, so that index snapshots of before are not used on what is now older data.
    """
    script = file.with_name(f"{file.name}.restoring.sql")
    try:
        await postgres_tools.run_offline("pg_restore", f"--file={script}", str(file))
        await postgres_tools.run(
            "psql",
            url,
            *("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"),
            "--command=DROP SCHEMA public CASCADE; CREATE SCHEMA public",
            f"--file={script}",
            "--command=UPDATE public.installation SET id = gen_random_uuid()",
        )
    finally:
        script.unlink(missing_ok=True)
    connection = await asyncpg.connect(url)
    try:
        return await count_rows(connection)
    finally:
        await connection.close()


async def is_in_use(connection: Connection) -> bool:
    """Whether anyone or anything was put in this database."""
    used: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM seeker) OR EXISTS (SELECT FROM opportunity) OR EXISTS (SELECT FROM app_user)"
    )
    return used


async def count_rows(connection: Connection) -> dict[str, int]:
    """Number of rows of each table, by name."""
    names = await connection.fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return {row["name"]: await connection.fetchval(f'SELECT count(*) FROM "{row["name"]}"') for row in names}
