from dataclasses import replace

import pytest
from hypothesis import assume, event, given

from matching.model import LADDER, LanguageLevels, Level, Opportunity, Rule, Rung, Seeker, ordered
from matching.ranking import match_pair, rank
from matching.vectors import Place, Profile
from tests.matching.strategies import WEIGHTS, along, opportunities, place_lists, profiles, quick, seekers, unit_vectors

ALL = 100


def ranked(profile, places):
    return rank(profile, places, WEIGHTS, ALL)


def pairs(profile, places):
    matches = [match_pair(profile, place, WEIGHTS) for place in places]
    assume(all(abs(match.ability - WEIGHTS.reached) > 1e-5 for match in matches))
    return matches


def check_the_ladder(profile, places):
    ranking = ranked(profile, places)
    reached = [m.opportunity.kind for m in pairs(profile, places) if m.fits and m.ability >= WEIGHTS.reached]
    event(f"reached: {bool(reached)}, stepped down: {bool(ranking.stepped_down)}")
    assert ranking.rung_reached == (ordered(reached)[0] if reached else None)
    depth = ranking.rung_reached.depth if reached else len(LADDER)
    open_above = [rung for rung in LADDER[:depth] if rung in profile.seeker.open_to]
    assert [step.rung for step in ranking.stepped_down] == open_above
    for step in ranking.stepped_down:
        assert all(match.opportunity.kind is step.rung for match in step.nearest)
        assert bool(step.nearest) == any(place.opportunity.kind is step.rung for place in places)


@quick
@given(profiles(), place_lists())
def test_the_rung_reached_has_a_fitting_place_and_every_open_rung_above_it_is_explained(profile, places):
    check_the_ladder(profile, places)


@quick
@given(profiles(seekers()), place_lists(opportunities()))
def test_a_demanding_person_hears_of_every_open_rung_above_the_one_reached(profile, places):
    check_the_ladder(profile, places)


@quick
@given(profiles(), place_lists())
def test_nothing_is_stepped_down_when_the_top_open_rung_is_reached(profile, places):
    fitting = [match.opportunity.kind for match in pairs(profile, places) if match.ability >= WEIGHTS.reached]
    assume(fitting)
    top = ordered(fitting)[0]
    seeker = replace(profile.seeker, open_to=frozenset(LADDER[top.depth :]))
    ranking = ranked(Profile(seeker, profile.vectors), places)
    assert ranking.rung_reached is top
    assert ranking.stepped_down == ()
    assert ranking.stepping_stones == ()


def check_the_stones(profile, places):
    ranking = ranked(profile, places)
    event(f"stones: {len(ranking.stepping_stones)}")
    above = {step.rung for step in ranking.stepped_down}
    for stone in ranking.stepping_stones:
        higher = stone.towards.opportunity
        assert stone.place.fits
        assert stone.place.opportunity.kind.depth > higher.kind.depth
        assert stone.place.opportunity.kind in profile.seeker.open_to
        assert higher.kind in above
        tasks = set(higher.tasks or (higher.title,))
        assert tasks & set(stone.builds)
        unmet = {outcome.rule for outcome in stone.towards.unmet}
        still_asked = higher.licences if Rule.LICENCES in unmet else set()
        language = {"Nederlands"} if Rule.LANGUAGE in unmet else set()
        assert set(stone.builds) <= tasks | still_asked | language
        assert len(set(stone.builds)) == len(stone.builds)


@quick
@given(profiles(), place_lists(least=3, most=10))
def test_a_stepping_stone_fits_lies_lower_and_builds_only_what_the_higher_place_asks(profile, places):
    check_the_stones(profile, places)


@quick
@given(profiles(seekers()), place_lists(opportunities(), least=3, most=10))
def test_stepping_stones_of_a_demanding_person_hold_to_the_same(profile, places):
    check_the_stones(profile, places)


SEEKER = Seeker("s", abilities=("lassen",), language=LanguageLevels(Level.A2), open_to=frozenset([Rung.PAID, Rung.VOLUNTEERING]))
PROFILE = Profile(SEEKER, along(0, 0, 0))
JOB = Opportunity(
    "job",
    Rung.PAID,
    "Lasser",
    tasks=("hekken lassen", "machines instellen"),
    language_min=LanguageLevels(Level.B1),
    licences=frozenset(["VCA", "C"]),
)
WORKSHOP = Opportunity("workshop", Rung.VOLUNTEERING, "Hulp in de werkplaats", summary="Een kleine werkplaats", tasks=("lassen",))


def stones(workshop=WORKSHOP, job=JOB, practised=0):
    """The job is about axes 0 and 1; the workshop practises the axis that is given."""
    places = [Place(job, along(0, 0, 0, 0, 0, 1)), Place(workshop, along(0, 0, 0, 0, practised))]
    return ranked(PROFILE, places).stepping_stones


def test_a_reachable_place_that_practises_a_task_of_the_job_is_a_stepping_stone():
    (stone,) = stones()
    assert (stone.place.opportunity.id, stone.towards.opportunity.id) == ("workshop", "job")
    assert stone.builds == ("hekken lassen",)
    (other,) = stones(practised=1)
    assert other.builds == ("machines instellen",)


def test_a_place_that_practises_nothing_of_the_job_is_not_a_stepping_stone():
    assert stones(practised=5) == ()


def test_a_place_without_a_free_position_is_not_a_stepping_stone():
    assert stones(replace(WORKSHOP, positions=0)) == ()


def test_a_place_on_the_same_rung_is_not_a_stepping_stone():
    assert stones(replace(WORKSHOP, kind=Rung.PAID)) == ()


def test_licences_and_language_that_are_worked_on_below_are_built_too():
    (stone,) = stones(replace(WORKSHOP, summary="Je haalt VCA en leert Nederlands"))
    assert stone.builds[0] == "hekken lassen"
    assert set(stone.builds[1:]) == {"VCA", "Nederlands"}


@pytest.mark.parametrize("summary", ["Je haalt hier je VCA.", "Met kans op VCA, op onze kosten"])
def test_a_licence_is_heard_before_a_full_stop_or_comma(summary):
    (stone,) = stones(replace(WORKSHOP, summary=summary))
    assert "VCA" in stone.builds


@pytest.mark.parametrize(
    ("summary", "heard"),
    [
        ("Je haalt je rijbewijs C.", True),
        ("Wij betalen rijbewijs B, BE of C", True),
        ("Je haalt hier je C-rijbewijs", True),
        ("Vitamine C en koffie", False),
        ("Je haalt rijbewijs B", False),
        ("Rijbewijs in zicht: plan C", False),
    ],
)
def test_the_letter_of_a_driving_licence_counts_next_to_the_word_only(summary, heard):
    (stone,) = stones(replace(WORKSHOP, summary=summary))
    assert ("C" in stone.builds) is heard


def test_licences_and_language_that_are_there_already_are_not_built_again():
    asks_nothing = replace(JOB, licences=frozenset(), language_min=LanguageLevels(), hours_min=60, hours_max=60)
    (stone,) = stones(replace(WORKSHOP, summary="Je haalt VCA en leert Nederlands"), asks_nothing)
    assert stone.builds == ("hekken lassen",)


@pytest.mark.parametrize("summary", ["Onbetaald, met koffie", "Voor wie van metaal houdt", "In totaal acht mensen"])
def test_words_that_only_hold_the_letters_of_taal_do_not_build_dutch(summary):
    (stone,) = stones(replace(WORKSHOP, summary=summary))
    assert "Nederlands" not in stone.builds


def test_the_stone_that_builds_most_is_chosen():
    more = replace(WORKSHOP, id="zeta", tasks=("lassen", "instellen"))
    places = [
        Place(JOB, along(0, 0, 0, 0, 0, 1)),
        Place(WORKSHOP, along(0, 0, 0, 0, 0)),
        Place(more, along(0, 0, 0, 0, 0, 1)),
    ]
    (stone,) = ranked(PROFILE, places).stepping_stones
    assert stone.place.opportunity.id == "zeta"
    assert stone.builds == JOB.tasks


def test_the_ladder_goes_from_paid_work_down_to_day_activity():
    assert [rung.value for rung in LADDER] == [
        "paid", "paid_with_support", "sheltered", "trial_placement", "basic_job",
        "learning", "work_experience", "volunteering", "social_activation", "day_activity",
    ]  # fmt: skip
    assert ordered(reversed(LADDER)) == list(LADDER)
    assert [rung.depth for rung in LADDER] == list(range(10))


def test_a_rung_with_a_fitting_place_below_the_threshold_is_not_reached():
    hardly = Place(replace(JOB, licences=frozenset(), language_min=LanguageLevels()), along(7, 7, 7, 7, 7, 7))
    ranking = ranked(PROFILE, [hardly])
    assert [match.opportunity.id for match in ranking.matches] == ["job"]
    assert ranking.rung_reached is None
    assert [step.rung for step in ranking.stepped_down] == [Rung.PAID, Rung.VOLUNTEERING]


def test_a_step_down_names_places_on_that_rung():
    places = [Place(replace(JOB, id=f"job{seed}"), unit_vectors(6, seed)) for seed in range(4)]
    ranking = ranked(PROFILE, [*places, Place(WORKSHOP, along(0, 0, 0, 0, 0))])
    (step,) = ranking.stepped_down
    assert (ranking.rung_reached, step.rung) == (Rung.VOLUNTEERING, Rung.PAID)
    assert {match.opportunity.id for match in step.nearest} <= {"job0", "job1", "job2", "job3"}
    assert all(not match.fits for match in step.nearest)
