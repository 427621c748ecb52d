"""Words about health, benefits and debts in Dutch sentences, where they are said of the person or candidate themselves.

Word lists, and where they come from: `service/data/entry_check`.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import islice
from pathlib import Path

LISTS = Path(__file__).parent / "data" / "entry_check"
_SENTENCE = re.compile(r"[^.!?;\n]+(?:\.(?=\w)[^.!?;\n]+)*")
_CLAUSE_END = re.compile(
    r"[,:()–—]| - |\b(?:maar|want|omdat|doordat|dus|terwijl|toen|waardoor|zodat|nadat|voordat|but|because)\b", re.IGNORECASE
)
_WORD = re.compile(r"\w+(?:'\w+)?")
_ONESELF_TOO = re.compile(
    r"\bzelf ook\b|\book zelf\b|\b(?:heb|had|ben) (?:ik )?(?:dat|het|er) (?:ook )?zelf\b|\bzelf (?:last|meegemaakt)\b"
)
_MOST_TERMS = 100
_FROM_THIRD_PERSON = {
    **dict.fromkeys(("hij", "zij", "ze", "meneer", "mevrouw", "dhr", "mw", "client", "cliente", "klant", "inwoner"), "ik"),
    **dict.fromkeys(("zijn", "haar", "z'n"), "mijn"),
    "heeft": "heb",
    "is": "ben",
}
_SELF_REACH, _VERB_REACH, _OWN_REACH = 8, 5, 3


class Side(StrEnum):
    """Whose text it is: a person's own words, what others write about a person, or the text of a place."""

    PERSON = "person"
    ABOUT = "about"
    PLACE = "place"


class Rule(StrEnum):
    """When a term counts; `service/data/entry_check/README.md`."""

    ALWAYS = "always"
    NAMED = "named"
    HAVE = "have"
    BE = "be"
    USE = "use"
    VISIT = "visit"
    STAY = "stay"


@dataclass(frozen=True)
class Term:
    """A term as it was found; `start` and `end` are positions in the text."""

    concern: str
    rule: Rule
    start: int
    end: int


@dataclass(frozen=True)
class _Around:
    """The words around a term: of its clause before and after it, and of its whole sentence."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    sentence: frozenset[str]
    sentence_text: str


def sensitive_terms(text: str, side: Side) -> list[Term]:
    """Terms that tell about someone's own health, benefit or debts, in the order of the text."""
    plain = plain_letters(text)
    lowered = plain.lower() if plain.isascii() else "".join(character.lower()[0] for character in plain)
    if next(_matches(_any_term(), plain, lowered), None) is None:
        return []
    innocent = [match.span() for match in _matches(_false_friends(), plain, lowered)]
    found = [term for term in islice(_terms(plain, lowered), _MOST_TERMS) if not _inside_longer(term, innocent)]
    return sorted((term for term in found if _counts(term, lowered, side)), key=lambda term: term.start)


def listed_terms() -> dict[str, list[str]]:
    """Every term as it stands in the list, by concern; `*` stands for any letters."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in _lines("terms.tsv"):
        concern, _, terms = line.split("\t")
        found[concern] |= {term.strip() for term in terms.split(" | ")}
    return {concern: sorted(terms, key=str.lower) for concern, terms in sorted(found.items())}


def plain_letters(text: str) -> str:
    """The text without accents and with straight apostrophes, each character on its place."""
    if text.isascii():
        return text
    simple = text.translate({0x2019: "'", 0x2018: "'", 0xA0: " "})
    return "".join(unicodedata.normalize("NFKD", character)[0] for character in simple)


def _terms(plain: str, lowered: str) -> Iterator[Term]:
    seen: list[tuple[int, int]] = []
    for concern, rule, patterns in _term_lists():
        for match in _matches(patterns, plain, lowered):
            if not any(start <= match.start() and match.end() <= end for start, end in seen):
                seen.append(match.span())
                yield Term(concern, rule, *match.span())


def _inside_longer(term: Term, spans: list[tuple[int, int]]) -> bool:
    return any(start <= term.start and term.end <= end and end - start > term.end - term.start for start, end in spans)


def _counts(term: Term, text: str, side: Side) -> bool:
    around = _around(term, text, side)
    if side is Side.PLACE:
        return _asked_of_candidate(term, around)
    if term.rule is Rule.ALWAYS:
        return True
    if _of_oneself(term, around):
        return True
    return term.rule is Rule.NAMED and not _of_others(around)


def _around(term: Term, text: str, side: Side) -> _Around:
    sentence = next(match for match in _SENTENCE.finditer(text) if match.end() > term.start)
    head, tail = text[sentence.start() : term.start], text[term.end : sentence.end()]
    before = _CLAUSE_END.split(head)[-1]
    after = _CLAUSE_END.split(tail)[0]
    words = _words if side is not Side.ABOUT else _in_first_person
    return _Around(words(before), words(after), frozenset(words(sentence.group())), sentence.group())


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text))


def _in_first_person(text: str) -> tuple[str, ...]:
    """The words as the person would say them: "zij slikt" as "ik slik"."""
    return tuple(_said_by_oneself(word) for word in _words(text))


def _said_by_oneself(word: str) -> str:
    if word in _FROM_THIRD_PERSON:
        return _FROM_THIRD_PERSON[word]
    return word[:-1] if word.endswith("t") and word[:-1] in _words_for("have", "be", "use", "visit", "stay") else word


def _of_oneself(term: Term, around: _Around) -> bool:
    near = around.before[-_SELF_REACH:]
    verbs = _words_for("have", "be") if term.rule is Rule.NAMED else _words_for(term.rule.value)
    if _last(near[-_OWN_REACH:], _words_for("possessive")):
        return term.rule is not Rule.BE
    if _last(near[-_VERB_REACH:], _words_for("first_person") & verbs):
        return True
    if term.rule is Rule.NAMED and (_named_as_own(around) or _ONESELF_TOO.search(around.sentence_text)):
        return True
    return _with_subject(around, near, verbs)


def _named_as_own(around: _Around) -> bool:
    if _last(around.before[-2:], _words_for("diagnosed")):
        return True
    caused = _last(around.before[-_OWN_REACH:], _words_for("cause"))
    return caused and not around.sentence & _words_for("people")


def _with_subject(around: _Around, near: tuple[str, ...], verbs: frozenset[str]) -> bool:
    has_verb = bool(verbs & {*near[-_VERB_REACH:], *around.after[:_VERB_REACH]})
    said_before = _last(near, _words_for("self"))
    said_after = bool(_words_for("self") & set(around.after[:2])) and not _others_in(around.before)
    left_out = bool(near) and near[0] in verbs and "ik" in around.sentence and not around.sentence & _words_for("people")
    return has_verb and (said_before or said_after or left_out)


def _last(words: tuple[str, ...], wanted: frozenset[str]) -> bool:
    """Whether a wanted word stands in `words` with nobody else between it and the end."""
    places = [number for number, word in enumerate(words) if word in wanted]
    return bool(places) and not _others_in(words[places[-1] + 1 :])


def _others_in(words: tuple[str, ...]) -> bool:
    others = _words_for("people", "work")
    return any(word in others and not _is_self_described(words, number) for number, word in enumerate(words))


def _is_self_described(words: tuple[str, ...], number: int) -> bool:
    head = [word for word in words[max(number - 3, 0) : number] if word != "een"]
    return bool(head) and head[-1] in {"ben", "als", "was"} and words[number] in _words_for("people")


def _of_others(around: _Around) -> bool:
    return bool(around.sentence & _words_for("people", "work"))


def _asked_of_candidate(term: Term, around: _Around) -> bool:
    near = around.before[-_SELF_REACH:]
    if "met" in near[-2:] and _wanted_with(near):
        return True
    if _last(near[-1:], _words_for("candidate_possessive")) and term.rule is not Rule.BE:
        return True
    has_verb = bool(_words_for("candidate_verb") & {*near[-_VERB_REACH:], *around.after[:2]})
    return has_verb and _last(near, _words_for("candidate"))


def _wanted_with(near: tuple[str, ...]) -> bool:
    """Whether it says "kandidaten met …" or "wij zoeken iemand met …", with nothing between that tells of other people's care."""
    head = near[: len(near) - 1 - near[::-1].index("met")]
    if head and head[-1] in _words_for("candidate"):
        return True
    return len(head) >= 2 and bool(set(head[-4:]) & _words_for("wanted")) and "voor" not in head[-3:]


@dataclass(frozen=True)
class _Patterns:
    with_capitals: re.Pattern[str] | None
    without: re.Pattern[str] | None


def _matches(patterns: _Patterns, plain: str, lowered: str) -> Iterator[re.Match[str]]:
    if patterns.with_capitals:
        yield from patterns.with_capitals.finditer(plain)
    if patterns.without:
        yield from patterns.without.finditer(lowered)


@cache
def _term_lists() -> tuple[tuple[str, Rule, _Patterns], ...]:
    rows = [line.split("\t") for line in _lines("terms.tsv")]
    rows.sort(key=lambda row: row[1] != Rule.ALWAYS)
    return tuple((concern, Rule(rule), _compiled(words.split(" | "))) for concern, rule, words in rows)


@cache
def _any_term() -> _Patterns:
    return _compiled([term for line in _lines("terms.tsv") for term in line.split("\t")[2].split(" | ")])


@cache
def _false_friends() -> _Patterns:
    return _compiled(_lines("false_friends.txt"))


@cache
def _words_for(*groups: str) -> frozenset[str]:
    rows = [line.split("\t") for line in _lines("context.tsv")]
    return frozenset(word.strip() for group, words in rows if group in groups for word in words.split(" | "))


def _lines(name: str) -> list[str]:
    lines = (LISTS / name).read_text(encoding="utf-8").splitlines()
    return [plain_letters(line) for line in lines if line and not line.startswith("#")]


def _compiled(terms: list[str]) -> _Patterns:
    capitals = [term.strip() for term in terms if term != term.lower()]
    others = [term.strip() for term in terms if term == term.lower()]
    return _Patterns(_alternatives(capitals), _alternatives(others))


def _alternatives(terms: list[str]) -> re.Pattern[str] | None:
    """One pattern for all terms, by first character so that most words are passed over at once, the longest first."""
    if not terms:
        return None
    by_start: dict[str, list[str]] = defaultdict(list)
    for term in sorted(terms, key=len, reverse=True):
        by_start[_as_pattern(term[0])].append(_as_pattern(term[1:]))
    starts = (rf"{start}(?:{'|'.join(rests)})" for start, rests in by_start.items())
    return re.compile(rf"(?<!\w)(?:{'|'.join(starts)})(?!-?\w)")


def _as_pattern(term: str) -> str:
    symbols = {"*": r"\w*", "_": r"\w+", " ": r"[ \t-]{0,2}"}
    return "".join(symbols.get(character) or re.escape(character) for character in term)
