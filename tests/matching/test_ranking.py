from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matching.model import LanguageLevels, Level, Need, Opportunity, Rung, Seeker, Support
from matching.ranking import candidates, match_pair, rank
from matching.reasons import practical_sentence
from matching.scoring import band
from matching.vectors import Place, Profile
from tests.matching.strategies import (
    WEIGHTS,
    ids,
    opportunities,
    place_lists,
    profile_lists,
    profiles,
    quick,
    seekers,
    single_places,
    unit_vectors,
)

ALL = 100
CLOSE = 1e-5


def ranked(profile, places, limit=ALL):
    return rank(profile, places, WEIGHTS, limit)


def listed(ranking):
    return [match.opportunity.id for match in ranking.matches]


def close_to_a_bound(matches):
    return any(abs(match.ability - bound) < CLOSE for match in matches for bound in (*WEIGHTS.bands, WEIGHTS.reached))


def same_pair(one, other):
    numbers = [one.ability, one.motivation, one.score]
    assert numbers == pytest.approx([other.ability, other.motivation, other.score], abs=CLOSE)
    assert one.practical == other.practical
    assert one.distance_km == other.distance_km
    assert (one.seeker_id, one.opportunity) == (other.seeker_id, other.opportunity)


@quick
@given(profiles(), place_lists(least=2, most=12))
def test_no_place_in_a_lower_band_stands_above_one_in_a_higher_band(profile, places):
    matches = ranked(profile, places).matches
    assert len(matches) == len(places)
    assert all(first.band <= second.band for first, second in pairwise(matches))
    assert all(match.band == band(match.ability, WEIGHTS) for match in matches)


@quick
@given(profiles(), place_lists(least=2, most=12))
def test_inside_a_band_the_higher_rung_comes_first_and_then_the_better_score(profile, places):
    for first, second in pairwise(ranked(profile, places).matches):
        if first.band == second.band:
            assert first.opportunity.kind.depth <= second.opportunity.kind.depth
            if first.opportunity.kind is second.opportunity.kind:
                assert first.score >= second.score


@quick
@given(profiles(seekers()), place_lists(opportunities(), least=2))
def test_ability_comes_first_among_places_that_fit_a_demanding_person(profile, places):
    matches = [match for match in ranked(profile, places).matches if match.fits]
    order = [(match.band, match.opportunity.kind.depth, -match.score) for match in matches]
    assert order == sorted(order)


def test_a_paid_place_that_hardly_fits_stands_below_a_volunteer_place_that_fits_well():
    profile = Profile(Seeker("s", abilities=("koken",)), np.eye(16, dtype=np.float32)[[0, 0, 0]])
    paid = Place(Opportunity("a", Rung.PAID, "Lasser"), np.eye(16, dtype=np.float32)[[1] * 5])
    volunteer = Place(Opportunity("b", Rung.VOLUNTEERING, "Kok"), np.eye(16, dtype=np.float32)[[0] * 5])
    assert listed(ranked(profile, [paid, volunteer])) == ["b", "a"]
    assert listed(ranked(profile, [replace(paid, vectors=volunteer.vectors), volunteer])) == ["a", "b"]


@quick
@given(profiles(seekers()), place_lists(opportunities()), st.randoms())
def test_the_order_of_the_places_handed_over_changes_nothing(profile, places, random):
    shuffled = random.sample(places, len(places))
    one, other = ranked(profile, places), ranked(profile, shuffled)
    assume(not close_to_a_bound(one.matches))
    assert listed(one) == listed(other)
    assert one.rung_reached == other.rung_reached
    assert [step.rung for step in one.stepped_down] == [step.rung for step in other.stepped_down]
    assert [(stone.place.opportunity.id, stone.towards.opportunity.id, stone.builds) for stone in one.stepping_stones] == [
        (stone.place.opportunity.id, stone.towards.opportunity.id, stone.builds) for stone in other.stepping_stones
    ]
    for first, second in zip(one.matches, other.matches, strict=True):
        same_pair(first, second)


COOK = Seeker("s", abilities=("koken", "tuinieren"), motivations=("mensen",))
TASKS = ("soep koken", "tafels dekken", "afwassen")
REAL = 384
"""Dimension of the shipped encoder, where the order of a sum shows in the last digits."""


def test_places_that_say_the_same_stand_in_order_of_their_id_whichever_way_they_came_in():
    profile = Profile(COOK, unit_vectors(5, 1, REAL))
    places = [Place(Opportunity(f"p{n:02}", Rung.PAID, "Kok", tasks=TASKS), unit_vectors(7, 2, REAL)) for n in range(12)]
    others = [Place(Opportunity(f"q{n:02}", Rung.PAID, "Hulp"), unit_vectors(5, n, REAL)) for n in range(11)]
    handed_over = places + others
    for seed in range(20):
        shuffled = [handed_over[number] for number in np.random.default_rng(seed).permutation(len(handed_over))]
        assert [one for one in listed(ranked(profile, shuffled)) if one in ids(places)] == ids(places)


def test_a_pair_has_exactly_one_score_alone_or_in_a_list():
    profile = Profile(COOK, unit_vectors(5, 1, REAL))
    places = [Place(Opportunity(f"p{n:02}", Rung.PAID, "Kok", tasks=TASKS), unit_vectors(7, n, REAL)) for n in range(37)]
    for match, place in zip(sorted(ranked(profile, places).matches, key=lambda one: one.opportunity.id), places, strict=True):
        assert match == match_pair(profile, place, WEIGHTS)


@quick
@given(profiles(), place_lists())
def test_rank_and_match_pair_say_the_same_of_a_pair(profile, places):
    by_id = {place.opportunity.id: place for place in places}
    for match in ranked(profile, places).matches:
        same_pair(match, match_pair(profile, by_id[match.opportunity.id], WEIGHTS))


@quick
@given(profile_lists(), single_places())
def test_candidates_and_match_pair_say_the_same_of_a_pair(people, place):
    by_id = {profile.seeker.id: profile for profile in people}
    found = candidates(place, people, WEIGHTS, ALL)
    assert {match.seeker_id for match in found} == set(by_id)
    for match in found:
        same_pair(match, match_pair(by_id[match.seeker_id], place, WEIGHTS))
        same_pair(match, ranked(by_id[match.seeker_id], [place]).matches[0])


@quick
@given(profiles(seekers()), place_lists(opportunities(), least=2))
def test_adding_places_changes_nothing_in_the_score_of_a_pair(profile, places):
    few = {match.opportunity.id: match for match in ranked(profile, places[: len(places) // 2]).matches}
    for match in ranked(profile, places).matches:
        if match.opportunity.id in few:
            same_pair(match, few[match.opportunity.id])


@quick
@given(profile_lists(seekers()), single_places(opportunities()), st.randoms())
def test_candidates_are_the_people_whom_the_place_fits_best_first(people, place, random):
    found = candidates(place, people, WEIGHTS, ALL)
    fitting = {profile.seeker.id for profile in people if match_pair(profile, place, WEIGHTS).fits}
    assert {match.seeker_id for match in found} == fitting
    assert [(match.band, -match.score) for match in found] == sorted((match.band, -match.score) for match in found)
    again = candidates(place, random.sample(people, len(people)), WEIGHTS, ALL)
    assert [match.seeker_id for match in again] == [match.seeker_id for match in found]


@quick
@given(profile_lists(), single_places(), st.integers(1, 4))
def test_a_limit_takes_the_best_candidates(people, place, limit):
    everyone = [match.seeker_id for match in candidates(place, people, WEIGHTS, ALL)]
    assert [match.seeker_id for match in candidates(place, people, WEIGHTS, limit)] == everyone[:limit]


@quick
@given(profiles(), place_lists(), st.integers(1, 4))
def test_a_limit_takes_the_best_places_and_leaves_the_rung_reached_alone(profile, places, limit):
    everything, few = ranked(profile, places), ranked(profile, places, limit)
    assert listed(few) == listed(everything)[:limit]
    assert few.rung_reached == everything.rung_reached
    assert few.considered == everything.considered == len(places)


@quick
@given(profiles(seekers()), place_lists(opportunities()))
def test_everyone_gets_a_suggestion_and_hears_what_would_be_needed_when_none_fits(profile, places):
    matches = ranked(profile, places).matches
    fitting = {place.opportunity.id for place in places if match_pair(profile, place, WEIGHTS).fits}
    assert matches
    if fitting:
        assert {match.opportunity.id for match in matches} == fitting
        return
    for match in matches:
        assert not match.fits
        assert match.unmet
        assert all(practical_sentence(outcome, language) for outcome in match.unmet for language in ("nl", "en"))


@quick
@given(profiles(seekers()), place_lists(opportunities()))
def test_the_first_suggestion_is_on_an_open_rung_when_there_is_any(profile, places):
    assume(any(place.opportunity.kind in profile.seeker.open_to for place in places))
    assert ranked(profile, places).matches[0].opportunity.kind in profile.seeker.open_to


@quick
@given(profiles(seekers()))
def test_without_any_place_every_open_rung_is_named(profile):
    ranking = ranked(profile, [])
    assert (ranking.matches, ranking.rung_reached, ranking.stepping_stones, ranking.considered) == ((), None, (), 0)
    assert {step.rung for step in ranking.stepped_down} == profile.seeker.open_to


def test_when_nothing_fits_the_place_with_the_fewest_things_to_arrange_comes_first():
    seeker = Seeker("s", abilities=("koken",), support_needs=frozenset([Support.BUDDY]), open_to=frozenset([Rung.PAID]))
    buddy = Opportunity("c", Rung.PAID, "Kok")
    both = replace(buddy, id="b", language_min=LanguageLevels(Level.B1))
    closed = replace(buddy, id="a", kind=Rung.VOLUNTEERING, support=seeker.support_needs)
    places = [Place(work, unit_vectors(5, seed)) for seed, work in enumerate((closed, both, buddy))]
    assert listed(ranked(Profile(seeker, unit_vectors(3, 1)), places)) == ["c", "b", "a"]


SEEKER_FIELDS = {
    "id", "abilities", "motivations", "learning", "position", "max_travel_km", "transport", "hours_min", "hours_max",
    "dayparts", "language", "licences", "support_needs", "open_to",
}  # fmt: skip
OPPORTUNITY_FIELDS = {
    "id", "kind", "title", "organisation", "place", "summary", "tasks", "needs", "offers", "position", "hours_min", "hours_max",
    "dayparts", "language_min", "licences", "support", "positions",
}  # fmt: skip


def test_funding_benefit_age_sex_origin_name_and_municipality_have_no_field_to_come_in_by():
    assert {field.name for field in fields(Seeker)} == SEEKER_FIELDS
    assert {field.name for field in fields(Opportunity)} == OPPORTUNITY_FIELDS
    assert {field.name for field in fields(Need)} == {"text", "must", "learnable"}
    assert {field.name for field in fields(LanguageLevels)} == {"speaking", "reading", "writing"}
    assert {field.name for field in fields(Profile)} == {"seeker", "vectors"}
    assert {field.name for field in fields(Place)} == {"opportunity", "vectors"}


@pytest.mark.parametrize("unknown", ["funding", "benefit", "age", "sex", "origin", "name", "municipality"])
def test_a_seeker_with_such_a_field_cannot_be_made(unknown):
    with pytest.raises(TypeError, match=unknown):
        Seeker("s", **{unknown: "x"})


@quick
@given(profiles(seekers()), place_lists(opportunities()), st.text(min_size=1, max_size=5))
def test_the_code_of_a_person_and_the_name_of_an_organisation_decide_nothing(profile, places, name):
    renamed = Profile(replace(profile.seeker, id=name), profile.vectors)
    moved = [replace(place, opportunity=replace(place.opportunity, organisation=name, place=name)) for place in places]
    assert listed(ranked(renamed, moved)) == listed(ranked(profile, places))
