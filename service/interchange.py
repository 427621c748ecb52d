"""The interchange format (docs/interchange.md): JSON Lines and CSV rows to people and places, with an error for each field."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from matching.model import DAYPARTS, LanguageLevels, Level, Need, Opportunity, Rung, Seeker, Support, Transport
from service.errors import UnusableFile
from service.geography import Gazetteer

CSV_LIST = "|"


def _storable(value: object) -> object:
    if isinstance(value, str) and ("\x00" in value or _has_surrogate(value)):
        raise ValueError("the text holds characters that cannot be stored")
    return value


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _wordless_is_empty(value: object) -> object:
    return "" if isinstance(value, str) and not any(character.isalnum() for character in value) else value


Identifier = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,79}$")]
Sentence = Annotated[
    str,
    BeforeValidator(_storable),
    StringConstraints(strip_whitespace=True, min_length=2, max_length=4000, pattern=r"[^\W_]"),
]
Line = Annotated[
    str,
    BeforeValidator(_storable),
    BeforeValidator(_wordless_is_empty),
    StringConstraints(strip_whitespace=True, max_length=4000),
]
Licence = Annotated[str, BeforeValidator(_storable), StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Hours = Annotated[float, Field(ge=0, le=60)]
Daypart = Annotated[str, StringConstraints(pattern="^(" + "|".join(DAYPARTS) + ")$")]


def _postcode(value: object) -> object:
    return str(value).strip()[:4] or None if value is not None else None


def _sorted_unique(value: object) -> object:
    return sorted(set(value)) if isinstance(value, list) and all(isinstance(item, str) for item in value) else value


Postcode4 = Annotated[Annotated[str, Field(pattern=r"^[1-9]\d{3}$")] | None, BeforeValidator(_postcode)]


class Levels(BaseModel):
    """Language levels on the CEFR scale; null says nothing."""

    model_config = ConfigDict(extra="ignore")

    speaking: Level | None = None
    reading: Level | None = None
    writing: Level | None = None

    def to_model(self) -> LanguageLevels:
        """As matching knows them."""
        return LanguageLevels(self.speaking, self.reading, self.writing)


class NeedRecord(BaseModel):
    """Something a place needs."""

    text: Sentence
    must: bool = True
    learnable: bool = False


class _Record(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: Identifier
    place: Line = ""
    postcode4: Postcode4 = None
    hours_min: Hours = 1
    hours_max: Hours = 40
    dayparts: Annotated[list[Daypart] | None, BeforeValidator(_sorted_unique)] = None
    licences: Annotated[list[Licence], BeforeValidator(_sorted_unique)] = []

    @model_validator(mode="after")
    def _hours_in_order(self) -> "_Record":
        if self.hours_min > self.hours_max:
            raise ValueError("hours_min is more than hours_max")
        return self

    def digest(self) -> bytes:
        """Changes when anything in the record changes; 16 bytes."""
        return hashlib.sha256(self.model_dump_json().encode()).digest()[:16]


class SeekerRecord(_Record):
    """A person, as handed over. Fields that matching may not know (funding, benefit, age, sex, origin, name) are not read."""

    abilities: list[Sentence] = []
    motivations: list[Sentence] = []
    learning: list[Sentence] = []
    max_travel_km: Annotated[float, Field(ge=0, le=500)] = 10
    transport: Transport = Transport.BIKE
    language: Levels = Levels()
    support_needs: Annotated[list[Support], BeforeValidator(_sorted_unique)] = []
    open_to: Annotated[list[Rung], BeforeValidator(_sorted_unique)] = Field(default=list(Rung), min_length=1)

    @model_validator(mode="after")
    def _says_something(self) -> "SeekerRecord":
        if not (self.abilities or self.motivations or self.learning):
            raise ValueError("a person needs at least one sentence in abilities, motivations or learning")
        return self

    def to_model(self, gazetteer: Gazetteer) -> Seeker:
        """As matching knows a person."""
        return Seeker(
            id=self.id,
            abilities=tuple(self.abilities),
            motivations=tuple(self.motivations),
            learning=tuple(self.learning),
            position=gazetteer.locate(self.postcode4, self.place),
            max_travel_km=self.max_travel_km,
            transport=self.transport,
            hours_min=self.hours_min,
            hours_max=self.hours_max,
            dayparts=None if self.dayparts is None else frozenset(self.dayparts),
            language=self.language.to_model(),
            licences=frozenset(self.licences),
            support_needs=frozenset(self.support_needs),
            open_to=frozenset(self.open_to),
        )


class OpportunityRecord(_Record):
    """A place, as handed over."""

    kind: Rung
    title: Sentence
    organisation: Line = ""
    summary: Line = ""
    tasks: list[Sentence] = []
    needs: list[NeedRecord] = []
    offers: Line = ""
    language_min: Levels | None = None
    support: Annotated[list[Support], BeforeValidator(_sorted_unique)] = []
    positions: Annotated[int, Field(ge=0, le=10_000)] = 1

    def to_model(self, gazetteer: Gazetteer) -> Opportunity:
        """As matching knows a place."""
        return Opportunity(
            id=self.id,
            kind=self.kind,
            title=self.title,
            organisation=self.organisation,
            place=self.place,
            summary=self.summary,
            tasks=tuple(self.tasks),
            needs=tuple(Need(need.text, need.must, need.learnable) for need in self.needs),
            offers=self.offers,
            position=gazetteer.locate(self.postcode4, self.place),
            hours_min=self.hours_min,
            hours_max=self.hours_max,
            dayparts=None if self.dayparts is None else frozenset(self.dayparts),
            language_min=(self.language_min or Levels()).to_model(),
            licences=frozenset(self.licences),
            support=frozenset(self.support),
            positions=self.positions,
        )


Record = SeekerRecord | OpportunityRecord


@dataclass(frozen=True)
class RowError:
    """Why one row was not taken over; `field` is empty when the row as a whole cannot be read."""

    file: str
    line: int
    field: str
    message: str


@dataclass(frozen=True)
class Row:
    """One row that can be taken over, and the names of its fields that are not in the format."""

    line: int
    record: Record
    ignored: tuple[str, ...]


def read_rows(path: Path) -> Iterator[Row | list[RowError]]:
    """Every row of a JSON Lines or CSV file: as a record, or as the errors that keep it out. The file is read at once.

    Raises:
        UnusableFile: the file cannot be opened, or its name says it is of another form.
    """
    suffix = path.suffix.lower()
    if suffix not in {".jsonl", ".ndjson", ".csv"}:
        raise UnusableFile(f"{path}: expected a file that ends in .jsonl or .csv.")
    try:
        text = _decoded(path.read_bytes())
    except OSError as problem:
        raise UnusableFile(f"{path} cannot be read: {problem.strerror}") from problem
    rows = _json_rows(text) if suffix != ".csv" else _csv_rows(text)
    return (_checked(path.name, line, raw) for line, raw in rows)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _json_rows(text: str) -> Iterator[tuple[int, Any]]:
    for line, source in enumerate(text.split("\n"), start=1):
        if source.strip():
            try:
                yield line, json.loads(source)
            except ValueError as problem:
                yield line, problem


def _csv_rows(text: str) -> Iterator[tuple[int, Any]]:
    header = text.partition("\n")[0]
    delimiter = max(";\t,", key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            yield reader.line_num, _from_cells(row)
    except csv.Error as problem:
        yield reader.line_num + 1, ValueError(f"{problem}; the rows below were not read")


def _from_cells(row: dict[str | Any, Any]) -> dict[str, Any] | ValueError:
    if None in row or None in row.values():
        return ValueError("the row has another number of columns than the header")
    result: dict[str, Any] = {}
    for column, cell in row.items():
        name, _, part = column.strip().partition(".")
        value = _cell_value(name, cell.strip())
        if value is None:
            continue
        if name in result and not (part and isinstance(result[name], dict)):
            return ValueError(f"there is more than one column for {name}")
        if part:
            result.setdefault(name, {})[part] = value
        else:
            result[name] = value
    return result


_LISTS = {"abilities", "motivations", "learning", "tasks", "needs", "dayparts", "licences", "support", "support_needs", "open_to"}
_NUMBERS = {"hours_min", "hours_max", "max_travel_km"}


def _cell_value(name: str, cell: str) -> Any:
    if not cell:
        return None
    if name in _NUMBERS:
        return cell.replace(",", ".")
    if name not in _LISTS:
        return cell
    parts = [part.strip() for part in cell.split(CSV_LIST) if part.strip()]
    return [_need(part) for part in parts] if name == "needs" else parts


def _need(cell: str) -> dict[str, Any]:
    marks = {mark for mark in ("nice", "learnable") if f"({mark})" in cell}
    text = cell.replace("(nice)", "").replace("(learnable)", "").strip()
    return {"text": text, "must": "nice" not in marks, "learnable": "learnable" in marks}


def _checked(file: str, line: int, raw: Any) -> Row | list[RowError]:
    if isinstance(raw, ValueError):
        return [RowError(file, line, "", f"this row cannot be read: {raw}")]
    if not isinstance(raw, dict):
        return [RowError(file, line, "", "this row is not a JSON object")]
    form = OpportunityRecord if {"kind", "title", "tasks"} & raw.keys() else SeekerRecord
    try:
        record = form.model_validate(raw)
    except ValidationError as problems:
        return [
            RowError(file, line, ".".join(map(str, problem["loc"])), problem["msg"].removeprefix("Value error, "))
            for problem in problems.errors(include_url=False, include_context=False)
        ]
    return Row(line, record, tuple(sorted(raw.keys() - form.model_fields.keys())))
