"""The text of a vacancy as people paste it, taken apart into the fields of a place; a person confirms the result."""

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from service.entry_check import check_text
from service.geography import Gazetteer, simplified
from service.imports.vacancy_facts import facts_of, hours_in, kind_in, language_in, licences_in
from service.imports.word_lists import DATA
from service.sensitive_words import Side

_BULLET = re.compile(r"^\s*(?:[-*•·–▪●✓✔>]|\d{1,2}[.)])\s+")
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-Z'’0-9])")
_TITLE_NOISE = re.compile(
    r"^(?:vacature|gezocht|functie|functietitel|titel|(?:wij|we) zoeken(?: een)?)\s*[:!]?\s+|\s*\(?[mvx](?:\s*/\s*[mvx])+\)?|"
    r"\s*[,(–-]?\s*\d{1,2}(?:\s*(?:-|–|tot|à)\s*\d{1,2})?\s*(?:uur|uren|u)\b[^)]*\)?\s*$|[!.]+$",
    re.IGNORECASE,
)
_SOUGHT = re.compile(
    r"(?:zoek(?:t|en)?(?: wij| we)?|op zoek naar|gezocht:?)\s+(?:per direct\s+|nog\s+)?(?:een\s+|naar een\s+)?([^.,!?\n(]{3,60}?)"
    r"(?=\s+(?:die|voor|in|met|bij|om|te|\d)\b|[.,!?\n(]|$)",
    re.IGNORECASE,
)
_NICE = re.compile(
    r"\bpr[eé]\b|mooi meegenomen|pluspunt|is een plus|\bplus\b|bij voorkeur|liefst|wenselijk|handig als|nice to have|fijn als",
    re.IGNORECASE,
)
_LEARNABLE = re.compile(
    r"bereid|te leren|leren (?:wij|we) je|leer je|wordt je geleerd|werken je in|inwerk|kun je hier|"
    r"wil(?:t|len)? (?:dit |het )?leren|"
    r"geen ervaring nodig|ervaring is niet nodig|opleiding krijg|leergierig|of gaat halen|te halen|leert het hier",
    re.IGNORECASE,
)
_NEED_CUE = re.compile(
    r"^(?:je|jij|u) (?:hebt|heb|bent|ben|beschikt|kunt|kan|houdt|spreekt|leest|vindt|wilt|voelt|durft)\b|"
    r"ervaring|rijbewijs|\bvog\b|wij (?:vragen|verwachten)|diploma|niveau|in het bezit",
    re.IGNORECASE,
)
_OFFER_CUE = re.compile(
    r"wij bieden|we bieden|je krijgt|jij krijgt|salaris|collega|gezellig|sfeer|reiskosten|korting|"
    r"contract|team|vergoeding|pensioen|begeleiding|lunch|koffie",
    re.IGNORECASE,
)
_OFFERING = re.compile(r"^(?:wij|we) bieden\b|^(?:je|jij) krijgt\b", re.IGNORECASE)
_CONTACT_CUE = re.compile(
    r"^(?:bel|mail|app|stuur|solliciteer|reageer|schrijf)\b(?: je\b| dan\b| naar\b| met\b| ons\b| een\b| direct\b| [A-Z0-9])|"
    r"^neem contact op|^meld je aan|^voor (?:meer )?(?:informatie|vragen)\b|^acquisitie\b",
    re.IGNORECASE,
)
_TASK_CUE = re.compile(
    r"^(?:je|jij|u)\s+(?!(?:hebt|heb|bent|ben|krijgt|beschikt|kunt|kan|houdt|spreekt|vindt|wilt|voelt|durft|werkt)\b)\w+|"
    r"^(?:het|de) \w+en van\b",
    re.IGNORECASE,
)
_LONGEST_TITLE, _LONGEST_HEADING, _FACT_WORDS = 90, 7, 9


@dataclass
class VacancyDraft:
    """What was read, to be confirmed.

    Attributes:
        fields: a place in the interchange format, with an id made from the text.
        assumed: fields that were guessed, as sentences in Dutch.
        left_out: sentences that were not taken over, with the reason.
    """

    fields: dict[str, Any]
    assumed: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


def read_vacancy(text: str, gazetteer: Gazetteer) -> VacancyDraft:
    """Title, tasks, needs, offers, hours, dayparts, place, licences and language from the text of a vacancy."""
    text = text.replace("\r\n", "\n").replace("\u00a0", " ").strip()
    draft = VacancyDraft({"id": f"vac-{hashlib.blake2b(text.encode('utf-8', 'replace'), digest_size=5).hexdigest()}"})
    lines = [line for line in text.split("\n") if line.strip()]
    title, rest = _title(lines)
    sections = _sections(rest)
    _leave_out_contact(sections, draft)
    draft.fields |= {"title": title, "kind": _kind(text, draft), **facts_of(text, gazetteer)}
    _describe(sections, draft)
    _ask(sections, draft)
    return draft


def sorted_sentences(text: str) -> dict[str, list[str]]:
    """The sentences of a text by section: tasks, needs, offers, summary, contact and facts."""
    return _sections([line for line in text.split("\n") if line.strip()])


def need_of(sentence: str) -> dict[str, Any]:
    """A need, nice or learnable where the sentence says so."""
    return {"text": sentence, "must": not _NICE.search(sentence), "learnable": bool(_LEARNABLE.search(sentence))}


def _title(lines: list[str]) -> tuple[str, list[str]]:
    first = _BULLET.sub("", lines[0]).strip() if lines else ""
    sought = _SOUGHT.search("\n".join(lines))
    if first and len(first) <= _LONGEST_TITLE and not _heading(first) and not re.search(r"[.!?]\s|[.]$", first):
        if sought and re.search(r"zoek", first, re.IGNORECASE) and sought[1] in first:
            return _clean_title(sought[1]), lines[1:]
        return _clean_title(first), lines[1:]
    described = next(iter(_sentences(_TITLE_NOISE.sub("", first))), first)
    return _clean_title(sought[1] if sought else described[:_LONGEST_TITLE]), lines


def _clean_title(title: str) -> str:
    clean = title.strip()
    while (shorter := _TITLE_NOISE.sub("", clean).strip()) != clean and shorter:
        clean = shorter
    return clean[:1].upper() + clean[1:]


def _sections(lines: list[str]) -> dict[str, list[str]]:
    """Sentences under the headings of the text; those under none are told apart by how they begin."""
    sections: dict[str, list[str]] = {name: [] for name in ("summary", "tasks", "needs", "offers", "contact", "facts")}
    current, headed = "summary", False
    for line in lines:
        is_bullet, plain = bool(_BULLET.match(line)), _BULLET.sub("", line).strip()
        if not is_bullet and (found := _heading(plain)):
            name, rest = found
            if name == "facts":
                sections["facts"].append(plain)
                continue
            current, headed = name, True
            plain = rest
        for sentence in _sentences(plain):
            sections[_always(sentence) or (current if headed else _guessed(sentence))].append(sentence)
    return sections


def _heading(line: str) -> tuple[str, str] | None:
    """Section of a heading, and the text that stands behind it on the same line."""
    parts = re.split(r"[:?!]", line, maxsplit=1)
    if len(parts) == 2 and (section := _headings().get(simplified(parts[0]))):
        return section, parts[1].strip()
    if len(line.split()) <= _LONGEST_HEADING and not line.endswith((".", "!")):
        section = _headings().get(simplified(line))
        return (section, "") if section and section != "facts" else None
    return None


@cache
def _headings() -> dict[str, str]:
    with (DATA / "vacancy_headings.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader((line for line in file if not line.startswith("#")), delimiter="\t")
        return {simplified(name): section for section, names in rows for name in names.split(" | ")}


def _sentences(line: str) -> list[str]:
    return [part.strip() for part in _SENTENCES.split(line) if len(part.strip()) > 1]


def _always(sentence: str) -> str | None:
    """Section of a sentence that says itself where it belongs, under whatever heading it stands."""
    return "contact" if _CONTACT_CUE.search(sentence) else "offers" if _OFFERING.search(sentence) else None


def _guessed(sentence: str) -> str:
    for section, cue in (("needs", _NEED_CUE), ("tasks", _TASK_CUE), ("offers", _OFFER_CUE)):
        if cue.search(sentence):
            return section
    return "summary"


def _leave_out_contact(sections: dict[str, list[str]], draft: VacancyDraft) -> None:
    draft.left_out += [(sentence, "gaat over solliciteren of contact") for sentence in sections.pop("contact")]
    for name, sentences in sections.items():
        if name != "facts":
            sections[name] = list(_clean(sentences, draft))


def _clean(sentences: list[str], draft: VacancyDraft) -> Iterator[str]:
    for sentence in sentences:
        findings = check_text("summary", sentence, Side.PLACE)
        if findings:
            draft.left_out.append((sentence, findings[0].message))
        else:
            yield sentence


def _kind(text: str, draft: VacancyDraft) -> str:
    kind = kind_in(text)
    if kind is None:
        draft.assumed.append("betaald werk: de tekst noemt geen andere soort plek")
    return kind or "paid"


def _describe(sections: dict[str, list[str]], draft: VacancyDraft) -> None:
    draft.fields["tasks"] = sections["tasks"]
    draft.fields["offers"] = " ".join(sections["offers"])
    draft.fields["summary"] = " ".join(sections["summary"])
    if not any(hours_in(" ".join(sentences)) for sentences in sections.values()) and "hours_min" not in draft.fields:
        draft.assumed.append("1 tot 40 uur per week: de tekst noemt geen uren")
    if not draft.fields["tasks"]:
        draft.assumed.append("geen taken gevonden: de naam van de plek telt als taak")


def _ask(sections: dict[str, list[str]], draft: VacancyDraft) -> None:
    """Needs, and apart from them the licences and the level of Dutch that are asked."""
    needs, licences, language = [], set[str](), dict[str, str]()
    for sentence in sections["needs"]:
        asked, (levels, said) = licences_in(sentence), language_in(sentence)
        licences |= set(asked)
        language |= levels
        if levels and not said:
            draft.assumed.append(f"niveau Nederlands {next(iter(levels.values()))}, uit: “{sentence}”")
        if not ((asked or levels) and len(sentence.split()) <= _FACT_WORDS):
            needs.append(need_of(sentence))
    for line in [line for name in ("facts", "summary", "tasks", "offers") for line in sections[name]]:
        licences |= set(licences_in(line)) if _asks(line) else set()
        language = language_in(line)[0] | language
    draft.fields |= {"needs": needs, "licences": sorted(licences), "language_min": language or None}


def _asks(line: str) -> bool:
    """Whether a line outside the needs asks for a licence or certificate, and does not merely mention one."""
    return bool(re.search(r"nodig|vereist|verplicht|in (?:het )?bezit|rijbewijs\s*:|certificaten\s*:", line, re.IGNORECASE))
