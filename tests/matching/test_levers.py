from dataclasses import replace

import pytest
from hypothesis import given

from matching.levers import LICENCE_COSTS, Cost, levers, licences_to_get, single_changes
from matching.model import DAYPARTS, LADDER, LanguageLevels, Level, Opportunity, Rung, Seeker, Transport
from matching.practical import SOON_TO_GET
from matching.ranking import match_pair
from matching.vectors import Place, Profile
from matching.what_if import what_if
from tests.matching.strategies import WEIGHTS, along, opportunities, place_lists, profiles, quick, seekers


@quick
@given(profiles(seekers()), place_lists(opportunities(), least=0, most=10))
def test_each_lever_does_exactly_what_the_change_alone_does_and_closes_nothing(profile, places):
    for lever in levers(profile, places, WEIGHTS).levers:
        changed = Profile(lever.change.applied_to(profile.seeker), profile.vectors)
        effect = what_if(profile, changed, places, WEIGHTS)
        assert (lever.opens, lever.rung_after) == (effect.opens, effect.rung_after)
        assert effect.closes == ()


@quick
@given(profiles(seekers()), place_lists(opportunities(), least=0, most=10))
def test_levers_stand_in_order_of_what_they_open_and_then_of_what_they_cost(profile, places):
    order = [(-len(lever.opens), list(Cost).index(lever.cost)) for lever in levers(profile, places, WEIGHTS).levers]
    assert order == sorted(order)


@quick
@given(seekers())
def test_every_change_is_a_change_and_none_is_offered_twice(seeker):
    changed = [change.applied_to(seeker) for change, _ in single_changes(seeker)]
    assert seeker not in changed
    assert all(changed.count(one) == 1 for one in changed if one.transport is seeker.transport)


def test_a_part_of_the_week_that_two_names_would_give_is_offered_once():
    all_but_one = Seeker("s", dayparts=frozenset(DAYPARTS) - {"mon_am"})
    offered = [change for change, _ in single_changes(all_but_one) if change.name == "dayparts_more"]
    assert [change.applied_to(all_but_one).dayparts for change in offered] == [frozenset(DAYPARTS)]


def names(seeker):
    return {change.name for change, _ in single_changes(seeker)}


ALL = Seeker(
    "s",
    max_travel_km=30,
    transport=Transport.CAR,
    hours_min=4,
    hours_max=40,
    dayparts=frozenset(DAYPARTS),
    language=LanguageLevels(Level.C2, Level.C2),
    licences=frozenset(LICENCE_COSTS),
)


def test_who_has_everything_can_only_travel_farther():
    assert names(ALL) == {"farther"}


@pytest.mark.parametrize(
    ("less", "name"),
    [
        ({"hours_max": 24}, "hours_up"),
        ({"hours_min": 20}, "hours_down"),
        ({"dayparts": ALL.dayparts - {"sat_am"}}, "dayparts_more"),
        ({"transport": Transport.BIKE, "max_travel_km": 8}, "e_bike"),
        ({"open_to": frozenset(LADDER[1:])}, "open_rung"),
        ({"licences": ALL.licences - {"VCA"}}, "licence"),
        ({"language": LanguageLevels(Level.A2, Level.C2)}, "language_up"),
    ],
)
def test_each_kind_of_change_is_offered_when_there_is_something_to_win(less, name):
    assert names(replace(ALL, **less)) == {"farther", name}


def test_what_the_rules_call_soon_costs_days_or_weeks_and_the_rest_costs_months():
    assert {one.upper() for one, cost in LICENCE_COSTS.items() if cost in {Cost.DAYS, Cost.WEEKS}} == SOON_TO_GET


def test_a_licence_that_comes_after_another_one_is_offered_only_to_who_has_that():
    assert not {"BE", "C", "CE", "D"} & set(licences_to_get(Seeker("s")))
    assert {"BE", "C", "D"} <= set(licences_to_get(Seeker("s", licences=frozenset(["b"]))))


def test_the_lever_that_opens_most_comes_first_and_says_which_places():
    told = Seeker("s", abilities=("koken",), hours_max=16)
    kitchen = [
        Place(Opportunity(f"p{hours}", Rung.PAID, "Kok", hours_min=hours, licences=held), along(0, 0, 0, 0, 0))
        for hours, held in ((20, frozenset[str]()), (24, frozenset[str]()), (8, frozenset(["VCA"])))
    ]
    first, second, third, *rest = levers(Profile(told, along(0, 0, 0)), kitchen, WEIGHTS).levers
    opened = [(one.change.facts, [door.opportunity.id for door in one.opens]) for one in (first, second, third)]
    assert opened == [({"hours": 24}, ["p20", "p24"]), ({"hours": 20}, ["p20"]), ({"licences": ["VCA"]}, ["p8"])]
    assert (first.cost, third.cost, first.rung_after) == (Cost.NONE, Cost.DAYS, Rung.PAID)
    assert not any(one.opens for one in rest)


@quick
@given(profiles(seekers()), place_lists(opportunities(), least=0, most=10))
def test_the_nearest_closed_places_need_least_and_say_everything(profile, places):
    pairs = [match_pair(profile, place, WEIGHTS) for place in places]
    closed = {one.opportunity.id: one for one in pairs if one.unmet and one.ability >= WEIGHTS.reached}
    nearest = levers(profile, places, WEIGHTS).nearest
    assert len(nearest) == min(3, len(closed))
    assert all(door.unmet == closed[door.opportunity.id].unmet for door in nearest)
    assert [len(door.unmet) for door in nearest] == sorted(len(one.unmet) for one in closed.values())[:3]
