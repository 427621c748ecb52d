from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.model import Opportunity, Rung, Seeker, State
from matching.ranking import match_pair, rank
from matching.scoring import ABILITY_FEATURES, Logistic, Weights
from matching.standing import RULES_ON, standing
from matching.vectors import Place, Profile
from matching.what_if import what_if
from tests.matching.strategies import (
    WEIGHTS,
    along,
    dayparts,
    hours,
    language_levels,
    licences,
    opportunities,
    place_lists,
    profiles,
    quick,
    seekers,
    supports,
)

places_of_every_kind = place_lists(opportunities(), least=0, most=8)
practical_changes = st.one_of(
    hours(),
    st.fixed_dictionaries({"dayparts": dayparts}),
    st.fixed_dictionaries({"language": language_levels}),
    st.fixed_dictionaries({"licences": licences}),
    st.fixed_dictionaries({"support_needs": supports}),
    st.fixed_dictionaries({"max_travel_km": st.floats(0, 60)}),
    st.fixed_dictionaries({"open_to": st.frozensets(st.sampled_from(Rung), min_size=1)}),
)


def open_now(profile, places):
    """The places that really matching gives, at or above the threshold."""
    matches = rank(profile, places, WEIGHTS, 100).matches
    return {match.opportunity.id for match in matches if match.fits and match.ability >= WEIGHTS.reached}


def ids(doors):
    return {door.opportunity.id for door in doors}


def check_against_matching_twice(before, after, places):
    effect = what_if(before, after, places, WEIGHTS)
    was, becomes = open_now(before, places), open_now(after, places)
    assert (ids(effect.opens), ids(effect.closes)) == (becomes - was, was - becomes)
    ranked = rank(before, places, WEIGHTS), rank(after, places, WEIGHTS)
    assert (effect.rung_before, effect.rung_after) == (ranked[0].rung_reached, ranked[1].rung_reached)
    assert sum(one.before for one in effect.per_rung) == len(was)
    assert sum(one.after for one in effect.per_rung) == len(becomes)


@quick
@given(profiles(seekers()), places_of_every_kind, practical_changes)
def test_what_if_is_the_same_as_matching_twice(profile, places, changes):
    check_against_matching_twice(profile, Profile(replace(profile.seeker, **changes), profile.vectors), places)


@quick
@given(profiles(seekers()), profiles(seekers()), places_of_every_kind)
def test_what_if_is_the_same_as_matching_twice_when_the_sentences_change_too(before, after, places):
    check_against_matching_twice(before, after, places)


@quick
@given(profiles(seekers()), places_of_every_kind, practical_changes)
def test_a_door_says_what_stood_in_between(profile, places, changes):
    after = Profile(replace(profile.seeker, **changes), profile.vectors)
    by_id = {place.opportunity.id: place for place in places}
    effect = what_if(profile, after, places, WEIGHTS)
    for doors, closed, opened in ((effect.opens, profile, after), (effect.closes, after, profile)):
        for door in doors:
            place = by_id[door.opportunity.id]
            assert door.unmet == match_pair(closed, place, WEIGHTS).unmet != ()
            assert door.ability == match_pair(opened, place, WEIGHTS).ability


@quick
@given(profiles(seekers()), places_of_every_kind, practical_changes)
def test_rules_that_are_asked_again_give_what_all_rules_give(profile, places, changes):
    changed = replace(profile.seeker, **changes)
    again = standing(profile, places, WEIGHTS).fitting_for(changed)
    anew = standing(Profile(changed, profile.vectors), places, WEIGHTS).fitting
    assert again.tolist() == anew.tolist()


def test_every_practical_field_names_the_rules_that_look_at_it():
    told = {"id", "abilities", "motivations", "learning"}
    assert {one.name for one in fields(Seeker)} == told | set(RULES_ON)


def test_other_sentences_need_another_score():
    profile = Profile(Seeker("s", abilities=("koken",)), along(0, 0, 0))
    with pytest.raises(ValueError, match="abilities"):
        standing(profile, [], WEIGHTS).fitting_for(replace(profile.seeker, abilities=("lassen",)))


def test_a_learned_ability_opens_a_place_without_any_practical_change():
    sure = Weights(
        ability=Logistic(-3.0, {"best_task": 6.0}),
        motivation=WEIGHTS.motivation,
        evidence=WEIGHTS.evidence,
        order=WEIGHTS.order,
        bands=WEIGHTS.bands,
        reached=0.5,
    )
    welder = Place(Opportunity("w", Rung.PAID, "Lasser"), along(1, 1, 1, 1, 1))
    cook = Seeker("s", abilities=("koken",))
    before, after = Profile(cook, along(0, 0, 0)), Profile(replace(cook, abilities=("koken", "lassen")), along(0, 0, 0, 1))
    effect = what_if(before, after, [welder], sure)
    assert [(door.opportunity.id, door.unmet) for door in effect.opens] == [("w", ())]
    assert (effect.rung_before, effect.rung_after) == (None, Rung.PAID)
    assert "best_task" in ABILITY_FEATURES
    assert State.MET in {outcome.state for outcome in match_pair(after, welder, sure).practical}
    assert np.isclose(effect.opens[0].ability, match_pair(after, welder, sure).ability)
