import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matching.model import Need, Opportunity, Position, Rung, Seeker, Support
from matching.scoring import ABILITY_FEATURES, SHIPPED, Logistic, Weights, ability_features, band, motivation_features, score
from matching.vectors import Place, Profile, opportunity_texts
from tests.matching.strategies import (
    DIMENSION,
    WEIGHTS,
    along,
    place_lists,
    profiles,
    quick,
    single_places,
    stacked,
    unit_vectors,
)

CLOSE = 1e-5


def best(rows, text):
    return max(float(np.dot(row, text)) for row in rows)


def emphasis(need):
    return 2 if need.must and not need.learnable else 1


def features_sentence_by_sentence(profile, place):
    """The ability features of one pair, written out with loops."""
    told, asked = profile.seeker, place.opportunity
    whole, title, _, _, *rest = place.vectors
    count = len(asked.tasks) or 1
    does = list(profile.vectors[2 : 2 + len(told.abilities)]) or [profile.vectors[1]]
    wishes = profile.vectors[2 + len(told.abilities) :][: len(told.learning)]
    tasks = [best(does, task) for task in rest[:count]]
    needs = [best(does, need) for need in rest[count:]]
    marks = [emphasis(need) for need in asked.needs]
    mean = sum(tasks) / count
    return {
        "whole": best([profile.vectors[0]], whole),
        "can": best([profile.vectors[1]], whole),
        "title": best(does, title),
        "sentence": best(does, whole),
        "tasks": mean,
        "best_task": max(tasks),
        "needs": sum(m * n for m, n in zip(marks, needs, strict=True)) / sum(marks) if needs else mean,
        "learning": max(best(wishes, whole), best(wishes, title)) if len(wishes) else best(does, whole),
    }


@quick
@given(profiles(), place_lists())
def test_ability_features_are_what_a_walk_from_sentence_to_sentence_gives(profile, places):
    features = ability_features(profile, stacked(*places))
    assert set(features) == set(ABILITY_FEATURES)
    for number, place in enumerate(places):
        found = {name: values[number] for name, values in features.items()}
        assert found == pytest.approx(features_sentence_by_sentence(profile, place), abs=CLOSE)


@quick
@given(profiles(), place_lists())
def test_scores_are_probabilities_made_of_the_features(profile, places):
    scores = score(profile, stacked(*places), WEIGHTS)
    for number, place in enumerate(places):
        total = WEIGHTS.ability.intercept
        for name, value in features_sentence_by_sentence(profile, place).items():
            total += WEIGHTS.ability.coefficients[name] * value
        assert scores.ability[number] == pytest.approx(1 / (1 + np.exp(-total)), abs=CLOSE)
    assert ((scores.ability > 0) & (scores.ability < 1)).all()
    assert ((scores.motivation > 0) & (scores.motivation < 1)).all()


@quick
@given(profiles(), place_lists(least=2))
def test_other_places_change_nothing_in_the_score_of_a_pair(profile, places):
    together = score(profile, stacked(*places), WEIGHTS)
    for number, place in enumerate(places):
        alone = score(profile, stacked(place), WEIGHTS)
        for name in ("ability", "motivation", "order"):
            assert getattr(together, name)[number] == pytest.approx(getattr(alone, name)[0], abs=CLOSE)


def alone_in_direction(rows, number):
    """The part of one row that no other row shares, so that moving along it changes that one cosine only."""
    rows = rows.astype(np.float64)
    different = rows[np.abs(rows @ rows[number] - 1) > 1e-9]
    along_others, *_ = np.linalg.lstsq(different.T, rows[number], rcond=None)
    return (rows[number] - along_others @ different).astype(np.float32)


@quick
@given(profiles(), single_places(), st.data(), st.floats(0.01, 2))
def test_raising_the_similarity_of_one_statement_never_lowers_ability(profile, place, data, step):
    assume(profile.seeker.abilities + profile.seeker.learning)
    statements = len(profile.seeker.abilities + profile.seeker.learning)
    statement = 2 + data.draw(st.integers(0, statements - 1), label="statement")
    text = data.draw(st.integers(0, len(place.vectors) - 1), label="text")
    raised = profile.vectors.copy()
    raised[statement] += step * alone_in_direction(place.vectors, text)
    before = score(profile, stacked(place), WEIGHTS).ability[0]
    after = score(Profile(profile.seeker, raised), stacked(place), WEIGHTS).ability[0]
    assert after >= before - 1e-6


@quick
@given(profiles(), place_lists(), st.integers(0, 99))
def test_telling_one_more_thing_you_can_do_never_lowers_ability(profile, places, seed):
    assume(profile.seeker.abilities)
    told = replace(profile.seeker, abilities=(*profile.seeker.abilities, "ik schilder kozijnen"))
    row = 2 + len(profile.seeker.abilities)
    vectors = np.insert(profile.vectors, row, unit_vectors(1, seed), axis=0)
    before = score(profile, stacked(*places), WEIGHTS).ability
    after = score(Profile(told, vectors), stacked(*places), WEIGHTS).ability
    assert (after >= before - 1e-6).all()


@pytest.mark.parametrize("feature", ABILITY_FEATURES)
def test_every_ability_feature_counts_upwards(feature):
    level = {name: np.full(3, 0.2) for name in ABILITY_FEATURES} | {feature: np.array([0.2, 0.3, 0.9])}
    low, middle, high = WEIGHTS.ability.probability(level)
    assert low < middle < high


def test_a_logistic_model_gives_one_half_at_its_middle():
    model = Logistic(-4, {"cosine": 8})
    found = model.probability({"cosine": np.array([[0.25, 0.5], [0.75, 1.0]])})
    assert found == pytest.approx(1 / (1 + np.exp(-np.array([[-2, 0], [2, 4]]))))


def needing(*needs):
    opportunity = Opportunity("p", Rung.PAID, "Lasser", tasks=("lassen",), needs=needs)
    return Place(opportunity, along(0, 1, 2, 3, 4, 5, 6))


def test_a_must_weighs_more_than_something_nice_or_learnable():
    handy = Profile(Seeker("s", abilities=("ik ben handig",)), along(9, 9, 5))
    must, nice = Need("handig"), Need("vroeg op", must=False)
    learnable = Need("vroeg op", must=True, learnable=True)
    first, second = Need("handig", must=False), Need("vroeg op")
    for others, most in ((nice, 2 / 3), (learnable, 2 / 3), (second, 1 / 2)):
        assert ability_features(handy, stacked(needing(must, others)))["needs"] == pytest.approx(most)
    assert ability_features(handy, stacked(needing(first, second)))["needs"] == pytest.approx(1 / 3)


def test_where_someone_told_nothing_of_what_moves_them_the_whole_profile_speaks():
    places = stacked(*[Place(needing().opportunity, unit_vectors(5, seed)) for seed in range(5)])
    vectors = unit_vectors(3, 1)
    silent = Profile(Seeker("s", abilities=("koken",)), vectors)
    outspoken = Profile(Seeker("s", abilities=("koken",), motivations=("alles",)), vectors[[0, 1, 2, 0]])
    assert score(silent, places, WEIGHTS).motivation == pytest.approx(score(outspoken, places, WEIGHTS).motivation, abs=CLOSE)


def test_what_moves_someone_is_compared_with_purpose_and_work():
    moved = Profile(Seeker("s", motivations=("mensen helpen",)), along(9, 9, 5))
    opportunity = Opportunity("p", Rung.PAID, "Gastheer", summary="huis", offers="mensen")
    apart, purpose, offer, work = along(0, 1, 2, 3, 1), along(0, 1, 5, 3, 1), along(0, 1, 2, 5, 1), along(5, 1, 2, 3, 1)
    places = stacked(*[Place(opportunity, rows) for rows in (apart, purpose, offer, work)])
    features = motivation_features(moved, places)
    assert list(features["purpose"]) == [0, 1, 1, 0]
    assert list(features["work"]) == [0, 0, 0, 1]
    least, *more = score(moved, places, WEIGHTS).motivation
    assert all(value > least for value in more)


def test_of_two_places_that_fit_as_well_the_one_with_less_support_comes_first():
    profile = Profile(Seeker("s", abilities=("lassen",)), unit_vectors(3, 1))
    light = Place(needing().opportunity, unit_vectors(5, 7))
    heavy = Place(replace(light.opportunity, support=frozenset([Support.JOB_COACH, Support.BUDDY])), light.vectors)
    scores = score(profile, stacked(heavy, light), WEIGHTS)
    assert scores.ability[0] == pytest.approx(scores.ability[1], abs=CLOSE)
    assert scores.order[1] > scores.order[0] + 0.01


def test_of_two_places_that_fit_as_well_the_nearer_one_comes_first():
    profile = Profile(Seeker("s", abilities=("lassen",), position=Position(52, 6), max_travel_km=30), unit_vectors(3, 1))
    work, said = needing().opportunity, unit_vectors(5, 7)
    positions = [Position(52, east) for east in (6.0, 6.01, 6.1, 6.4)]
    order = score(profile, stacked(*[Place(replace(work, position=one), said) for one in positions]), WEIGHTS).order
    assert all(nearer > further + CLOSE for nearer, further in pairwise(order))


def test_a_place_on_the_doorstep_is_near_however_little_someone_travels():
    at_home = Seeker("s", abilities=("lassen",), position=Position(52, 6), max_travel_km=0)
    place = Place(replace(needing().opportunity, position=at_home.position), unit_vectors(5, 7))
    unknown = Place(replace(place.opportunity, position=None), place.vectors)
    near, not_known = score(Profile(at_home, unit_vectors(3, 1)), stacked(place, unknown), WEIGHTS).order
    assert np.isfinite([near, not_known]).all()
    assert near >= not_known - CLOSE


def test_a_band_begins_at_its_lower_bound():
    bounds = WEIGHTS.bands
    assert [band(bound, WEIGHTS) for bound in bounds] == list(range(len(bounds)))
    assert [band(bound - 1e-9, WEIGHTS) for bound in bounds] == list(range(1, len(bounds) + 1))
    assert band(1, WEIGHTS) == 0


@quick
@given(st.floats(0, 1), st.floats(0, 1))
def test_more_ability_is_never_a_lower_band(one, other):
    low, high = sorted((one, other))
    assert band(high, WEIGHTS) <= band(low, WEIGHTS)


def test_someone_who_told_nothing_yet_is_scored_too():
    place = needing(Need("handig"))
    scores = score(Profile(Seeker("s"), unit_vectors(2, 3)), stacked(Place(place.opportunity, place.vectors[:6])), WEIGHTS)
    assert np.isfinite([scores.ability[0], scores.motivation[0], scores.order[0]]).all()


def test_weights_come_back_as_they_were_written(tmp_path):
    WEIGHTS.write(tmp_path / "weights.json")
    again = Weights.read(tmp_path / "weights.json")
    assert again == WEIGHTS
    assert again.version == WEIGHTS.version


def test_the_version_follows_every_weight():
    changed = [
        replace(WEIGHTS, reached=0.6),
        replace(WEIGHTS, bands=(0.9, 0.1)),
        replace(WEIGHTS, order={**WEIGHTS.order, "lightness": 0.02}),
        replace(WEIGHTS, evidence=Logistic(-1.4, WEIGHTS.evidence.coefficients)),
        replace(WEIGHTS, motivation=Logistic(-0.5, {"purpose": 2.0, "work": 2.1})),
        replace(WEIGHTS, ability=Logistic(-1.2, {**WEIGHTS.ability.coefficients, "can": 1.6})),
    ]
    assert len({WEIGHTS.version, *(weights.version for weights in changed)}) == 7


def test_shipped_weights_are_monotone_and_use_known_features():
    shipped = Weights.read()
    known = {"ability": set(ABILITY_FEATURES), "motivation": {"purpose", "work"}, "evidence": {"cosine"}}
    for name, features in known.items():
        coefficients = getattr(shipped, name).coefficients
        assert set(coefficients) <= features
        assert all(value >= 0 for value in coefficients.values())
        assert any(value > 0 for value in coefficients.values())
    assert all(value >= 0 for value in shipped.order.values())


def test_shipped_bands_go_down_and_the_threshold_lies_among_probabilities():
    shipped = Weights.read()
    assert all(high > low for high, low in zip((1, *shipped.bands), (*shipped.bands, 0), strict=True))
    assert 0 < shipped.reached < 1


def test_shipped_weights_are_readable_json_without_anything_else():
    assert set(json.loads(SHIPPED.read_text())) == {"ability", "motivation", "evidence", "order", "bands", "reached"}


@quick
@given(profiles(), place_lists())
def test_shipped_weights_score_every_pair(profile, places):
    scores = score(profile, stacked(*places), Weights.read())
    for values in (scores.ability, scores.motivation, scores.order):
        assert values.shape == (len(places),)
        assert np.isfinite(values).all()


def test_places_of_these_tests_have_a_vector_for_each_text():
    place = needing(Need("a"), Need("b"))
    assert place.vectors.shape == (len(opportunity_texts(place.opportunity)), DIMENSION)
