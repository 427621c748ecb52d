"""CSV and XLSX as Dutch systems write them: columns, and rows of cells as text."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from service.errors import UnusableFile
from service.geography import simplified
from service.imports.word_lists import column_names

_HEADER_WITHIN = 10
_MOST_UNPACKED = 500_000_000


@dataclass(frozen=True)
class TableRow:
    """Cells by column; `problem` says why the row cannot be read as such."""

    line: int
    cells: dict[str, str]
    problem: str = ""


@dataclass(frozen=True)
class Table:
    """A table with the names of its columns."""

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]


def decoded(data: bytes) -> str:
    """Text from UTF-8 or UTF-16 with a byte order mark, UTF-8 without, or else Windows-1252."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read_csv(text: str) -> Table:
    """A table out of CSV text; the separator is found from the first lines, and `sep=;` is heeded.

    Raises:
        UnusableFile: there is no row with names of columns.
    """
    said = re.match(r"sep=(.)\r?\n", text)
    body = text[said.end() :] if said else text
    delimiter = said[1] if said else _delimiter(body)
    return _table(_csv_lines(body, delimiter, 1 if said else 0), exact=True)


def read_xlsx(data: bytes) -> Table:
    """The first sheet with something in it.

    Raises:
        UnusableFile: it is not an XLSX file, is locked with a password, or unpacks to more than 500 MB.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _MOST_UNPACKED:
                raise UnusableFile("Dit Excel-bestand is te groot. Verdeel het over meer bestanden.")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError) as problem:
        raise UnusableFile(
            "Dit Excel-bestand kan niet worden gelezen. Sla het zonder wachtwoord op als .xlsx of .csv."
        ) from problem
    try:
        sheets = (list(_sheet_lines(sheet.iter_rows(values_only=True))) for sheet in book.worksheets)
        lines = next((lines for lines in sheets if lines), [])
    finally:
        book.close()
    return _table(lines, exact=False)


def _delimiter(text: str) -> str:
    lines = [line for line in text.splitlines()[:_HEADER_WITHIN] if line.strip()]
    counted = {mark: max((_outside_quotes(line, mark) for line in lines), default=0) for mark in ";\t,"}
    return max(counted, key=lambda mark: counted[mark])


def _outside_quotes(line: str, mark: str) -> int:
    return re.sub(r'"[^"]*"', "", line).count(mark)


def _csv_lines(text: str, delimiter: str, passed: int) -> Iterator[tuple[int, list[str] | str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num + passed, [cell.strip() for cell in cells]
    except csv.Error:
        yield reader.line_num + 1 + passed, "vanaf deze rij is het bestand niet te lezen; de rijen hieronder zijn niet gelezen."


def _sheet_lines(rows: Iterable[Sequence[object]]) -> Iterator[tuple[int, list[str] | str]]:
    for line, values in enumerate(rows, start=1):
        cells = [_written(value) for value in values]
        if any(cells):
            yield line, cells


def _written(value: object) -> str:
    """A cell of a spreadsheet as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return str(value).strip()


def _table(lines: Iterable[tuple[int, list[str] | str]], exact: bool) -> Table:
    kept = list(lines)
    at = _header(kept)
    header = kept[at][1]
    assert isinstance(header, list)
    columns = _distinct(header)
    return Table(columns, tuple(_row(line, cells, columns, exact) for line, cells in kept[at + 1 :]))


def _header(lines: Sequence[tuple[int, list[str] | str]]) -> int:
    """Number of the row that names the columns: of the first ten the one with most names that are known, or else the first."""
    known = [
        sum(simplified(cell) in column_names() for cell in cells)
        for _, cells in lines[:_HEADER_WITHIN]
        if not isinstance(cells, str)
    ]
    if not known:
        raise UnusableFile("Dit bestand heeft geen rij met namen van kolommen.")
    return known.index(max(known))


def _distinct(header: Sequence[str]) -> tuple[str, ...]:
    while header and not header[-1]:
        header = header[:-1]
    names: list[str] = []
    for number, cell in enumerate(header, start=1):
        name = cell or f"kolom {number}"
        count = sum(other == name or other.startswith(f"{name} (") for other in names)
        names.append(f"{name} ({count + 1})" if count else name)
    return tuple(names)


def _row(line: int, cells: list[str] | str, columns: tuple[str, ...], exact: bool) -> TableRow:
    if isinstance(cells, str):
        return TableRow(line, {}, cells)
    more = any(cells[len(columns) :])
    if more or (exact and len(cells) < len(columns)):
        return TableRow(
            line, dict(zip(columns, cells, strict=False)), "deze rij heeft een ander aantal kolommen dan de eerste rij."
        )
    return TableRow(line, {column: cells[number] if number < len(cells) else "" for number, column in enumerate(columns)})
