from dataclasses import replace

from hypothesis import assume, given

from matching.ladder import DUTCH
from matching.model import LanguageLevels, Level, Opportunity, Rule, Rung, Seeker
from matching.ranking import rank
from matching.stepping_up import Before, afterwards, gives, step_up, stepping_stone
from matching.vectors import Place, Profile, seeker_texts
from matching.what_if import what_if
from tests.matching.strategies import (
    WEIGHTS,
    along,
    opportunities,
    place_lists,
    profile_lists,
    profiles,
    quick,
    seekers,
    single_places,
)

COOK = Seeker("s", abilities=("koken",))
PAID = Place(Opportunity("paid", Rung.PAID, "Kok", licences=frozenset(["VOG"])), along(0, 0, 0, 0, 0))
BUFFET = Place(Opportunity("buffet", Rung.VOLUNTEERING, "Buurtkok"), along(0, 0, 0, 0, 0))
NOW = Profile(replace(COOK, licences=frozenset(["VOG"])), along(0, 0, 0))


def test_a_step_up_names_the_rung_the_place_and_what_changed():
    step = step_up([Before(COOK, Rung.VOLUNTEERING, {"paid", "buffet"})], NOW, [PAID, BUFFET], WEIGHTS)
    assert (step.rung_before, step.rung_now, step.place.id) == (Rung.VOLUNTEERING, Rung.PAID, "paid")
    assert [outcome.rule for outcome in step.now_met] == [Rule.LICENCES]
    assert (step.new_place, step.told) == (False, ())


def test_a_step_up_can_come_from_a_new_place_or_a_new_sentence():
    told = Profile(replace(NOW.seeker, abilities=("koken", "bakken")), along(0, 0, 0, 1))
    step = step_up([Before(NOW.seeker, None, {"buffet"})], told, [PAID, BUFFET], WEIGHTS)
    assert (step.new_place, step.told, step.now_met) == (True, ("bakken",), ())


def test_the_same_rung_is_no_step_up():
    assert step_up([Before(COOK, Rung.PAID, set())], NOW, [PAID], WEIGHTS) is None
    assert step_up([Before(COOK, Rung.VOLUNTEERING, set())], NOW, [BUFFET], WEIGHTS) is None


@quick
@given(profiles(seekers()), place_lists(opportunities()))
def test_the_rung_now_is_the_rung_that_matching_reaches(profile, places):
    reached = rank(profile, places, WEIGHTS).rung_reached
    step = step_up([Before(profile.seeker, None, ())], profile, places, WEIGHTS)
    assert (step.rung_now if step else None) == reached


@quick
@given(single_places(opportunities()), place_lists(opportunities()), profile_lists(seekers()))
def test_a_stone_opens_what_matching_again_opens_to_who_can_start_there(stone, places, people):
    assume(stone.opportunity.id not in {place.opportunity.id for place in places})
    found = stepping_stone(stone, places, people, WEIGHTS)
    fits = {one.seeker.id for one in people if rank(one, [stone], WEIGHTS).rung_reached}
    assert set(found.starters) == fits
    by_id = {place.opportunity.id: place for place in places}
    for towards in found.towards:
        assert towards.place.kind.depth < stone.opportunity.kind.depth
        assert 2 * len(towards.tasks) >= len(towards.place.tasks or ("title",))
        for one in people:
            if one.seeker.id in fits:
                effect = what_if(one, afterwards(one, stone), [by_id[towards.place.id]], WEIGHTS)
                assert bool(effect.opens) == (one.seeker.id in towards.people)
                assert not (effect.rung_after and one.seeker.id in towards.nearer)


@quick
@given(profiles(seekers()), single_places(opportunities()))
def test_afterwards_every_text_has_its_vector(profile, stone):
    grown = afterwards(profile, stone)
    assert len(grown.vectors) == len(seeker_texts(grown.seeker))
    assert (grown.motivations == profile.motivations).all()
    assert (grown.learning == profile.learning).all()
    assert (grown.abilities[: len(profile.abilities)] == profile.abilities).all()


def test_a_place_gives_what_its_text_names():
    place = Opportunity("p", Rung.VOLUNTEERING, "Hulp", summary="We betalen je VOG.", offers="Oefenen met de taal.")
    assert gives(place) == ("VOG", DUTCH)
    assert gives(replace(place, summary="Vogels kijken, en 't is er fijn.", offers="")) == ()
    assert gives(replace(place, summary="Je haalt rijbewijs C of CE.", offers="")) == ("C", "CE")
    after = afterwards(
        Profile(replace(COOK, language=LanguageLevels(Level.A2)), along(0, 0, 0)), Place(place, along(1, 1, 1, 1, 1))
    )
    assert after.seeker.licences == {"VOG"}
    assert after.seeker.language == LanguageLevels(Level.B1, Level.A1)


def test_the_newest_match_on_a_lower_rung_is_what_now_is_compared_with():
    told = replace(NOW.seeker, abilities=("bakken",))
    earlier = [Before(NOW.seeker, Rung.PAID, {"paid"}), Before(COOK, Rung.LEARNING, {"paid"}), Before(told, None, set())]
    step = step_up(earlier, NOW, [PAID, BUFFET], WEIGHTS)
    assert (step.rung_before, step.told, step.new_place) == (Rung.LEARNING, (), False)


def test_a_place_that_needs_more_than_the_stone_gives_comes_nearer():
    stone = Place(replace(BUFFET.opportunity, summary="We betalen je VOG."), BUFFET.vectors)
    late = Place(replace(PAID.opportunity, id="late", hours_min=24.0), PAID.vectors)
    starter = Profile(replace(COOK, hours_max=16.0), along(0, 0, 0))
    found = stepping_stone(stone, [PAID, late], [starter], WEIGHTS)
    assert [(one.place.id, one.people, one.nearer) for one in found.towards] == [("paid", ("s",), ()), ("late", (), ("s",))]
