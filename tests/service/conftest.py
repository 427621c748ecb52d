"""A real PostgreSQL for each test that asks: one server a session, one fresh database a test."""

import contextlib
import json
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from embeddings.encoder import Encoder, RememberingEncoder, SentenceEncoder
from matching.scoring import Weights
from service.db.connect import Pools, pools
from service.db.embedded import embedded_postgres
from service.geography import Gazetteer, read_gazetteer
from service.opening import Passend
from service.search import Search
from service.settings import Settings
from service.use_cases.importing import import_files
from tests.service.any_encoder import AnyEncoder
from tests.service.people_of_a_region import FEW

DEMO = Path(__file__).parent.parent.parent / "service" / "demo"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """URL of a running PostgreSQL of this test run alone."""
    folder = Path(tempfile.mkdtemp(prefix="passend-test-", dir="/var/tmp"))
    folder.chmod(0o755)
    with embedded_postgres(folder) as url:
        yield url
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.asynccontextmanager
async def fresh_database(server: str) -> AsyncIterator[str]:
    """URL of an empty database, dropped afterwards."""
    name = f"test_{secrets.token_hex(6)}"
    admin = await asyncpg.connect(server)
    await admin.execute(f"CREATE DATABASE {name}")
    yield server.replace("/postgres?", f"/{name}?")
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture
async def database_url(server: str) -> AsyncIterator[str]:
    """URL of an empty database."""
    async with fresh_database(server) as url:
        yield url


@pytest.fixture
async def another_database_url(server: str) -> AsyncIterator[str]:
    """URL of a second empty database."""
    async with fresh_database(server) as url:
        yield url


@pytest.fixture(scope="module")
async def module_database_url(server: str) -> AsyncIterator[str]:
    """URL of a database that the tests of one module share."""
    async with fresh_database(server) as url:
        yield url


@pytest.fixture(scope="module")
async def module_pools(module_database_url: str) -> AsyncIterator[Pools]:
    """Pools on a database that the tests of one module share."""
    async with pools(module_database_url) as connected:
        yield connected


@pytest.fixture
async def pools_of_roles(database_url: str) -> AsyncIterator[Pools]:
    """Pools on an empty, migrated database."""
    async with pools(database_url) as connected:
        yield connected


@pytest.fixture
def connections(pools_of_roles: Pools) -> asyncpg.Pool:
    """A pool on an empty, migrated database, as its owner."""
    return pools_of_roles.owner


@pytest.fixture(scope="session")
def encoder(home: Path) -> Encoder:
    """The encoder in use; loaded once, and no text is encoded twice in a test run."""
    return RememberingEncoder(SentenceEncoder(Settings().encoder, home / "models"))


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """The shipped places, without postcodes."""
    return read_gazetteer()


@pytest.fixture
async def passend(pools_of_roles: Pools, encoder: Encoder, gazetteer: Gazetteer, tmp_path: Path) -> Passend:
    """An open, empty installation."""
    pools = pools_of_roles
    search = await Search.open(pools.engine, encoder.model, encoder.dimension, tmp_path / "snapshots")
    return Passend(pools.owner, pools.app, pools.engine, encoder, search, Weights.read(), gazetteer)


@pytest.fixture
async def few(pools_of_roles: Pools, gazetteer: Gazetteer, few_files: list[Path], tmp_path: Path) -> Passend:
    """An open installation with the few, by an encoder that needs no model."""
    pools, encoder = pools_of_roles, AnyEncoder()
    await import_files(pools.owner, encoder, gazetteer, few_files)
    search = await Search.open(pools.engine, encoder.model, encoder.dimension, tmp_path / "snapshots")
    return Passend(pools.owner, pools.app, pools.engine, encoder, search, Weights.read(), gazetteer)


@pytest.fixture(scope="session")
def demo_files() -> list[Path]:
    """The demo set."""
    return [DEMO / "seekers.jsonl", DEMO / "opportunities.jsonl"]


@pytest.fixture
def few_files(demo_files: list[Path], tmp_path: Path) -> list[Path]:
    """Two people and two places of the demo set."""
    files = []
    for file in demo_files:
        few = [line for line in file.read_text(encoding="utf-8").splitlines() if json.loads(line)["id"] in FEW]
        files.append(tmp_path / file.name)
        files[-1].write_text("\n".join(few), encoding="utf-8")
    return files
