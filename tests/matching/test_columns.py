import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from matching.columns import Columns, distances_km, fitting, unmet
from matching.model import Position, Seeker, State
from matching.practical import TOLERANCE_KM, distance_between, distance_km, practical_fit
from tests.matching.strategies import opportunities, quick, seekers

BOUNDARY_KM = 1e-9


def at_the_edge(person, place):
    distance = distance_between(person, place)
    return distance is not None and abs(distance - person.max_travel_km - TOLERANCE_KM) < BOUNDARY_KM


def not_met(person, place):
    return sum(outcome.state is not State.MET for outcome in practical_fit(person, place))


@quick
@given(seekers(), st.lists(opportunities(), min_size=1, max_size=12))
def test_the_rules_over_columns_say_what_the_rules_say_of_each_place(person, places):
    assume(not any(at_the_edge(person, place) for place in places))
    wishes, asked = Columns.of_people([person]), Columns.of_places(places)
    expected = [not_met(person, place) for place in places]
    assert unmet(wishes, asked).tolist() == expected
    assert fitting(wishes, asked).tolist() == [number for number, count in enumerate(expected) if count == 0]


@quick
@given(st.lists(seekers(), min_size=1, max_size=12), opportunities())
def test_and_of_each_person(people, place):
    assume(not any(at_the_edge(person, place) for person in people))
    wishes, asked = Columns.of_people(people), Columns.of_places([place])
    expected = [not_met(person, place) for person in people]
    assert unmet(wishes, asked).tolist() == expected
    assert fitting(wishes, asked).tolist() == [number for number, count in enumerate(expected) if count == 0]


@quick
@given(seekers(), st.lists(opportunities(), min_size=1, max_size=12))
def test_rows_that_are_taken_keep_their_licences(person, places):
    wishes, asked = Columns.of_people([person]), Columns.of_places(places)
    back = np.arange(len(places))[::-1]
    assert unmet(wishes, asked.take(back)).tolist() == unmet(wishes, asked)[::-1].tolist()


def test_no_place_fits_nobody():
    person, nothing = Columns.of_people([Seeker("s")]), Columns.of_places([])
    assert (fitting(person, nothing).tolist(), unmet(person, nothing).tolist()) == ([], [])


def test_a_distance_does_not_depend_on_the_places_asked_with_it():
    drawn = np.random.default_rng(1)
    home = np.zeros(1, [("latitude", "f8"), ("longitude", "f8")])
    home["latitude"], home["longitude"] = 52.0, 6.3
    away = np.zeros(1001, home.dtype)
    away["latitude"], away["longitude"] = drawn.uniform(51, 53, 1001), drawn.uniform(4, 7, 1001)
    together = distances_km(Columns(home, ()), Columns(away, ()))
    alone = [distances_km(Columns(home, ()), Columns(away[number : number + 1], ()))[0] for number in range(1001)]
    assert together.tolist() == alone
    one = Position(float(away["latitude"][7]), float(away["longitude"][7]))
    assert abs(together[7] - distance_km(Position(52.0, 6.3), one)) < BOUNDARY_KM
