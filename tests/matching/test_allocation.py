"""The allocation is the best there is by its goals, the same in any order of input, and explained without naming others."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.allocation import Given, Why, allocate, allocation_sentence, explained, first_come, totals
from matching.assignment import assign
from matching.caseload import by_person
from matching.model import LADDER, Opportunity, Rung, Seeker
from tests.matching.caseloads import Caseload, caseloads, pair, region
from tests.matching.strategies import WEIGHTS, quick


def goals(seekers: list[Seeker], allocation: Given) -> tuple[int, ...]:
    """The goals of an allocation, least is best."""
    left = [seeker for seeker in seekers if seeker.id not in allocation]
    best = 1.0
    return (
        sum(2 if Rung.VOLUNTEERING in seeker.open_to else 1 for seeker in left),
        len(left) + sum(one.ability < WEIGHTS.reached for one in allocation.values()),
        len(left) * (len(WEIGHTS.bands) + 1) + sum(one.band for one in allocation.values()),
        len(left) * len(LADDER) + sum(one.rung.depth for one in allocation.values()),
        sum(round((best - one.order) * 1000) for one in allocation.values()) + len(left) * 0,
    )


def every_allocation(caseload: Caseload) -> list[Given]:
    seekers, pairs, positions = caseload
    lists = by_person(pairs)
    possible = []
    for choice in itertools.product(*[[None, *lists.get(seeker.id, [])] for seeker in seekers]):
        given_out = [one for one in choice if one]
        if all(sum(one.place == place for one in given_out) <= free for place, free in positions.items()):
            possible.append({one.person: one for one in given_out})
    return possible


@quick
@given(caseloads())
def test_no_other_allocation_is_better(caseload: Caseload) -> None:
    seekers, pairs, positions = caseload
    allocation = allocate(seekers, pairs, positions, WEIGHTS)
    assert goals(seekers, allocation) == min(goals(seekers, other) for other in every_allocation(caseload))


@quick
@given(caseloads(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(caseload: Caseload, random) -> None:
    seekers, pairs, positions = caseload
    shuffled = random.sample(seekers, len(seekers)), random.sample(pairs, len(pairs)), positions
    assert allocate(*caseload, WEIGHTS) == allocate(*shuffled, WEIGHTS)


@settings(quick, max_examples=15)
@given(st.integers(0, 1000), st.integers(1, 8))
def test_several_goals_hold_each_other_in_order_however_large(seed: int, size: int) -> None:
    draw = np.random.default_rng(seed)
    rows, columns = (side.ravel() for side in np.indices((size, size + 2)))
    costs = [draw.integers(0, most, len(rows)) for most in (3, 10**9, 10**9, 2)]
    chosen = assign(rows, columns, costs)
    assert sorted(rows[chosen]) == list(range(size))
    assert len(set(columns[chosen])) == size
    if size <= 4:
        options = itertools.permutations(range(size + 2), size)
        edges = [np.array([row * (size + 2) + column for row, column in enumerate(option)]) for option in options]
        best = min(tuple(int(cost[some].sum()) for cost in costs) for some in edges)
        assert tuple(int(cost[chosen].sum()) for cost in costs) == best


def test_a_goal_too_large_to_be_exact_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        assign(np.array([0]), np.array([0]), [np.array([2**60])])


def test_everyone_open_to_volunteering_is_served_where_places_exist() -> None:
    seekers, pairs, positions = region(people=120, places=100, each=12)
    allocation = allocate(seekers, pairs, positions, WEIGHTS)
    counted = totals(seekers, allocation, WEIGHTS)
    assert sum(positions.values()) >= len(seekers)
    assert counted.volunteers_served == counted.open_to_volunteering == 120


def test_a_limited_place_goes_to_the_one_who_is_open_to_volunteering() -> None:
    seekers = [
        Seeker("paid only", open_to=frozenset({Rung.PAID})),
        Seeker("open", open_to=frozenset({Rung.PAID, Rung.VOLUNTEERING})),
    ]
    pairs = [pair("paid only", "p", 0.9), pair("open", "p", 0.3)]
    assert set(allocate(seekers, pairs, {"p": 1}, WEIGHTS)) == {"open"}


def test_it_serves_more_people_well_than_handing_out_in_order_of_arrival() -> None:
    seekers, pairs, positions = region(people=150, places=50, each=10)
    best = totals(seekers, allocate(seekers, pairs, positions, WEIGHTS), WEIGHTS)
    greedy = totals(seekers, first_come(seekers, pairs, positions), WEIGHTS)
    assert (best.served, best.served_well) > (greedy.served, greedy.served_well)
    assert sum(best.by_rung.values()) == best.served <= sum(positions.values())


def test_handing_out_in_order_of_arrival_gives_each_the_best_that_is_left() -> None:
    pairs = [pair("a", "p", 0.6), pair("a", "q", 0.9), pair("b", "q", 0.95)]
    given_out = first_come([Seeker("a"), Seeker("b")], pairs, {"p": 1, "q": 1})
    assert {person: one.place for person, one in given_out.items()} == {"a": "q"}


PLACES = {name: Opportunity(name, Rung.PAID, title) for name, title in (("p", "Tuinhulp"), ("q", "Fietsenmaker"))}


@pytest.mark.parametrize(
    ("pairs", "why", "sentence"),
    [
        ([pair("a", "p", 0.9), pair("b", "q", 0.9)], Why.FIRST_OF_LIST, "“Tuinhulp” staat bovenaan in de eigen lijst."),
        (
            [pair("a", "p", 0.7), pair("a", "q", 0.6), pair("b", "p", 0.95), pair("b", "q", 0.5)],
            Why.BETTER_FOR_ANOTHER,
            "“Tuinhulp” past bij iemand anders nog beter. Van wat vrij is, past “Fietsenmaker”.",
        ),
        (
            [pair("a", "p", 0.9), pair("a", "q", 0.7), pair("b", "p", 0.6)],
            Why.ONLY_ONE_FOR_ANOTHER,
            "“Tuinhulp” is voor iemand anders de enige plek die past. Van wat vrij is, past “Fietsenmaker”.",
        ),
        ([pair("b", "p", 0.9)], Why.NOTHING_FITS, "Nu past nog geen vrije plek. Kijk samen wat het dichtst bij komt."),
        (
            [pair("a", "p", 0.6), pair("b", "p", 0.9)],
            Why.BETTER_FOR_ANOTHER,
            "“Tuinhulp” past bij iemand anders nog beter, en wat verder past is ook verdeeld. Zoek samen een extra plek.",
        ),
    ],
)
def test_each_person_hears_why_and_nobody_is_named(pairs, why: Why, sentence: str) -> None:
    seekers = [Seeker("a"), Seeker("b")]
    (one, _) = explained(seekers, pairs, allocate(seekers, pairs, {"p": 1, "q": 1}, WEIGHTS))
    assert (one.person, one.why, allocation_sentence(one, PLACES)) == ("a", why, sentence)


@quick
@given(caseloads())
def test_every_outcome_has_a_sentence_in_both_languages_without_a_code(caseload: Caseload) -> None:
    seekers, pairs, positions = caseload
    places = {place: Opportunity(place, Rung.PAID, "Titel") for place in positions}
    for one in explained(seekers, pairs, allocate(seekers, pairs, positions, WEIGHTS)):
        for language in ("nl", "en"):
            said = allocation_sentence(one, places, language)
            assert said
            assert not any(seeker.id in said for seeker in seekers)


def test_nobody_and_nothing_is_no_error() -> None:
    assert allocate([], [], {}, WEIGHTS) == {}
    assert allocate([Seeker("a")], [], {}, WEIGHTS) == {}
    assert totals([Seeker("a")], {}, WEIGHTS).mean_band is None
