import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.model import Opportunity, Rung, Seeker
from matching.ranking import rank
from matching.shortlist import shortlist
from matching.vectors import Place, Places, Profile, place_parts
from tests.matching.strategies import (
    WEIGHTS,
    opportunities,
    place_lists,
    profiles,
    quick,
    seekers,
    stacked,
    unit_vectors,
)


def few(profile, places, limit):
    return [places[number] for number in shortlist(profile, stacked(*places), WEIGHTS, limit).numbers]


@quick
@given(profiles(seekers()), place_lists(opportunities(), most=30), st.integers(1, 5))
def test_the_shortlist_gives_the_ranking_that_all_places_give(profile, places, limit):
    everything = rank(profile, places, WEIGHTS, limit)
    assert rank(profile, few(profile, places, limit), WEIGHTS, limit, considered=len(places)) == everything


@quick
@given(profiles(), place_lists(least=2, most=30), st.integers(1, 5))
def test_also_where_everything_fits_practically(profile, places, limit):
    everything = rank(profile, places, WEIGHTS, limit)
    assert rank(profile, few(profile, places, limit), WEIGHTS, limit, considered=len(places)) == everything


def test_places_that_say_the_same_are_all_on_the_shortlist_where_one_of_them_is():
    profile = Profile(Seeker("s", abilities=("koken",)), unit_vectors(3, 1))
    same = [Place(Opportunity(f"p{number:02}", Rung.PAID, "Kok"), unit_vectors(5, 2)) for number in range(60)]
    assert len(few(profile, same, 20)) == 60
    assert rank(profile, few(profile, same[::-1], 20), WEIGHTS, 20, considered=60) == rank(profile, same, WEIGHTS, 20)


def test_of_many_places_few_are_on_the_shortlist():
    profile = Profile(Seeker("s", abilities=("koken",)), unit_vectors(3, 1))
    places = [Place(Opportunity(f"p{n:03}", list(Rung)[n % 10], "Kok"), unit_vectors(5, n)) for n in range(300)]
    assert 20 <= len(few(profile, places, 20)) <= 20 + 1 + 2 * len(Rung)


@quick
@given(profiles(seekers()), place_lists(opportunities()))
def test_places_from_columns_are_shortlisted_as_places_with_texts(profile, places):
    whole = stacked(*places)
    vectors = np.concatenate([place.vectors for place in places])
    parts = np.concatenate([place_parts(place.opportunity) for place in places])
    starts = np.concatenate([[0], np.cumsum([len(place.vectors) for place in places])])
    bare = Places.stacked(vectors, parts, starts, whole.practical)
    assert shortlist(profile, bare, WEIGHTS, 3).numbers.tolist() == shortlist(profile, whole, WEIGHTS, 3).numbers.tolist()
    assert not bare.opportunities


@pytest.mark.parametrize("positions", [0, 1])
def test_nothing_is_counted_twice_where_nothing_fits(positions):
    profile = Profile(Seeker("s", abilities=("koken",), open_to=frozenset([Rung.PAID])), unit_vectors(3, 1))
    closed = [Place(Opportunity(f"p{n}", Rung.VOLUNTEERING, "Kok", positions=positions), unit_vectors(5, n)) for n in range(9)]
    found = few(profile, closed, 20)
    assert len({place.opportunity.id for place in found}) == len(found) == 5
    assert rank(profile, found, WEIGHTS, considered=9) == rank(profile, closed, WEIGHTS)
