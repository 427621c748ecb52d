"""Connections: one pool a process, migrated and with the types Passend uses."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

import asyncpg
from pgvector.asyncpg import register_vector

from service.db.embedded import embedded_postgres
from service.db.migrations import migrate
from service.errors import DatabaseUnusable
from service.settings import Settings

Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy | asyncpg.Pool


@contextlib.asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[asyncpg.Pool]:
    """A pool on the configured database, or on the embedded one; migrations are applied first."""
    async with contextlib.AsyncExitStack() as stack:
        url = settings.database_url
        if not url:
            running = embedded_postgres(settings.home)
            url = await asyncio.to_thread(running.__enter__)
            stack.callback(running.__exit__, None, None, None)
        yield await stack.enter_async_context(pool(url))


@contextlib.asynccontextmanager
async def pool(url: str) -> AsyncIterator[asyncpg.Pool]:
    """A pool on the database at `url`, migrated.

    Raises:
        DatabaseUnusable: it cannot be reached.
    """
    try:
        connection = await asyncpg.connect(url)
    except (OSError, asyncpg.PostgresError) as problem:
        raise DatabaseUnusable(f"The database cannot be reached: {problem}. Check DATABASE_URL.") from problem
    try:
        await migrate(connection)
    finally:
        await connection.close()
    async with asyncpg.create_pool(url, min_size=1, max_size=8, init=_prepare) as connections:
        yield connections


async def _prepare(connection: asyncpg.Connection) -> None:
    await register_vector(connection)
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")
