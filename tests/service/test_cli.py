"""The command as a newcomer types it, in a process of its own."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli import app


@pytest.fixture
def command(database_url: str, home: Path):
    async def run(*arguments: str) -> tuple[int, str, str]:
        environment = {**os.environ, "DATABASE_URL": database_url, "PASSEND_HOME": str(home), "COLUMNS": "200"}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "service.cli", *arguments, env=environment, stdout=-1, stderr=-1
        )
        out, err = await process.communicate()
        return process.returncode or 0, out.decode(), err.decode()

    return run


async def test_import_then_match_gives_the_documented_json(command, demo_files: list[Path]) -> None:
    code, out, _ = await command("import", *map(str, demo_files), "--json")
    assert (code, json.loads(out)["added"]) == (0, 178)

    code, out, err = await command("match", "s01", "--json")
    answer = json.loads(out)
    assert (code, err) == (0, "")
    assert {"seeker", "rung_reached", "stepped_down", "stepping_stones", "matches", "receipt"} <= answer.keys()
    first = answer["matches"][0]
    assert {"id", "title", "rank", "rung", "ability", "motivation", "practical", "reasons", "gaps", "distance"} <= first.keys()
    assert {"rule", "state", "sentence"} == first["practical"][0].keys()
    assert {"statement", "task"} <= first["reasons"][0].keys()

    code, out, _ = await command("candidates", "o001")
    assert (code, "s0" in out) == (0, True)
    code, out, _ = await command("explain", "s02", "o019", "--language", "en")
    assert (code, "one step further" in out) == (0, True)


async def test_what_could_be_is_said_in_words_and_in_json(command, demo_files: list[Path]) -> None:
    await command("import", *map(str, demo_files))
    changes = ("--set", "hours_max=32", "--set", "speaking=B1", "--set", "reading=B1", "--add", "licence=VOG")
    code, out, err = await command("what-if", "s02", *changes, "--open-to", "sheltered", "--json")
    assert (code, err, "o019" in {door["id"] for door in json.loads(out)["opens"]}) == (0, "", True)
    code, out, _ = await command("carve", "o007", "--language", "en")
    assert (code, "one more person" in out) == (0, True)
    code, out, err = await command("what-if", "s02", "--set", "transport=raket")
    assert (code, out) == (2, "")
    assert "transport" in err
    assert "ebike" in err


async def test_receipts_are_repeated_checked_and_handed_over(command, demo_files: list[Path], tmp_path: Path) -> None:
    few = tmp_path / "few.jsonl"
    few.write_text("\n".join(file.read_text(encoding="utf-8").splitlines()[0] for file in demo_files), encoding="utf-8")
    await command("import", str(few))
    _, out, _ = await command("match", "s01", "--json")
    code, out, _ = await command("replay", json.loads(out)["receipt"], "--json")
    assert (code, json.loads(out)["identical"]) == (0, True)
    code, out, _ = await command("receipts", "export", "--organisation", "Eigen gemeente", str(tmp_path / "out.jsonl"), "--json")
    assert (code, json.loads(out)["receipts"]) == (0, 1)
    code, out, _ = await command("receipts", "verify", "--file", str(tmp_path / "out.jsonl"))
    assert (code, "1 receipts, whole" in out) == (0, True)
    code, out, _ = await command("retention", "run", "--dry-run", "--json")
    assert (code, json.loads(out)["receipt"]) == (0, 0)


async def test_fields_outside_the_format_are_counted_in_the_json_report(command, tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    path.write_text('{"id": "a", "abilities": ["Ik kook."], "naam": "Jan"}\n', encoding="utf-8")
    code, out, err = await command("import", str(path), "--json")
    assert (code, err, json.loads(out)["ignored"]) == (0, "", {"naam": 1})


async def test_answers_are_in_one_language(command, demo_files: list[Path]) -> None:
    await command("import", *map(str, demo_files))
    _, out, _ = await command("match", "s02", "--language", "en", "--limit", "3")
    assert "volunteering (3 places)" in out
    assert "vrijwilligerswerk" not in out


async def test_a_table_goes_in_through_a_proposed_mapping_and_its_bad_rows_come_out(command, tmp_path: Path) -> None:
    table, mapping, out = tmp_path / "export.csv", tmp_path / "indeling.json", tmp_path / "uit"
    table.write_bytes("Cliëntnummer;Vaardigheden;BSN\nk1;Ik kook graag.;1\nk2;Ik zit in de bijstand.;2\n".encode("cp1252"))
    code, text, _ = await command("import-mapping", str(table), "--output", str(mapping))
    assert (code, "BSN           wordt niet overgenomen (persoonsgegeven)" in text) == (0, True)
    code, text, _ = await command("import", str(table), "--mapping", str(mapping))
    assert (code, "2 rijen: 1 toegevoegd" in text, "hier staat 'bijstand'" in text) == (1, True, True)
    [job] = json.loads((await command("import-jobs", "--json"))[1])
    assert (job["status"], job["done"], job["rows"]) == ("done", 2, 2)
    code, text, _ = await command("import-jobs", job["id"], "--rejected", str(out))
    assert (code, "k2;Ik zit in de bijstand.;2;" in (out / "export-afgewezen.csv").read_text(encoding="utf-8-sig")) == (0, True)


async def test_a_pasted_vacancy_is_shown_and_can_be_imported(command, tmp_path: Path) -> None:
    (tmp_path / "tekst.txt").write_text("Bakker in Ulft, 24 uur per week\n\nTaken:\n- Je bakt brood.\n", encoding="utf-8")
    code, out, _ = await command("parse-vacancy", str(tmp_path / "tekst.txt"), "--output", str(tmp_path / "plek.jsonl"))
    assert (code, "taken: \n  - Je bakt brood." in out, "Aangenomen: betaald werk" in out) == (0, True, True)
    code, out, _ = await command("import", str(tmp_path / "plek.jsonl"), "--json")
    assert (code, json.loads(out)["added"]) == (0, 1)


async def test_a_bad_row_gives_exit_code_1_and_says_where(command, tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    path.write_text('{"id": "a", "abilities": ["Ik kook."], "transport": "raket"}\n', encoding="utf-8")
    code, out, _ = await command("import", str(path))
    assert code == 1
    assert "people.jsonl:1: transport: " in out


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("match", "niemand"), 2, "niemand"),
        (("import", "/nergens/x.jsonl"), 2, "/nergens/x.jsonl"),
        (("parse-vacancy", "/nergens/x.txt"), 2, "/nergens/x.txt"),
        (("import-jobs", "--rejected", "uit"), 2, "passend import-jobs NUMMER"),
        (("geo", "import", "/nergens/pc4.csv"), 2, "/nergens/pc4.csv"),
        (("import-esco", "/nergens"), 2, "occupations_"),
        (("evaluate", "/nergens"), 2, "/nergens"),
        (("match",), 2, "Missing argument"),
    ],
)
async def test_a_mistake_is_one_clear_sentence(command, arguments: tuple[str, ...], code: int, says: str) -> None:
    status, out, err = await command(*arguments)
    assert (status, out) == (code, "")
    assert says in err
    assert "Traceback" not in err


async def test_an_unreachable_database_says_what_to_do() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "service.cli", "match", "s01"),
        env={**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
        stdout=-1,
        stderr=-1,
    )
    _, err = await process.communicate()
    assert (process.returncode, b"DATABASE_URL" in err) == (3, True)


COMMANDS = (
    *("import", "match", "candidates", "explain", "evaluate", "melo", "general", "import-esco", "occupations"),
    *("import-mapping", "parse-vacancy", "import-jobs"),
    *("what-if", "levers", "carve", "bundles", "step-up", "stepping-stones", "next-question"),
)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example(name: str) -> None:
    said = CliRunner().invoke(app, [name, "--help"])
    assert (said.exit_code, "Example: passend" in said.output) == (0, True)
