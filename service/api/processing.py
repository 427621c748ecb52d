"""The log of processing: who used whose data, when and for what."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import StringConstraints

from service.api.access import Acting, Scope, requires
from service.api.paging import Cursor, PageSize, next_cursor, place_of
from service.api.problems import PROBLEMS
from service.api.schemas import Answer, Asked
from service.db import processing_log
from service.db.identity import Role
from service.interchange import Identifier

router = APIRouter(tags=["processing"], responses=PROBLEMS[400] | PROBLEMS[401] | PROBLEMS[403] | PROBLEMS[503])

ReadsProcessing = Annotated[Acting, requires(Role.AUDITOR, Role.RESIDENT, scope=Scope.PROCESSING_READ)]
SetsRegister = Annotated[Acting, requires(Role.ADMINISTRATOR, scope=Scope.PROCESSING_WRITE)]


class ProcessingRecord(Answer):
    """A record in the shape of the standard Logboek Dataverwerkingen; ids in hexadecimal, the person by pseudonym."""

    trace_id: str
    span_id: str
    parent_span_id: str | None
    status: str
    name: str
    start_time: datetime
    end_time: datetime
    resource: dict[str, Any]
    attributes: dict[str, Any]


class ProcessingRecords(Answer):
    """A page of the log."""

    items: list[ProcessingRecord]
    next: str | None


class Register(Asked):
    """Where the municipality's register of processing activities is; the name of an activity comes right after it."""

    address: Annotated[str, StringConstraints(max_length=300, pattern=r"^(https?://|urn:)[!-~]+$")]


@router.get("/processing-records")
async def processing_records(
    acting: ReadsProcessing,
    seeker: Annotated[Identifier | None, Query(description="Only about this person.")] = None,
    cursor: Cursor = None,
    size: PageSize = 50,
) -> ProcessingRecords:
    """What was done with data of people, oldest first: for a resident their own, for an auditor those of the municipality."""
    rows = await processing_log.page(acting.connection, place_of(cursor, _number) if cursor else 0, size, seeker)
    following = next_cursor(rows, size, lambda row: (row["number"],))
    items = [{name: _hexadecimal(value) for name, value in row.items() if name != "number"} for row in rows[:size]]
    return ProcessingRecords.model_validate({"items": items, "next": following})


@router.put("/processing-register", status_code=204)
async def set_processing_register(acting: SetsRegister, asked: Register) -> None:
    """Says where the activities in new records are described."""
    await processing_log.set_register(acting.connection, acting.identity.organisation_id, asked.address)


def _number(written: str) -> int:
    number = int(written)
    if not 0 <= number < 2**63:
        raise ValueError(written)
    return number


def _hexadecimal(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value
