"""Counting who is seen, without showing small groups; a turn stays inside its ability band."""

from hypothesis import given
from hypothesis import strategies as st

from matching.caseload import Suited, by_place, suited
from matching.exposure import appearances, by_group, in_turn, never, turn_order
from matching.model import LanguageLevels, Level, Seeker
from matching.ranking import candidates, rank
from tests.matching.caseloads import pair, region
from tests.matching.strategies import WEIGHTS, ids, place_lists, profile_lists, profiles, quick
from tests.matching.strategies import opportunities as any_opportunities
from tests.matching.strategies import seekers as any_seekers

abilities = st.lists(st.integers(0, 100).map(lambda number: number / 100), max_size=20, unique=True)


@quick
@given(profiles(any_seekers()), place_lists(any_opportunities()))
def test_what_suits_a_person_is_the_list_that_person_sees(profile, places) -> None:
    pairs = suited(profile, places, WEIGHTS)
    matches = [match for match in rank(profile, places, WEIGHTS, 50).matches if match.fits]
    assert [one.place for one in pairs] == [match.opportunity.id for match in matches]
    assert [(one.ability, one.band, one.order) for one in pairs] == [
        (match.ability, match.band, match.score) for match in matches
    ]


@quick
@given(profile_lists(), place_lists(most=3))
def test_the_people_of_a_place_are_its_candidates(people, places) -> None:
    lists = by_place(one for profile in people for one in suited(profile, places, WEIGHTS))
    for place in places:
        expected = [match.seeker_id for match in candidates(place, people, WEIGHTS)]
        assert [one.person for one in lists.get(place.opportunity.id, [])] == expected
    assert set(lists) <= set(ids(places))


def test_only_the_first_ten_of_a_place_are_seen() -> None:
    people = [f"s{number:02}" for number in range(12)]
    seen = appearances(people, [people, people[:1], ["someone else"]])
    assert (seen["s00"], seen["s09"], seen["s10"]) == (2, 1, 0)
    assert never(seen) == ["s10", "s11"]


def give_turns(ranked: list[Suited], seen: dict[str, int], turns: int = 2) -> list[Suited]:
    order = turn_order([one.person for one in ranked], [one.band for one in ranked], seen, turns)
    return [ranked[number] for number in order]


@quick
@given(abilities, st.sets(st.integers(0, 19)), st.integers(0, 4))
def test_a_turn_never_crosses_a_band_and_loses_nobody(values, seen, turns: int) -> None:
    ranked = sorted(
        (pair(f"s{number:02}", "p", ability) for number, ability in enumerate(values)), key=lambda one: one.among_people
    )
    counts = {f"s{number:02}": 1 for number in seen}
    turned = give_turns(ranked, counts, turns)
    assert [one.band for one in turned] == [one.band for one in ranked]
    assert sorted(one.person for one in turned) == sorted(one.person for one in ranked)
    assert turned[: 10 - turns] == ranked[: 10 - turns]


def test_the_last_of_the_ten_is_for_who_was_never_seen_in_the_same_band() -> None:
    ranked = [pair(f"s{number:02}", "p", 0.99 - number / 100) for number in range(14)]
    seen = {f"s{number:02}": 1 for number in range(12)}
    assert [one.person for one in give_turns(ranked, seen)][8:12] == ["s12", "s13", "s08", "s09"]
    weaker = [*ranked[:12], pair("s12", "p", 0.1)]
    assert give_turns(weaker, seen) == weaker


def test_a_round_with_turns_leaves_fewer_people_unseen_than_the_same_round_again() -> None:
    seekers, pairs, _ = region(people=200, places=12, each=5)
    lists = by_place(pairs)
    people = [seeker.id for seeker in seekers]
    seen = appearances(people, [[one.person for one in place] for place in lists.values()])
    turned = in_turn(lists, seen)
    new = appearances(never(seen), [[one.person for one in place] for place in turned.values()])
    assert len(never(new)) <= len(never(seen)) - 8


def speaking(*levels: Level | None) -> list[Seeker]:
    return [Seeker(f"s{number:02}", language=LanguageLevels(level)) for number, level in enumerate(levels)]


def test_small_groups_are_left_out_so_that_they_cannot_be_worked_out() -> None:
    seekers = speaking(*[Level.A1] * 3, *[Level.B1] * 12, *[Level.B2] * 20)
    rows = {row.group: row for row in by_group(seekers, {seeker.id: 1 for seeker in seekers}) if row.kind == "language"}
    assert {group: row.people for group, row in rows.items()} == {"A1": None, "B1": None, "B2": 20}


def test_groups_are_counted_by_kind() -> None:
    seekers = speaking(*[Level.A2] * 10, *[None] * 10)
    seen = {seeker.id: number % 2 for number, seeker in enumerate(seekers)}
    rows = by_group(seekers, seen)
    assert {(row.kind, row.group, row.people, row.never, row.mean) for row in rows} == {
        ("language", "A2", 10, 5, 0.5),
        ("language", "unknown", 10, 5, 0.5),
        ("support", "none", 20, 10, 0.5),
        ("reach", "up to 10 km", 20, 10, 0.5),
    }
