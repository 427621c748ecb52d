"""Insights per quarter, and the log of processing."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from service.api.access import Acting, Scope, requires
from service.api.paging import Cursor, PageSize, cursor, number
from service.api.problems import PROBLEMS
from service.api.schemas import Answer
from service.db.identity import Role
from service.interchange import Identifier
from service.use_cases import accounting, insights

router = APIRouter(responses=PROBLEMS[400] | PROBLEMS[401] | PROBLEMS[403] | PROBLEMS[503])

Quarter = Annotated[str, Query(pattern=r"^20\d\d-Q[1-4]$", description="Such as 2026-Q4.")]
ReadsInsights = Annotated[Acting, requires(Role.CLIENT_MANAGER, Role.ADMINISTRATOR, Role.AUDITOR, scope=Scope.INSIGHTS_READ)]
ReadsProcessing = Annotated[Acting, requires(Role.AUDITOR, Role.RESIDENT, scope=Scope.PROCESSING_READ)]


class NumberAnswer(Answer):
    """One number; null where it would be about too few people to show."""

    measure: str
    group: str
    value: float | None


class InsightsAnswer(Answer):
    """The numbers of a quarter."""

    quarter: str
    items: list[NumberAnswer]


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


@router.get(
    "/insights",
    tags=["insights"],
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    response_model=InsightsAnswer,
)
async def insights_of_quarter(request: Request, acting: ReadsInsights, quarter: Quarter) -> InsightsAnswer | Response:
    """What came of it in a quarter: outflow, lasting places, time to placement, declines, the ladder, coverage and exposure.

    With `Accept: text/csv` as a file. A number about fewer than five people is null, and so is one that would give it away.
    """
    found = await insights.numbers(acting.connection, acting.identity.organisation_id, quarter)
    if request.headers.get("accept", "").startswith("text/csv"):
        text = insights.as_csv(str(acting.identity.organisation_id), quarter, found)
        return Response(text, media_type="text/csv; charset=utf-8")
    return InsightsAnswer.model_validate({"quarter": quarter, "items": found})


@router.get("/processing-records", tags=["processing"])
async def processing_records(
    acting: ReadsProcessing,
    seeker: Annotated[Identifier | None, Query(description="Only about this person.")] = None,
    after: Cursor = None,
    size: PageSize = 50,
) -> ProcessingRecords:
    """What was done with data of people, oldest first: for a resident their own, for an auditor those of the municipality."""
    rows = await accounting.records(acting.connection, number(after), size, seeker)
    following = cursor(rows[-1].pop("number")) if len(rows) == size else None
    items = [{name: _hexadecimal(value) for name, value in row.items() if name != "number"} for row in rows]
    return ProcessingRecords.model_validate({"items": items, "next": following})


def _hexadecimal(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value
