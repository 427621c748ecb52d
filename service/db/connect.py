"""Connections: three pools a process, one for each role in the database, migrated and with the types Passend uses."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import asyncpg
from pgvector.asyncpg import register_vector

from service.db.embedded import embedded_postgres
from service.db.migrations import migrate
from service.errors import DatabaseUnusable
from service.settings import Settings

Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy | asyncpg.Pool

APP, ENGINE = "passend_app", "passend_engine"


@dataclass(frozen=True)
class Pools:
    """Connections by what they may do.

    Attributes:
        owner: owns the tables and is not bound by their policies: migrations, and the operator's commands.
        app: web requests, each inside `identity.acting`; sees nothing outside it.
        engine: the derived indexes; reads what is encoded, never a name, and writes vectors.
        replica: where searches read; as `engine`, which it is where there is no replica.
    """

    owner: asyncpg.Pool
    app: asyncpg.Pool
    engine: asyncpg.Pool
    replica: asyncpg.Pool


@contextlib.asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[Pools]:
    """Pools on the configured database, or on the embedded one; migrations are applied first."""
    async with (
        address(settings) as url,
        pools(url, settings.app_database_url, settings.engine_database_url, settings.replica_database_url) as connected,
    ):
        yield connected


@contextlib.asynccontextmanager
async def address(settings: Settings) -> AsyncIterator[str]:
    """URL of the configured database for its owner; the embedded one runs while the context is open."""
    async with contextlib.AsyncExitStack() as stack:
        url = settings.database_url
        if not url:
            running = embedded_postgres(settings.home)
            url = await asyncio.to_thread(running.__enter__)
            stack.callback(running.__exit__, None, None, None)
        yield url


@contextlib.asynccontextmanager
async def pools(url: str, app_url: str = "", engine_url: str = "", replica_url: str = "") -> AsyncIterator[Pools]:
    """Pools on the migrated database at `url`; the two roles sign in at the same place unless told otherwise.

    Raises:
        DatabaseUnusable: it cannot be reached, or a role cannot sign in or may do more than it should.
    """
    async with (
        pool(url) as owner,
        _bound_pool(app_url or as_user(url, APP), APP, "PASSEND_APP_DATABASE_URL") as app,
        _bound_pool(engine_url or as_user(url, ENGINE), ENGINE, "PASSEND_ENGINE_DATABASE_URL") as engine,
        _replica(replica_url, engine) as replica,
    ):
        yield Pools(owner, app, engine, replica)


@contextlib.asynccontextmanager
async def _replica(url: str, engine: asyncpg.Pool) -> AsyncIterator[asyncpg.Pool]:
    if not url:
        yield engine
        return
    async with _bound_pool(url, ENGINE, "PASSEND_REPLICA_DATABASE_URL") as replica:
        yield replica


@contextlib.asynccontextmanager
async def pool(url: str) -> AsyncIterator[asyncpg.Pool]:
    """A pool on the database at `url`, migrated, as its owner.

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


@contextlib.asynccontextmanager
async def _bound_pool(url: str, role: str, setting: str) -> AsyncIterator[asyncpg.Pool]:
    try:
        connections = await asyncpg.create_pool(url, min_size=1, max_size=8, init=_prepare)
    except (OSError, asyncpg.PostgresError) as problem:
        raise DatabaseUnusable(
            f"{role} cannot sign in on the database: {problem}. Give that role a password and set {setting}."
        ) from problem
    async with connections:
        if await connections.fetchval(_NOT_BOUND):
            raise DatabaseUnusable(f"The user in {setting} is not bound by the policies of the database. Use {role}.")
        yield connections


_NOT_BOUND = """
    SELECT rolsuper OR rolbypassrls OR pg_has_role(current_user, relowner, 'MEMBER')
    FROM pg_roles, pg_class WHERE rolname = current_user AND pg_class.oid = 'seeker'::regclass
"""


def as_user(url: str, user: str) -> str:
    """The same server and database for another user, without the first one's password."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"{user}@{parts.netloc.rpartition('@')[2]}").geturl()


@contextlib.asynccontextmanager
async def in_transaction(
    connection: asyncpg.Pool | asyncpg.Connection | asyncpg.pool.PoolConnectionProxy,
) -> AsyncIterator[asyncpg.Connection | asyncpg.pool.PoolConnectionProxy]:
    """One transaction: of a pool's own connection, or inside the one that a connection is in already."""
    async with contextlib.AsyncExitStack() as stack:
        if isinstance(connection, asyncpg.Pool):
            connection = await stack.enter_async_context(connection.acquire())
        await stack.enter_async_context(connection.transaction())
        yield connection


async def _prepare(connection: asyncpg.Connection) -> None:
    await register_vector(connection)
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")
