"""The word lists of imports: names of columns, and words in cells."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from service.geography import simplified

DATA = Path(__file__).parent.parent / "data"
_SAME_WORDS = {"support_needs": "support", "open_to": "kind"}


@dataclass(frozen=True)
class ColumnName:
    """A name that a column can have: for `seekers`, `opportunities`, `both`, or `never` with the reason as target."""

    form: str
    target: str


@cache
def column_names() -> dict[str, tuple[ColumnName, ...]]:
    """Simplified name of a column to what it can hold."""
    names: dict[str, tuple[ColumnName, ...]] = {}
    for form, target, written in _rows("import_columns.tsv"):
        for name in written.split(" | "):
            key = simplified(name)
            names[key] = (*names.get(key, ()), ColumnName(form, target))
    return names


def code_of(field: str, word: str) -> str | None:
    """The word of the interchange format for a word as people write it in `field`, or None when it is not known."""
    return _codes().get((_SAME_WORDS.get(field, field), simplified(word)))


def codes_for(field: str) -> dict[str, str]:
    """Every simplified word of a field with its code."""
    wanted = _SAME_WORDS.get(field, field)
    return {word: code for (name, word), code in _codes().items() if name == wanted}


@cache
def _codes() -> dict[tuple[str, str], str]:
    return {
        (field, simplified(word)): value
        for field, value, words in _rows("import_words.tsv")
        for word in (*words.split(" | "), value)
    }


def _rows(name: str) -> list[list[str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader((line for line in file if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE))
