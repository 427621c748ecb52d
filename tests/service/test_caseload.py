"""A whole caseload, end to end: real sentences, real model, real PostgreSQL."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from embeddings.encoder import Encoder
from matching.allocation import Why
from matching.caseload import Suited, by_place, suited
from matching.exposure import SMALLEST, in_turn
from matching.model import State
from matching.practical import practical_fit
from matching.scoring import Weights
from service.area import EVERYWHERE, Area, keep_regions, named_area
from service.db import opportunities, seekers
from service.errors import BadInput, UnusableFile
from service.evaluation.judged_set import JudgedSet, read_judged_set, with_vectors
from service.geography import read_gazetteer
from service.opening import Passend
from service.render import Json
from service.use_cases.allocating import allocate_places
from service.use_cases.exposing import Period, exposure
from service.use_cases.importing import import_files
from service.use_cases.matching import find_candidates

GOLDEN = Path(__file__).parent.parent / "golden"


@pytest.fixture
async def demo(passend: Passend, demo_files: list[Path]) -> Passend:
    await import_files(passend.pool, passend.encoder, passend.gazetteer, demo_files)
    return passend


async def allocated(demo: Passend, area: Area = EVERYWHERE, language="nl") -> Json:
    return await allocate_places(demo.pool, demo.search.encoder, demo.weights, area, language)


async def test_everyone_for_whom_something_fits_gets_a_place_that_fits_and_hears_why(demo: Passend) -> None:
    answer = await allocated(demo)
    people = {seeker.id: seeker for seeker in await seekers.everyone(demo.pool)}
    places = {place.id: place for place in await opportunities.all_places(demo.pool)}
    assert [one["seeker"] for one in answer["proposals"]] == sorted(people)
    for one in answer["proposals"]:
        assert one["sentence"]
        fits_nothing = one["why"] == Why.NOTHING_FITS
        assert (one["id"] is None) == fits_nothing
        if one["id"]:
            assert all(rule.state is State.MET for rule in practical_fit(people[one["seeker"]], places[one["id"]]))
    taken = Counter(one["id"] for one in answer["proposals"] if one["id"])
    assert all(count <= places[place].positions for place, count in taken.items())
    assert answer["allocation"]["served"] == sum(taken.values())
    assert json.loads(json.dumps(answer)) == answer


async def test_scarce_places_serve_more_people_well_than_order_of_arrival(demo: Passend) -> None:
    await demo.pool.execute("UPDATE opportunity SET positions = (key % 4 = 0)::int")
    answer = await allocated(demo)
    best, arrival = answer["allocation"], answer["first_come"]
    assert (best["served"], best["served_well"]) > (arrival["served"], arrival["served_well"])
    assert best["served"] < answer["people"]
    assert any(one["why"] in {Why.BETTER_FOR_ANOTHER, Why.ONLY_ONE_FOR_ANOTHER} for one in answer["proposals"])


async def test_an_area_holds_its_own_people_and_places(demo: Passend) -> None:
    near = named_area(demo.gazetteer, Path("none"), None, "Winterswijk", 5)
    answer = await allocated(demo, near)
    rows = await demo.pool.fetch("SELECT id FROM seeker WHERE place = 'Winterswijk' ORDER BY id")
    assert [one["seeker"] for one in answer["proposals"]] == [row["id"] for row in rows]
    elsewhere = await allocated(demo, Area(postcodes=("1011",)))
    assert (elsewhere["people"], elsewhere["places"], elsewhere["proposals"]) == (0, 0, [])


def test_a_region_is_its_postcodes(shared_data: Path, tmp_path: Path) -> None:
    geo, target = shared_data / "geo_nl", tmp_path / "regions.tsv"
    count, without = keep_regions(
        geo / "postcode4_gemeente_cbs_certegis.csv", geo / "gemeente_arbeidsmarktregio_2015.tsv", target
    )
    assert count > 3_000
    assert "Winterswijk" not in without
    found = named_area(read_gazetteer(), target, "achterhoek", None, 0).postcodes or ()
    assert {"7101", "7001"} <= set(found)
    assert "1011" not in found


def test_an_unknown_town_or_region_says_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Nergenshuizen"):
        named_area(read_gazetteer(), tmp_path, None, "Nergenshuizen", 5)
    with pytest.raises(BadInput, match="passend geo regions"):
        named_area(read_gazetteer(), tmp_path / "regions.tsv", "Achterhoek", None, 5)
    (tmp_path / "regions.tsv").write_text("7001\tAchterhoek\n", encoding="utf-8")
    with pytest.raises(BadInput, match="there are Achterhoek"):
        named_area(read_gazetteer(), tmp_path / "regions.tsv", "Elders", None, 5)
    (tmp_path / "wrong.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UnusableFile, match="gemeente"):
        keep_regions(tmp_path / "wrong.csv", tmp_path / "wrong.csv", tmp_path / "out.tsv")


async def test_exposure_counts_each_free_place_and_turns_leave_fewer_unseen(demo: Passend) -> None:
    answer = await exposure(demo.pool, demo.search.encoder, demo.weights)
    places = await demo.pool.fetchval("SELECT count(*) FROM opportunity WHERE positions > 0")
    assert 0 < answer["lists"] <= places
    assert [person for person, count in answer["seen"].items() if count == 0] == answer["never"]
    assert sum(answer["seen"].values()) <= 10 * answer["lists"]
    shown = [group for group in answer["groups"] if group["people"] is not None]
    assert shown
    assert all(group["people"] >= SMALLEST or group["kind"] != "language" for group in shown)
    assert answer["next_round"]["never_with_turns"] <= answer["next_round"]["never_as_now"] == len(answer["never"])


async def test_a_period_counts_the_lists_that_were_asked_for_in_it(demo: Passend) -> None:
    await demo.search.people.open()
    asked = await find_candidates(demo.pool, demo.search, demo.weights, "o001", 50)
    people = [one["seeker"] for one in asked["candidates"]]
    today = datetime.now(UTC)
    now = await exposure(
        demo.pool, demo.search.encoder, demo.weights, Period(today - timedelta(hours=1), today + timedelta(hours=1))
    )
    assert now["lists"] == 1
    assert {person for person, count in now["seen"].items() if count} == set(people[:10])
    before = await exposure(
        demo.pool, demo.search.encoder, demo.weights, Period(today - timedelta(days=2), today - timedelta(days=1))
    )
    assert (before["lists"], len(before["never"])) == (0, before["people"])


async def test_a_turn_is_for_who_was_not_seen_lately_and_is_in_the_receipt(demo: Passend) -> None:
    await demo.search.people.open()
    asked = (demo.pool, demo.search, demo.weights, "o001", 50)
    usual = (await find_candidates(*asked))["candidates"]
    turned = await find_candidates(*asked, turns=4)
    moved = [one["seeker"] for one in turned["candidates"]]
    assert [one["ability_band"] for one in turned["candidates"]] == [one["ability_band"] for one in usual]
    assert moved[:6] == [one["seeker"] for one in usual[:6]]
    assert sorted(moved) == sorted(one["seeker"] for one in usual)
    inputs = await demo.pool.fetchval("SELECT inputs FROM receipt WHERE id = $1", turned["receipt"])
    assert (inputs["turns"], sum(inputs["seen"].values())) == (4, min(10, len(usual)))


async def test_people_keep_their_turn_of_arrival_when_their_profile_changes(demo: Passend, connections: asyncpg.Pool) -> None:
    await connections.execute("UPDATE seeker SET created_at = '2020-01-01' WHERE id = 's30'")
    await connections.execute("UPDATE seeker SET digest = ''")
    await import_files(demo.pool, demo.encoder, demo.gazetteer, [Path("service/demo/seekers.jsonl").resolve()])
    first = (await seekers.caseload(demo.pool, demo.search.encoder))[0]
    assert first.seeker.id == "s30"


@pytest.fixture(scope="session")
def judged(shared_data: Path) -> JudgedSet:
    return read_judged_set(GOLDEN, read_gazetteer(shared_data / "geo_nl" / "postcode4_gemeente_cbs_certegis.csv"))


def ndcg(lists: dict[str, list[Suited]], judged: JudgedSet) -> float:
    """Mean nDCG@10 of the people of each place that has a judgement, with gain 2^grade - 1."""
    values = []
    for place, ranked in lists.items():
        gains = [2 ** judged.judgements.get(pair.person, {}).get(place, 0) - 1 for pair in ranked]
        if any(gains) and len(gains) > 1:
            values.append(ndcg_score([gains], [[-rank for rank in range(len(gains))]], k=10))
    return float(np.mean(values))


def test_turns_at_every_place_cost_at_most_half_a_hundredth_on_the_judged_set(judged: JudgedSet, encoder: Encoder) -> None:
    profiles, places = with_vectors(judged, encoder)
    weights = Weights.read()
    usual = by_place(pair for profile in profiles for pair in suited(profile, places, weights))
    draw = np.random.default_rng(0)
    for _ in range(3):  # half of the people were never seen, and nobody's turn is over after the first place
        seen = {seeker.id: int(draw.random() < 0.5) for seeker in judged.seekers}
        turned = {place: in_turn({place: ranked}, seen)[place] for place, ranked in usual.items()}
        assert sum(turned[place] != ranked for place, ranked in usual.items()) > 20
        assert ndcg(turned, judged) >= ndcg(usual, judged) - 0.005
