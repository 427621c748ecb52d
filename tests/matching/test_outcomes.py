"""Learning from outcomes finds what makes a placement last, and cannot make the order worse."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from matching.model import Match, Opportunity, Rung, Support
from matching.outcomes import (
    FEATURES,
    MORE_IS_BETTER,
    Declined,
    End,
    Gain,
    GroupCheck,
    Outcomes,
    Verdict,
    declined_sentence,
    declined_together,
    fit,
    has_lasted,
    judge,
    match_features,
    order_from,
    ordering,
)
from matching.scoring import Weights
from tests.matching.outcome_simulator import (
    TRUTH,
    Answers,
    honest,
    lasting_share,
    noise,
    partly_against_nearness,
    reversed_answers,
    simulate,
)
from tests.matching.strategies import quick

SHIPPED = Weights.read().order


def learned(answers: Answers, seed: int, count: int = 2_000) -> tuple[dict[str, float], Verdict]:
    """The challenger's order and the verdict, as the use case makes them: three in ten people are held out."""
    outcomes = simulate(count, answers, seed)
    held_out = np.array([int(person[1:]) % 10 < 3 for person in outcomes.people])
    order = order_from(fit(outcomes.where(~held_out)), SHIPPED)
    return order, judge(order, SHIPPED, outcomes.where(held_out))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_two_thousand_outcomes_recover_the_order_of_importance_and_placements_last_longer(seed: int) -> None:
    model = fit(simulate(2_000, honest, seed))
    found = sorted(MORE_IS_BETTER, key=lambda name: -model.coefficients[name])
    assert found[:3] == [name for name in TRUTH if name in MORE_IS_BETTER][:3]
    order, verdict = learned(honest, seed)
    assert verdict.passes
    assert lasting_share(order, seed) > lasting_share(SHIPPED, seed) + 0.03


@pytest.mark.parametrize("answers", [noise, reversed_answers, partly_against_nearness])
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_noise_and_false_answers_leave_the_order_at_least_as_good(answers: Answers, seed: int) -> None:
    order, verdict = learned(answers, seed)
    in_use = order if verdict.passes else SHIPPED
    assert lasting_share(in_use, seed) >= lasting_share(SHIPPED, seed) - 0.002


def test_reversed_answers_are_never_taken_over() -> None:
    assert not learned(reversed_answers, 1)[1].passes


@settings(quick, max_examples=15)
@given(st.integers(0, 10_000), st.sampled_from([honest, noise, reversed_answers]))
def test_more_of_what_we_want_never_lowers_the_chance(seed: int, answers: Answers) -> None:
    outcomes = simulate(200, answers, seed)
    model = fit(outcomes)
    before = model.probability(outcomes.features)
    for name in MORE_IS_BETTER:
        more = {**outcomes.features, name: outcomes.features[name] + 0.1}
        assert (model.probability(more) >= before).all()


def test_the_features_are_of_the_match_alone() -> None:
    assert set(FEATURES) == {"ability", "motivation", "nearness", "lightness", "support_covered", "rung"}
    place = Opportunity("p", Rung.BASIC_JOB, "Tuin", support=frozenset({Support.BUDDY, Support.QUIET_PLACE}))
    match = Match("s", place, 0.7, 0.4, 0.8, 1, (), (), (), 5.25)
    needs = frozenset({Support.BUDDY, Support.NO_PHONE})
    assert match_features(match, needs, 10) == pytest.approx(
        {"ability": 0.7, "motivation": 0.4, "nearness": 0.5, "lightness": 0.8, "support_covered": 0.5, "rung": 5 / 9}
    )


def test_the_learned_order_keeps_the_scale_of_the_shipped_one() -> None:
    order, _ = learned(honest, 1, 600)
    assert set(order) == set(SHIPPED)
    assert sum(order.values()) == pytest.approx(sum(SHIPPED.values()))
    nothing = fit(simulate(400, reversed_answers, 1))
    assert order_from(nothing, SHIPPED).keys() == SHIPPED.keys()


def test_the_gain_is_the_difference_in_the_area_under_the_curve() -> None:
    outcomes = simulate(400, honest, 5)
    verdict = judge({"motivation": 1.0}, {"ability": 1.0}, outcomes)
    for name, found in (("motivation", verdict.gain.challenger), ("ability", verdict.gain.champion)):
        assert found == pytest.approx(roc_auc_score(outcomes.lasted, outcomes.features[name]))
    assert verdict.gain.low < verdict.gain.challenger - verdict.gain.champion < verdict.gain.high


def test_a_challenger_that_orders_one_group_worse_is_held_back() -> None:
    outcomes = simulate(1_000, honest, 2)
    in_group = np.arange(1_000) < 250
    lasted = np.where(in_group, outcomes.features["ability"] > 0.5, outcomes.lasted)
    groups = {"language": np.where(in_group, "A1", "B1")}
    verdict = judge({"motivation": 1.0}, {"ability": 1.0}, Outcomes(outcomes.features, lasted, outcomes.people, groups))
    assert [(check.group, check.passes) for check in verdict.groups] == [("A1", False), ("B1", True)]
    assert not verdict.passes


def test_a_verdict_needs_gain_and_more_than_chance_and_every_group() -> None:
    good = Gain(0.6, 0.7, 0.05, 0.15)
    same, worse = GroupCheck("reach", "far", None), GroupCheck("reach", "far", Gain(0.7, 0.6, -0.2, 0.0))
    assert Verdict(100, good, 0.6, (same,)).passes
    assert not Verdict(100, good, 0.5, (same,)).passes
    assert not Verdict(100, Gain(0.6, 0.7, 0.0, 0.2), 0.6, (same,)).passes
    assert not Verdict(100, good, 0.6, (same, worse)).passes


@pytest.mark.parametrize(
    ("months", "end", "lasted"),
    [
        (6, None, True),
        (2, None, None),
        (2, End.STOPPED, False),
        (2, End.STEPPED_UP, True),
        (None, End.STOPPED, None),
        (9, End.STOPPED, True),
    ],
)
def test_stepping_up_is_lasting_and_what_still_runs_is_not_known_yet(months, end, lasted) -> None:
    assert has_lasted(months, end) is lasted


def test_outcomes_of_one_kind_teach_nothing() -> None:
    outcomes = simulate(100, honest, 1)
    with pytest.raises(ValueError, match="both"):
        fit(outcomes.where(outcomes.lasted))


def test_three_people_with_one_reason_become_a_sentence_and_fewer_do_not() -> None:
    declines = [Declined(person, "Bakkerij Jansen", "travel") for person in ("a", "b", "c", "a")]
    declines += [Declined(person, "Bakkerij Jansen", "hours") for person in ("a", "a", "b")]
    (one,) = declined_together(declines)
    assert (one.people, one.reason) == (3, "travel")
    said = declined_sentence(one)
    assert said == "Drie mensen kozen een andere weg dan Bakkerij Jansen, vanwege de reis. Bespreek samen of dat anders kan."
    assert declined_sentence(one, "en").startswith("Three people")


def test_declining_changes_no_order() -> None:
    outcomes = simulate(50, honest, 1)
    assert (ordering(SHIPPED, outcomes) == ordering({**SHIPPED, "declined": 9.0}, outcomes)).all()
