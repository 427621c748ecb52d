"""A whole caseload at once says of each pair what the rules and the score say of that pair alone."""

from hypothesis import assume, given

from matching.caseload import all_suited
from matching.model import State
from matching.practical import TOLERANCE_KM, distance_between, practical_fit
from matching.ranking import match_pair
from matching.scoring import band
from tests.matching.strategies import WEIGHTS, place_lists, profile_lists, quick
from tests.matching.strategies import opportunities as any_opportunities
from tests.matching.strategies import seekers as any_seekers

ROUNDING_KM = 1e-9


def at_the_edge(seeker, place) -> bool:
    """The distance is the limit, but for rounding."""
    distance = distance_between(seeker, place)
    return distance is not None and abs(distance - seeker.max_travel_km - TOLERANCE_KM) < ROUNDING_KM


def fits(seeker, place) -> bool:
    return all(outcome.state is State.MET for outcome in practical_fit(seeker, place))


def alone(profile, place):
    match = match_pair(profile, place, WEIGHTS)
    assert match.band == band(match.ability, WEIGHTS)
    return place.opportunity.kind, match.ability, match.band, match.score


@quick
@given(profile_lists(any_seekers()), place_lists(any_opportunities()))
def test_pairs_of_a_caseload_are_the_pairs_that_fit_with_the_scores_they_have_alone(people, places) -> None:
    assume(not any(at_the_edge(one.seeker, place.opportunity) for one in people for place in places))
    expected = {
        (one.seeker.id, place.opportunity.id): alone(one, place)
        for one in people
        for place in places
        if fits(one.seeker, place.opportunity)
    }
    pairs = all_suited(people, places, WEIGHTS)
    assert {(pair.person, pair.place): (pair.rung, pair.ability, pair.band, pair.order) for pair in pairs} == expected
    assert len(pairs) == len(expected)


@quick
@given(profile_lists(), place_lists())
def test_people_come_in_turn_each_with_the_best_first(people, places) -> None:
    pairs = all_suited(people, places, WEIGHTS)
    turn = {one.seeker.id: number for number, one in enumerate(people)}
    assert len(pairs) == len(people) * len(places)
    assert pairs == sorted(pairs, key=lambda pair: (turn[pair.person], *pair.among_places))


@quick
@given(profile_lists())
def test_without_places_nothing_suits(people) -> None:
    assert all_suited(people, [], WEIGHTS) == []
