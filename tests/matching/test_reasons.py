import re
from dataclasses import replace

import pytest
from hypothesis import given

from matching import phrases
from matching.explaining import WORTH_SAYING
from matching.ladder import StepDown, SteppingStone
from matching.model import (
    AskedFor,
    Evidence,
    Gap,
    LanguageLevels,
    Level,
    Opportunity,
    Position,
    Rung,
    Seeker,
    State,
    Support,
    Transport,
)
from matching.phrases import PHRASES, RUNGS, SKILLS, SUPPORT, TRANSPORT
from matching.practical import hours, practical_fit
from matching.ranking import match_pair, rank
from matching.reasons import STRONG, gap_sentence, practical_sentence, reason_sentence, step_down_sentence, stone_sentence
from matching.vectors import Place, Profile
from tests.matching import strategies
from tests.matching.strategies import (
    WEIGHTS,
    along,
    open_opportunities,
    opportunities,
    place_lists,
    profiles,
    quick,
    seekers,
    single_places,
)

LANGUAGES = ("nl", "en")
TABLES = {"rungs": (RUNGS, Rung), "transport": (TRANSPORT, Transport), "support": (SUPPORT, Support)}
UNKIND = re.compile(
    r"\b(niet in staat|kan niet|kunt niet|lukt niet|niet goed genoeg|te laag|te weinig|te slecht|beperk|tekort|probleem|problemen"
    r"|achterstand|afstand tot de arbeidsmarkt|ziek|uitkering|bijstand|schuld|helaas|onvoldoende|mislukt|zwak|gebrek|ontbreek"
    r"|ontbrek|ongeschikt|arbeidsongeschikt|handicap|diagnose|verslav|werkloos|afgewezen|leeftijd|geslacht|afkomst|nationaliteit"
    r"|mist\b|faal|klacht"
    r"|unable|not able|cannot|can't|fail|lack|deficit|disab|benefit|welfare|debt|sick|ill\b|illness|health|problem"
    r"|limit(ed|ation)|impair|weak|poor|unfortunate|insufficient|inadequate|missing|shortcoming|behind|rejected|unemploy|diagnos|gender|origin)",
    re.IGNORECASE,
)


def unquoted(sentence):
    return re.sub(r"“[^”]*”", "“”", sentence)


def quotes(sentence):
    return re.findall(r"“([^”]*)”", sentence)


def sentences_of(ranking):
    """Every sentence about a ranking, in both languages."""
    said = []
    for language in LANGUAGES:
        for match in ranking.matches:
            said += [practical_sentence(outcome, language) for outcome in match.practical]
            said += [reason_sentence(evidence, language) for evidence in match.evidence]
            said += [gap_sentence(gap, language) for gap in match.gaps]
        said += [step_down_sentence(step, language) for step in ranking.stepped_down]
        said += [stone_sentence(stone, language) for stone in ranking.stepping_stones]
    return said


def texts_of(profile, places):
    told = set(profile.seeker.sentences)
    for place in places:
        work = place.opportunity
        told |= {work.title, work.summary, work.offers, *work.tasks, *(need.text for need in work.needs), *work.licences}
    return told


@pytest.mark.parametrize(
    "sentence", ["Je kan niet tillen", "Dat is een probleem", "You lack a licence", "Er is een taalachterstand"]
)
def test_the_list_of_unkind_words_finds_them(sentence):
    assert UNKIND.search(sentence.replace("taalachterstand", "achterstand"))


@quick
@given(profiles(seekers()), place_lists(opportunities()))
def test_no_sentence_speaks_of_deficits_health_or_benefits(profile, places):
    for sentence in sentences_of(rank(profile, places, WEIGHTS)):
        assert not UNKIND.search(unquoted(sentence)), sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_or_word_speaks_of_deficits_health_or_benefits(language):
    for table in (PHRASES, RUNGS, TRANSPORT, SUPPORT, SKILLS):
        for said in table.values():
            assert not UNKIND.search(said[language]), said[language]


@quick
@given(profiles(seekers()), place_lists(opportunities()))
def test_every_quote_comes_from_the_person_or_the_place(profile, places):
    told = texts_of(profile, places) | {"Nederlands"}
    for sentence in sentences_of(rank(profile, places, WEIGHTS)):
        assert set(quotes(sentence)) <= told, sentence


@quick
@given(profiles(), single_places(open_opportunities()))
def test_a_reason_quotes_both_sides_word_for_word(profile, place):
    for evidence in match_pair(profile, place, WEIGHTS).evidence:
        for language in LANGUAGES:
            assert quotes(reason_sentence(evidence, language)) == [evidence.statement, evidence.asked]


def test_braces_in_what_someone_wrote_stay_as_they_are():
    evidence = Evidence("ik maak {sjablonen}", "vul {0} en {title} in", AskedFor.TASK, 0.9)
    assert quotes(reason_sentence(evidence)) == ["ik maak {sjablonen}", "vul {0} en {title} in"]
    assert quotes(gap_sentence(Gap("{x}", State.TO_LEARN, must=True))) == ["{x}"]


@quick
@given(seekers(), opportunities())
def test_every_practical_outcome_becomes_a_whole_sentence_in_both_languages(seeker, place):
    for outcome in practical_fit(seeker, place):
        dutch, english = (practical_sentence(outcome, language) for language in LANGUAGES)
        assert dutch != english
        for sentence in (dutch, english):
            assert re.fullmatch(r"\S.*\.", sentence)
            assert not re.search(r"[{}]|None|  |: \.|_", sentence), sentence


@quick
@given(profiles(seekers()), place_lists(opportunities()))
def test_every_sentence_is_filled_in(profile, places):
    for sentence in sentences_of(rank(profile, places, WEIGHTS)):
        assert not re.search(r"[{}]|None|  ", unquoted(sentence)), sentence
        assert re.match(r"[A-Z0-9“]", sentence), sentence


@quick
@given(seekers(), opportunities())
def test_dutch_numbers_have_a_comma_and_english_numbers_a_point(seeker, place):
    for outcome in practical_fit(seeker, place):
        assert not re.search(r"\d\.\d", practical_sentence(outcome, "nl"))
        assert not re.search(r"\d,\d", practical_sentence(outcome, "en"))


@pytest.mark.parametrize(("language", "low", "high"), [("nl", "7,5", "12"), ("en", "7.5", "12")])
def test_hours_are_written_as_people_write_them(language, low, high):
    (outcome, *_) = practical_fit(Seeker("s", hours_min=7.5, hours_max=12.0), Opportunity("p", Rung.PAID, "Kok"))
    assert re.findall(r"\d[\d.,]*\b", practical_sentence(outcome, language)) == [low, high]


@pytest.mark.parametrize("table", TABLES)
def test_every_rung_way_of_travelling_and_support_has_words_in_both_languages(table):
    words, members = TABLES[table]
    assert set(words) == {member.value for member in members}
    for said in words.values():
        assert set(said) == set(LANGUAGES)
        assert all(text.strip() for text in said.values())
    for language in LANGUAGES:
        assert len({said[language] for said in words.values()}) == len(words)


@pytest.mark.parametrize("rung", Rung)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rung_is_named_in_its_own_words(rung, language):
    closed = Seeker("s", open_to=frozenset(set(Rung) - {rung}))
    for seeker in (Seeker("s"), closed):
        said = [practical_sentence(one, language) for one in practical_fit(seeker, Opportunity("p", rung, "Kok"))]
        assert sum(RUNGS[rung][language].lower() in sentence.lower() for sentence in said) == 1


@pytest.mark.parametrize("support", Support)
@pytest.mark.parametrize("language", LANGUAGES)
def test_support_is_named_in_its_own_words_whether_offered_or_to_arrange(support, language):
    seeker = Seeker("s", support_needs=frozenset([support]))
    for offered in (frozenset(), frozenset([support])):
        place = Opportunity("p", Rung.PAID, "Kok", support=offered)
        said = [practical_sentence(one, language) for one in practical_fit(seeker, place)]
        assert sum(SUPPORT[support][language] in sentence for sentence in said) == 1


@pytest.mark.parametrize("transport", Transport)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("limit", [1, 50])
def test_the_distance_names_how_someone_travels(transport, language, limit):
    seeker = Seeker("s", position=Position(51.965, 6.28889), max_travel_km=limit, transport=transport)
    place = Opportunity("p", Rung.PAID, "Kok", position=Position(51.9725, 6.71944))
    said = [practical_sentence(one, language) for one in practical_fit(seeker, place)]
    assert sum(TRANSPORT[transport][language] in sentence for sentence in said) == 1


def test_equal_hours_are_said_once():
    seeker = Seeker("s", hours_min=8, hours_max=8)
    for language, fits, wish in (("nl", "8 uur", "de wens is 8 uur."), ("en", "8 hours", "the wish is 8 hours.")):
        met = practical_sentence(hours(seeker, Opportunity("p", Rung.PAID, "Kok", hours_min=4, hours_max=12)), language)
        assert f": {fits}" in met, met
        assert practical_sentence(
            hours(seeker, Opportunity("p", Rung.PAID, "Kok", hours_min=12, hours_max=16)), language
        ).endswith(wish)


def test_every_phrase_has_both_languages_with_the_same_facts():
    for key, said in PHRASES.items():
        assert set(said) == set(LANGUAGES), key
        dutch, english = (set(re.findall(r"{(\w+)}", said[language].lower())) for language in LANGUAGES)
        assert dutch == english, key


HERE, NEAR, FAR = Position(51.965, 6.28889), Position(51.966, 6.29), Position(51.9725, 6.71944)
ANYONE = Seeker(
    "s",
    position=HERE,
    dayparts=frozenset(["mon_am"]),
    hours_max=20,
    language=LanguageLevels(Level.A2),
    licences=frozenset(["B"]),
    support_needs=frozenset([Support.BUDDY]),
    open_to=frozenset([Rung.PAID]),
)
ANYWHERE = Opportunity("p", Rung.PAID, "Kok")
SITUATIONS = (
    (ANYONE, ANYWHERE),
    (Seeker("s"), ANYWHERE),
    (ANYONE, replace(ANYWHERE, position=NEAR, dayparts=frozenset(["mon_am"]), licences=frozenset(["B"]))),
    (ANYONE, replace(ANYWHERE, position=NEAR._replace(exact=False), dayparts=frozenset(), licences=frozenset(["VCA"]))),
    (ANYONE, replace(ANYWHERE, position=FAR, licences=frozenset(["C"]), hours_min=30, support=ANYONE.support_needs)),
    (ANYONE, replace(ANYWHERE, language_min=LanguageLevels(Level.A2), positions=0, kind=Rung.LEARNING)),
    (ANYONE, replace(ANYWHERE, language_min=LanguageLevels(Level.B1))),
    (ANYONE, replace(ANYWHERE, language_min=LanguageLevels(Level.B2))),
    (Seeker("s"), replace(ANYWHERE, position=NEAR, language_min=LanguageLevels(Level.A2))),
)


def evidence(strength, part=AskedFor.TASK):
    return Evidence("ik kook", "koken", part, strength)


def a_match(seeker=ANYONE, place=ANYWHERE):
    return match_pair(Profile(seeker, along(0, 0)), Place(place, along(0, 0, 0, 0, 0)), WEIGHTS)


def everything_that_can_be_said(language):
    for seeker, place in SITUATIONS:
        yield from (practical_sentence(outcome, language) for outcome in practical_fit(seeker, place))
    for strength in (0.0, 0.49, 0.5, 0.74, 0.75, 1.0):
        yield reason_sentence(evidence(strength), language)
        yield reason_sentence(evidence(strength, AskedFor.NEED), language)
    yield reason_sentence(evidence(0.9, AskedFor.OFFER), language)
    for state in (State.TO_LEARN, State.BLOCKING):
        yield gap_sentence(Gap("rekenen", state, must=True), language)
    free, blocked = a_match(Seeker("s")), a_match(place=replace(ANYWHERE, positions=0))
    for nearest in ((), (free,), (blocked,)):
        yield step_down_sentence(StepDown(Rung.PAID, nearest), language)
    yield stone_sentence(SteppingStone(free, blocked, ("koken", "VCA")), language)


def key_of(sentence, language):
    """The phrase that a sentence was made from: of those that can be, the one with most words of its own."""
    own = {key: re.split(r"{\w+}", said[language]) for key, said in PHRASES.items()}
    found = [key for key, parts in own.items() if re.fullmatch(".+".join(map(re.escape, parts)), sentence)]
    return max(found, key=lambda key: len("".join(own[key])), default=f"no phrase: {sentence}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_is_used_and_every_sentence_comes_from_a_phrase(language):
    assert {key_of(sentence, language) for sentence in everything_that_can_be_said(language)} == set(PHRASES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stronger_pair_is_said_more_strongly(language):
    light, good, strong = (
        reason_sentence(evidence(strength), language) for strength in (WORTH_SAYING - 0.01, WORTH_SAYING, STRONG)
    )
    assert len({light, good, strong}) == 3
    assert reason_sentence(evidence(STRONG - 0.01), language) == good
    assert reason_sentence(evidence(1.0), language) == strong


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_step_down_names_the_nearest_place_and_what_stood_between(language):
    blocked = a_match(place=replace(ANYWHERE, licences=frozenset(["VCA"]), positions=0))
    sentence = step_down_sentence(StepDown(Rung.PAID, (blocked,)), language)
    assert quotes(sentence) == ["Kok"]
    assert RUNGS["paid"][language] in sentence.lower()
    assert "VCA" in sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stepping_stone_names_both_places_and_what_is_practised(language):
    lower, higher = a_match(place=replace(ANYWHERE, title="Hulp")), a_match()
    higher = replace(higher, opportunity=replace(higher.opportunity, tasks=("koken", "snijden")))
    sentence = stone_sentence(SteppingStone(lower, higher, ("koken", "snijden", "B", "VCA", "Nederlands")), language)
    assert quotes(sentence) == ["Hulp", higher.opportunity.title, "koken", "snijden"]
    assert all(words in sentence for words in ("VCA", phrases.LICENCES["B"][language]))
    assert {"nl": "Nederlands", "en": "Dutch"}[language] in sentence
    assert RUNGS["paid"][language] in sentence


@pytest.mark.parametrize("licence", [*strategies.LICENCES, "b", "Ce", "zwemdiploma {A}"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_licences_are_named_in_words_where_there_are_and_as_written_where_not(licence, language):
    words = phrases.LICENCES.get(licence.upper(), {}).get(language, licence)
    place = replace(ANYWHERE, licences=frozenset([licence]))
    for seeker in (Seeker("s"), Seeker("s", licences=frozenset([licence.upper()]))):
        said = [practical_sentence(outcome, language) for outcome in practical_fit(seeker, place)]
        assert sum(words in sentence for sentence in said) == 1


def test_the_catalogue_holds_no_other_languages():
    tables = [
        value for value in vars(phrases).values() if isinstance(value, dict) and value and "nl" in next(iter(value.values()))
    ]
    assert len(tables) >= 5
    assert {language for table in tables for said in table.values() for language in said} == set(LANGUAGES)
