"""Outcomes come in checked, a challenger is judged, a named person decides, and the step back is one command."""

import json
from pathlib import Path

import asyncpg
import numpy as np
import pytest

from matching.outcomes import FEATURES, LEAST_OUTCOMES
from service.db import outcomes
from service.errors import BadInput, NotProven, UnusableFile
from service.opening import Passend
from service.use_cases.importing import import_files
from service.use_cases.learning import fit_challenger, import_outcomes, learned, promote, rollback
from service.use_cases.matching import match_person

PLACED = {"seeker_id": "s01", "opportunity_id": "o002", "decided_at": "2026-01-05T10:00:00+01:00", "decision": "placed"}


def written(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


@pytest.fixture
async def demo(passend: Passend, demo_files: list[Path]) -> Passend:
    await import_files(passend.pool, passend.encoder, passend.gazetteer, demo_files)
    return passend


async def taken_over(demo: Passend, path: Path):
    return await import_outcomes(demo.pool, demo.search.encoder, demo.weights, path)


async def many_outcomes(pool: asyncpg.Pool, people: int = 400, matters: str = "nearness") -> None:
    """Placements of made-up people, which lasted the longer the more there was of one feature."""
    draw = np.random.default_rng(4)
    await pool.execute(
        """
        INSERT INTO seeker (id, key, place, max_travel_km, transport, hours_min, hours_max, licences, support_needs, open_to,
            texts, digest, revision, organisation_id)
        SELECT 'x' || number, -number, '', 10, 'bike', 1, 40, '{}', '{}', '{paid}', '{}', '', 0, organisation_id
        FROM installation, generate_series(1, $1) AS number
        """,
        people,
    )
    await pool.execute(
        """
        INSERT INTO opportunity (id, key, kind, title, organisation, place, summary, tasks, needs, offers, hours_min, hours_max,
            licences, support, positions, texts, digest, revision, organisation_id)
        SELECT 'y', -1, 'paid', 'Plek', 'Bakkerij', '', '', '{}', '[]', '', 1, 40, '{}', '{}', 1, '{}', '', 0, organisation_id
        FROM installation
        """
    )
    rows = [dict(zip(FEATURES, draw.random(len(FEATURES)).tolist(), strict=True)) for _ in range(people)]
    lasted = [12.0 if draw.random() < 1 / (1 + np.exp(-6 * (row[matters] - 0.5))) else 1.0 for row in rows]
    await pool.executemany(
        """
        INSERT INTO outcome (seeker_id, opportunity_id, decided_at, decision, lasted_months, ended, features)
        VALUES ($1, 'y', now(), 'placed', $2, 'stopped', $3)
        """,
        [(f"x{number}", months, row) for number, (months, row) in enumerate(zip(lasted, rows, strict=True), start=1)],
    )


async def test_an_outcome_comes_in_once_with_the_features_of_its_match(demo: Passend, tmp_path: Path) -> None:
    path = written(tmp_path / "outcomes.jsonl", PLACED)
    assert (await taken_over(demo, path)).taken == 1
    later = written(tmp_path / "later.jsonl", {**PLACED, "lasted_months": 7, "ended": "stepped_up"})
    assert (await taken_over(demo, later)).taken == 1
    (row,) = await demo.pool.fetch("SELECT * FROM outcome")
    assert (row["lasted_months"], row["ended"]) == (7, "stepped_up")
    assert set(row["features"]) == set(FEATURES)
    assert all(0 <= value <= 1 for value in row["features"].values())
    assert row["features"]["ability"] > 0.5


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"seeker_id": "nobody"}, "not known here"),
        ({"decision": "declined"}, "a reason goes with declined"),
        ({"decision": "met", "lasted_months": 3}, "go with placed"),
        ({"decided_at": "2026-01-05T10:00:00"}, "timezone"),
        ({"lasted_months": -1}, "greater than or equal to 0"),
        ({"benefit": "bijstand"}, "not permitted"),
        ({"age": 61}, "not permitted"),
    ],
)
async def test_a_bad_row_is_reported_with_its_line_and_the_good_ones_stay(demo: Passend, tmp_path: Path, change, says) -> None:
    report = await taken_over(demo, written(tmp_path / "outcomes.jsonl", PLACED, {**PLACED, **change}))
    assert report.taken == 1
    (error,) = report.errors
    assert (error.file, error.line) == ("outcomes.jsonl", 2)
    assert says in error.message


async def test_a_file_that_cannot_be_read_is_an_error(demo: Passend, tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="nowhere"):
        await taken_over(demo, tmp_path / "nowhere.jsonl")


async def test_reasons_for_declining_reach_the_client_manager_and_not_the_score(demo: Passend, tmp_path: Path) -> None:
    await demo.search.places.open()
    before = await match_person(demo.pool, demo.search, demo.weights, "s01")
    row = {"opportunity_id": "o002", "decided_at": "2026-01-05T10:00:00Z", "decision": "declined", "reason": "travel"}
    await taken_over(demo, written(tmp_path / "declined.jsonl", *[{"seeker_id": one, **row} for one in ("s01", "s02", "s03")]))
    (one,) = (await learned(demo.pool, demo.weights))["declined"]
    assert one["sentence"].startswith("Drie mensen kozen een andere weg dan ")
    assert "vanwege de reis" in one["sentence"]
    after = await match_person(demo.pool, demo.search, await outcomes.with_champion(demo.pool, demo.weights), "s01")
    assert {**after, "receipt": ""} == {**before, "receipt": ""}


async def test_too_few_outcomes_teach_nothing_yet(passend: Passend) -> None:
    await many_outcomes(passend.pool, LEAST_OUTCOMES - 1)
    with pytest.raises(BadInput, match=str(LEAST_OUTCOMES)):
        await fit_challenger(passend.pool, passend.weights)


async def test_a_better_challenger_is_promoted_by_name_used_and_rolled_back(passend: Passend) -> None:
    pool, shipped = passend.pool, passend.weights
    await many_outcomes(pool)
    answer = await fit_challenger(pool, shipped)
    assert (answer["champion"]["version"], answer["challenger"]["passes"]) == (None, True)
    assert next(iter(answer["challenger"]["importance"])) == "nearness"
    assert (await outcomes.with_champion(pool, shipped)) == shipped

    with pytest.raises(BadInput, match="--by"):
        await promote(pool, shipped, " ")
    after = await promote(pool, shipped, "R. de Vries")
    in_use = await outcomes.with_champion(pool, shipped)
    assert after["champion"]["version"] == 1
    assert after["champion"]["order"] == pytest.approx(dict(in_use.order), abs=0.001)
    assert in_use.order["nearness"] > in_use.order["ability"]
    assert in_use.version != shipped.version
    with pytest.raises(BadInput, match="no challenger"):
        await promote(pool, shipped, "R. de Vries")

    back = await rollback(pool, shipped, "S. Bakker")
    assert back["champion"]["version"] is None
    assert [(step["action"], step["by"]) for step in back["history"]] == [("promote", "R. de Vries"), ("rollback", "S. Bakker")]
    assert (await outcomes.with_champion(pool, shipped)) == shipped
    with pytest.raises(BadInput, match="nothing to roll back"):
        await rollback(pool, shipped, "S. Bakker")


async def test_a_challenger_that_is_no_better_or_compared_with_another_is_refused(passend: Passend) -> None:
    pool, shipped = passend.pool, passend.weights
    await many_outcomes(pool)
    await fit_challenger(pool, shipped)
    await fit_challenger(pool, shipped)
    await promote(pool, shipped, "R. de Vries")
    same = await fit_challenger(pool, shipped)
    assert not same["challenger"]["passes"]
    with pytest.raises(NotProven, match="not better than the champion"):
        await promote(pool, shipped, "R. de Vries")
    await pool.execute("UPDATE outcome_model SET passes = true WHERE version = 3")
    await rollback(pool, shipped, "R. de Vries")
    with pytest.raises(NotProven, match="another champion"):
        await promote(pool, shipped, "R. de Vries")


@pytest.mark.parametrize("by_name", ["", " ", "x"])
async def test_the_database_itself_keeps_out_a_promotion_without_a_name(passend: Passend, by_name: str) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await outcomes.add_promotion(passend.pool, "rollback", None, by_name)


def test_going_back_twice_goes_back_two_versions() -> None:
    promoted = [{"action": "promote", "version": version} for version in (1, 2, 3)]
    assert outcomes.champions(promoted) == [None, 1, 2, 3]
    back = {"action": "rollback", "version": None}
    assert outcomes.champions([*promoted, back, back]) == [None, 1]
    assert outcomes.champions([*promoted, back, {"action": "promote", "version": 4}]) == [None, 1, 2, 4]
