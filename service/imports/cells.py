"""Cells of Dutch exports as values of the interchange format. What cannot be read stays as it is, for the row's check."""

import re
from collections.abc import Callable
from typing import Any

from matching.model import DAYPARTS
from service.imports.dayparts import dayparts_in
from service.imports.word_lists import code_of

_MONTHS = ("jan", "feb", "maa mrt mar", "apr", "mei may", "jun", "jul", "aug", "sep", "okt oct", "nov", "dec")
_NUMERIC_DATE = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[ T]\d{1,2}:\d{2}.*)?")
_WRITTEN_DATE = re.compile(r"(\d{1,2})\.? ([a-z]{3,})\.? (\d{4})", re.IGNORECASE)
_LEVEL = re.compile(r"\b([abc][12])\b", re.IGNORECASE)
_RANGE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:-|–|/|tot|t/m|tot en met|a|à)\s*(\d+(?:[.,]\d+)?)", re.IGNORECASE)
_LIST_MARK = re.compile(r"^\s*(?:[-*•·–▪●]|\d{1,2}[.)])\s+")

Values = dict[str, Any]


def read_cell(target: str, cell: str) -> Values:
    """The fields that a cell with words gives: field (with `.part` for languages) to value.

    Raises:
        ValueError: the cell of a yes-or-no column says neither; the message is for the user.
    """
    field, _, code = target.partition("=")
    if code:
        return {field: [code]} if is_yes(cell) else {}
    if target in _READERS:
        return _READERS[target](cell)
    return {target: cell}


def is_yes(cell: str) -> bool:
    """Whether a cell says yes.

    Raises:
        ValueError: it says neither yes nor no.
    """
    answer = code_of("yes", cell) or code_of("yes", cell.strip("."))
    if answer is None and cell.strip() not in {"-", "✓", "✔"}:
        raise ValueError(f"'{cell}' is geen ja of nee.")
    return answer == "yes" or cell.strip() in {"✓", "✔"}


def number(cell: str) -> str:
    """A number with a point as decimal sign, without its unit: "7,5 km" is "7.5"."""
    plain = re.sub(r"\s*(?:km|kilometer|uur|uren|u|p/w|per week|hours?)\.?", "", cell.strip(), flags=re.IGNORECASE)
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    return plain if re.fullmatch(r"-?\d+(?:\.\d+)?", plain) else cell


def date(cell: str) -> str:
    """A date as ISO 8601, from d-m-yyyy, d/m/yyyy, "3 februari 2027" or ISO itself."""
    cell = cell.strip()
    if numeric := _NUMERIC_DATE.fullmatch(cell):
        day, month, year = numeric.groups()
        return f"{int(year) + 2000 if len(year) == 2 else int(year):04}-{int(month):02}-{int(day):02}"
    if written := _WRITTEN_DATE.fullmatch(cell):
        months = [number for number, names in enumerate(_MONTHS, start=1) if written[2][:3].lower() in names.split()]
        return f"{int(written[3]):04}-{months[0]:02}-{int(written[1]):02}" if months else cell
    return cell[:10] if re.match(r"\d{4}-\d\d-\d\d[ T]", cell) else cell


def hours(cell: str) -> Values:
    """A range of hours ("24-32 uur"), or one number for both ends."""
    if found := _RANGE.search(cell):
        return {"hours_min": number(found[1]), "hours_max": number(found[2])}
    plain = cell.lower()
    value = number(re.sub(r"^\s*(?:max(?:imaal)?|min(?:imaal)?|minstens|vanaf|tot)\.?\s*", "", plain))
    if plain.strip().startswith(("max", "tot")):
        return {"hours_max": value}
    if plain.strip().startswith(("min", "vanaf")):
        return {"hours_min": value}
    return {"hours_min": value, "hours_max": value}


def sentences(cell: str) -> list[str]:
    """Sentences that are separated by `|`, line breaks or bullets."""
    parts = (_LIST_MARK.sub("", part).strip() for part in re.split(r"[|\n\r]|\s•\s", cell))
    return [part for part in parts if part]


def codes(field: str, cell: str) -> list[str]:
    """Words of a closed or open list, separated by `|`, `;`, `,` or line breaks."""
    parts = [part.strip() for part in re.split(r"[|;,\n\r]|\s+en\s+|\s\+\s", cell) if part.strip()]
    return [code_of(field, part) or part for part in parts if not _says_none(part)]


def level(cell: str) -> str:
    """A level of the CEFR scale, wherever it stands in the cell."""
    found = _LEVEL.search(cell)
    return found[1].upper() if found else cell


def need(cell: str, marks: frozenset[str] = frozenset()) -> Values:
    """A need as the interchange format has it; `(nice)` and `(learnable)` in the cell count as well."""
    marks |= {mark for mark in ("nice", "learnable") if f"({mark})" in cell}
    text = cell.replace("(nice)", "").replace("(learnable)", "").strip()
    return {"text": text, "must": "nice" not in marks, "learnable": "learnable" in marks}


def _dayparts(cell: str) -> Values:
    parts = [part.strip() for part in re.split(r"[|;,\s]+", cell) if part.strip()]
    if all(part in DAYPARTS for part in parts):
        return {"dayparts": parts}
    return {"dayparts": dayparts_in(cell)}


def _says_none(word: str) -> bool:
    return code_of("yes", word) == "no"


def _all_levels(field: str, parts: tuple[str, ...]) -> Callable[[str], Values]:
    return lambda cell: {f"{field}.{part}": level(cell) for part in parts}


def _sentences_of(field: str) -> Callable[[str], Values]:
    return lambda cell: {field: sentences(cell)}


def _codes_of(field: str) -> Callable[[str], Values]:
    return lambda cell: {field: codes(field, cell)}


def _needs(*marks: str) -> Callable[[str], Values]:
    return lambda cell: {"needs": [need(part, frozenset(marks)) for part in sentences(cell)]}


def _one(field: str, reader: Callable[[str], str]) -> Callable[[str], Values]:
    return lambda cell: {field: reader(cell)}


def _word_of(field: str) -> Callable[[str], Values]:
    return lambda cell: {field: code_of(field, cell) or cell}


_READERS: dict[str, Callable[[str], Values]] = {
    **{field: _sentences_of(field) for field in ("abilities", "motivations", "learning", "tasks")},
    **{field: _codes_of(field) for field in ("licences", "support", "support_needs", "open_to")},
    **{field: _one(field, number) for field in ("hours_min", "hours_max", "max_travel_km", "positions")},
    **{field: _word_of(field) for field in ("transport", "kind")},
    **{f"language.{part}": _one(f"language.{part}", level) for part in ("speaking", "reading", "writing")},
    **{f"language_min.{part}": _one(f"language_min.{part}", level) for part in ("speaking", "reading", "writing")},
    "language": _all_levels("language", ("speaking", "reading", "writing")),
    "language_min": _all_levels("language_min", ("speaking", "reading")),
    "hours": hours,
    "dayparts": _dayparts,
    "closes_on": _one("closes_on", date),
    "needs": _needs(),
    "needs.nice": _needs("nice"),
    "needs.learnable": _needs("learnable"),
}
