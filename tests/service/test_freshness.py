"""Workers hear of changes by others before they are asked, and repair themselves when they did not hear."""

import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from matching.scoring import Weights
from service.db import revisions
from service.db.connect import Pools
from service.geography import Gazetteer
from service.opening import Passend
from service.search import Search
from service.search.listening import kept_fresh
from service.use_cases.importing import import_files
from service.use_cases.matching import find_candidates, match_person
from service.use_cases.retaining import run_retention
from service.use_cases.rights import erase
from tests.service.any_encoder import AnyEncoder

PROMISED = 1.0
PATIENCE = 60
CHANGE = "UPDATE opportunity SET positions = 2, revision = nextval('revision') WHERE id = 'o001' RETURNING revision"
REPOSITORY = Path(__file__).parent.parent.parent
State = dict[str, dict[str, int]]


@pytest.fixture
async def passend(pools_of_roles: Pools, gazetteer: Gazetteer, demo_files: list[Path], tmp_path: Path) -> Passend:
    pools, encoder = pools_of_roles, AnyEncoder()
    await import_files(pools.owner, encoder, gazetteer, demo_files)
    search = await Search.open(pools.engine, encoder.model, encoder.dimension, tmp_path / "snapshots")
    return Passend(pools.owner, pools.app, pools.engine, encoder, search, Weights.read(), gazetteer)


class Worker:
    """Another process that follows the same database and is never asked anything."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.state: State = {}

    async def until(self, true_of: Callable[[State], bool], seconds: float = PATIENCE) -> float:
        """How long it took until its indexes held what they should."""
        started = time.perf_counter()
        assert self.process.stdout
        async with asyncio.timeout(seconds):
            while not (self.state and true_of(self.state)):
                self.state = json.loads(await self.process.stdout.readline())
        return time.perf_counter() - started

    async def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()


@contextlib.asynccontextmanager
async def started(passend: Passend, url: str, snapshots: Path) -> AsyncIterator[Worker]:
    encoder = passend.encoder
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.service.worker", url, encoder.model, str(encoder.dimension), str(snapshots)),
        stdout=asyncio.subprocess.PIPE,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    worker = Worker(process)
    try:
        yield worker
    finally:
        await worker.kill()


def up_to(revision: int, index: str = "places") -> Callable[[State], bool]:
    return lambda state: state[index]["mark"] >= revision


async def now(passend: Passend) -> Callable[[State], bool]:
    """That a worker has taken over everything there is."""
    places, people = [await revisions.newest(passend.pool, table) for table in ("opportunity", "seeker")]
    return lambda state: up_to(places)(state) and up_to(people, "people")(state)


async def test_a_saved_place_is_in_the_index_of_two_other_processes_within_a_second(
    passend: Passend, database_url: str, tmp_path: Path
) -> None:
    async with started(passend, database_url, tmp_path / "one") as one, started(passend, database_url, tmp_path / "two") as two:
        for worker in (one, two):
            await worker.until(await now(passend))
        for _ in range(5):
            revision = await passend.pool.fetchval(CHANGE)
            waited = await asyncio.gather(one.until(up_to(revision)), two.until(up_to(revision)))
            assert max(waited) < PROMISED


async def test_an_erased_person_and_a_removed_place_leave_the_index_of_another_process_within_a_second(
    passend: Passend, database_url: str, tmp_path: Path
) -> None:
    async with started(passend, database_url, tmp_path / "other") as other:
        await other.until(await now(passend))
        before = other.state
        await erase(passend.pool, "s01")
        waited = await other.until(lambda state: state["people"]["vectors"] < before["people"]["vectors"])
        assert waited < PROMISED
        await passend.pool.execute("DELETE FROM opportunity WHERE id = 'o001'")
        waited = await other.until(lambda state: state["places"]["vectors"] < before["places"]["vectors"])
        assert waited < PROMISED


async def test_a_worker_that_was_killed_repairs_itself_when_it_starts_again(
    passend: Passend, database_url: str, tmp_path: Path
) -> None:
    async with started(passend, database_url, tmp_path / "worker") as worker:
        await worker.until(await now(passend))
        before = worker.state
        await worker.kill()
    await erase(passend.pool, "s01")
    revision = await passend.pool.fetchval(CHANGE)
    async with started(passend, database_url, tmp_path / "worker") as again:
        await again.until(up_to(revision))
        await again.until(lambda state: state["people"]["vectors"] < before["people"]["vectors"])


async def test_a_worker_whose_connections_are_cut_follows_again(passend: Passend, database_url: str, tmp_path: Path) -> None:
    async with started(passend, database_url, tmp_path / "worker") as worker:
        await worker.until(await now(passend))
        cut = await passend.pool.fetchval(
            """SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity
               WHERE datname = current_database() AND usename = 'passend_engine'"""
        )
        assert cut
        await worker.until(up_to(await passend.pool.fetchval(CHANGE)))


async def test_a_change_without_a_notification_is_seen_too(passend: Passend, tmp_path: Path) -> None:
    search = await Search.open(passend.engine, passend.search.model, passend.encoder.dimension, tmp_path / "deaf")
    await search.places.open()
    await passend.pool.execute("ALTER TABLE opportunity DISABLE TRIGGER tell_of_change")
    async with kept_fresh(passend.engine, search):
        revision = await passend.pool.fetchval(CHANGE)
        async with asyncio.timeout(PATIENCE):
            while search.places.current.mark < revision:  # noqa: ASYNC110 - looks from outside
                await asyncio.sleep(0.01)


async def test_who_is_erased_is_found_no_more_by_a_worker_that_nobody_told(passend: Passend, tmp_path: Path) -> None:
    other = await Search.open(passend.engine, passend.search.model, passend.encoder.dimension, tmp_path / "other")
    found = (await find_candidates(passend.pool, other, passend.weights, "o001"))["candidates"]
    await erase(passend.pool, found[0]["seeker"])
    after = (await find_candidates(passend.pool, other, passend.weights, "o001"))["candidates"]
    assert found[0]["seeker"] not in {one["seeker"] for one in after}
    assert other.people.current.mark == await revisions.newest(passend.pool, "seeker")


async def test_a_change_that_is_not_committed_yet_is_not_skipped(passend: Passend) -> None:
    search = passend.search
    async with passend.pool.acquire() as writer:
        transaction = writer.transaction()
        await transaction.start()
        await revisions.take_turn(writer)
        revision = await writer.fetchval(CHANGE)
        await search.places.follow()
        assert search.places.current.mark < revision
        await transaction.commit()
    await search.places.follow()
    assert search.places.current.mark == revision


@pytest.mark.parametrize("change", ["status = 'closed'", "organisation_id = (SELECT id FROM organisation WHERE kind = 'wsp')"])
async def test_who_may_find_a_place_is_a_change_of_the_place(passend: Passend, change: str) -> None:
    await passend.pool.execute("INSERT INTO organisation (kind, name, region_id) VALUES ('wsp', 'Werkgeversdesk', 'onbekend')")
    before = await revisions.newest(passend.pool, "opportunity")
    await passend.pool.execute(f"UPDATE opportunity SET {change} WHERE id = 'o001'")
    after = await revisions.newest(passend.pool, "opportunity")
    assert after > before
    await passend.pool.execute(f"UPDATE opportunity SET {change} WHERE id = 'o001'")
    assert await revisions.newest(passend.pool, "opportunity") == after


async def test_removals_are_forgotten_in_time_and_an_index_from_before_is_built_anew(passend: Passend, tmp_path: Path) -> None:
    late = await Search.open(passend.engine, passend.search.model, passend.encoder.dimension, tmp_path / "late")
    await late.people.open()
    await erase(passend.pool, "s01")
    await passend.pool.execute("UPDATE removal SET removed_at = now() - interval '8 days'")
    await run_retention(passend.pool)
    assert await passend.pool.fetchval("SELECT count(*) FROM removal WHERE key IS NOT NULL") == 0
    before = late.people.current
    await late.people.follow()
    assert late.people.current is not before
    assert len(late.people.current) < len(before)
    anew = await Search.open(passend.engine, passend.search.model, passend.encoder.dimension, tmp_path / "anew")
    await anew.people.open()
    assert len(anew.people.current) == len(late.people.current)


async def test_people_are_matched_beside_an_import(passend: Passend, demo_files: list[Path], tmp_path: Path) -> None:
    more = tmp_path / "more.jsonl"
    lines = demo_files[1].read_text(encoding="utf-8").splitlines()
    rows = [{**json.loads(line), "id": f"{copy}-{number}"} for copy in range(5) for number, line in enumerate(lines)]
    more.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    importing = asyncio.create_task(import_files(passend.pool, passend.encoder, passend.gazetteer, [more]))
    matched = 0
    while not importing.done():
        assert (await match_person(passend.pool, passend.search, passend.weights, "s01"))["matches"]
        matched += 1
    await importing
    assert matched > 1
    await passend.search.places.fresh()
    assert passend.search.places.current.mark == await revisions.newest(passend.pool, "opportunity")
