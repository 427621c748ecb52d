import math
from dataclasses import replace

import pytest
from hypothesis import given

from matching.model import LanguageLevels, Level, Opportunity, Position, Rule, Rung, Seeker, State, Support
from matching.practical import RULES, distance_between, distance_km, practical_fit
from matching.reasons import practical_sentence
from tests.matching.strategies import opportunities, positions, quick, seekers

DOETINCHEM = Position(51.965, 6.28889)
WINTERSWIJK = Position(51.9725, 6.71944)
SEEKER = Seeker("s")
PLACE = Opportunity("p", Rung.PAID, "Fietsenmaker")


def outcome(rule, seeker=SEEKER, place=PLACE):
    (found,) = [one for one in practical_fit(seeker, place) if one.rule is rule]
    return found


def state(rule, seeker=SEEKER, place=PLACE):
    return outcome(rule, seeker, place).state


def chord_km(one, other):
    """Distance by unit vectors and the angle between them: another way than the haversine."""
    points = [
        (math.cos(a) * math.cos(o), math.cos(a) * math.sin(o), math.sin(a))
        for a, o in [(math.radians(p.latitude), math.radians(p.longitude)) for p in (one, other)]
    ]
    chord = math.dist(*points)
    return 6371.0088 * 2 * math.atan2(chord / 2, math.sqrt(1 - chord**2 / 4))


def test_every_rule_speaks_once_in_a_fixed_order():
    assert [one.rule for one in practical_fit(SEEKER, PLACE)] == list(Rule)
    assert len(RULES) == len(Rule)


def test_a_place_that_asks_nothing_suits_someone_who_asks_nothing():
    assert {one.state for one in practical_fit(SEEKER, PLACE)} == {State.MET}


@pytest.mark.parametrize(
    ("wanted", "asked", "expected"),
    [
        ((8, 16), (16, 24), State.MET),
        ((8, 15.5), (16, 24), State.BLOCKING),
        ((24, 32), (16, 24), State.MET),
        ((24.5, 32), (16, 24), State.BLOCKING),
        ((8, 40), (20, 20), State.MET),
        ((20, 20), (8, 40), State.MET),
    ],
)
def test_hours_fit_when_the_two_ranges_touch(wanted, asked, expected):
    seeker = replace(SEEKER, hours_min=wanted[0], hours_max=wanted[1])
    place = replace(PLACE, hours_min=asked[0], hours_max=asked[1])
    assert state(Rule.HOURS, seeker, place) is expected


@pytest.mark.parametrize(
    ("wanted_hours", "asked_hours", "shared", "expected"),
    [
        (8, 4, 2, State.MET),
        (8.5, 4, 2, State.BLOCKING),
        (4, 8, 2, State.MET),
        (4, 8.5, 2, State.BLOCKING),
        (1, 1, 1, State.MET),
        (1, 1, 0, State.BLOCKING),
    ],
)
def test_shared_dayparts_of_four_hours_hold_the_larger_minimum(wanted_hours, asked_hours, shared, expected):
    common = ["mon_am", "tue_pm", "sun_eve"][:shared]
    seeker = replace(SEEKER, hours_min=wanted_hours, dayparts=frozenset([*common, "wed_am", "thu_am"]))
    place = replace(PLACE, hours_min=asked_hours, dayparts=frozenset([*common, "wed_pm", "thu_pm"]))
    assert state(Rule.DAYPARTS, seeker, place) is expected


@pytest.mark.parametrize(("wanted", "asked"), [(None, frozenset()), (frozenset(), None), (None, None)])
def test_a_side_without_dayparts_is_flexible(wanted, asked):
    assert state(Rule.DAYPARTS, replace(SEEKER, dayparts=wanted), replace(PLACE, dayparts=asked)) is State.MET


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),
    [
        (DOETINCHEM, WINTERSWIJK, 29.5071),
        (Position(52.37403, 4.88969), Position(50.84833, 5.68889), 178.3975),
        (Position(0, 0), Position(0, 1), 111.1951),
    ],
)
def test_distances_are_great_circles(one, other, kilometres):
    assert distance_km(one, other) == pytest.approx(kilometres, abs=1e-4)


@quick
@given(positions, positions)
def test_distance_is_the_same_both_ways_and_by_another_formula(one, other):
    assert distance_km(one, other) == pytest.approx(distance_km(other, one), abs=1e-9)
    assert distance_km(one, other) == pytest.approx(chord_km(one, other), abs=1e-6)
    assert distance_km(one, one) == 0


@pytest.mark.parametrize(("beyond", "expected"), [(0.499, State.MET), (0.501, State.BLOCKING)])
def test_reach_ends_half_a_kilometre_past_the_wish(beyond, expected):
    limit = chord_km(DOETINCHEM, WINTERSWIJK) - beyond
    seeker = replace(SEEKER, position=DOETINCHEM, max_travel_km=limit)
    assert state(Rule.REACH, seeker, replace(PLACE, position=WINTERSWIJK)) is expected


@pytest.mark.parametrize(("here", "there"), [(None, WINTERSWIJK), (DOETINCHEM, None), (None, None)])
def test_an_unknown_position_does_not_close_a_place(here, there):
    seeker, place = replace(SEEKER, position=here, max_travel_km=0), replace(PLACE, position=there)
    assert state(Rule.REACH, seeker, place) is State.MET
    assert distance_between(seeker, place) is None


def test_a_distance_from_the_centre_of_a_town_is_said_to_be_about_right():
    place = replace(PLACE, position=WINTERSWIJK)
    exact = replace(SEEKER, position=DOETINCHEM, max_travel_km=30)
    rough = replace(exact, position=DOETINCHEM._replace(exact=False))
    assert outcome(Rule.REACH, exact, place).phrase == "reach_met"
    assert outcome(Rule.REACH, SEEKER, place).phrase == "reach_unknown_home"
    assert outcome(Rule.REACH, exact, PLACE).phrase == "reach_unknown_place"
    assert outcome(Rule.REACH, SEEKER, PLACE).phrase == "reach_unknown_both"
    assert outcome(Rule.REACH, rough, place).phrase == "reach_met_by_place"
    assert outcome(Rule.REACH, exact, replace(place, position=WINTERSWIJK._replace(exact=False))).phrase == "reach_met_by_place"


def test_a_distance_past_the_wish_is_not_said_to_be_within_it():
    seeker = replace(SEEKER, position=DOETINCHEM, max_travel_km=29.1)
    found = outcome(Rule.REACH, seeker, replace(PLACE, position=WINTERSWIJK))
    assert found.state is State.MET
    assert "binnen 29,1 km" not in practical_sentence(found)


def test_hours_that_the_person_wants_are_not_said_to_be_asked_by_the_place():
    seeker = replace(SEEKER, hours_min=20, dayparts=frozenset(["mon_am", "tue_am", "wed_am"]))
    place = replace(PLACE, hours_min=8, dayparts=seeker.dayparts)
    assert "de plek vraagt 20" not in practical_sentence(outcome(Rule.DAYPARTS, seeker, place))


@pytest.mark.parametrize(
    ("held", "asked", "expected"),
    [
        ({"b", "Vca"}, {"B", "VCA"}, State.MET),
        ({"B", "C"}, {"b"}, State.MET),
        (set(), set(), State.MET),
        ({"B"}, {"B", "vca"}, State.TO_LEARN),
        (set(), {"Forklift"}, State.TO_LEARN),
        (set(), {"BE"}, State.BLOCKING),
        ({"B"}, {"BE"}, State.BLOCKING),
        (set(), {"VCA", "C"}, State.BLOCKING),
    ],
)
def test_every_licence_counts_and_capitals_do_not(held, asked, expected):
    seeker, place = replace(SEEKER, licences=frozenset(held)), replace(PLACE, licences=frozenset(asked))
    assert state(Rule.LICENCES, seeker, place) is expected


def test_only_licences_that_are_still_to_get_are_named():
    found = outcome(
        Rule.LICENCES, replace(SEEKER, licences=frozenset("B")), replace(PLACE, licences=frozenset(["b", "VCA", "C"]))
    )
    assert found.facts["licences"] == ["C", "VCA"]


A1, A2, B1, B2 = Level.A1, Level.A2, Level.B1, Level.B2


@pytest.mark.parametrize(
    ("has", "asked", "expected"),
    [
        (LanguageLevels(), LanguageLevels(), State.MET),
        (LanguageLevels(B1, A2), LanguageLevels(B1, A2), State.MET),
        (LanguageLevels(A2, B2), LanguageLevels(B1, A2), State.TO_LEARN),
        (LanguageLevels(B2, A1), LanguageLevels(B1, A2), State.TO_LEARN),
        (LanguageLevels(A1, B2), LanguageLevels(B1, A2), State.BLOCKING),
        (LanguageLevels(A2, A1), LanguageLevels(B1, B1), State.BLOCKING),
        (LanguageLevels(None, B1), LanguageLevels(None, B1), State.MET),
        (LanguageLevels(None, None), LanguageLevels(A1, None), State.TO_LEARN),
        (LanguageLevels(None, None), LanguageLevels(None, A2), State.BLOCKING),
        (LanguageLevels(B1, B1, None), LanguageLevels(B1, B1, B2), State.MET),
    ],
)
def test_language_is_met_one_step_to_learn_or_two_steps_away(has, asked, expected):
    assert state(Rule.LANGUAGE, replace(SEEKER, language=has), replace(PLACE, language_min=asked)) is expected


def test_only_the_part_of_language_that_is_still_to_learn_is_named():
    found = outcome(
        Rule.LANGUAGE,
        replace(SEEKER, language=LanguageLevels(B2, A1)),
        replace(PLACE, language_min=LanguageLevels(B1, A2)),
    )
    assert practical_sentence(found).count("lezen A2") == 1
    assert "spreken" not in practical_sentence(found)


@pytest.mark.parametrize(
    ("needed", "offered", "expected"),
    [
        (set(), set(), State.MET),
        (set(), {Support.BUDDY}, State.MET),
        ({Support.BUDDY}, {Support.BUDDY, Support.JOB_COACH}, State.MET),
        ({Support.BUDDY, Support.JOB_COACH}, {Support.BUDDY}, State.BLOCKING),
    ],
)
def test_the_support_needed_is_part_of_the_support_offered(needed, offered, expected):
    seeker, place = replace(SEEKER, support_needs=frozenset(needed)), replace(PLACE, support=frozenset(offered))
    assert state(Rule.SUPPORT, seeker, place) is expected


@pytest.mark.parametrize(("open_to", "expected"), [({Rung.PAID, Rung.LEARNING}, State.MET), ({Rung.LEARNING}, State.BLOCKING)])
def test_the_rung_is_one_that_the_person_is_open_to(open_to, expected):
    assert state(Rule.OPEN_TO, replace(SEEKER, open_to=frozenset(open_to))) is expected


@pytest.mark.parametrize(("free", "expected"), [(0, State.BLOCKING), (1, State.MET), (2, State.MET)])
def test_at_least_one_position_is_free(free, expected):
    assert state(Rule.POSITIONS, place=replace(PLACE, positions=free)) is expected


def rules_of_the_design(seeker, place):
    apart = chord_km(seeker.position, place.position) if seeker.position and place.position else None
    flexible = seeker.dayparts is None or place.dayparts is None
    asked = [(seeker.language.speaking, place.language_min.speaking), (seeker.language.reading, place.language_min.reading)]
    scale = [None, *Level]
    return {
        Rule.HOURS: place.hours_min <= seeker.hours_max and seeker.hours_min <= place.hours_max,
        Rule.DAYPARTS: flexible or 4 * len(seeker.dayparts & place.dayparts) >= max(seeker.hours_min, place.hours_min),
        Rule.REACH: apart is None or apart <= seeker.max_travel_km + 0.5,
        Rule.LICENCES: {one.lower() for one in place.licences} <= {one.lower() for one in seeker.licences},
        Rule.LANGUAGE: all(scale.index(has) >= scale.index(wants) for has, wants in asked),
        Rule.SUPPORT: seeker.support_needs <= place.support,
        Rule.OPEN_TO: place.kind in seeker.open_to,
        Rule.POSITIONS: place.positions > 0,
    }


@quick
@given(seekers(), opportunities())
def test_a_rule_is_met_exactly_when_the_design_says_so(seeker, place):
    assert {one.rule: one.state is State.MET for one in practical_fit(seeker, place)} == rules_of_the_design(seeker, place)
