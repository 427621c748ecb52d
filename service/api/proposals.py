"""Proposals: suggested, proposed, agreed, introduced, and so on to work that lasts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field, StringConstraints

from matching.model import Rung
from service.api.access import Acting, Scope, requires
from service.api.paging import Cursor, PageSize, next_cursor, place_of
from service.api.problems import PROBLEMS
from service.api.schemas import Answer, Asked
from service.api.versions import IdempotencyKey, SeenVersion, tag
from service.db.identity import Role
from service.db.proposals import After
from service.interchange import Identifier
from service.proposals import State
from service.render import Json
from service.use_cases import proposing
from service.use_cases.proposing import Filter, Suggestion, Wish

router = APIRouter(tags=["proposals"], responses=PROBLEMS[400] | PROBLEMS[401] | PROBLEMS[403] | PROBLEMS[503])

_CHANGES = PROBLEMS[404] | PROBLEMS[409] | PROBLEMS[412] | PROBLEMS[428]
_TAKING_PART = (Role.CLIENT_MANAGER, Role.ACCOUNT_MANAGER, Role.EMPLOYER, Role.RESIDENT)
Reads = Annotated[Acting, requires(*Role, scope=Scope.PROPOSALS_READ)]
Suggests = Annotated[Acting, requires(Role.CLIENT_MANAGER, Role.ACCOUNT_MANAGER, Role.RESIDENT, scope=Scope.PROPOSALS_WRITE)]
TakesPart = Annotated[Acting, requires(*_TAKING_PART, scope=Scope.PROPOSALS_WRITE)]
Agrees = Annotated[Acting, requires(Role.RESIDENT, scope=Scope.PROPOSALS_WRITE)]
Revokes = Annotated[Acting, requires(Role.RESIDENT, Role.CLIENT_MANAGER, scope=Scope.PROPOSALS_WRITE)]
Employs = Annotated[Acting, requires(Role.EMPLOYER, scope=Scope.PROPOSALS_READ)]
ProposalId = Annotated[UUID, Path(alias="id")]
StepNumber = Annotated[int, Path(alias="number", ge=1, le=2**31 - 1)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000, pattern=r"^[^\x00]*$")]


class Label(Answer):
    """The same in Dutch and English."""

    nl: str
    en: str


class Reason(Answer):
    """A reason to choose from."""

    reason: str
    label: Label


class NextStep(Answer):
    """A step that may be taken now; with `reasons`, one of them has to be given."""

    to: State
    label: Label
    reasons: list[Reason]


class Proposal(Answer):
    """A person and a place, and how far they are; `agreed`: the employer may know who the person is."""

    id: UUID
    seeker: str
    opportunity: str
    title: str | None
    rung: Rung
    state: State
    label: Label
    receipt: UUID | None
    proposed_by: str | None
    agreed: bool
    started_on: date | None
    created_at: datetime
    updated_at: datetime
    version: int
    next_steps: list[NextStep]


class Proposals(Answer):
    """A page of proposals, newest first."""

    items: list[Proposal]
    next: str | None


class NewProposal(Asked):
    """A person, a place, and the match run that brought them together."""

    seeker: Identifier
    opportunity: Identifier
    receipt: UUID | None = None


class NewStep(Asked):
    """Where to, why where that is asked, and when it happened (default: today)."""

    to: State
    reason: Annotated[str | None, Field(max_length=40, pattern="^[a-z_]*$")] = None
    note: Note = ""
    on: date | None = None


class Step(Answer):
    """A step that was taken, by whom; `undoes` is the step that this one took back."""

    number: int
    from_state: State
    to_state: State
    undoes: int | None
    reason: str | None
    note: str
    on: date
    by_role: Role | None
    by_name: str
    at: datetime


class Steps(Answer):
    """The history of a proposal, oldest first."""

    items: list[Step]


class Language(Answer):
    """Levels of Dutch."""

    speaking: str | None
    reading: str | None
    writing: str | None


class IntroducedPerson(Answer):
    """What an employer may know; `name` and `contact` are null unless the person agreed."""

    code: str
    abilities: list[str]
    hours_min: float
    hours_max: float
    reach: str
    language: Language
    licences: list[str]
    name: str | None
    contact: str | None


class RoleStep(NextStep):
    """A step, and the role that may take it."""

    role: Role


class StateAnswer(Answer):
    """A state with every step from it."""

    state: State
    label: Label
    steps: list[RoleStep]


class States(Answer):
    """All states."""

    items: list[StateAnswer]


@router.get("/proposal-states")
async def states(_: Reads) -> States:
    """Every state, and who may take which step from it, with the reasons to choose from."""
    return States.model_validate({"items": proposing.table_of_states()}, by_name=True)


@router.get("/proposals")
async def proposals(
    acting: Reads,
    state: Annotated[Sequence[State], Query(description="Repeat for more.")] = (),
    seeker: Annotated[Identifier | None, Query()] = None,
    opportunity: Annotated[Identifier | None, Query()] = None,
    limit: PageSize = 20,
    cursor: Cursor = None,
) -> Proposals:
    """The proposals that I may see, newest first."""
    after = place_of(cursor, _after) if cursor else None
    wanted = Filter(state, seeker, opportunity)
    rows = await proposing.list_proposals(acting.connection, acting.identity.role, wanted, after, limit + 1)
    following = next_cursor(rows, limit, lambda row: (row["created_at"].isoformat(), row["id"]))
    return Proposals.model_validate({"items": rows[:limit], "next": following}, by_name=True)


@router.post("/proposals", status_code=201, responses=PROBLEMS[409])
async def suggest(acting: Suggests, response: Response, asked: NewProposal, idempotency_key: IdempotencyKey = None) -> Proposal:
    """Suggests a place for a person; a client manager decides whether it is proposed."""
    wanted = Suggestion(asked.seeker, asked.opportunity, asked.receipt)
    made = await proposing.suggest(acting.connection, acting.identity.role, wanted, idempotency_key)
    response.headers["Location"] = f"/v1/proposals/{made['id']}"
    return _answer(response, made)


@router.get("/proposals/{id}", responses=PROBLEMS[404])
async def proposal(acting: Reads, response: Response, number: ProposalId) -> Proposal:
    """One proposal, with the steps that I may take now."""
    return _answer(response, await proposing.show_proposal(acting.connection, acting.identity.role, number))


@router.get("/proposals/{id}/steps", responses=PROBLEMS[404])
async def steps(acting: Reads, number: ProposalId) -> Steps:
    """What happened, by whom and why; an employer sees its own steps."""
    return Steps.model_validate({"items": await proposing.show_steps(acting.connection, number)}, by_name=True)


@router.post("/proposals/{id}/steps", status_code=201, responses=_CHANGES)
async def take_step(acting: TakesPart, response: Response, number: ProposalId, version: SeenVersion, asked: NewStep) -> Proposal:
    """Takes a step from the version that was read."""
    wish = Wish(asked.to, asked.reason, asked.note, asked.on)
    return _answer(response, await proposing.take_step(acting.connection, acting.identity.role, number, version, wish))


@router.delete("/proposals/{id}/steps/{number}", responses=_CHANGES)
async def undo_step(
    acting: TakesPart, response: Response, number: ProposalId, step: StepNumber, version: SeenVersion
) -> Proposal:
    """Takes my own last step back, while there is time; both stay in the history."""
    return _answer(response, await proposing.undo_step(acting.connection, acting.identity.role, number, version, step))


@router.put("/proposals/{id}/agreement", responses=PROBLEMS[404] | PROBLEMS[409])
async def agree(acting: Agrees, response: Response, number: ProposalId) -> Proposal:
    """Lets this employer know again who I am, after I revoked that."""
    return _answer(response, await proposing.agree_again(acting.connection, acting.identity.role, number))


@router.delete("/proposals/{id}/agreement", responses=PROBLEMS[404])
async def revoke(acting: Revokes, response: Response, number: ProposalId) -> Proposal:
    """Hides the name from this employer at once, in all its proposals."""
    return _answer(response, await proposing.revoke_agreement(acting.connection, acting.identity.role, number))


@router.get("/proposals/{id}/person", responses=PROBLEMS[404])
async def person(acting: Employs, number: ProposalId) -> IntroducedPerson:
    """The person who was introduced to me: by code, and by name as long as they agree."""
    return IntroducedPerson.model_validate(await proposing.show_introduced(acting.connection, number), by_name=True)


def _after(created_at: str, number: str) -> After:
    return After(datetime.fromisoformat(created_at), UUID(number))


def _answer(response: Response, shown: Json) -> Proposal:
    tag(response, shown["version"])
    return Proposal.model_validate(shown, by_name=True)
