"""What someone wants to change about a person, checked as in the interchange format; an error names the field and what may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from matching.model import Level, Position, Rung, Seeker, Support, Transport
from service.errors import BadInput
from service.geography import Gazetteer
from service.interchange import SeekerRecord
from service.receipts import content_of
from service.render import Json

FLEXIBLE = "flexible"
_LEVELS = "one of " + ", ".join(Level)
_DAYPARTS = "parts of the week such as mon_am, sat_pm or fri_eve"
ALLOWED: Mapping[str, str] = {
    "hours_min": "a number from 0 to 60, not more than hours_max",
    "hours_max": "a number from 0 to 60, not less than hours_min",
    "max_travel_km": "a number from 0 to 500",
    "transport": "one of " + ", ".join(Transport),
    "speaking": _LEVELS,
    "reading": _LEVELS,
    "dayparts": f"{_DAYPARTS}, separated by commas, or {FLEXIBLE}",
    "licences": "names of at most 40 characters, separated by commas",
    "support_needs": "out of " + ", ".join(Support),
    "open_to": "out of " + ", ".join(Rung),
    "abilities": "a sentence of 2 to 4000 characters",
}
SETTABLE = tuple(name for name in ALLOWED if name != "abilities")
ADDABLE: Mapping[str, str] = {"licence": "licences", "daypart": "dayparts", "support": "support_needs", "rung": "open_to"}
_LISTS = frozenset(ADDABLE.values())
_SKILLS = ("speaking", "reading")


@dataclass(frozen=True)
class Wished:
    """Changes as they were typed.

    Attributes:
        values: `field=value` for each field of `SETTABLE`.
        added: `licence=B`, `daypart=sat_am`, `support=buddy` or `rung=learning`.
        learned: sentences that become abilities.
        open_to: rungs that open.
    """

    values: Sequence[str] = ()
    added: Sequence[str] = ()
    learned: Sequence[str] = ()
    open_to: Sequence[str] = ()


def changed(seeker: Seeker, wished: Wished) -> Seeker:
    """The person after the changes.

    Raises:
        BadInput: a field or value is not known, or nothing is to change; the message says what is allowed.
    """
    row = content_of(seeker)
    for field, value in _pairs(wished.values, SETTABLE, "--set"):
        _set(row, field, value)
    for kind, value in [*_pairs(wished.added, tuple(ADDABLE), "--add"), *(("rung", rung) for rung in wished.open_to)]:
        _add(row, ADDABLE[kind], value)
    row["abilities"] = [*row["abilities"], *wished.learned]
    after = seeker_from(row)
    if after == seeker:
        raise BadInput("Nothing changes: name at least one change that is not so already, such as --set hours_max=32.")
    return after


def seeker_from(row: Json) -> Seeker:
    """A person out of a snapshot, as in a receipt.

    Raises:
        BadInput: a value is not allowed.
    """
    try:
        record = SeekerRecord.model_validate(row)
    except ValidationError as problems:
        raise BadInput(_message(problems, row)) from problems
    return replace(record.to_model(Gazetteer({})), position=Position(*row["position"]) if row["position"] else None)


def _pairs(typed: Sequence[str], known: Sequence[str], option: str) -> list[tuple[str, str]]:
    pairs = [(name.strip(), value.strip()) for name, _, value in (one.partition("=") for one in typed)]
    for (name, _), one in zip(pairs, typed, strict=True):
        if "=" not in one or name not in known:
            raise BadInput(f"{option} {one}: expected {option} FIELD=VALUE, where FIELD is one of {', '.join(known)}.")
    return pairs


def _set(row: Json, field: str, value: str) -> None:
    if field in _SKILLS:
        row["language"] = {**row["language"], field: value}
    elif field == "dayparts" and value == FLEXIBLE:
        row["dayparts"] = None
    elif field in _LISTS:
        row[field] = [part.strip() for part in value.split(",") if part.strip()]
    else:
        row[field] = value.replace(",", ".")


def _add(row: Json, field: str, value: str) -> None:
    if row[field] is not None:
        row[field] = [*row[field], value]


def _message(problems: ValidationError, row: Json) -> str:
    first = problems.errors(include_url=False, include_context=False)[0]
    path = [str(part) for part in first["loc"]]
    field = next((part for part in path if part in ALLOWED), "hours_min" if not path else path[0])
    return f"{field}: {_shown(first['input'], row, field)} is not allowed; allowed is {ALLOWED.get(field, first['msg'])}."


def _shown(value: Any, row: Json, field: str) -> str:
    return repr(row[field]) if isinstance(value, dict) else repr(value)
