"""The measures are the standard ones, the systems are honest, and the report has the documented form."""

import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from embeddings.encoder import PLAIN, Encoder, RememberingEncoder, SentenceEncoder
from matching.model import Opportunity, Rung, Seeker, State
from matching.practical import practical_fit
from matching.scoring import Weights
from service.errors import UnusableFile
from service.evaluation import robustness, systems
from service.evaluation.judged_set import JudgedSet, read_judged_set
from service.evaluation.measures import fallback_first, interval, paired_difference, per_person
from service.evaluation.melo import Melo, measures, read_melo
from service.evaluation.report import evaluate
from service.geography import read_gazetteer, read_postcodes

GOLDEN = Path(__file__).parent.parent / "golden"
GRADES = {"a": {"p1": 3, "p2": 1, "p7": 2}, "b": {"p3": 2}}
RANKINGS = {"a": ["p2", "p9", "p1", "p7"], "b": ["p1", "p2"]}


@pytest.fixture(scope="session")
def plain(home: Path) -> Encoder:
    return RememberingEncoder(SentenceEncoder(PLAIN, home / "models"))


@pytest.fixture(scope="session")
def golden(shared_data: Path) -> JudgedSet:
    return read_judged_set(GOLDEN, read_gazetteer(shared_data / "geo_nl" / "postcode4_gemeente_cbs_certegis.csv"))


def small_set() -> JudgedSet:
    places = tuple(Opportunity(f"p{number}", Rung.PAID, f"Plek {number}") for number in range(1, 10))
    return JudgedSet((Seeker("a"), Seeker("b")), places, GRADES, {"b": frozenset({"p1"})})


def test_ndcg_equals_that_of_scikit_learn_and_the_formula_by_hand() -> None:
    values = per_person(RANKINGS, small_set())["ndcg@10"]
    places = [place.id for place in small_set().opportunities]
    gains = np.array([[2 ** GRADES["a"].get(place, 0) - 1 for place in places]])
    position = {place: rank for rank, place in enumerate(RANKINGS["a"])}
    scores = np.array([[-position.get(place, 50 + number) for number, place in enumerate(places)]])
    assert values["a"] == pytest.approx(ndcg_score(gains, scores, k=10))
    by_hand = (1 / np.log2(2) + 7 / np.log2(4) + 3 / np.log2(5)) / (7 / np.log2(2) + 3 / np.log2(3) + 1 / np.log2(4))
    assert values["a"] == pytest.approx(by_hand)
    assert values["b"] == 0


def test_reciprocal_rank_recall_and_precision_count_grades_of_two_and_more() -> None:
    values = per_person(RANKINGS, small_set())
    assert (values["mrr"]["a"], values["recall@10"]["a"], values["p@5"]["a"]) == (pytest.approx(1 / 3), 1.0, pytest.approx(0.4))
    assert (values["mrr"]["b"], values["recall@10"]["b"]) == (0, 0)
    assert fallback_first(RANKINGS, small_set()) == 1.0


def test_intervals_hold_the_mean_and_shrink_to_it_without_spread() -> None:
    draw = np.random.default_rng(0).normal(0.5, 0.1, 200)
    one = interval(list(draw))
    assert one.low < one.mean < one.high
    assert one.high - one.low == pytest.approx(4 * 0.1 / np.sqrt(200), rel=0.2)
    same = paired_difference({"a": 0.7, "b": 0.4}, {"a": 0.6, "b": 0.3})
    assert (same.mean, same.low, same.high) == (pytest.approx(0.1), pytest.approx(0.1), pytest.approx(0.1))


def test_the_judged_set_keeps_its_own_rules(golden: JudgedSet) -> None:
    people, places = {one.id: one for one in golden.seekers}, {one.id: one for one in golden.opportunities}
    assert len(people) >= 60
    assert len(places) >= 160
    assert {place.kind for place in golden.opportunities} == set(Rung)
    assert len(golden.fallback) >= 15
    for person, grades in golden.judgements.items():
        for place in grades:
            assert all(outcome.state is State.MET for outcome in practical_fit(people[person], places[place])), (person, place)
    for person, first in golden.fallback.items():
        graded = {places[place].kind for place in golden.judgements[person]}
        assert all(kind.depth >= Rung.WORK_EXPERIENCE.depth for kind in graded), person
        assert first <= set(golden.judgements[person])
    halves = [golden.half(name, GOLDEN) for name in ("tune", "test")]
    assert sum(len(half.seekers) for half in halves) == len(people)


def test_passend_leads_every_baseline_on_the_test_half(golden: JudgedSet, encoder: Encoder, plain: Encoder) -> None:
    names = ("passend", *systems.BASELINES)
    report = json.loads(json.dumps(evaluate(golden.half("test", GOLDEN), encoder, plain, Weights.read(), names)))
    rows = report["systems"]
    assert set(rows) == set(names)
    documented = {"ndcg@10", "mrr", "recall@10", "p@5", "coverage", "practical_violations", "fallback_first", "ms_per_person"}
    assert all(documented <= row.keys() for row in rows.values())
    assert (rows["passend"]["practical_violations"], rows["passend"]["coverage"]) == (0, 1)
    for name in systems.BASELINES:
        assert report["differences"][name]["low"] > 0, name
        assert report["differences"][name]["mean"] >= 0.10, name


def test_people_told_otherwise_are_reported_beside_the_original(golden: JudgedSet, encoder: Encoder) -> None:
    rows = robustness.report(golden.half("test", GOLDEN), GOLDEN, encoder, Weights.read())
    assert {"en", "tr", "ar", "pl", "uk", "typing errors", "no capitals or punctuation", "three words", "very long"} == set(rows)
    assert all(row["seekers"] == 32 for row in rows.values())
    assert all(0 < row["ndcg@10"] <= 1 for row in rows.values())
    assert rows["en"]["of_original"] > 0.9


@pytest.mark.parametrize(
    ("rewrite", "told"),
    [
        (robustness.without_capitals, "ik las hekken en poorten zei hij"),
        (robustness.very_short, "las hekken poorten"),
    ],
)
def test_rewrites_do_what_they_say(rewrite, told: str) -> None:
    assert rewrite("Ik las hekken, en poorten, zei hij!") == told


def test_typing_errors_are_two_and_the_same_each_time() -> None:
    original = "Ik repareer al jaren fietsen voor de hele buurt."
    wrong = robustness.typing_errors(original)
    assert wrong == robustness.typing_errors(original) != original
    assert 40 < len(wrong) < 55
    assert original in robustness.very_long(original)


def test_a_damaged_judgement_is_named_by_line(tmp_path: Path) -> None:
    for name in ("seekers.jsonl", "opportunities.jsonl"):
        (tmp_path / name).write_bytes((GOLDEN / name).read_bytes())
    (tmp_path / "qrels.tsv").write_text("k01\tp001\t3\nk01\tp002\t7\n", encoding="utf-8")
    with pytest.raises(UnusableFile, match=r"qrels\.tsv:2"):
        read_judged_set(tmp_path, read_gazetteer())


def test_melo_measures_over_corpus_elements() -> None:
    melo = Melo(
        queries={"q1": "Slager", "q2": "Lasser"},
        elements={"e1": "slager", "e2": "slagersknecht", "e3": "lasser", "e4": "laswerker"},
        concepts={"e1": "c1", "e2": "c1", "e3": "c2", "e4": "c2"},
        relevant={"q1": frozenset({"e1", "e2"}), "q2": frozenset({"e4"})},
    )
    scores = np.array([[0.9, 0.2, 0.5, 0.1], [0.3, 0.1, 0.9, 0.9]], np.float32)
    found = measures(melo, scores)
    assert found["mrr"] == pytest.approx((1 + 1 / 2) / 2)
    assert found["map"] == pytest.approx(((1 + 2 / 3) / 2 + 1 / 2) / 2)
    assert (found["hit@1"], found["hit@5"], found["queries"]) == (0.5, 1.0, 2)
    assert found["mrr_hard"] == pytest.approx(1 / 2)


def test_the_real_melo_set_reads_whole(shared_data: Path) -> None:
    melo = read_melo(shared_data / "melo_bel_nl" / "bel_q_nl_c_nl")
    assert (len(melo.queries), len(melo.elements)) == (328, 24_069)
    assert set(melo.relevant) == set(melo.queries)


def test_no_protected_field_can_reach_the_ranking() -> None:
    known = {field.name for field in fields(Seeker)}
    assert known.isdisjoint(
        {"name", "sex", "gender", "age", "birth_date", "origin", "nationality", "benefit", "funding", "municipality"}
    )


def test_the_postcode_table_is_read_by_its_columns(shared_data: Path) -> None:
    by_code, by_place = read_postcodes(shared_data / "geo_nl" / "postcode4_gemeente_cbs_certegis.csv")
    assert by_code["1011"].exact
    assert not by_place["amsterdam"].exact
