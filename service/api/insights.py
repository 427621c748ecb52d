"""Insights per quarter."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from service.api.access import Acting, Scope, requires
from service.api.problems import PROBLEMS
from service.api.schemas import Answer
from service.db.identity import Role
from service.use_cases import insights

router = APIRouter(responses=PROBLEMS[400] | PROBLEMS[401] | PROBLEMS[403] | PROBLEMS[503])

Quarter = Annotated[str, Query(pattern=r"^20\d\d-Q[1-4]$", description="Such as 2026-Q4.")]
ReadsInsights = Annotated[Acting, requires(Role.CLIENT_MANAGER, Role.ADMINISTRATOR, Role.AUDITOR, scope=Scope.INSIGHTS_READ)]


class NumberAnswer(Answer):
    """One number; null where it would be about too few people to show."""

    measure: str
    group: str
    value: float | None


class InsightsAnswer(Answer):
    """The numbers of a quarter."""

    quarter: str
    items: list[NumberAnswer]


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
