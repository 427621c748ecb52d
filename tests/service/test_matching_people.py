"""The main job, end to end: real sentences, real model, real PostgreSQL, real FAISS."""

import asyncio
import json
from pathlib import Path

import pytest

from matching.model import LADDER, Rung
from service.errors import NotFound
from service.opening import Passend
from service.use_cases.importing import import_files
from service.use_cases.maintaining import reindex
from service.use_cases.matching import explain, find_candidates, match_person

DEMO = Path(__file__).parent.parent.parent / "service" / "demo"


@pytest.fixture
async def demo(passend: Passend, demo_files: list[Path]) -> Passend:
    await import_files(passend.pool, passend.encoder, passend.gazetteer, demo_files)
    await passend.search.places.open()
    await passend.search.people.open()
    return passend


async def matches(demo: Passend, seeker: str, limit: int = 20) -> dict:
    return await match_person(demo.pool, demo.search, demo.weights, seeker, limit)


async def test_a_person_who_repairs_bicycles_gets_the_paid_bicycle_place_first_with_their_own_words(demo: Passend) -> None:
    answer = await matches(demo, "s01")
    first = answer["matches"][0]
    assert (first["id"], first["rung"], first["fits"], answer["rung_reached"]) == ("o002", "paid", True, "paid")
    said = {reason["task"]: reason["statement"] for reason in first["reasons"]}
    assert said["Je kunt zelfstandig een fiets repareren."].startswith("Fietsen maken, dat doe ik al van jongs af aan.")
    assert "elektrische fietsen" in next(task for task, words in said.items() if words.startswith("Een e-bike heb ik"))
    assert answer["stepped_down"] == []


async def test_a_step_down_says_why_and_names_the_stepping_stone(demo: Passend) -> None:
    answer = await matches(demo, "s02")
    assert (answer["rung_reached"], answer["matches"][0]["id"]) == ("volunteering", "o103")
    paid = next(step for step in answer["stepped_down"] if step["rung"] == "paid")
    assert "Helpende" in paid["sentence"]
    assert any("Nederlands" in needed for place in paid["nearest"] for needed in place["needed"])
    stone = answer["stepping_stones"][0]
    assert (stone["id"], stone["towards"]["rung"]) == ("o103", "paid")
    assert stone["builds"]


async def test_a_vacancy_finds_several_people_by_code_who_all_fit(demo: Passend) -> None:
    answer = await find_candidates(demo.pool, demo.search, demo.weights, "o001", 20)
    people = [candidate["seeker"] for candidate in answer["candidates"]]
    assert len(people) >= 5
    assert {"s03", "s42"} & set(people[:5])
    assert all(candidate["fits"] for candidate in answer["candidates"])


async def test_funding_benefit_age_sex_origin_name_and_municipality_change_nothing(demo: Passend, tmp_path: Path) -> None:
    before = await matches(demo, "s02")
    (s02,) = (row for row in map(json.loads, (DEMO / "seekers.jsonl").read_text().splitlines()) if row["id"] == "s02")
    personal = {"funding": "Wmo", "benefit": "bijstand", "age": 61, "sex": "f", "origin": "SY", "name": "X", "municipality": "Y"}
    path = tmp_path / "same.jsonl"
    path.write_text(json.dumps({**s02, **personal, "max_travel_km": s02["max_travel_km"] + 0.25}), encoding="utf-8")
    report = await import_files(demo.pool, demo.encoder, demo.gazetteer, [path])
    assert (report.updated, set(report.ignored)) == (1, set(personal))
    after = await matches(demo, "s02")
    assert [match["id"] for match in after["matches"]] == [match["id"] for match in before["matches"]]
    assert [match["ability"] for match in after["matches"]] == [match["ability"] for match in before["matches"]]


async def test_both_directions_give_the_same_pair_score(demo: Passend) -> None:
    place = (await matches(demo, "s01"))["matches"][0]
    candidates = (await find_candidates(demo.pool, demo.search, demo.weights, place["id"], 50))["candidates"]
    person = next(candidate for candidate in candidates if candidate["seeker"] == "s01")
    alone = await explain(demo.pool, demo.search, demo.weights, "s01", place["id"])
    for name in ("ability", "motivation", "score", "practical", "reasons", "gaps", "distance"):
        assert place[name] == person[name] == alone[name]


async def test_everyone_in_the_demo_gets_a_suggestion_on_an_open_rung(demo: Passend) -> None:
    rows = await demo.pool.fetch("SELECT id, open_to FROM seeker ORDER BY id")
    for row in rows:
        answer = await matches(demo, row["id"], 5)
        assert answer["matches"], row["id"]
        assert all(match["rung"] in row["open_to"] for match in answer["matches"] if match["fits"])


async def test_the_list_is_ability_first_then_rung(demo: Passend) -> None:
    for seeker in ("s01", "s02", "s06", "s14", "s30"):
        listed = [
            (match["ability_band"], LADDER.index(Rung(match["rung"])), -match["score"])
            for match in (await matches(demo, seeker))["matches"]
        ]
        assert [one[:2] for one in listed] == sorted(one[:2] for one in listed)


async def test_the_receipt_holds_what_was_answered_and_what_it_came_from(demo: Passend) -> None:
    answer = await matches(demo, "s01")
    receipt = await demo.pool.fetchrow("SELECT * FROM receipt WHERE id = $1", answer.pop("receipt"))
    assert receipt["result"] == json.loads(json.dumps(answer))
    assert (receipt["about"], receipt["subject_id"], receipt["model"]) == ("matches", "s01", demo.search.model)
    assert receipt["weights"] == demo.weights.version
    kept = await demo.pool.fetch("SELECT subject_id FROM snapshot WHERE digest = ANY($1)", receipt["snapshots"])
    assert {"s01", "o002"} <= {row["subject_id"] for row in kept}


async def test_a_blocked_place_can_be_asked_for_with_what_blocks_it(demo: Passend) -> None:
    answer = await explain(demo.pool, demo.search, demo.weights, "s02", "o019")
    blocked = {rule["rule"]: rule["state"] for rule in answer["practical"] if rule["state"] != "met"}
    assert not answer["fits"]
    assert blocked["language"] == "to_learn"
    assert blocked["hours"] == "blocking_for_now"


async def test_sentences_come_in_english_too(demo: Passend) -> None:
    answer = await match_person(demo.pool, demo.search, demo.weights, "s02", 3, "en")
    assert "paid work" in answer["stepping_stones"][0]["sentence"]


@pytest.mark.parametrize("ask", [match_person, find_candidates])
async def test_an_unknown_id_is_not_found(demo: Passend, ask) -> None:
    with pytest.raises(NotFound, match="zz"):
        await ask(demo.pool, demo.search, demo.weights, "zz")


async def test_a_new_place_is_found_at_once_and_a_closed_one_disappears(demo: Passend, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in (DEMO / "opportunities.jsonl").read_text().splitlines()]
    bicycle = next(row for row in rows if row["id"] == "o002")
    twin = {**bicycle, "id": "twin"}
    path = tmp_path / "twin.jsonl"
    path.write_text(json.dumps(twin), encoding="utf-8")
    await import_files(demo.pool, demo.encoder, demo.gazetteer, [path])
    assert {"o002", "twin"} == {match["id"] for match in (await matches(demo, "s01"))["matches"][:2]}
    path.write_text(json.dumps({**twin, "positions": 0}), encoding="utf-8")
    await import_files(demo.pool, demo.encoder, demo.gazetteer, [path])
    assert "twin" not in {match["id"] for match in (await matches(demo, "s01"))["matches"]}


async def test_people_are_matched_while_the_indexes_are_rebuilt_and_swapped(demo: Passend) -> None:
    expected = [match["id"] for match in (await matches(demo, "s14"))["matches"]]
    index = demo.search.places.current
    rebuilding = asyncio.create_task(reindex(demo.pool, demo.encoder, demo.search))
    while not rebuilding.done():
        assert [match["id"] for match in (await matches(demo, "s14"))["matches"]] == expected
    await rebuilding
    assert demo.search.places.current is not index
    assert [match["id"] for match in (await matches(demo, "s14"))["matches"]] == expected


async def test_a_rebuilt_index_and_one_from_a_snapshot_give_the_same_matches(demo: Passend) -> None:
    before = await matches(demo, "s14")
    done = await reindex(demo.pool, demo.encoder, demo.search)
    assert (done.encoded, done.removed) == (0, 0)
    after = await matches(demo, "s14")
    await demo.search.places.open()
    reopened = await matches(demo, "s14")
    for answer in (before, after, reopened):
        answer.pop("receipt")
    assert before == after == reopened
