"""What a file holds before anything is checked: a table, JSON rows, vacancies of schema.org, or messages of VUM."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.errors import UnusableFile
from service.imports.job_posting import read_job_postings
from service.imports.tables import decoded, read_csv, read_xlsx
from service.imports.vum import read_vum

MOST_BYTES = 50_000_000
_TABLES = {".csv", ".tsv", ".txt", ".xlsx"}


@dataclass(frozen=True)
class SourceRow:
    """One row as it stands in the file: cells by column, a JSON value, or the text of a row that cannot be read."""

    line: int
    content: Any
    problem: str = ""


@dataclass(frozen=True)
class Source:
    """A file with its rows; `columns` is None where rows are in the interchange format already."""

    name: str
    columns: tuple[str, ...] | None
    rows: tuple[SourceRow, ...]


def read_path(path: Path) -> tuple[str, bytes]:
    """Name and content of a file on this machine.

    Raises:
        UnusableFile: it cannot be opened.
    """
    try:
        return path.name, path.read_bytes()
    except OSError as problem:
        raise UnusableFile(f"{path} kan niet worden geopend: {problem.strerror}.") from problem


def read_source(name: str, data: bytes) -> Source:
    """The rows of a file, by the ending of its name.

    Raises:
        UnusableFile: the file is too large, of another kind, or not what its name says.
    """
    suffix = Path(name).suffix.lower()
    if len(data) > MOST_BYTES:
        raise UnusableFile(f"{name} is groter dan {MOST_BYTES // 1_000_000} MB. Verdeel het over meer bestanden.")
    if suffix not in _READERS:
        raise UnusableFile(f"{name}: dit soort bestand kan Passend niet lezen. Gebruik {', '.join(_READERS)}.")
    try:
        return _READERS[suffix](name, data)
    except UnusableFile as problem:
        raise UnusableFile(f"{name}: {problem}") from problem


def _table(name: str, data: bytes) -> Source:
    table = read_xlsx(data) if name.lower().endswith(".xlsx") else read_csv(decoded(data))
    return Source(name, table.columns, tuple(SourceRow(row.line, row.cells, row.problem) for row in table.rows))


def _json_lines(name: str, data: bytes) -> Source:
    return Source(name, None, tuple(_json_rows(decoded(data))))


def _json_rows(text: str) -> Iterator[SourceRow]:
    for line, source in enumerate(text.split("\n"), start=1):
        if source.strip():
            try:
                yield SourceRow(line, json.loads(source))
            except ValueError:
                yield SourceRow(line, source, "deze rij is geen JSON.")


def _messages(name: str, data: bytes) -> Source:
    text = decoded(data)
    rows = _vum_rows(text) or read_job_postings(text)
    return Source(name, None, tuple(SourceRow(number, row) for number, row in enumerate(rows, start=1)))


def _vum_rows(text: str) -> list[dict[str, Any]]:
    try:
        return read_vum(json.loads(text, strict=False))
    except ValueError:
        return []


_READERS: dict[str, Callable[[str, bytes], Source]] = {
    **dict.fromkeys((".jsonl", ".ndjson"), _json_lines),
    **dict.fromkeys(sorted(_TABLES), _table),
    **dict.fromkeys((".json", ".jsonld", ".html", ".htm"), _messages),
}
