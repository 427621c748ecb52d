"""Migrations run once and forward; vectors are stored once and come back whole."""

import asyncio
import shutil
from pathlib import Path

import asyncpg
import numpy as np
import pytest

from service.db import embeddings
from service.db.connect import as_user, pools
from service.db.keys import index_key
from service.db.migrations import FOLDER, migrate
from service.errors import DatabaseUnusable


async def test_migrations_run_once_also_from_four_processes_at_once(database_url: str) -> None:
    async def one() -> list[str]:
        connection = await asyncpg.connect(database_url)
        try:
            return await migrate(connection)
        finally:
            await connection.close()

    done = await asyncio.gather(*(one() for _ in range(4)))
    assert sorted(map(len, done)) == [0, 0, 0, len(max(done, key=len))]
    assert await one() == []


async def test_a_migration_that_was_changed_afterwards_is_refused(database_url: str, tmp_path: Path) -> None:
    connection = await asyncpg.connect(database_url)
    file = tmp_path / "0001_first.sql"
    file.write_text("CREATE TABLE one (id integer)", encoding="utf-8")
    assert await migrate(connection, tmp_path) == ["0001_first"]
    file.write_text("CREATE TABLE one (id bigint)", encoding="utf-8")
    with pytest.raises(DatabaseUnusable, match="0001_first"):
        await migrate(connection, tmp_path)
    await connection.close()


async def test_people_and_places_of_before_belong_to_the_own_municipality(database_url: str, tmp_path: Path) -> None:
    connection = await asyncpg.connect(database_url)
    shutil.copy(FOLDER / "0001_people_and_places.sql", tmp_path)
    await migrate(connection, tmp_path)
    await connection.execute(
        """INSERT INTO seeker (id, key, place, max_travel_km, transport, hours_min, hours_max, licences, support_needs, open_to,
           texts, digest, revision) VALUES ('a', 1, '', 5, 'bike', 1, 9, '{}', '{}', '{}', '{}', '', 1)"""
    )
    await migrate(connection)
    row = await connection.fetchrow(
        "SELECT kind, name, version FROM seeker JOIN organisation ON organisation.id = organisation_id WHERE seeker.id = 'a'"
    )
    assert tuple(row) == ("municipality", "Eigen gemeente", 1)
    await connection.close()


async def test_web_requests_cannot_come_in_as_the_owner_or_as_someone_unknown(database_url: str) -> None:
    with pytest.raises(DatabaseUnusable, match="not bound by the policies"):
        async with pools(database_url, app_url=database_url):
            pass
    with pytest.raises(DatabaseUnusable, match="PASSEND_APP_DATABASE_URL"):
        async with pools(database_url, app_url=as_user(database_url, "nobody_at_all")):
            pass


def test_another_user_does_not_get_the_password_of_the_first() -> None:
    assert as_user("postgresql://eigenaar:geheim@db:5432/passend?ssl=on", "passend_app") == (
        "postgresql://passend_app@db:5432/passend?ssl=on"
    )
    assert as_user("postgresql:///passend", "passend_app") == "postgresql://passend_app@/passend"


async def test_a_failing_migration_leaves_nothing_behind(database_url: str, tmp_path: Path) -> None:
    connection = await asyncpg.connect(database_url)
    (tmp_path / "0001_half.sql").write_text("CREATE TABLE one (id integer); SELECT 1/0", encoding="utf-8")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(connection, tmp_path)
    assert await connection.fetchval("SELECT to_regclass('one')") is None
    assert await connection.fetchval("SELECT count(*) FROM migration") == 0
    await connection.close()


async def test_vectors_come_back_in_half_precision_and_only_missing_texts_are_asked_for(connections: asyncpg.Pool) -> None:
    number = await embeddings.encoder_id(connections, "test-model")
    vectors = np.random.default_rng(1).normal(size=(3, 8)).astype(np.float32)
    await embeddings.store(connections, number, ["een", "twee", "drie"], vectors)
    await embeddings.store(connections, number, ["een"], vectors[1:2])
    assert sorted(await embeddings.missing(connections, number, ["een", "vier", "vier"])) == ["vier"]
    value = await connections.fetchval(
        "SELECT string_agg(halfvec_send(vector), ''::bytea ORDER BY array_position($1, digest)) FROM embedding",
        [embeddings.text_digest(text) for text in ("een", "twee", "drie")],
    )
    np.testing.assert_array_equal(embeddings.unpacked(value, 3), vectors.astype(np.float16).astype(np.float32))
    with pytest.raises(DatabaseUnusable, match="passend reindex"):
        embeddings.unpacked(value, 4)


def test_index_keys_are_stable_positive_and_distinct() -> None:
    keys = {index_key(f"o{number}") for number in range(50_000)}
    assert len(keys) == 50_000
    assert all(0 <= key < 2**63 for key in keys)
    assert index_key("o001") == 6187126697253831898
