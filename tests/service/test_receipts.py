"""Receipts: the same run again bit for bit, a chain that shows tampering, and an export that stands alone."""

import asyncio
import json
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.scoring import Weights
from service.db.connect import Pools
from service.db.identity import acting
from service.errors import BadInput, NotFound
from service.geography import Gazetteer
from service.opening import Passend
from service.receipts import canonical
from service.search import Search
from service.use_cases import auditing
from service.use_cases.importing import import_files
from service.use_cases.matching import find_candidates, match_person
from tests.service.any_encoder import AnyEncoder
from tests.service.people_of_a_region import Region, by, settle


@pytest.fixture
async def matched(pools_of_roles: Pools, gazetteer: Gazetteer, demo_files: list[Path], tmp_path: Path) -> Passend:
    pools, encoder = pools_of_roles, AnyEncoder()
    await import_files(pools.owner, encoder, gazetteer, demo_files)
    search = await Search.open(pools.engine, encoder.model, encoder.dimension, tmp_path / "snapshots")
    return Passend(pools.owner, pools.app, pools.engine, encoder, search, Weights.read(), gazetteer)


async def asked(passend: Passend, seeker: str = "s01") -> UUID:
    return UUID((await match_person(passend.pool, passend.search, passend.weights, seeker))["receipt"])


async def faults(passend: Passend) -> list[str]:
    return [fault for one in await auditing.verify(passend.pool) for fault in one.faults]


@settings(max_examples=50, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e6, 1e6) | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=8,
    )
)
def test_canonical_json_is_the_same_after_it_was_stored_and_read(value: object) -> None:
    assert canonical(json.loads(json.dumps(value))) == canonical(value) == canonical(json.loads(canonical(value)))


async def test_a_run_is_the_same_again_after_people_places_and_weights_changed(matched: Passend) -> None:
    ids = [await asked(matched, "s01"), await asked(matched, "s02")]
    found = await find_candidates(matched.pool, matched.search, matched.weights, "o001", 5, "en")
    ids.append(UUID(found["receipt"]))
    await matched.pool.execute(
        "UPDATE opportunity SET title = 'Anders', tasks = '{}', needs = '[]', hours_min = 1, licences = '{}'"
    )
    await matched.pool.execute("UPDATE statement SET text = 'Iets heel anders.'")
    await matched.pool.execute("DELETE FROM embedding")
    for receipt in ids:
        answer = await auditing.replay(matched.pool, receipt)
        assert (answer["identical"], answer["differences"]) == (True, [])
        assert answer["compared"] > 10


async def test_replay_says_what_differs(matched: Passend, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = await asked(matched)
    monkeypatch.setattr(
        "service.use_cases.auditing.rank", lambda profile, places, weights, *_: _upside_down(profile, places, weights)
    )
    answer = await auditing.replay(matched.pool, receipt)
    assert not answer["identical"]
    assert "/matches" in answer["differences"]


def _upside_down(profile, places, weights):
    from matching.ranking import rank

    return rank(profile, places, weights, 2)


async def test_content_is_kept_once_however_often_it_is_matched(matched: Passend) -> None:
    await asked(matched)
    before = await matched.pool.fetchval("SELECT count(*) FROM snapshot")
    await asked(matched)
    assert await matched.pool.fetchval("SELECT count(*) FROM snapshot") == before
    assert await matched.pool.fetchval("SELECT count(*) FROM weights_version") == 1


TAMPERING = {
    "UPDATE receipt SET result = jsonb_set(result, '{considered}', '1') WHERE number = 2": "receipt 2: the result was changed",
    "UPDATE receipt SET inputs = inputs || '{\"limit\": 3}' WHERE number = 2": "receipt 2: the inputs were changed",
    "UPDATE receipt SET made_at = made_at - interval '1 s' WHERE number = 2": "receipt 2: the hash does not go with the receipt",
    "UPDATE receipt SET user_id = gen_random_uuid() WHERE number = 3": "receipt 3: the hash does not go with the receipt",
    "DELETE FROM receipt WHERE number = 2": "receipt 2 is missing",
    "DELETE FROM receipt WHERE number = 3": "the chain should end with receipt 3, and ends with 2",
    "UPDATE snapshot SET content = content || '{\"hours_max\": 1}' WHERE kind = 'person'": "was changed",
    "DELETE FROM snapshot WHERE subject_id = 'o002'": "is missing",
}


async def test_every_kind_of_tampering_is_found(matched: Passend) -> None:
    for _ in range(3):
        await asked(matched)
    assert await faults(matched) == []
    for statement, expected in TAMPERING.items():
        async with matched.pool.acquire() as connection:
            change = connection.transaction()
            await change.start()
            await connection.execute("ALTER TABLE receipt DISABLE TRIGGER keep_receipt")
            await connection.execute(statement)
            checked = await auditing.verify(connection)
            await change.rollback()
        assert any(expected in fault for one in checked for fault in one.faults), statement


async def test_a_rewritten_receipt_with_a_fitting_hash_breaks_the_next_link(matched: Passend) -> None:
    for _ in range(3):
        await asked(matched)
    async with matched.pool.acquire() as connection, connection.transaction():
        await connection.execute("ALTER TABLE receipt DISABLE TRIGGER keep_receipt")
        organisation = await connection.fetchval("SELECT organisation_id FROM receipt LIMIT 1")
        from service.db import receipts

        second = [one async for one in receipts.chain(connection, organisation)][1]
        await connection.execute("UPDATE receipt SET engine = 'other' WHERE number = 2")
        forged = (await receipts.one(connection, second.id)).sealed()
        await connection.execute("UPDATE receipt SET hash = $1 WHERE number = 2", forged.hash)
    assert await faults(matched) == ["receipt 3 does not follow the one before"]


async def test_the_database_keeps_receipts_as_they_are_also_for_the_operator(matched: Passend) -> None:
    await asked(matched)
    for statement in (
        "UPDATE receipt SET engine = 'x'",
        "DELETE FROM receipt",
        "UPDATE receipt SET erased_at = now(), user_id = NULL",
    ):
        with pytest.raises(asyncpg.CheckViolationError):
            await matched.pool.execute(statement)


async def test_forty_runs_at_once_make_one_chain(matched: Passend) -> None:
    await asyncio.gather(*(asked(matched, f"s{number:02}") for number in range(1, 41)))
    (checked,) = await auditing.verify(matched.pool)
    assert (checked.receipts, checked.faults) == (40, [])


async def test_an_export_can_be_checked_without_a_database(matched: Passend, tmp_path: Path) -> None:
    for _ in range(2):
        await asked(matched)
    file = tmp_path / "receipts.jsonl"
    with file.open("w", encoding="utf-8") as out:
        done = await auditing.export(matched.pool, "Eigen gemeente", out)
    checked = auditing.verify_export(file)
    assert (checked.receipts, checked.head, checked.faults) == (2, done.head, [])
    changed = file.read_text(encoding="utf-8").replace('"considered": ', '"considered": 1', 1)
    file.write_text(changed, encoding="utf-8")
    assert auditing.verify_export(file).faults == ["receipt 1: the result was changed"]
    file.write_text("geen json", encoding="utf-8")
    with pytest.raises(BadInput):
        auditing.verify_export(file)


async def test_users_read_and_repeat_only_receipts_that_are_theirs_to_see(matched: Passend, gazetteer: Gazetteer) -> None:
    region: Region = await settle(matched.pool, gazetteer)
    async with acting(matched.app, region.client_manager) as connection:
        receipt = UUID((await match_person(connection, matched.search, matched.weights, "s01"))["receipt"])
    for who in (region.client_manager, region.auditor, region.resident):
        assert (await by(matched.app, who, auditing.replay, receipt))["identical"]
        assert (await by(matched.app, who, auditing.show_receipt, receipt))["user"] == str(region.client_manager.user_id)
    assert (await by(matched.app, region.auditor, auditing.verify_own, region.auditor.organisation_id)).faults == []
    for who in (region.colleague, region.employer, region.stranger):
        with pytest.raises(NotFound):
            await by(matched.app, who, auditing.replay, receipt)
        assert await by(matched.app, who, auditing.list_receipts, None, None, 10) == []
    async with acting(matched.app, region.client_manager) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT content FROM snapshot")
