"""Plans of people: goals, and steps towards them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import Field, StringConstraints, model_validator

from matching.model import Rung
from service.api.access import Acting, Scope, requires
from service.api.matches import Identifier
from service.api.paging import Cursor, PageSize, next_cursor, place_of
from service.api.problems import PROBLEMS
from service.api.schemas import Answer, Asked
from service.api.versions import IdempotencyKey, SeenVersion, tag
from service.db.identity import Role
from service.db.paging import mark
from service.use_cases import planning

router = APIRouter(tags=["plans"], responses=PROBLEMS[400] | PROBLEMS[401] | PROBLEMS[403] | PROBLEMS[404] | PROBLEMS[503])

Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2100, 12, 31))]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
PlanId = Annotated[UUID, Path(alias="id")]
Reads = Annotated[Acting, requires(Role.CLIENT_MANAGER, Role.AUDITOR, Role.RESIDENT, scope=Scope.PLANS_READ)]
Writes = Annotated[Acting, requires(Role.CLIENT_MANAGER, scope=Scope.PLANS_WRITE)]


class StepStatus(StrEnum):
    """How far a step is; dropped is as good as done: a plan follows the person."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"


class Step(Asked):
    """One step towards a goal."""

    text: Sentence
    status: StepStatus = StepStatus.PLANNED
    due_on: Day | None = None
    done_on: Day | None = None

    @model_validator(mode="after")
    def _done_when_it_was_done(self) -> Self:
        if self.done_on is not None and self.status != StepStatus.DONE:
            raise ValueError("doneOn goes with the status done")
        return self


class Goal(Asked):
    """What someone works towards, and on which rung that is, if it is a place."""

    text: Sentence
    rung: Rung | None = None
    steps: list[Step] = Field(default=[], max_length=50)


class PlanContent(Asked):
    """What a plan says; without `endsOn` it is under way."""

    starts_on: Day
    ends_on: Day | None = None
    goals: list[Goal] = Field(default=[], max_length=20)

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError("endsOn is before startsOn")
        return self

    def parsed(self) -> planning.Plan:
        """The same for the use case."""
        goals: list[dict[str, Any]] = [goal.model_dump(mode="json", by_alias=True) for goal in self.goals]
        return planning.Plan(self.starts_on, self.ends_on, goals)


class PlanAnswer(Answer):
    """A plan, and its version for If-Match."""

    id: UUID
    seeker_id: str
    starts_on: date
    ends_on: date | None
    goals: list[Goal]
    created_at: datetime
    updated_at: datetime
    version: int


class PlansAnswer(Answer):
    """A page of plans."""

    items: list[PlanAnswer]
    next: str | None


class PlanVersion(Answer):
    """What a plan said, and who made it so."""

    version: int
    starts_on: date
    ends_on: date | None
    goals: list[Goal]
    changed_by: UUID | None
    changed_at: datetime


class PlanVersions(Answer):
    """Every version of a plan, oldest first."""

    items: list[PlanVersion]


@router.get("/seekers/{id}/plans")
async def plans_of_person(acting: Reads, seeker: Identifier, cursor: Cursor = None, size: PageSize = 20) -> PlansAnswer:
    """The plans of a person, oldest first."""
    rows = await planning.plans_of(acting.connection, seeker, place_of(cursor, mark) if cursor else None, size)
    return PlansAnswer.model_validate(
        {"items": rows[:size], "next": next_cursor(rows, size, lambda row: (row["created_at"], row["id"]))}
    )


@router.post("/seekers/{id}/plans", status_code=201, responses=PROBLEMS[409])
async def add_plan(
    acting: Writes, seeker: Identifier, asked: PlanContent, response: Response, idempotency_key: IdempotencyKey = None
) -> PlanAnswer:
    """Gives a person a plan; someone has at most one that is under way."""
    return _answer(response, await planning.add_plan(acting.connection, seeker, asked.parsed(), idempotency_key))


@router.get("/plans/{id}")
async def one_plan(acting: Reads, plan: PlanId, response: Response) -> PlanAnswer:
    """One plan."""
    return _answer(response, await planning.plan(acting.connection, plan))


@router.put("/plans/{id}", responses=PROBLEMS[409] | PROBLEMS[412] | PROBLEMS[428])
async def change_plan(acting: Writes, plan: PlanId, asked: PlanContent, version: SeenVersion, response: Response) -> PlanAnswer:
    """Puts new content in a plan; what it said before is kept."""
    return _answer(response, await planning.change_plan(acting.connection, plan, version, asked.parsed()))


@router.get("/plans/{id}/versions")
async def versions_of_plan(acting: Reads, plan: PlanId) -> PlanVersions:
    """Everything a plan has said, oldest first."""
    return PlanVersions.model_validate({"items": await planning.history(acting.connection, plan)})


def _answer(response: Response, row: planning.Row) -> PlanAnswer:
    tag(response, row["version"])
    return PlanAnswer.model_validate(row)
