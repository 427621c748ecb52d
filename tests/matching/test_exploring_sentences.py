import re
from dataclasses import replace

import pytest
from hypothesis import given

from matching import exploring_phrases, exploring_sentences
from matching.bundles import bundles
from matching.carving import Near, carve
from matching.doubt import Calibration, certainty
from matching.levers import LICENCE_COSTS, PARTS_OF_THE_WEEK, Change, Cost, levers, single_changes
from matching.model import LanguageLevels, Level, Opportunity, Position, Rule, Rung, Seeker, Support, Transport
from matching.next_question import next_questions, questions
from matching.ranking import match_pair
from matching.reasons import practical_sentence
from matching.stepping_up import Before, Stone, Towards, step_up, stepping_stone
from matching.vectors import Profile
from matching.what_if import Effect, what_if
from matching.wording import named
from tests.matching.strategies import WEIGHTS, opportunities, place_lists, profile_lists, profiles, quick, seekers, single_places
from tests.matching.test_reasons import UNKIND, unquoted

LANGUAGES = ("nl", "en")
CALIBRATION = Calibration("w", (4, 25), (5,) * 5, (1,) * 5)
TABLES = [value for value in vars(exploring_phrases).values() if isinstance(value, dict) and "nl" in next(iter(value.values()))]


def said_about_a_person(profile, places, language):
    for lever in levers(profile, places, WEIGHTS).levers:
        changed = lever.change.applied_to(profile.seeker)
        effect = what_if(profile, Profile(changed, profile.vectors), places, WEIGHTS)
        yield exploring_sentences.change_sentence(lever.change, language)
        yield exploring_sentences.effect_sentence(effect, language)
        yield exploring_sentences.effect_sentence(replace(effect, opens=effect.closes, closes=effect.opens), language)
        yield from exploring_sentences.difference_sentences(profile.seeker, changed, language)
    yield from (exploring_sentences.question_sentence(asked, language) for asked in next_questions(profile, places, WEIGHTS))
    for place in places:
        doubts = certainty(profile.seeker, match_pair(profile, place, WEIGHTS), CALIBRATION).doubts
        yield from (exploring_sentences.doubt_sentence(doubt, language) for doubt in doubts)
    if step := step_up([Before(Seeker("s"), None, ())], profile, places, WEIGHTS):
        yield exploring_sentences.step_up_sentence(step, language)


def said_about_places(places, people, language):
    for carving in carve(places[0], people, WEIGHTS).carvings:
        yield exploring_sentences.cut_sentence(carving, language)
    yield from (exploring_sentences.near_sentence(near, language) for near in carve(places[0], people, WEIGHTS).near)
    for bundle in bundles(places, people, WEIGHTS):
        yield exploring_sentences.bundle_sentence(bundle, language)
        yield from (exploring_sentences.kept_sentence(kept, language) for kept in bundle.kept)
    stone = stepping_stone(places[0], places[1:], people, WEIGHTS)
    yield exploring_sentences.stone_sentence(stone, language)
    yield from (exploring_sentences.towards_sentence(towards, language) for towards in stone.towards)


def check(sentence):
    own = unquoted(sentence)
    assert not re.search(r"[{}]|None|  |_", own), sentence
    assert not UNKIND.search(own), sentence


@quick
@given(profiles(seekers()), place_lists(opportunities()))
def test_what_is_said_about_a_person_is_filled_in_and_kind(profile, places):
    for language in LANGUAGES:
        for sentence in said_about_a_person(profile, places, language):
            check(sentence)


@quick
@given(place_lists(opportunities(), least=2), profile_lists(seekers()))
def test_what_is_said_about_places_is_filled_in_and_kind(places, people):
    for language in LANGUAGES:
        for sentence in said_about_places(places, people, language):
            check(sentence)


def test_every_phrase_is_kind_and_has_both_languages_with_the_same_facts():
    assert len(TABLES) >= 10
    for table in TABLES:
        for name, said in table.items():
            assert set(said) == set(LANGUAGES), name
            dutch, english = (set(re.findall(r"{(\w+)}", said[language].lower())) for language in LANGUAGES)
            assert dutch == english, name
            assert not any(UNKIND.search(text) for text in said.values()), name


def test_everything_that_can_be_asked_changed_or_doubted_has_a_phrase():
    changes = {
        change.name
        for change, _ in single_changes(Seeker("s", hours_min=20, hours_max=30, dayparts=frozenset(), open_to=frozenset()))
    }
    assert changes == set(exploring_phrases.CHANGES)
    known = LanguageLevels(Level.A1, Level.A1)
    asked = {
        one.name
        for told in (LanguageLevels(), known)
        for one in questions(Seeker("s", hours_min=20, hours_max=30, language=told))
    }
    assert asked == {name for name in exploring_phrases.QUESTIONS if name.startswith("ask_")}
    assert set(exploring_phrases.PARTS) == set(PARTS_OF_THE_WEEK)
    assert set(exploring_phrases.COSTS) == set(Cost)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_that_differs_is_named_with_what_it_was_and_becomes(language):
    before = Seeker("s", abilities=("koken",), licences=frozenset(["VOG"]), dayparts=None)
    after = Seeker(
        "s",
        abilities=("koken", "lassen"),
        motivations=("helpen",),
        learning=("rekenen",),
        position=Position(52.0, 6.0),
        max_travel_km=12.5,
        transport=Transport.CAR,
        hours_min=8.0,
        hours_max=20.0,
        dayparts=frozenset(["mon_am"]),
        language=LanguageLevels(Level.A2, Level.A2, Level.A1),
        licences=frozenset(["B"]),
        support_needs=frozenset([Support.BUDDY]),
        open_to=frozenset([Rung.PAID]),
    )
    said = exploring_sentences.difference_sentences(before, after, language)
    named = {name for name, words in exploring_phrases.FIELDS.items() for one in said if one.startswith(f"{words[language]}:")}
    assert named == set(exploring_phrases.FIELDS)
    text = " ".join(said)
    assert {"nl": "12,5", "en": "12.5"}[language] in text
    assert {"nl": "rijbewijs B", "en": "driving licence B"}[language] in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("licence", LICENCE_COSTS)
def test_a_change_names_the_licence(language, licence):
    (change,) = [
        one
        for one, _ in single_changes(Seeker("s", licences=frozenset(["B", "C"]) - {licence}))
        if one.facts == {"licences": [licence]}
    ]
    sentence = exploring_sentences.change_sentence(change, language)
    assert named("licences", licence, language).lower() in sentence.lower()


def test_one_and_more_are_counted_in_their_own_words():
    sentence = exploring_sentences.opened_sentence
    paid, other = Opportunity("a", Rung.PAID, "Kok"), Opportunity("b", Rung.VOLUNTEERING, "Kok")
    assert sentence([], "nl") == "Er gaat nu geen plek bij open."
    assert sentence([paid], "nl") == "Dan gaat er één plek open: betaald werk."
    assert sentence([other, paid, paid], "nl") == "Dan gaan er 3 plekken open: 2 × betaald werk en 1 × vrijwilligerswerk."


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (None, Rung.PAID, "Betaald werk komt binnen bereik."),
        (Rung.PAID, Rung.LEARNING, "De hoogste open trede wordt: leerwerktraject."),
        (Rung.PAID, None, "Er is dan geen plek meer open."),
        (Rung.PAID, Rung.PAID, "Er gaat nu geen plek bij open."),
    ],
)
def test_the_rung_is_named_when_it_changes(before, after, says):
    assert exploring_sentences.effect_sentence(Effect((), (), before, after, ())).endswith(says)


@quick
@given(profiles(seekers()), single_places(opportunities()))
def test_a_step_up_quotes_what_is_met_now(profile, place):
    if step := step_up(
        [Before(Seeker("s", hours_min=0.0, hours_max=0.5), None, {place.opportunity.id})], profile, [place], WEIGHTS
    ):
        sentence = exploring_sentences.step_up_sentence(step, "nl")
        assert all(practical_sentence(outcome, "nl") in sentence for outcome in step.now_met)
        assert all(f"“{one}”" in sentence for one in step.told)


def test_a_stone_says_where_it_leads_who_can_start_and_what_there_is_to_get():
    place = Opportunity("a", Rung.VOLUNTEERING, "Buurtkok")
    higher = Opportunity("b", Rung.PAID, "Kok", tasks=("koken",))
    stone = Stone(place, ("s1", "s2"), ("VOG", "Nederlands"), (Towards(higher, ("koken",), ("s1",), ("s2",)),))
    said = exploring_sentences.stone_sentence(stone, "en")
    assert (
        said == "“Buurtkok” is a stepping stone to: “Kok”. Who can start here: s1 and s2. To get or practise here: VOG and Dutch."
    )
    (towards,) = (exploring_sentences.towards_sentence(one, "nl") for one in stone.towards)
    assert towards == "Naar “Kok” (betaald werk): hier oefen je “koken” Gaat daarna open voor s1. Komt dichterbij voor s2."


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_practical_rule_can_be_named_as_what_stands_between(language):
    said = exploring_sentences.near_sentence(Near("s1", tuple(Rule)), language)
    assert all(exploring_phrases.RULES[rule][language] in said for rule in Rule)
    assert "s1" in said


def test_a_change_is_what_was_asked():
    assert (
        exploring_sentences.change_sentence(Change("hours_up", {}, {"hours": 32.0}), "nl") == "Kan het ook 32 uur per week zijn?"
    )
