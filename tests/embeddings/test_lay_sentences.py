import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from embeddings.lay_sentences import FOLDER, lay_pairs, read_lay_sentences, read_translations, split

JUDGED = [Path(__file__).parents[1] / name for name in ("golden", "general")]
FIELDS = {"text", "kind", "isco", "occupation", "title", "task", "trap"}


def _rows() -> Iterator[dict]:
    for file in sorted(FOLDER.glob("*.jsonl")):
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
    assert {of for of, _ in translations} <= {one.text for one in lay_sentences}
    pairs = {(pair.anchor, pair.positive) for pair in lay_pairs(train, translations)}
    for of, text in translations:
        if of in by_text:
            assert {(text, by_text[of].task), (text, by_text[of].title)} <= pairs
    held = {one.text for one in held_out}
    assert not {anchor for anchor, _ in pairs} & {text for of, text in translations if of in held}


def test_no_translation_is_a_near_copy_of_a_judged_sentence():
    assert _near_copies([text for _, text in read_translations()], _judged()) == []


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
