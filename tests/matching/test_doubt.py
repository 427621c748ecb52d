from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from matching.doubt import Calibration, Sureness, certainty
from matching.model import LanguageLevels, Level, Opportunity, Position, Rung, Seeker
from matching.ranking import match_pair
from matching.scoring import Weights
from matching.vectors import Place, Profile
from tests.matching.strategies import WEIGHTS, along, opportunities, profiles, quick, seekers, single_places

ENOUGH = Calibration("w", (8, 12), (100,) * 5, (50,) * 5)
HERE = Position(51.965, 6.28889)
COOK = Seeker("s", abilities=("ik kook elke dag voor de buurt", "ik bak al jaren zelf mijn brood"), position=HERE)
KITCHEN = Opportunity("p", Rung.PAID, "Kok", position=Position(51.966, 6.29))


def doubts(seeker=COOK, place=KITCHEN, calibration=ENOUGH):
    vectors = along(0, 0, *[0] * len(seeker.sentences))
    sure = certainty(seeker, match_pair(Profile(seeker, vectors), Place(place, along(0, 0, 0, 0, 0)), WEIGHTS), calibration)
    return sure.level, [doubt.name for doubt in sure.doubts]


def test_a_full_profile_with_known_limits_is_sure():
    assert doubts() == (Sureness.HIGH, [])


@pytest.mark.parametrize(
    ("seeker", "place", "doubt"),
    [
        ({"abilities": COOK.abilities[:1]}, {}, "doubt_few_sentences"),
        ({"abilities": ("ik kook", "ik bak")}, {}, "doubt_short_sentences"),
        ({"abilities": ("ik kook " * 20, "ik bak " * 20)}, {}, "doubt_long_sentences"),
        ({"position": None}, {}, "doubt_distance"),
        ({"position": HERE._replace(exact=False), "max_travel_km": 1}, {}, "doubt_distance_about"),
        ({}, {"language_min": LanguageLevels(Level.A2)}, "doubt_language"),
    ],
)
def test_each_doubt_is_named(seeker, place, doubt):
    assert doubts(replace(COOK, **seeker), replace(KITCHEN, **place)) == (Sureness.MEDIUM, [doubt])


def test_a_score_with_few_checked_examples_is_named():
    assert doubts(calibration=replace(ENOUGH, pairs=(10,) * 5, good=(5,) * 5)) == (Sureness.MEDIUM, ["doubt_few_examples"])


def test_a_score_without_any_checked_example_is_named_and_one_with_many_alike_is_not():
    assert doubts(calibration=replace(ENOUGH, pairs=(0,) * 5, good=(0,) * 5))[1] == ["doubt_few_examples"]
    assert doubts(calibration=replace(ENOUGH, pairs=(16,) * 5, good=(15,) * 5)) == (Sureness.HIGH, [])


def test_whoever_told_nothing_yet_gives_more_than_one_doubt():
    level, names = doubts(Seeker("s", position=HERE, motivations=("ik wil iets doen",)))
    assert (level, names) == (Sureness.LOW, ["doubt_nothing_told", "doubt_no_direct_sentence"])


@quick
@given(profiles(seekers()), single_places(opportunities()))
def test_more_doubts_are_never_surer(profile, place):
    sure = certainty(profile.seeker, match_pair(profile, place, WEIGHTS), ENOUGH)
    assert sure.level is (Sureness.HIGH, Sureness.MEDIUM, Sureness.LOW)[min(len(sure.doubts), 2)]


def test_a_calibration_is_read_as_it_was_written(tmp_path: Path):
    ENOUGH.write(tmp_path / "calibration.json")
    assert Calibration.read(tmp_path / "calibration.json") == ENOUGH


def test_the_shipped_calibration_belongs_to_the_shipped_weights():
    shipped = Calibration.read()
    assert shipped.weights == Weights.read().version, "run: passend fit tests/golden"
    assert len(shipped.pairs) == len(shipped.good) == len(Weights.read().bands) + 1
    assert all(0 <= good <= pairs for good, pairs in zip(shipped.good, shipped.pairs, strict=True))
