import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.people import People, score_people
from matching.ranking import candidates
from matching.scoring import score
from matching.shortlist import shortlist_people
from tests.matching.strategies import WEIGHTS, open_opportunities, open_seekers, profile_lists, quick, single_places, stacked

CLOSE = 1e-5


@quick
@given(profile_lists(), single_places())
def test_many_people_with_one_place_score_as_each_of_them_with_that_place(profiles, place):
    ability, order = score_people(People.stacked(profiles), place, WEIGHTS)
    alone = [score(profile, stacked(place), WEIGHTS) for profile in profiles]
    np.testing.assert_allclose(ability, [float(scores.ability[0]) for scores in alone], atol=CLOSE)
    np.testing.assert_allclose(order, [float(scores.order[0]) for scores in alone], atol=CLOSE)


@quick
@given(profile_lists(open_seekers()), single_places(open_opportunities()), st.integers(1, 3))
def test_the_shortlist_of_people_gives_the_candidates_that_all_people_give(profiles, place, limit):
    few = [profiles[number] for number in shortlist_people(People.stacked(profiles), place, WEIGHTS, limit)]
    assert candidates(place, few, WEIGHTS, limit) == candidates(place, profiles, WEIGHTS, limit)
