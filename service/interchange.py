"""The interchange format (docs/interchange.md): rows to people and places, with an error for each field."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from matching.model import DAYPARTS, LanguageLevels, Level, Need, Opportunity, Rung, Seeker, Support, Transport
from service.geography import Gazetteer
from service.wording import in_dutch

_EASY_TO_READ = "abcdefghjkmnpqrstuvwxyz23456789"


def _storable(value: object) -> object:
    if isinstance(value, str) and ("\x00" in value or _has_surrogate(value)):
        raise ValueError("de tekst heeft tekens die niet bewaard kunnen worden.")
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
            raise ValueError("het minste aantal uren is meer dan het meeste aantal uren.")
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
            raise ValueError("vul minstens één zin in: wat iemand kan, wat iemand beweegt of wat iemand wil leren.")
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
    closes_on: Annotated[date | None, Field(exclude=True)] = None
    """Last day on which people can answer; looked at when the place comes in, and not kept."""

    def over(self, today: date) -> str | None:
        """Why it is too late for this place, or None."""
        if self.closes_on is None or self.closes_on >= today:
            return None
        return f"sluitingsdatum: {self.closes_on.day}-{self.closes_on.month}-{self.closes_on.year} is voorbij."

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


def new_code(letter: Literal["p", "o"]) -> str:
    """A code for a new person (p) or opportunity (o): it says nothing, and is easy to say aloud."""
    return f"{letter}-" + "".join(secrets.choice(_EASY_TO_READ) for _ in range(6))


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


def checked(file: str, line: int, raw: Any, form: type[Record] | None = None) -> Row | list[RowError]:
    """A row as a record, or the errors that keep it out.

    Args:
        form: what the row is; by default a row with `kind`, `title` or `tasks` is a place, and any other a person.
    """
    if not isinstance(raw, dict):
        return [RowError(file, line, "", "deze rij is geen JSON-object.")]
    form = form or (OpportunityRecord if {"kind", "title", "tasks"} & raw.keys() else SeekerRecord)
    try:
        record = form.model_validate(raw)
    except ValidationError as problems:
        errors = problems.errors(include_url=False)
        return [RowError(file, line, ".".join(map(str, problem["loc"])), in_dutch(problem)) for problem in errors]
    return Row(line, record, tuple(sorted(raw.keys() - form.model_fields.keys())))
