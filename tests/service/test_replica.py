"""Searching in a streaming replica: what is saved in the primary is found there, and nothing is written to it."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from embeddings.encoder import Encoder
from service.db.connect import ENGINE, Pools, as_user, pools
from service.db.embedded import embedded_postgres
from service.geography import Gazetteer
from service.search import Engine, PostgresSearch, Search
from service.search.listening import kept_fresh
from service.use_cases.importing import import_files
from service.use_cases.matching import known_profile

PATIENCE = 60
PERSON = "s01"
SYSTEM_USER = "embedded_postgres"
"""As whom a server runs that root starts."""


@pytest.fixture(scope="module")
def replica_server(server: str) -> Iterator[str]:
    """URL of a second server that follows the first."""
    from embedded_postgres import pg_basebackup  # imported, with its warnings, by service.db.embedded

    with tempfile.TemporaryDirectory(prefix="passend-replica-", dir="/var/tmp", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o777)
        as_root = Path(server.partition("host=")[2]).owner() == SYSTEM_USER
        pg_basebackup(["-d", server, "-R", "-c", "fast"], pgdata=home / "postgres", user=SYSTEM_USER if as_root else None)
        for of_the_first in (".s.PGSQL.5432.lock", ".handle_pids.json"):
            (home / "postgres" / of_the_first).unlink(missing_ok=True)
        with embedded_postgres(home) as url:
            yield url


@pytest.fixture(scope="module")
async def connected(
    module_database_url: str, replica_server: str, encoder: Encoder, gazetteer: Gazetteer, demo_files: list[Path]
) -> AsyncIterator[Pools]:
    """The demo set in the primary, and a replica that has its tables too."""
    name = module_database_url.partition("?")[0].rpartition("/")[2]
    replica_url = as_user(replica_server.replace("/postgres?", f"/{name}?"), ENGINE)
    async with pools(module_database_url) as primary:
        await import_files(primary.owner, encoder, gazetteer, demo_files)
    await until(lambda: is_migrated(replica_url))
    async with pools(module_database_url, replica_url=replica_url) as both:
        yield both


async def is_migrated(url: str) -> bool:
    try:
        connection = await asyncpg.connect(url)
    except asyncpg.InvalidCatalogNameError:
        return False
    there = await connection.fetchval("SELECT to_regclass('site') IS NOT NULL")
    await connection.close()
    return bool(there)


async def until(true_of: Callable[[], Coroutine[Any, Any, bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await true_of():  # noqa: ASYNC110 - another server gets there by itself
            await asyncio.sleep(0.05)


@pytest.fixture(params=["memory", "postgres"])
async def engine(request: pytest.FixtureRequest, connected: Pools, encoder: Encoder, tmp_path: Path) -> Engine:
    if request.param == "postgres":
        return await PostgresSearch.open(connected.engine, encoder.model, replica=connected.replica)
    return await Search.open(connected.engine, encoder.model, encoder.dimension, tmp_path, replica=connected.replica)


async def found(engine: Engine, connected: Pools) -> list[int]:
    keys: list[int] = (await engine.places_near(await known_profile(connected.owner, engine, PERSON))).tolist()
    return keys


@contextlib.asynccontextmanager
async def standing_still(replica_server: str) -> AsyncIterator[None]:
    """The replica takes nothing over while the context is open."""
    connection = await asyncpg.connect(replica_server)
    await connection.execute("SELECT pg_wal_replay_pause()")
    await until(lambda: connection.fetchval("SELECT pg_get_wal_replay_pause_state() = 'paused'"))
    try:
        yield
    finally:
        await connection.execute("SELECT pg_wal_replay_resume()")
        await connection.close()


async def test_searches_read_the_replica_which_follows_the_primary(engine: Engine, connected: Pools, replica_server: str) -> None:
    assert await connected.replica.fetchval("SELECT pg_is_in_recovery()")

    async def knows_places() -> bool:
        return bool(await found(engine, connected))

    await until(knows_places)
    before = await found(engine, connected)
    async with standing_still(replica_server):
        await connected.owner.execute("DELETE FROM opportunity WHERE key = $1", before[0])
        assert await found(engine, connected) == before

    async def is_gone() -> bool:
        return await found(engine, connected) == before[1:]

    await until(is_gone)


async def test_of_several_hosts_the_replica_is_taken_and_the_primary_where_it_is_lost(
    connected: Pools, server: str, replica_server: str, tmp_path: Path
) -> None:
    primary, replica = (url.partition("host=")[2] for url in (server, replica_server))
    for first, in_replica in ((replica, True), (tmp_path, False)):
        hosts = f"postgresql://{ENGINE}@/postgres?host={primary},{first}&target_session_attrs=prefer-standby"
        connection = await asyncpg.connect(hosts)
        assert await connection.fetchval("SELECT pg_is_in_recovery()") is in_replica
        await connection.close()


async def test_a_worker_that_listens_to_the_primary_takes_over_from_the_replica(
    connected: Pools, encoder: Encoder, tmp_path: Path
) -> None:
    search = await Search.open(connected.engine, encoder.model, encoder.dimension, tmp_path, replica=connected.replica)
    await search.places.open()
    async with kept_fresh(connected.engine, search):
        revision = await connected.owner.fetchval(
            """UPDATE opportunity SET positions = 2, revision = nextval('revision')
               WHERE id = (SELECT max(id) FROM opportunity) RETURNING revision"""
        )

        async def has_it() -> bool:
            return search.places.current.mark >= revision

        await until(has_it)
