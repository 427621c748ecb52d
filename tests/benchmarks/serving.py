"""A real server on this machine alone, and someone who may ask it for matches."""

import asyncio
import contextlib
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import asyncpg
import httpx

from service.db import organisations, users
from service.db.identity import Role
from service.use_cases.signing_in import secret_digest

START_SECONDS = 300
TOKEN = "passend_measured-on-this-machine-alone"


@contextlib.asynccontextmanager
async def serving(url: str, home: Path, pool: asyncpg.Pool, workers: int) -> AsyncIterator[tuple[str, int]]:
    """The address of a running server that is ready, and its process; ends it and its workers."""
    await _user_with_token(pool)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "service.app:create_app", "--factory", "--workers", str(workers)]
    environment = {**os.environ, "DATABASE_URL": url, "PASSEND_HOME": str(home), "OMP_NUM_THREADS": "1"}
    process = await asyncio.create_subprocess_exec(*command, "--port", str(port), "--log-level", "warning", env=environment)
    try:
        await _ready(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        await process.wait()


async def asked(address: str, people: Iterable[str], at_once: int) -> tuple[list[float], float, int]:
    """Seconds of each answer, seconds of all together, and how many failed; each person is asked for once."""
    rest, times, failed = iter(people), [], []

    async def one_after_the_other() -> None:
        async with httpx.AsyncClient(base_url=address, timeout=60, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
            for person in rest:
                start = time.perf_counter()
                answer = await client.get(f"/v1/seekers/{person}/matches")
                times.append(time.perf_counter() - start)
                if not answer.is_success:
                    failed.append(f"{answer.status_code} {answer.text[:200]}")

    start = time.perf_counter()
    await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))
    for problem in sorted(set(failed))[:3]:
        print(problem, file=sys.stderr)
    return times, time.perf_counter() - start, len(failed)


async def _ready(address: str) -> None:
    async with httpx.AsyncClient(base_url=address) as client, asyncio.timeout(START_SECONDS):
        while True:
            with contextlib.suppress(httpx.TransportError):
                if (await client.get("/health/ready")).is_success:
                    return
            await asyncio.sleep(0.2)


async def _user_with_token(pool: asyncpg.Pool) -> None:
    """A client manager of the municipality that has everyone and everything, who asks with an API token."""
    if await pool.fetchval("SELECT EXISTS (SELECT FROM api_token WHERE token_hash = $1)", secret_digest(TOKEN)):
        return
    home = await organisations.own_municipality(pool)
    user = await users.add(pool, home, "Load", "load@passend.test", None, [Role.CLIENT_MANAGER])
    await pool.execute(
        """INSERT INTO api_token (user_id, role, name, token_hash, scopes, expires_at)
           VALUES ($1, 'client_manager', 'load', $2, '{matches:read,candidates:read}', now() + interval '1 year')""",
        user,
        secret_digest(TOKEN),
    )
