"""`make load`: explained matches through HTTP on this machine alone: a bounded number, from 4 workers, then beside writes.

Uses the database of `make bench` with 100 thousand places; prints one table and writes build/load.json.
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import httpx
import numpy as np

from embeddings.encoder import SentenceEncoder
from service.db.embedded import embedded_postgres
from service.search import Search
from service.settings import Settings
from tests.benchmarks import country, table
from tests.benchmarks.filling import filled
from tests.benchmarks.run import BUILD, OCCUPATIONS, SHARED_DATA
from tests.benchmarks.sentences import vocabulary

SIZE = int(os.environ.get("LOAD_PLACES", "100000"))
WORKERS, AT_ONCE, REQUESTS, PEOPLE = 4, 8, int(os.environ.get("LOAD_REQUESTS", "1000")), 1_000
START_SECONDS = 120
WRITES_A_SECOND = 50


async def main() -> None:
    """Runs it and ends with exit code 1 when a request failed."""
    settings = Settings()
    encoder = SentenceEncoder(settings.encoder, settings.models)
    words = vocabulary(SHARED_DATA / "esco_nl", encoder, BUILD / "bench", OCCUPATIONS)
    postcodes = country.read_postcodes(SHARED_DATA / "geo_nl" / "postcode4_gemeente_cbs_certegis.csv")
    name = f"load_{SIZE}_{OCCUPATIONS}"
    home = settings.home / "bench" / name
    with embedded_postgres(settings.home / "bench") as server:
        places, people = country.places(words, postcodes, SIZE), country.people(words, postcodes, PEOPLE)
        async with filled(server, name, encoder.model, places, people) as pool:
            search = await Search.open(pool, encoder.model, encoder.dimension, home / "snapshots")
            await search.places.rebuild()
            await search.people.rebuild()
            rows, failed = await _measured(server.replace("/postgres?", f"/{name}?"), home, pool)
    table.write(rows, BUILD / "load.json")
    table.show(rows)
    sys.exit(bool(failed))


async def _measured(url: str, home: Path, pool: asyncpg.Pool) -> tuple[list[table.Row], int]:
    with _serving(url, home) as (address, process):
        await _ready(address)
        alone, failed_alone = await _asked(address)
        memory = _memory_of(process)
        async with _writing(pool):
            beside, failed_beside = await _asked(address)
    rows = [*_rows("alone", *alone), *_rows("beside 50 writes a second", *beside)]
    rows += [
        table.at_most("requests that failed", 2 * REQUESTS, failed_alone + failed_beside, 0),
        table.at_most(f"memory of {WORKERS} workers together (MB)", SIZE, memory / 1e6),
    ]
    return rows, failed_alone + failed_beside


def _rows(name: str, times: list[float], seconds: float) -> list[table.Row]:
    return [
        table.at_most(f"matches a second, {name}", SIZE, len(times) / seconds),
        table.at_most(f"p50 through HTTP, {name}", SIZE, table.median(times)),
        table.at_most(f"p95 through HTTP, {name}", SIZE, table.p95(times)),
        table.at_most(f"p99 through HTTP, {name}", SIZE, 1_000 * float(np.quantile(times, 0.99))),
    ]


@contextlib.contextmanager
def _serving(url: str, home: Path) -> Iterator[tuple[str, int]]:
    """The address of a running server, and its process; ends it and its workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "service.app:create_app", "--factory", "--workers", str(WORKERS)]
    environment = {**os.environ, "DATABASE_URL": url, "PASSEND_HOME": str(home), "OMP_NUM_THREADS": "1"}
    process = os.spawnvpe(os.P_NOWAIT, command[0], [*command, "--port", str(port), "--log-level", "warning"], environment)
    try:
        yield f"http://127.0.0.1:{port}", process
    finally:
        os.kill(process, signal.SIGTERM)
        os.waitpid(process, 0)


async def _ready(address: str) -> None:
    async with httpx.AsyncClient(base_url=address) as client, asyncio.timeout(START_SECONDS):
        while True:
            with contextlib.suppress(httpx.TransportError):
                if (await client.get("/health/ready")).is_success:
                    return
            await asyncio.sleep(0.2)


async def _asked(address: str) -> tuple[tuple[list[float], float], int]:
    """Times of the answers and how long all took together, and how many failed."""
    people = iter([f"s{number % PEOPLE:06}" for number in range(REQUESTS)])
    times, failed = [], []
    start = time.perf_counter()

    async def one_after_the_other() -> None:
        async with httpx.AsyncClient(base_url=address, timeout=60) as client:
            for person in people:
                asked = time.perf_counter()
                answer = await client.get(f"/v1/seekers/{person}/matches")
                times.append(time.perf_counter() - asked)
                if not answer.is_success:
                    failed.append(person)

    await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))
    return (times, time.perf_counter() - start), len(failed)


@contextlib.asynccontextmanager
async def _writing(pool: asyncpg.Pool) -> AsyncIterator[None]:
    """Places change while the context is open."""

    async def write() -> None:
        for number in range(1_000_000):
            changed = f"p{number % SIZE:07}"
            await pool.execute("UPDATE opportunity SET positions = 1, revision = nextval('revision') WHERE id = $1", changed)
            await asyncio.sleep(1 / WRITES_A_SECOND)

    writing = asyncio.create_task(write())
    try:
        yield
    finally:
        writing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await writing


def _memory_of(process: int) -> int:
    """Bytes of a process and its children, what they share counted once."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    rollups = [Path(f"/proc/{one}/smaps_rollup").read_text() for one in [str(process), *children]]
    return sum(int(line.split()[1]) * 1024 for text in rollups for line in text.splitlines() if line.startswith("Pss:"))


if __name__ == "__main__":
    asyncio.run(main())
