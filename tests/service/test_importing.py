"""Imports keep what is good, report what is not, and can be run again."""

import asyncio
import json
import os
import random
import signal
import sys
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from service.errors import UnusableFile
from service.geography import read_gazetteer
from service.opening import Passend
from service.use_cases.importing import ImportReport, import_files

PERSON = {
    "id": "s1",
    "abilities": ["Ik repareer fietsen."],
    "motivations": ["Ik wil nuttig zijn."],
    "learning": [],
    "place": "Doetinchem",
    "postcode4": "7001",
    "max_travel_km": 10,
    "transport": "bike",
    "hours_min": 8,
    "hours_max": 24,
    "dayparts": ["mon_am", "tue_pm"],
    "language": {"speaking": "B1", "reading": "A2", "writing": None},
    "licences": ["B"],
    "support_needs": ["buddy"],
    "open_to": ["paid", "volunteering"],
}
PLACE = {
    "id": "o1",
    "kind": "volunteering",
    "title": "Hulp in de fietswerkplaats",
    "organisation": "Stichting De Trapper",
    "place": "Doetinchem",
    "postcode4": "7001",
    "summary": "Wij knappen oude fietsen op.",
    "tasks": ["Je plakt banden."],
    "needs": [{"text": "Je bent handig.", "must": True, "learnable": True}],
    "offers": "Koffie en gezelligheid.",
    "hours_min": 4,
    "hours_max": 16,
    "dayparts": None,
    "language_min": None,
    "licences": [],
    "support": ["buddy"],
    "positions": 2,
}


def write(path: Path, rows: list[object]) -> Path:
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), encoding="utf-8")
    return path


async def run(passend: Passend, *paths: Path) -> ImportReport:
    return await import_files(passend.pool, passend.encoder, passend.gazetteer, paths)


async def test_a_second_import_changes_nothing(passend: Passend, demo_files: list[Path]) -> None:
    first = await run(passend, *demo_files)
    assert (first.added, first.rejected) == (178, 0)
    before = await contents(passend.pool)
    second = await run(passend, *demo_files)
    assert (second.added, second.updated, second.unchanged) == (0, 0, 178)
    assert await contents(passend.pool) == before


async def test_a_changed_row_is_an_update_and_keeps_one_copy(passend: Passend, tmp_path: Path) -> None:
    await run(passend, write(tmp_path / "a.jsonl", [PERSON, PLACE]))
    changed = {**PERSON, "abilities": ["Ik bak brood."]}
    report = await run(passend, write(tmp_path / "b.jsonl", [changed, PLACE]))
    assert (report.added, report.updated, report.unchanged) == (0, 1, 1)
    statements = await passend.pool.fetch("SELECT kind, text FROM statement ORDER BY number")
    assert [tuple(row) for row in statements] == [("ability", "Ik bak brood."), ("motivation", "Ik wil nuttig zijn.")]


async def test_each_bad_row_is_named_by_line_and_field_and_good_rows_are_kept(passend: Passend, tmp_path: Path) -> None:
    rows = [
        PERSON,
        "{not json",
        {**PLACE, "id": "o2", "hours_min": 20, "hours_max": 10},
        {**PLACE, "id": "o3", "kind": "hobby"},
        {**PERSON, "id": "s2", "abilities": [""], "open_to": []},
        {**PERSON, "id": "s3", "abilities": [], "motivations": [], "learning": []},
        '["a list"]',
        PLACE,
    ]
    report = await run(passend, write(tmp_path / "mixed.jsonl", rows))
    assert (report.added, report.rejected) == (2, 6)
    named = {(error.line, error.field) for error in report.errors}
    assert {(2, ""), (3, ""), (4, "kind"), (5, "abilities.0"), (5, "open_to"), (6, ""), (7, "")} == named
    assert all(error.file == "mixed.jsonl" and error.message for error in report.errors)


async def test_fields_that_matching_may_not_know_are_reported_and_not_stored(passend: Passend, tmp_path: Path) -> None:
    report = await run(passend, write(tmp_path / "a.jsonl", [{**PERSON, "benefit": "bijstand-xyz", "sex": "v"}]))
    assert dict(report.ignored) == {"benefit": 1, "sex": 1}
    assert "bijstand-xyz" not in json.dumps(await contents(passend.pool), default=str)


async def test_an_unknown_postcode_falls_back_to_the_place_and_says_so(passend: Passend, tmp_path: Path) -> None:
    somewhere = [{**PERSON, "id": "s5"}, {**PERSON, "id": "s6", "place": "Verweggistan", "postcode4": None}]
    report = await run(passend, write(tmp_path / "a.jsonl", somewhere))
    assert (report.approximate, report.nowhere) == (["s5"], ["s6"])


async def test_csv_from_a_dutch_spreadsheet_gives_the_same_person(passend: Passend, tmp_path: Path) -> None:
    await run(passend, write(tmp_path / "a.jsonl", [PERSON]))
    header = (
        "id;abilities;motivations;place;postcode4;max_travel_km;transport;hours_min;hours_max;dayparts;"
        "language.speaking;language.reading;licences;support_needs;open_to"
    )
    row = (
        "s1;Ik repareer fietsen.;Ik wil nuttig zijn.;Doetinchem;7001;10,0;bike;8;24;tue_pm|mon_am;B1;A2;B;buddy;volunteering|paid"
    )
    (tmp_path / "a.csv").write_bytes(f"{header}\r\n{row}\r\n".encode("cp1252"))
    report = await run(passend, tmp_path / "a.csv")
    assert (report.added, report.updated, report.unchanged, report.errors) == (0, 0, 1, [])


async def test_a_missing_file_imports_nothing(passend: Passend, tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="nergens"):
        await run(passend, write(tmp_path / "a.jsonl", [PERSON]), tmp_path / "nergens.jsonl")
    assert await passend.pool.fetchval("SELECT count(*) FROM seeker") == 0


async def test_two_imports_at_once_end_as_one(passend: Passend, demo_files: list[Path]) -> None:
    await asyncio.gather(run(passend, *demo_files), run(passend, *reversed(demo_files)))
    assert await passend.pool.fetchval("SELECT count(*) FROM seeker") == 46
    assert await passend.pool.fetchval("SELECT count(*) FROM opportunity") == 132


async def test_a_killed_import_run_again_ends_as_one_clean_run(
    database_url: str, connections: asyncpg.Pool, passend: Passend, tmp_path: Path, home: Path
) -> None:
    path = write(tmp_path / "many.jsonl", many_rows(5_000))
    passend = replace(passend, gazetteer=read_gazetteer(home / "postcodes.tsv"))  # the one that the command uses
    environment = {**os.environ, "DATABASE_URL": database_url, "PASSEND_HOME": str(home)}
    command = (sys.executable, "-m", "service.cli", "import", str(path), "--json")
    killed = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.DEVNULL)
    while await connections.fetchval("SELECT count(*) FROM seeker") < 800:
        assert killed.returncode is None, "the import ended before it could be killed"
        await asyncio.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    await killed.wait()
    halfway = await connections.fetchval("SELECT count(*) FROM seeker") + await connections.fetchval(
        "SELECT count(*) FROM opportunity"
    )
    assert 0 < halfway < 5_000
    report = await run(passend, path)
    assert (report.added, report.unchanged) == (5_000 - halfway, halfway)
    after_kill = await contents(connections)
    await connections.execute("TRUNCATE seeker, opportunity CASCADE")
    await run(passend, path)
    assert await contents(connections) == after_kill


def many_rows(count: int) -> list[object]:
    """Rows with few distinct sentences, so that writing takes the time and not encoding."""
    draw = random.Random(1)
    rows: list[object] = []
    for number in range(count):
        form = PERSON if number % 2 else PLACE
        rows.append({**form, "id": f"r{number}", "hours_min": draw.randint(1, 7), "licences": draw.sample(["B", "C", "VCA"], 2)})
    return rows


async def contents(connections: asyncpg.Pool) -> dict[str, list[tuple[object, ...]]]:
    """Everything stored about people and places, without when and in which order it came."""
    tables = {
        "seeker": "SELECT to_jsonb(seeker) - 'revision' - 'updated_at' - 'created_at' FROM seeker ORDER BY id",
        "statement": "SELECT to_jsonb(statement) FROM statement ORDER BY seeker_id, number",
        "opportunity": "SELECT to_jsonb(opportunity) - 'revision' - 'updated_at' - 'created_at' FROM opportunity ORDER BY id",
        "embedding": "SELECT digest, vector::text FROM embedding ORDER BY digest",
    }
    return {name: [tuple(row) for row in await connections.fetch(query)] for name, query in tables.items()}
