"""Details in a text that point to one person: citizen service number, telephone number, e-mail and street address."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stdnum.nl import bsn

_DIGIT, _AT = re.compile(r"\d"), re.compile(r"@|[\[(](?:at|apenstaartje)[\])]", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.,/+-])\d(?:[ .-]{0,2}\d){7,8}(?![\d/]|[.,]\d|-\d)")
_PHONE = re.compile(r"(?<![\w+])(?:(?:\+|00)\s?31[\s.-]*(?:\(0\)\s?)?|\(?0)[1-9](?:[\s.()/-]{0,3}\d){7,8}(?![\s-]?\d)")
_FOREIGN_PHONE = re.compile(r"(?<!\w)\+(?!31)[1-9]\d{0,2}(?:[\s.()-]{0,2}\d){7,11}(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+\s?(?:@|[\[(](?:at|apenstaartje)[\])])\s?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE)
_POSTCODE = re.compile(r"(?<![\w.,/-])[1-9]\d{3}(?: ?)(?!SA|SD|SS)[A-Z]{2}(?![\w-])|(?<![\w.,/-])[1-9]\d{3}[a-z]{2}(?![\w-])")
_STREET_ENDING = (
    "straat|straatje|weg|laan|plein|singel|gracht|kade|dijk|steeg|dreef|hof|plantsoen|park|pad|markt|wal|brink|kamp|es|"
    "akker|veld|ring|burg|hoek|stede|oord|erf"
)
_STREET_NAMES = (
    rf"[A-Z][\w'-]*(?:{_STREET_ENDING})",
    r"[a-z][\w'-]{3,}(?:straat|laan|plantsoen|singel|gracht)",
    r"[A-Z]\w+ (?:Markt|Plein|Brink|Wal|Dijk|Weg)",
)
_STREET = re.compile(rf"(?<!\w)(?:{'|'.join(_STREET_NAMES)})\s+\d{{1,4}}\s?(?:[a-z]\b|[A-Z]\b|-\d{{1,3}}\b|bis\b)?(?!\w)")
_HOME = re.compile(r"\b[Ww]oon(?:t|de)? (?:ik )?(?:aan|op|in) (?:de |het )?[A-Z][\w'-]+(?: [A-Z][\w'-]+)?\s+\d{1,4}[a-zA-Z]?\b")
_COUNTED = re.compile(
    r"\s*(?:%|jaar|jaren|uur|uren|keer|maal|x\b|mensen|man\b|vrouwen|kinderen|gasten|klanten|bewoners|dagen|weken|maanden|minuten|"
    r"km|kilometer|meter|m2|huizen|woningen|fietsen|auto|bomen|kramen|euro|stuks|winkels|dieren|paarden|koeien|honden|vierkante|"
    r"tot\b|t/m|a\b|-\s?\d)"
)
_YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|sinds|van|tot|vanaf|rond|eind|begin|na|voor|uit|jaar|en|zomer|voorjaar|najaar|lente|winter)|[-–/'(])\s*$",
    re.IGNORECASE,
)
_NORM_BEFORE = re.compile(
    r"\b(?:ISO|NEN|EN|DIN|NTA|IEC|Excel|Windows|Office|Server|Euro|tot|max|maximaal)\s*[:-]?\s*$", re.IGNORECASE
)
_UNITS = {"KG", "KM", "PK", "CC", "MB", "GB", "TB", "KW", "KV", "MG", "ML", "CM", "MM", "HP", "NM", "HZ", "VA", "DB", "EU"}
_UNITS |= {unit.lower() for unit in _UNITS} | {"jr", "st", "ha"}


@dataclass(frozen=True)
class Detail:
    """What was found; `words` is fit to be shown, so a citizen service number is not written out."""

    concern: str
    words: str
    start: int
    end: int


def personal_details(text: str, with_address: bool = True) -> list[Detail]:
    """Citizen service numbers (by their check digit), telephone numbers, e-mail addresses, and unless told otherwise addresses.

    Source of the check: `stdnum.nl.bsn` (the "elfproef").
    """
    finders = [_emails] if _AT.search(text) else []
    if _DIGIT.search(text):
        finders += [_phones, _citizen_numbers, *([_addresses] if with_address else [])]
    found: list[Detail] = []
    for finder in finders:
        found += [one for one in finder(text) if not any(one.start < other.end and other.start < one.end for other in found)]
    return sorted(found, key=lambda detail: detail.start)


def is_citizen_number(identifier: str) -> bool:
    """Whether a whole code is eight or nine digits that pass the check of a citizen service number."""
    digits = re.sub(r"[ .-]", "", identifier)
    return digits.isdigit() and len(digits) in {8, 9} and bsn.is_valid(digits.zfill(9))


def _citizen_numbers(text: str) -> Iterator[Detail]:
    for match in _NUMBER.finditer(text):
        if is_citizen_number(match.group()) and not _is_date(match.group()):
            yield Detail("bsn", f"een nummer dat op {match.group()[-2:]} eindigt", *match.span())


def _is_date(written: str) -> bool:
    day_first = re.fullmatch(r"(\d{1,2})([-. ])(\d{1,2})\2((?:19|20)\d\d)", written)
    year_first = re.fullmatch(r"((?:19|20)\d\d)([-. ]?)(\d\d)\2(\d\d)", written)
    span = re.fullmatch(r"(?:19|20)\d\d ?[- ] ?(?:19|20)\d\d", written)
    if day_first:
        return int(day_first[1]) <= 31 and int(day_first[3]) <= 12
    if year_first:
        return int(year_first[3]) <= 12 and int(year_first[4]) <= 31
    return bool(span)


def _phones(text: str) -> Iterator[Detail]:
    for pattern in (_PHONE, _FOREIGN_PHONE):
        for match in pattern.finditer(text):
            digits = re.sub(r"\D", "", match.group())
            if not digits.startswith("0") or digits.startswith("00") or len(digits) == 10:
                yield Detail("phone", match.group().strip(), *match.span())


def _emails(text: str) -> Iterator[Detail]:
    for match in _EMAIL.finditer(text):
        yield Detail("email", match.group(), *match.span())


def _addresses(text: str) -> Iterator[Detail]:
    for match in _POSTCODE.finditer(text):
        if match.group()[4:].strip() not in _UNITS and not _may_be_year(text, match):
            yield Detail("address", match.group(), *match.span())
    for pattern in (_STREET, _HOME):
        for match in pattern.finditer(text):
            if not _COUNTED.match(text[match.end() :]):
                yield Detail("address", match.group(), *match.span())


def _may_be_year(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()]
    if _NORM_BEFORE.search(before):
        return True
    is_year = match.group()[:2] in {"19", "20"} and not match.group()[4].isalpha()
    return is_year and bool(_YEAR_BEFORE.search(before) or not before.strip())
