"""Rows that say what became of a proposal (docs/interchange.md), each checked field by field."""

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from matching.outcomes import End
from service.errors import UnusableFile
from service.interchange import Identifier, RowError

Reason = Literal["travel", "hours", "work", "support", "language", "atmosphere", "other_place", "other"]


class Decision(StrEnum):
    """What was decided about a proposal, or what came of it."""

    AGREED = "agreed"
    DECLINED = "declined"
    MET = "met"
    PLACED = "placed"


class OutcomeRecord(BaseModel):
    """What became of one person with one place. Fields that learning may not know are refused, not skipped."""

    model_config = ConfigDict(extra="forbid")

    seeker_id: Identifier
    opportunity_id: Identifier
    decided_at: AwareDatetime
    decision: Decision
    reason: Reason | None = None
    lasted_months: Annotated[float, Field(ge=0, le=600)] | None = None
    ended: End | None = None

    @model_validator(mode="after")
    def _goes_together(self) -> "OutcomeRecord":
        if (self.reason is not None) != (self.decision is Decision.DECLINED):
            raise ValueError("a reason goes with declined, and declined with a reason")
        if self.decision is not Decision.PLACED and (self.lasted_months is not None or self.ended):
            raise ValueError("lasted_months and ended go with placed")
        return self


def read_outcomes(path: Path) -> Iterator[tuple[int, OutcomeRecord | list[RowError]]]:
    """Line number and record of each row of a JSON Lines file, or the errors that keep it out.

    Raises:
        UnusableFile: the file cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as problem:
        raise UnusableFile(f"{path} cannot be read: {problem}") from problem
    return ((number, _checked(path.name, number, line)) for number, line in enumerate(lines, start=1) if line.strip())


def _checked(file: str, number: int, line: str) -> OutcomeRecord | list[RowError]:
    try:
        return OutcomeRecord.model_validate(json.loads(line))
    except ValidationError as problems:
        return [
            RowError(file, number, ".".join(map(str, problem["loc"])), problem["msg"].removeprefix("Value error, "))
            for problem in problems.errors(include_url=False, include_context=False)
        ]
    except ValueError as problem:
        return [RowError(file, number, "", f"this row cannot be read: {problem}")]
