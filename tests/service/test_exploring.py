"""What could be, end to end on the demo set: real sentences, real model, real PostgreSQL, real FAISS."""

import json
from pathlib import Path

import pytest

from service.changes import Wished
from service.db import opportunities
from service.errors import BadInput, NotFound
from service.opening import Passend
from service.use_cases import exploring
from service.use_cases.importing import import_files
from service.use_cases.matching import match_person

DEMO = Path(__file__).parent.parent.parent / "service" / "demo"
REACHED = 0.2689


@pytest.fixture
async def demo(passend: Passend, demo_files: list[Path]) -> Passend:
    await import_files(passend.pool, passend.encoder, passend.gazetteer, demo_files)
    await passend.search.places.open()
    await passend.search.people.open()
    return passend


async def matched(demo: Passend, seeker: str) -> dict:
    return await match_person(demo.pool, demo.search, demo.weights, seeker, 200)


def open_in(answer: dict) -> set[str]:
    return {one["id"] for one in answer["matches"] if one["fits"] and one["ability"] >= REACHED}


def ids(doors: list[dict]) -> set[str]:
    return {door["id"] for door in doors}


async def import_changed(demo: Passend, tmp_path: Path, seeker: str, changes: dict) -> None:
    (row,) = (row for row in map(json.loads, (DEMO / "seekers.jsonl").read_text().splitlines()) if row["id"] == seeker)
    path = tmp_path / "changed.jsonl"
    path.write_text(json.dumps(row | changes), encoding="utf-8")
    report = await import_files(demo.pool, demo.encoder, demo.gazetteer, [path])
    assert report.updated == 1


LEARNED = "Ik heb een cursus groen gedaan en snoei nu zelf heggen en bomen."


@pytest.mark.parametrize(
    ("seeker", "wished", "changes"),
    [
        (
            "s02",
            Wished(values=("hours_max=32", "speaking=B1", "reading=B1"), added=("licence=VOG",)),
            {"hours_max": 32, "language": {"speaking": "B1", "reading": "B1", "writing": "A2"}, "licences": ["VOG"]},
        ),
        (
            "s40",
            Wished(values=("max_travel_km=20", "open_to=volunteering,sheltered")),
            {"max_travel_km": 20, "open_to": ["volunteering", "sheltered"]},
        ),
        ("s14", Wished(learned=(LEARNED,)), {"learned": LEARNED}),
    ],
)
async def test_what_if_is_what_happens_when_the_change_is_really_imported(
    demo: Passend, tmp_path: Path, seeker: str, wished: Wished, changes: dict
) -> None:
    before = await matched(demo, seeker)
    effect = await exploring.what_if(demo.pool, demo, seeker, wished)
    (row,) = (row for row in map(json.loads, (DEMO / "seekers.jsonl").read_text().splitlines()) if row["id"] == seeker)
    learned = changes.pop("learned", None)
    await import_changed(demo, tmp_path, seeker, changes | ({"abilities": [*row["abilities"], learned]} if learned else {}))
    after = await matched(demo, seeker)
    was, becomes = open_in(before), open_in(after)
    assert ids(effect["opens"]) == becomes - was
    assert ids(effect["closes"]) == was - becomes
    assert effect["rung_reached"] == {"before": before["rung_reached"], "after": after["rung_reached"]}
    assert was != becomes


async def test_levers_open_real_places_and_say_what_they_take(demo: Passend) -> None:
    answer = await exploring.levers(demo.pool, demo, "s32")
    assert answer["tried"] > len(answer["levers"]) > 0
    counts = [len(lever["opens"]) for lever in answer["levers"]]
    assert counts == sorted(counts, reverse=True)
    assert all(door["between"] and door["ability"] >= REACHED for lever in answer["levers"] for door in lever["opens"])
    for lever in answer["levers"]:
        if lever["lever"] == "open_rung":
            (rung,) = {door["rung"] for door in lever["opens"]}
            alone = await exploring.what_if(demo.pool, demo, "s32", Wished(open_to=(rung,)))
            assert ids(alone["opens"]) == ids(lever["opens"])


async def test_who_needs_several_changes_sees_the_nearest_place_with_all_of_them(demo: Passend) -> None:
    answer = await exploring.levers(demo.pool, demo, "s04")
    nearest = answer["nearest"][0]
    assert (answer["levers"], nearest["id"], len(nearest["between"])) == ([], "o106", 2)
    assert "B2" in nearest["between"][1]


async def test_carving_a_vacancy_names_what_opens_it_by_code(demo: Passend) -> None:
    answer = await exploring.carve(demo.pool, demo, "o040")
    assert any(cut["opens_to"] for cut in answer["cuts"])
    assert not any(set(cut["opens_to"]) & set(answer["open_to"]) for cut in answer["cuts"])
    care = await exploring.carve(demo.pool, demo, "o019")
    assert {"need_dropped", "licence_dropped", "language_lower", "hours_fewer"} <= {cut["cut"] for cut in care["cuts"]}
    near = {one["seeker"]: one["between"] for one in care["near"]}
    assert near["s02"] == ["hours", "licences", "language"]


async def test_new_jobs_come_from_several_vacancies_and_have_a_person(demo: Passend) -> None:
    made = [
        await exploring.bundles(demo.pool, demo, None, town) for town in ("winterswijk", "doetinchem", "ulft", "lichtenvoorde")
    ]
    found = [bundle for answer in made for bundle in answer["bundles"]]
    assert found
    for bundle in found:
        assert bundle["seeker"]
        assert len({task["opportunity"] for task in bundle["tasks"]}) >= 2
        assert len(bundle["tasks"]) <= 6
        assert bundle["hours"] >= 8
        assert all(kept["tasks"] for kept in bundle["keeps"])


async def test_who_got_a_certificate_steps_up_and_is_told_why(demo: Passend, tmp_path: Path) -> None:
    assert (await exploring.step_ups(demo.pool, demo, "s02"))["steps"] == []
    reached = (await matched(demo, "s02"))["rung_reached"]
    changes = {"hours_max": 32, "language": {"speaking": "B1", "reading": "B1"}, "licences": ["VOG"]}
    await import_changed(demo, tmp_path, "s02", changes)
    answer = await exploring.step_ups(demo.pool, demo, None)
    (step,) = answer["steps"]
    assert (answer["people"], step["seeker"], step["rung_reached"]["before"]) == (1, "s02", reached)
    assert step["changed"]
    assert step["rung_reached"]["after"] != reached


async def test_a_stepping_stone_says_where_it_leads_and_for_whom(demo: Passend) -> None:
    answer = await exploring.stepping_stones(demo.pool, demo, "o103")
    assert "s02" in answer["starters"]
    assert "VOG" in answer["gives"]
    assert any(one["id"] == "o019" for one in answer["towards"])
    assert all(one["builds"] for one in answer["towards"])


async def test_the_next_question_says_how_much_its_answer_changes(demo: Passend) -> None:
    answer = await exploring.next_question(demo.pool, demo, "s02")
    question = answer["question"]
    assert question["expected_change"] > 0
    assert question["sentence"] == answer["sentence"]
    assert all(one["expected_change"] <= question["expected_change"] for one in answer["others"])


async def test_every_match_carries_how_sure_it_is(demo: Passend) -> None:
    answer = await match_person(demo.pool, demo.search, demo.weights, "s01", 5)
    for match in answer["matches"]:
        assert match["certainty"]["level"] in {"high", "medium", "low"}
        assert bool(match["certainty"]["reasons"]) == (match["certainty"]["level"] != "high")


async def test_what_is_not_there_is_not_found(demo: Passend) -> None:
    for asked in (
        exploring.what_if(demo.pool, demo, "zz", Wished()),
        exploring.levers(demo.pool, demo, "zz"),
        exploring.carve(demo.pool, demo, "zz"),
    ):
        with pytest.raises(NotFound, match="zz"):
            await asked
    with pytest.raises(NotFound, match="nergens"):
        await exploring.bundles(demo.pool, demo, None, "nergens")
    with pytest.raises(BadInput, match="--employer"):
        await exploring.bundles(demo.pool, demo, None, None)
    with pytest.raises(BadInput, match="--employer"):
        await exploring.bundles(demo.pool, demo, "Grensland Logistiek", "Doetinchem")
    assert (await exploring.bundles(demo.pool, demo, "grensland logistiek", None))["vacancies"] == 2


async def test_a_closed_draft_or_filled_place_is_no_free_place(demo: Passend) -> None:
    changes = ("status = 'closed'", "status = 'draft'", "taken = positions")
    for number, change in enumerate(changes):
        before = {place.opportunity.id for place in await opportunities.open_places(demo.pool, demo.search.encoder)}
        gone = f"o0{14 + number}"
        await demo.pool.execute(f"UPDATE opportunity SET {change} WHERE id = $1", gone)
        after = {place.opportunity.id for place in await opportunities.open_places(demo.pool, demo.search.encoder)}
        assert before - after == {gone}
    with pytest.raises(NotFound, match="no open vacancy"):
        await exploring.bundles(demo.pool, demo, "grensland logistiek", None)
