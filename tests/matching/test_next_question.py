from dataclasses import replace

import pytest
from hypothesis import given

from matching.model import LanguageLevels, Level, Opportunity, Rung, Seeker
from matching.next_question import TOP, changed_places, next_questions, questions
from matching.ranking import rank
from matching.vectors import Place, Profile
from tests.matching.strategies import WEIGHTS, along, opportunities, place_lists, profiles, quick, seekers

COOK = Seeker("s", abilities=("koken",), dayparts=frozenset(["mon_am", "mon_pm"]), language=LanguageLevels(Level.B1, Level.B1))


def listed(profile, places):
    return tuple(match.opportunity.id for match in rank(profile, places, WEIGHTS, TOP).matches if match.fits)


@quick
@given(profiles(seekers()), place_lists(opportunities(), least=0, most=12))
def test_the_expected_change_is_what_really_answering_gives(profile, places):
    before = listed(profile, places)
    expected = {}
    for question in questions(profile.seeker):
        after = [listed(Profile(one.applied_to(profile.seeker), profile.vectors), places) for one in question.answers]
        changed = [changed_places(before, top) for top in after]
        expected[question.name, str(question.facts)] = (sum(changed) / len(changed), after)
    asked = next_questions(profile, places, WEIGHTS)
    assert {(one.question.name, str(one.question.facts)) for one in asked} == {key for key in expected if expected[key][0] > 0}
    for one in asked:
        value, after = expected[one.question.name, str(one.question.facts)]
        assert (one.expected, [answer.top for answer in one.answers]) == (value, after)
    assert [one.expected for one in asked] == sorted((one.expected for one in asked), reverse=True)


def test_the_question_about_saturday_comes_first_when_the_places_are_open_then():
    def kitchen(name, *parts):
        return Place(Opportunity(name, Rung.PAID, "Kok", dayparts=frozenset(parts), hours_min=8), along(0, 0, 0, 0, 0))

    places = [kitchen("a", "sat_am", "sat_pm"), kitchen("b", "sat_am", "sat_pm"), kitchen("c", "sun_am", "sun_pm")]
    first, second, *rest = next_questions(Profile(COOK, along(0, 0, 0)), places, WEIGHTS)
    assert [(one.question.facts, one.expected) for one in (first, second)] == [({"part": "sat"}, 1.0), ({"part": "sun"}, 0.5)]
    assert {answer.answer.name: answer.top for answer in first.answers} == {"yes": ("a", "b"), "no": ()}
    assert rest == []


def test_what_is_not_known_is_asked_with_every_level_as_an_answer():
    unknown = replace(COOK, language=LanguageLevels(reading=Level.B2), dayparts=None)
    by_name = {question.name: question for question in questions(unknown)}
    assert [answer.fields["language"].speaking for answer in by_name["ask_language"].answers] == list(Level)[:4]
    assert all(answer.fields["language"].reading is Level.B2 for answer in by_name["ask_language"].answers)
    assert any(answer.fields == {} for answer in by_name["ask_part"].answers)


def test_who_is_flexible_is_asked_about_evenings_and_weekends_alone():
    asked = [question.facts["part"] for question in questions(replace(COOK, dayparts=None)) if question.name == "ask_part"]
    assert asked == ["weekday_eve", "sat", "sun"]


@pytest.mark.parametrize(("before", "after", "changed"), [("abc", "abc", 0), ("abc", "cba", 0), ("abc", "abd", 1), ("", "ab", 2)])
def test_places_that_come_or_go_are_counted(before, after, changed):
    assert changed_places(before, after) == changed
