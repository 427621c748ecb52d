"""What does not belong in a text is found, with words and advice; work with other people's cares is not."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.nl import bsn

from service.entry_check import Concern, check_record, check_text
from service.interchange import OpportunityRecord, SeekerRecord
from service.sensitive_words import Side
from tests.service.texts_to_check import (
    FINE_ABOUT_A_PERSON,
    FINE_FOR_A_PERSON,
    FINE_FOR_A_PLACE,
    FOUND_ABOUT_A_PERSON,
    FOUND_IN_A_PERSON,
    FOUND_IN_A_PLACE,
)

ROOT = Path(__file__).parent.parent.parent


def sentences(found: dict[str, str]) -> list[tuple[str, str]]:
    return [(concern, line.strip()) for concern, lines in found.items() for line in lines.strip().splitlines()]


def concerns(text: str, side: Side) -> set[str]:
    return {finding.concern for finding in check_text("summary", text, side)}


@pytest.mark.parametrize(("concern", "text"), sentences(FOUND_IN_A_PERSON))
def test_what_does_not_belong_in_a_profile_is_found(concern: str, text: str) -> None:
    assert concern in concerns(text, Side.PERSON)


@pytest.mark.parametrize("text", [line.strip() for line in FINE_FOR_A_PERSON])
def test_work_with_others_and_false_friends_pass_in_a_profile(text: str) -> None:
    assert check_text("abilities.0", text, Side.PERSON) == []


@pytest.mark.parametrize("text", FOUND_ABOUT_A_PERSON)
def test_what_others_write_about_someones_health_or_money_is_found(text: str) -> None:
    assert concerns(text, Side.ABOUT) & {Concern.HEALTH, Concern.MONEY}


@pytest.mark.parametrize("text", FINE_ABOUT_A_PERSON)
def test_what_others_write_about_someones_work_passes(text: str) -> None:
    assert check_text("note", text, Side.ABOUT) == []


@pytest.mark.parametrize(("concern", "text"), sentences(FOUND_IN_A_PLACE))
def test_what_is_asked_of_a_candidates_health_or_money_is_found(concern: str, text: str) -> None:
    assert concern in concerns(text, Side.PLACE)


@pytest.mark.parametrize("text", [line.strip() for line in FINE_FOR_A_PLACE])
def test_whom_a_place_serves_may_be_said(text: str) -> None:
    assert check_text("title", text, Side.PLACE) == []


def test_the_demo_set_the_judged_set_and_the_training_sentences_raise_no_alarm() -> None:
    texts = list(shipped_texts())
    assert len(texts) > 14_000
    alarms = [(text, finding.words) for side, text in texts for finding in check_text("summary", text, side)]
    assert alarms == []


def shipped_texts():
    for path in [
        *ROOT.glob("service/demo/*.jsonl"),
        *ROOT.glob("tests/golden/*.jsonl"),
        *ROOT.glob("embeddings/training/*.jsonl"),
    ]:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            for field in ("abilities", "motivations", "learning"):
                yield from ((Side.PERSON, text) for text in row.get(field, []))
            yield from ((Side.PLACE, text) for text in row.get("tasks", []))
            yield from ((Side.PLACE, need["text"]) for need in row.get("needs", []))
            yield from (
                (Side.PLACE, row[field])
                for field in ("title", "task", "trap", "organisation", "summary", "offers")
                if row.get(field)
            )
            yield from ((Side.PERSON, row["text"]) for _ in range("text" in row))


def test_the_answer_names_field_and_words_and_says_what_to_write_instead() -> None:
    [finding] = check_text("abilities.1", "Door mijn Depressie en burn-out werk ik rustig.", Side.PERSON)
    assert (finding.field, finding.concern, finding.words) == ("abilities.1", Concern.HEALTH, ("Depressie", "burn-out"))
    assert "'Depressie', 'burn-out'" in finding.message
    assert "wat iemand nodig heeft om goed te werken: 'rustige werkplek'" in finding.message


def test_a_citizen_service_number_is_never_repeated() -> None:
    [finding] = check_text("summary", "Mijn bsn is 111222333.", Side.PERSON)
    assert "111222333" not in finding.message
    assert "33" in finding.message


def test_every_text_of_a_record_is_checked_and_its_code() -> None:
    person = SeekerRecord(id="111222333", abilities=["Ik kook."], motivations=["Bel 0612345678."], learning=["Ik heb ADHD."])
    assert {(f.field, f.concern) for f in check_record(person)} == {
        ("id", "bsn"),
        ("motivations.0", "phone"),
        ("learning.0", "health"),
    }
    mail = "Mail a@example.nl"
    place = OpportunityRecord.model_validate(
        {"id": "o1", "kind": "paid", "title": mail, "summary": mail, "offers": mail, "tasks": [mail], "needs": [{"text": mail}]}
    )
    assert {f.field for f in check_record(place)} == {"title", "summary", "offers", "tasks.0", "needs.0.text"}


def test_an_organisation_may_be_named_after_its_street() -> None:
    assert check_text("organisation", "Eetcafé Dorpsstraat 12", Side.PLACE) == []
    assert check_text("summary", "Eetcafé Dorpsstraat 12", Side.PLACE) != []


@given(st.integers(10_000_000, 999_999_999), st.sampled_from(["{}", "({})", "bsn {}.", "{}, dus"]))
@settings(max_examples=200, deadline=None)
def test_a_number_is_a_citizen_service_number_exactly_when_its_check_digit_says_so(number: int, form: str) -> None:
    expected = bsn.is_valid(str(number).zfill(9))
    found = [f for f in check_text("summary", form.format(number), Side.PERSON) if f.concern is Concern.BSN]
    assert bool(found) == expected or looks_like_a_date(str(number))


def looks_like_a_date(digits: str) -> bool:
    return len(digits) == 8 and digits[:2] in {"19", "20"}


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_text_gets_an_answer_and_words_are_quoted_from_it(text: str) -> None:
    for side in Side:
        for finding in check_text("summary", text, side):
            assert finding.concern is Concern.BSN or all(word in text for word in finding.words)
