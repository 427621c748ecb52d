"""Which column of a table holds which field: proposed from the headers, corrected by people, and applied to rows."""

import difflib
import re
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from service.geography import simplified
from service.imports.cells import read_cell
from service.imports.dayparts import dayparts_in
from service.imports.word_lists import ColumnName, code_of, column_names
from service.interchange import OpportunityRecord, SeekerRecord

REASON_COLUMN = "reden"
"""The column that the file of rejected rows adds; it is passed over when that file comes back."""

_PARTS = {
    "language": ("speaking", "reading", "writing"),
    "language_min": ("speaking", "reading", "writing"),
    "needs": ("nice", "learnable"),
}
_FLAGGED = ("licences", "dayparts", "support", "support_needs", "open_to")
_DAY_STARTS = {"ma", "di", "wo", "do", "vr", "za", "zo"}
_LOOKS_ENOUGH_ALIKE = 0.88
_EXAMPLES: dict[type[SeekerRecord | OpportunityRecord], dict[str, Any]] = {
    SeekerRecord: {"id": "1", "abilities": ["iets"], "hours_min": 0, "hours_max": 60},
    OpportunityRecord: {"id": "1", "kind": "paid", "title": "iets", "hours_min": 0, "hours_max": 60},
}


class Form(StrEnum):
    """What the rows of a table are."""

    SEEKERS = "seekers"
    OPPORTUNITIES = "opportunities"

    @property
    def fields(self) -> frozenset[str]:
        """Everything that a column of this form can hold."""
        record = SeekerRecord if self is Form.SEEKERS else OpportunityRecord
        own = set(record.model_fields)
        return frozenset(own | {"hours"} | {f"{field}.{part}" for field in own & _PARTS.keys() for part in _PARTS[field]})


def _known_target(target: str | None) -> str | None:
    if target is not None and target.partition("=")[0] not in Form.SEEKERS.fields | Form.OPPORTUNITIES.fields:
        raise ValueError(f"'{target}' is geen veld van Passend.")
    return target


Target = Annotated[str | None, AfterValidator(_known_target)]


class ColumnMapping(BaseModel):
    """Where each column goes.

    Attributes:
        form: `as` in the file: what the rows are.
        columns: name of a column to its target; null leaves it out. `licences=B` is a yes-or-no column.
        fixed: target to a cell that counts for every row, such as `{"kind": "betaald werk"}`.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    form: Form = Field(alias="as")
    columns: dict[str, Target]
    fixed: dict[str, str] = {}


@dataclass(frozen=True)
class Applied:
    """A row in the fields of the interchange format.

    Attributes:
        problems: (field, message) of cells that say neither yes nor no, or that say a field twice.
        ignored: columns with something in them that were not read.
    """

    raw: dict[str, Any]
    problems: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """A mapping to look at before it is used.

    Attributes:
        refused: columns that are never taken over, with the kind of detail they hold.
        unknown: columns whose name says nothing to Passend.
        unsure: columns that were matched because their name looks like another one.
        missing: fields without which no row can be taken over.
        readable: column to (cells that could be read, cells with something in them).
    """

    mapping: ColumnMapping
    refused: dict[str, str]
    unknown: tuple[str, ...]
    unsure: tuple[str, ...]
    missing: tuple[str, ...]
    readable: dict[str, tuple[int, int]]


def propose(columns: Sequence[str], rows: Sequence[MappingOf[str, str]], form: Form | None = None) -> Proposal:
    """Proposes where columns go, from their names in Dutch and English."""
    form = form or _likely_form(columns)
    targets = {column: _target(column, form) for column in columns if column != REASON_COLUMN}
    taken = _without_repeats({column: target for column, (target, _) in targets.items()})
    mapping = ColumnMapping(form=form, columns=taken)
    return Proposal(
        mapping=mapping,
        refused={column: reason for column in targets if (reason := _refused(column))},
        unknown=tuple(column for column, target in taken.items() if target is None and not _refused(column)),
        unsure=tuple(column for column, (target, sure) in targets.items() if target and not sure),
        missing=_missing(mapping),
        readable={column: _readable(target, column, rows) for column, target in taken.items() if target},
    )


def mapping_by_name(columns: Sequence[str], form: Form | None = None) -> ColumnMapping | None:
    """The mapping of a table whose columns are named as the fields are; None for any other table."""
    fields = Form.SEEKERS.fields | Form.OPPORTUNITIES.fields
    named = {column: column if column in fields else None for column in columns}
    if "id" not in named or sum(target is not None for target in named.values()) < 2:
        return None
    is_place = {"kind", "title", "tasks"} & named.keys()
    return ColumnMapping(form=form or (Form.OPPORTUNITIES if is_place else Form.SEEKERS), columns=named)


def apply(mapping: ColumnMapping, cells: MappingOf[str, str]) -> Applied:
    """A row of cells as fields, according to the mapping."""
    raw: dict[str, Any] = {}
    problems: list[tuple[str, str]] = []
    for target, cell in [*_filled(mapping, cells), *mapping.fixed.items()]:
        try:
            for field, value in read_cell(target, cell).items():
                _put(raw, field, value)
        except ValueError as problem:
            problems.append((target.partition("=")[0], str(problem)))
    ignored = [column for column, cell in cells.items() if cell and not mapping.columns.get(column) and column != REASON_COLUMN]
    return Applied(raw, tuple(problems), tuple(ignored))


def _filled(mapping: ColumnMapping, cells: MappingOf[str, str]) -> list[tuple[str, str]]:
    return [(target, cells[column]) for column, target in mapping.columns.items() if target and cells.get(column)]


def _put(raw: dict[str, Any], field: str, value: Any) -> None:
    name, _, part = field.partition(".")
    holder, key = (raw.setdefault(name, {}), part) if part else (raw, name)
    if isinstance(value, list) and isinstance(holder.get(key), list):
        holder[key] += value
    elif key in holder:
        raise ValueError(f"er is meer dan één kolom voor {field}.")
    else:
        holder[key] = value


def _likely_form(columns: Sequence[str]) -> Form:
    names = [entry for column in columns for entry in column_names().get(simplified(column), ())]
    count = {form: sum(entry.form == form for entry in names) for form in Form}
    return Form.OPPORTUNITIES if count[Form.OPPORTUNITIES] > count[Form.SEEKERS] else Form.SEEKERS


def _target(column: str, form: Form) -> tuple[str | None, bool]:
    """Target of a column and whether its name is known; (None, True) when there is none."""
    if column in form.fields:
        return column, True
    if _refused(column):
        return None, True
    name = simplified(re.sub(r"\s*\(?\d+\)?$", "", column)) or simplified(column)
    if target := _by_name(column_names().get(name, ()), form):
        return target, True
    if flag := _yes_or_no_target(name, form):
        return flag, True
    near = difflib.get_close_matches(name, column_names(), n=1, cutoff=_LOOKS_ENOUGH_ALIKE)
    return (_by_name(column_names()[near[0]], form), False) if near else (None, True)


def _by_name(entries: Sequence[ColumnName], form: Form) -> str | None:
    return next((entry.target for entry in entries if entry.form in {form, "both"}), None)


def _refused(column: str) -> str | None:
    entries = column_names().get(simplified(column), ())
    return next((entry.target for entry in entries if entry.form == "never"), None)


def _yes_or_no_target(name: str, form: Form) -> str | None:
    """`licences=B` for a column "Rijbewijs B", `dayparts=mon_am` for "Ma ochtend"."""
    parts = dayparts_in(name) if name[:2] in _DAY_STARTS else None
    if parts and len(parts) == 1:
        return f"dayparts={parts[0]}"
    for field in _FLAGGED:
        if field in form.fields and (code := code_of(field, name)):
            return f"{field}={code}"
    return None


def _without_repeats(targets: MappingOf[str, str | None]) -> dict[str, str | None]:
    """The first column keeps a field that holds one value; further ones are left for people to decide."""
    many = {"abilities", "motivations", "learning", "tasks", "needs", "needs.nice", "needs.learnable", *_FLAGGED}
    seen: set[str] = set()
    result: dict[str, str | None] = {}
    for column, target in targets.items():
        repeated = target in seen and target is not None and target not in many and "=" not in target
        result[column] = None if repeated else target
        seen.add(target or "")
    return result


def _missing(mapping: ColumnMapping) -> tuple[str, ...]:
    present = {target for target in (*mapping.columns.values(), *mapping.fixed) if target}
    needed = ("id", "kind", "title") if mapping.form is Form.OPPORTUNITIES else ("id",)
    missing = [field for field in needed if field not in present]
    if mapping.form is Form.SEEKERS and not present & {"abilities", "motivations", "learning"}:
        missing.append("abilities")
    return tuple(missing)


def _readable(target: str, column: str, rows: Sequence[MappingOf[str, str]]) -> tuple[int, int]:
    cells = [row[column] for row in rows if row.get(column)]
    return sum(_can_be_read(target, cell) for cell in cells), len(cells)


def _can_be_read(target: str, cell: str) -> bool:
    raw: dict[str, Any] = {}
    try:
        for field, value in read_cell(target, cell).items():
            _put(raw, field, value)
        for record, example in _EXAMPLES.items():
            if raw.keys() <= record.model_fields.keys():
                record.model_validate({**example, **raw})
    except ValueError:
        return False
    return True
