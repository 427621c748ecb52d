"""Imports as jobs: what is done is done once, what is rejected comes back with the reason, and mappings are kept."""

import asyncio
import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from embeddings.encoder import Encoder, Vectors
from service.db import imports, organisations
from service.errors import NotFound, UnusableFile
from service.imports.mapping import ColumnMapping, Form
from service.opening import Passend
from service.use_cases import import_jobs, importing

TABLE = "Nummer;Wat kan iemand;Plaats\nk1;Ik kook.;Ulft\nk2;Ik heb een depressie.;Ulft\nk3;;Ulft\nk4;Bel 0612345678.;Ulft\n"
MAPPING = ColumnMapping.model_validate(
    {"as": "seekers", "columns": {"Nummer": "id", "Wat kan iemand": "abilities", "Plaats": "place"}}
)


async def submit(passend: Passend, name: str, text: str, mapping: ColumnMapping | None = None, form: Form | None = None) -> UUID:
    owner = await organisations.own_municipality(passend.pool)
    return await importing.submit(passend.pool, owner, name, text.encode(), mapping, form)


async def run(passend: Passend, job: UUID) -> None:
    await importing.run_job(passend.pool, passend.encoder, passend.gazetteer, job)


def rows(count: int) -> str:
    return "".join(json.dumps({"id": f"r{number}", "abilities": ["Ik kook."]}) + "\n" for number in range(count))


async def test_rows_with_what_does_not_belong_are_reported_and_not_stored(passend: Passend) -> None:
    job = await submit(passend, "klanten.csv", TABLE, MAPPING)
    await run(passend, job)
    report = await importing.report(passend.pool, job)
    assert (report.added, report.rejected) == (1, 3)
    assert {(error.line, error.field) for error in report.errors} == {(3, "abilities.0"), (4, ""), (5, "abilities.0")}
    assert "wat iemand kan: hier staat 'depressie'" in report.errors[0].message
    assert "rustige werkplek" in report.errors[0].message
    assert [row["id"] for row in await passend.pool.fetch("SELECT id FROM seeker")] == ["k1"]


async def test_the_file_of_rejected_rows_has_the_same_columns_and_comes_back_corrected(passend: Passend) -> None:
    job = await submit(passend, "klanten.csv", TABLE, MAPPING)
    await run(passend, job)
    found = await import_jobs.rejected_rows(passend.pool, job)
    table = list(csv.DictReader(io.StringIO(found.content.decode("utf-8-sig")), delimiter=";"))
    assert (found.name, list(table[0])) == ("klanten-afgewezen.csv", ["Nummer", "Wat kan iemand", "Plaats", "reden"])
    assert [row["Nummer"] for row in table] == ["k2", "k3", "k4"]
    assert all(row["reden"] for row in table)
    corrected = found.content.decode("utf-8-sig").replace("Ik heb een depressie.", "Ik werk graag rustig.")
    again = await submit(passend, found.name, corrected, MAPPING)
    await run(passend, again)
    report = await importing.report(passend.pool, again)
    assert (report.added, report.rejected, dict(report.ignored)) == (1, 2, {})


async def test_rejected_json_rows_come_back_even_when_they_cannot_be_stored(passend: Passend) -> None:
    job = await submit(passend, "a.jsonl", '{"id": "s1", "abilities": ["\\u0000 ik kook"]}\n{kapot\n["lijst"]\n')
    await run(passend, job)
    found = await import_jobs.rejected_rows(passend.pool, job)
    lines = [json.loads(line) for line in found.content.decode().splitlines()]
    assert lines[0]["abilities"] == ["\x00 ik kook"]
    assert [line.get("rij") for line in lines] == [None, "{kapot", ["lijst"]]


async def test_a_saved_mapping_reads_the_next_export_with_the_same_columns(passend: Passend) -> None:
    with pytest.raises(UnusableFile, match="indeling"):
        await submit(passend, "klanten.csv", TABLE)
    await submit(passend, "klanten.csv", TABLE, MAPPING)
    job = await submit(passend, "volgende maand.csv", "Plaats;Nummer;Wat kan iemand\nUlft;k9;Ik bak.\n")
    await run(passend, job)
    assert (await importing.report(passend.pool, job)).added == 1


async def test_a_place_whose_last_day_is_over_is_rejected(passend: Passend) -> None:
    place = {"kind": "paid", "title": "Bakker"}
    days = [datetime.now(UTC).date() + timedelta(days=days) for days in (-2, 2)]
    lines = "".join(json.dumps({"id": f"p{n}", **place, "closes_on": str(day)}) + "\n" for n, day in enumerate(days))
    job = await submit(passend, "a.jsonl", lines)
    await run(passend, job)
    report = await importing.report(passend.pool, job)
    assert (report.added, [(error.line, error.field) for error in report.errors]) == (1, [(1, "closes_on")])


async def test_a_job_that_was_cut_short_goes_on_and_counts_every_row_once(passend: Passend) -> None:
    job = await submit(passend, "a.jsonl", rows(450))
    stopping = replace(passend, encoder=StopsAfter(passend.encoder, 0))
    with pytest.raises(RuntimeError, match="stopped"):
        await run(stopping, job)
    assert (await import_jobs.show_job(passend.pool, job))["done"] == 0
    seen: list[int] = []
    await importing.run_job(passend.pool, passend.encoder, passend.gazetteer, job, seen.append)
    assert seen == [200, 400, 450]
    report = await importing.report(passend.pool, job)
    assert (report.added, report.rows) == (450, 450)


async def test_the_same_file_again_goes_on_with_the_unfinished_job_and_is_new_when_that_is_done(passend: Passend) -> None:
    first = await submit(passend, "a.jsonl", rows(3))
    assert await submit(passend, "a.jsonl", rows(3)) == first
    done = await importing.run_unfinished(passend.pool, passend.encoder, passend.gazetteer)
    assert [(job["id"], job["status"]) for job in done] == [(str(first), "done")]
    second = await submit(passend, "a.jsonl", rows(3))
    await run(passend, second)
    assert second != first
    assert (await importing.report(passend.pool, second)).unchanged == 3


async def test_two_processes_on_one_job_do_each_row_once(passend: Passend) -> None:
    job = await submit(passend, "a.jsonl", rows(900))
    await asyncio.gather(run(passend, job), run(passend, job))
    report = await importing.report(passend.pool, job)
    assert (report.added, report.rows) == (900, 900)
    assert await passend.pool.fetchval("SELECT count(*) FROM seeker") == 900


async def test_the_file_itself_is_removed_when_the_job_is_done_and_the_job_after_its_time(passend: Passend) -> None:
    job = await submit(passend, "klanten.csv", TABLE, MAPPING)
    assert await imports.source(passend.pool, job) == TABLE.encode()
    await run(passend, job)
    assert await imports.source(passend.pool, job) is None
    await passend.pool.execute("UPDATE import_job SET finished_at = finished_at - interval '31 days'")
    await submit(passend, "a.jsonl", rows(1))
    with pytest.raises(NotFound):
        await import_jobs.show_job(passend.pool, job)
    assert await passend.pool.fetchval("SELECT count(*) FROM import_row") == 0


async def test_an_unknown_job_is_not_found(passend: Passend) -> None:
    with pytest.raises(NotFound):
        await import_jobs.rejected_rows(passend.pool, uuid4())


async def test_what_the_rows_are_can_be_said(passend: Passend) -> None:
    job = await submit(passend, "a.jsonl", '{"id": "s1", "title": "x", "abilities": ["Ik kook."]}\n', form=Form.SEEKERS)
    await run(passend, job)
    assert await passend.pool.fetchval("SELECT count(*) FROM seeker") == 1


class StopsAfter:
    """An encoder that stops, as when a process is ended."""

    def __init__(self, encoder: Encoder, calls: int) -> None:
        self._encoder, self._calls = encoder, calls
        self.model, self.dimension = encoder.model, encoder.dimension

    def encode(self, texts: list[str]) -> Vectors:
        if self._calls == 0:
            raise RuntimeError("stopped")
        self._calls -= 1
        return self._encoder.encode(texts)
