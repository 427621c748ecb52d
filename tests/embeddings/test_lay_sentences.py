import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from embeddings.lay_sentences import (
    FOLDER,
    LayPlace,
    LayProfile,
    lay_pairs,
    multilingual_pairs,
    profile_pairs,
    read_lay_sentences,
    read_multilingual_profiles,
    read_profiles,
    read_translations,
    split,
)
from matching.model import Opportunity, Rung, Seeker
from matching.vectors import opportunity_texts, seeker_texts

JUDGED = [Path(__file__).parents[1] / name for name in ("golden", "general")]
FIELDS = {"text", "kind", "isco", "occupation", "title", "task", "trap"}
PROFILE_FIELDS = {"abilities", "motivations", "learning", "isco", "place", "near_miss"}
LANGUAGES = {"ar", "tr", "uk", "pl"}
PLACE_FIELDS = {"kind", "title", "summary", "tasks", "offers"}
UNPAID = {Rung.WORK_EXPERIENCE, Rung.VOLUNTEERING, Rung.SOCIAL_ACTIVATION, Rung.DAY_ACTIVITY, Rung.BASIC_JOB}


@pytest.fixture(scope="module")
def profiles() -> list[LayProfile]:
    return read_profiles()


@pytest.fixture(scope="module")
def multilingual() -> list[dict[str, LayProfile]]:
    return read_multilingual_profiles()


def _rows(folder: Path = FOLDER) -> Iterator[dict]:
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").split("\n"):
            if line:
                yield json.loads(line)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+", text.strip())


def _judged() -> list[str]:
    files = sorted(file for folder in JUDGED for file in folder.rglob("*.jsonl"))
    texts = [
        text
        for file in files
        for line in file.read_text(encoding="utf-8").split("\n")
        if line
        for text in _strings(json.loads(line))
    ]
    return sorted({part for text in texts for part in [text, *_sentences(text)] if len(part.split()) >= 4})


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _near_copies(texts: Iterable[str], judged: list[str]) -> list[tuple[str, str]]:
    texts = sorted({text for text in texts if len(text.split()) >= 4})
    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5)).fit(texts + judged)
    alike = (grams.transform(texts) @ grams.transform(judged).T).tocoo()
    return [(texts[alike.row[at]], judged[alike.col[at]]) for at in np.flatnonzero(alike.data >= 0.75)]


def test_every_row_is_well_formed():
    for row in _rows():
        assert set(row) == FIELDS, row
        assert row["kind"] in {"ability", "motivation", "learning"}, row
        assert all(row[field] == row[field].strip() != "" for field in ("text", "title", "task")), row
        assert row["isco"] is None or re.fullmatch(r"\d{4}", row["isco"]), row
        assert row["occupation"] is None or row["occupation"].strip(), row
        assert row["isco"] or not row["occupation"], row
        assert row["trap"] is None or row["trap"].strip() not in {"", row["task"], row["title"]}, row


def test_there_are_at_least_three_thousand_sentences_and_all_are_read(lay_sentences):
    assert len(lay_sentences) >= 3000
    assert [one.text for one in lay_sentences] == [row["text"] for row in _rows()]


def test_the_readme_tells_how_many_there_are(lay_sentences):
    assert f"{len(lay_sentences):,} objects" in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_readme_tells_how_many_translations_there_are():
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for file in (FOLDER / "translated").glob("*.jsonl"):
        count = len(file.read_text(encoding="utf-8").splitlines())
        assert f"(`{file.stem}`) | {count:,} |" in readme


def test_no_sentence_is_there_twice(lay_sentences):
    count = Counter(_plain(one.text) for one in lay_sentences)
    assert [text for text, times in count.items() if times > 1] == []


def test_each_kind_is_well_represented(lay_sentences):
    kinds = Counter(one.kind for one in lay_sentences)
    assert min(kinds.values()) >= len(lay_sentences) / 20


def test_reading_gives_group_and_work_also_where_esco_knows_none(lay_sentences):
    assert all(one.group and one.work for one in lay_sentences)
    outside = [one for one in lay_sentences if not one.group.isdigit()]
    assert outside
    assert all(one.group == one.work == one.title for one in outside)


def test_held_out_sentences_are_a_twentieth_and_never_trained_on(lay_sentences):
    train, held_out = split(lay_sentences)
    assert len(train) + len(held_out) == len(lay_sentences)
    assert len(held_out) == pytest.approx(len(lay_sentences) / 20, abs=1)
    assert not {_plain(one.text) for one in train} & {_plain(one.text) for one in held_out}
    assert split(read_lay_sentences())[1] == held_out


def test_held_out_words_are_in_no_pair(lay_sentences):
    train, held_out = split(lay_sentences)
    told = " \n ".join(pair.anchor for pair in lay_pairs(train))
    assert [one.text for one in held_out if one.text in told] == []


def test_every_sentence_is_paired_with_its_task_and_its_title(lay_sentences):
    some = lay_sentences[:50]
    pairs = {(pair.anchor, pair.positive, pair.group, pair.trap) for pair in lay_pairs(some)}
    for one in some:
        assert {(one.text, one.task, one.group, one.trap), (one.text, one.title, one.group, "")} <= pairs


def test_every_translation_is_paired_with_what_the_dutch_sentence_is_evidence_for(lay_sentences):
    train, held_out = split(lay_sentences)
    by_text = {one.text: one for one in train}
    translations = read_translations()
    assert len(translations) >= 4_500
    assert {one.of for one in translations} <= {one.text for one in lay_sentences}
    pairs = {(pair.anchor, pair.positive) for pair in lay_pairs(train, translations)}
    for one in translations:
        if one.of in by_text:
            assert {(one.text, by_text[one.of].task), (one.text, by_text[one.of].title)} <= pairs
    held = {one.text for one in held_out}
    assert not {anchor for anchor, _ in pairs} & {one.text for one in translations if one.of in held}


def test_no_translation_is_a_near_copy_of_a_judged_sentence():
    assert _near_copies([one.text for one in read_translations()], _judged()) == []


def test_whole_profiles_stay_within_one_group_and_are_drawn_the_same_each_time(lay_sentences):
    some = lay_sentences[:200]
    groups = {one.text: one.group for one in some}
    texts = set(groups)
    whole = [pair for pair in lay_pairs(some) if pair.kind == "whole"]
    assert len(whole) > 100
    as_they_were = [pair for pair in whole if any(text in pair.anchor for text in texts)]
    assert len(as_they_were) > 0.6 * len(whole)
    for pair in as_they_were:
        assert {group for text, group in groups.items() if text in pair.anchor} == {pair.group}
    assert lay_pairs(some) == lay_pairs(some)
    assert lay_pairs(some, seed=1) != lay_pairs(some)


@pytest.mark.parametrize(
    ("folder", "fields"), [("profiles", PROFILE_FIELDS), ("multilingual", PROFILE_FIELDS | {"translations"})]
)
def test_every_profile_is_well_formed(folder, fields):
    for row in _rows(FOLDER / folder):
        assert set(row) == fields, row
        assert 1 <= len(row["abilities"]) <= 5, row
        assert len(row["motivations"]) <= 3, row
        assert len(row["learning"]) <= 2, row
        assert row["isco"] is None or re.fullmatch(r"\d{4}", row["isco"]), row
        for place in (row["place"], row["near_miss"]):
            assert set(place) == PLACE_FIELDS, row
            assert place["kind"] in set(Rung), row
            assert 2 <= len(place["tasks"]) <= 4, row
        assert all(text == text.strip() != "" for text in _strings(row)), row
        assert row["place"]["title"] != row["near_miss"]["title"], row


def test_a_profile_says_as_much_in_every_language(multilingual):
    for one in multilingual:
        assert set(one) == {"nl", *LANGUAGES}
        assert len({(len(told.abilities), len(told.motivations), len(told.learning)) for told in one.values()}) == 1, one["nl"]
        assert len({told.whole for told in one.values()}) == len(one)


@pytest.mark.parametrize("folder", ["profiles", "multilingual"])
def test_half_of_the_profiles_go_with_unpaid_work_and_every_rung_is_there(folder):
    kinds = Counter(Rung(row["place"]["kind"]) for row in _rows(FOLDER / folder))
    assert set(kinds) == set(Rung)
    assert sum(kinds[kind] for kind in UNPAID) >= kinds.total() / 2


def test_the_readme_tells_how_many_profiles_there_are(profiles, multilingual):
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert f"{len(profiles)} whole profiles" in readme
    assert f"{len(multilingual)} more" in readme


def test_no_sentence_of_a_profile_is_there_twice_and_no_place_is_right_twice(profiles, multilingual):
    profiles = profiles + [one["nl"] for one in multilingual]
    said = Counter(_plain(text) for one in profiles for text in (*one.abilities, *one.motivations, *one.learning))
    right = Counter(one.place.title for one in profiles)
    wrong = Counter(one.near_miss.title for one in profiles)
    assert [text for count in (said, right, wrong) for text, times in count.items() if times > 1] == []


def _seeker(one: LayProfile) -> Seeker:
    return Seeker("someone", one.abilities, one.motivations, one.learning)


def _opportunity(place: LayPlace) -> Opportunity:
    return Opportunity("somewhere", Rung.PAID, place.title, summary=place.summary, tasks=place.tasks, offers=place.offers)


def test_texts_of_profiles_and_places_are_composed_as_matching_has_them_encoded(profiles):
    for one in profiles:
        assert [one.whole, one.can] == seeker_texts(_seeker(one))[:2]
        for place in (one.place, one.near_miss):
            assert place.whole == opportunity_texts(_opportunity(place))[0]


def test_a_profile_is_paired_as_a_whole_by_what_it_can_and_by_what_moves_it():
    place = LayPlace("Hovenier", "Wij houden parken mooi.", ("Je snoeit.", "Je maait."), "Buitenlucht.")
    other = LayPlace("Bloemist", "Wij verkopen boeketten.", ("Je bindt.", "Je verkoopt."), "Geuren.")
    one = LayProfile(("Ik tuinier.",), ("Ik wil naar buiten.",), ("Ik leer zagen.",), "9214", place, other)
    parkland, flowers = (
        "Hovenier. Wij houden parken mooi. Je snoeit. Je maait.",
        "Bloemist. Wij verkopen boeketten. Je bindt. Je verkoopt.",
    )
    as_told = [pair for pair in profile_pairs([one]) if "retold" not in pair.kind]
    assert [(pair.anchor, pair.positive, pair.trap) for pair in as_told] == [
        ("Ik tuinier. Ik leer zagen. Ik wil naar buiten.", parkland, flowers),
        ("Ik tuinier. Ik leer zagen.", parkland, ""),
        ("Ik wil naar buiten.", "Buitenlucht.", "Geuren."),
        ("Ik wil naar buiten.", "Wij houden parken mooi.", "Wij verkopen boeketten."),
    ]
    assert {(pair.group, pair.near) for pair in profile_pairs([one])} == {("9214", "9214")}


def test_a_profile_told_otherwise_goes_with_the_same_place_also_when_that_makes_it_long_or_short(profiles):
    retold = [pair for pair in profile_pairs(profiles[:40]) if pair.kind == "retold profile"]
    assert len(retold) == 2 * 40
    places = {one.place.whole for one in profiles[:40]}
    assert {pair.positive for pair in retold} == places
    long = [pair.anchor for pair in retold if len(pair.anchor.split()) > 120]
    short = [pair.anchor for pair in retold if len(pair.anchor.split()) < 30]
    assert long
    assert short
    assert profile_pairs(profiles[:40]) == profile_pairs(profiles[:40])


def test_a_profile_in_another_language_goes_with_the_dutch_place(multilingual):
    some = multilingual[:60]
    pairs = multilingual_pairs(some)
    right = {told.whole: told.place.whole for one in some for told in one.values()}
    abroad = [pair for pair in pairs if pair.kind == "translated profile"]
    assert len(abroad) == 2 * len(some)
    assert all(right[pair.anchor] == pair.positive for pair in abroad)
    assert set(profile_pairs([one["nl"] for one in some], times_retold=1)) <= set(pairs)
    assert multilingual_pairs(some) == pairs


def test_held_out_profiles_are_in_no_pair_in_any_language(multilingual):
    train, held_out = split(multilingual)
    told = " \n ".join(pair.anchor for pair in multilingual_pairs(train))
    said = [text for one in held_out for profile in one.values() for text in (*profile.abilities, *profile.motivations)]
    assert [text for text in said if len(text.split()) > 2 and text in told] == []


def test_sentences_of_one_language_make_whole_profiles_in_it(lay_sentences):
    translations = read_translations()
    whole = [pair for pair in lay_pairs(lay_sentences, translations) if pair.kind == "translated whole"]
    arabic = [one.text for one in translations if one.language == "ar"]
    others = [one.text for one in translations if one.language != "ar"]
    in_arabic = [pair.anchor for pair in whole if pair.anchor.startswith(tuple(arabic))]
    assert len(in_arabic) > 500
    assert not [text for anchor in in_arabic[:50] for text in others if text in anchor]


def test_held_out_profiles_are_a_twentieth_and_in_no_pair(profiles):
    train, held_out = split(profiles)
    assert len(train) + len(held_out) == len(profiles)
    assert len(held_out) == pytest.approx(len(profiles) / 20, abs=1)
    told = " \n ".join(pair.anchor for pair in profile_pairs(train))
    assert [text for one in held_out for text in (*one.abilities, *one.motivations, *one.learning) if text in told] == []


def _profile_texts(profiles: list[LayProfile]) -> list[str]:
    places = [place for one in profiles for place in (one.place, one.near_miss)]
    said = [text for one in profiles for text in (one.whole, *one.abilities, *one.motivations, *one.learning)]
    return said + [text for place in places for text in (place.whole, place.title, place.summary, *place.tasks, place.offers)]


def test_no_sentence_of_a_profile_or_its_places_is_a_near_copy_of_a_judged_sentence(profiles, multilingual):
    texts = _profile_texts(profiles + [told for one in multilingual for told in one.values()])
    assert _near_copies(texts, _judged()) == []
    judged = {_plain(sentence) for sentence in _judged()}
    assert [part for text in texts for part in _sentences(text) if _plain(part) in judged] == []


def test_no_sentence_or_task_is_a_near_copy_of_a_judged_sentence(lay_sentences):
    judged = _judged()
    assert len(judged) > 2000
    assert _near_copies([text for one in lay_sentences for text in (one.text, one.task)], judged) == []


def test_no_sentence_inside_a_text_is_a_judged_sentence(lay_sentences):
    judged = {_plain(sentence) for sentence in _judged()}
    parts = [part for one in lay_sentences for text in (one.text, one.task, one.trap) for part in _sentences(text)]
    assert [part for part in parts if _plain(part) in judged] == []


def test_a_copy_with_a_few_letters_changed_would_be_noticed():
    judged = _judged()
    copy = "Bij mijn oom op het erf zette ik poorten en karren in mekaar: ijzer aan ijzer, kap op en vonken om je heen!"
    assert [text for text, _ in _near_copies([copy], judged)][:1] == [copy]
