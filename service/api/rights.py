"""Rights of the person: see everything that is recorded, correct it, object to a suggestion, be erased."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Path, Response
from fastapi.responses import HTMLResponse
from pydantic import StringConstraints

from matching.model import Level, Rung, Support, Transport
from service.api.access import Acting, Scope, requires
from service.api.matches import Identifier as SeekerId
from service.api.problems import PROBLEMS
from service.api.proposals import Label, Step
from service.api.schemas import Answer, Asked
from service.api.versions import SeenVersion, tag
from service.db.identity import Role
from service.interchange import Identifier
from service.proposals import State
from service.render import Json
from service.rights_page import page
from service.use_cases import correcting, rights
from service.use_cases.correcting import Kind, Profiles

router = APIRouter(tags=["rights"], responses=PROBLEMS[400] | PROBLEMS[401] | PROBLEMS[403] | PROBLEMS[404] | PROBLEMS[503])

_CHANGES = PROBLEMS[409] | PROBLEMS[412] | PROBLEMS[428]
_PERSON_AND_MUNICIPALITY = (Role.RESIDENT, Role.CLIENT_MANAGER, Role.ADMINISTRATOR)
SeesAll = Annotated[Acting, requires(Role.RESIDENT, Role.CLIENT_MANAGER, scope=Scope.SEEKERS_READ)]
Reads = Annotated[Acting, requires(*_PERSON_AND_MUNICIPALITY, Role.ACCOUNT_MANAGER, Role.AUDITOR, scope=Scope.SEEKERS_READ)]
Writes = Annotated[Acting, requires(*_PERSON_AND_MUNICIPALITY, scope=Scope.SEEKERS_WRITE)]
Erases = Annotated[Acting, requires(Role.CLIENT_MANAGER, Role.ADMINISTRATOR, scope=Scope.SEEKERS_WRITE)]
Objects = Annotated[Acting, requires(Role.RESIDENT, scope=Scope.SEEKERS_WRITE)]
AnswersObjections = Annotated[Acting, requires(Role.CLIENT_MANAGER, scope=Scope.SEEKERS_WRITE)]
StatementNumber = Annotated[int, Path(alias="number", ge=0, le=32_767)]
ObjectionId = Annotated[UUID, Path(alias="id")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]


class Statement(Answer):
    """A sentence of a profile."""

    number: int
    kind: Kind
    text: str


class EarlierStatement(Answer):
    """A sentence that was in the profile until then."""

    kind: Kind
    text: str
    until: datetime
    changed_by: str


class Statements(Answer):
    """The sentences of a person, in order, and those of before, newest first."""

    version: int
    statements: list[Statement]
    earlier: list[EarlierStatement]


class NewStatement(Asked):
    """A sentence in the person's own words."""

    kind: Kind
    text: Text


class Correction(Asked):
    """How the sentence should be."""

    text: Text


class NewObjection(Asked):
    """What a person does not agree with: a proposal, or a place in their list."""

    text: Text
    proposal: UUID | None = None
    opportunity: Identifier | None = None


class ObjectionAnswer(Asked):
    """What someone answers who has looked again."""

    answer: Text


class Objection(Answer):
    """An objection, with its answer once there is one."""

    id: UUID
    proposal_id: UUID | None
    opportunity_id: str | None
    text: str
    made_at: datetime
    answer: str | None
    answered_at: datetime | None
    answered_by: str | None


class Objections(Answer):
    """The objections of a person, oldest first."""

    items: list[Objection]


class Person(Answer):
    """The practical side of a profile; `compared_for_places`: in how many searches for a place it was looked at."""

    id: str
    name: str | None
    contact: str | None
    municipality: str
    client_manager: str | None
    place: str
    postcode4: str | None
    max_travel_km: float
    transport: Transport
    hours_min: float
    hours_max: float
    dayparts: list[str] | None
    speaking: Level | None
    reading: Level | None
    writing: Level | None
    licences: list[str]
    support_needs: list[Support]
    open_to: list[Rung]
    created_at: datetime
    updated_at: datetime
    version: int
    compared_for_places: int


class OwnProposal(Answer):
    """A proposal of one's own with its history."""

    id: UUID
    opportunity_id: str
    title: str
    organisation: str
    rung: Rung
    state: State
    label: Label
    started_on: date | None
    created_at: datetime
    steps: list[Step]


class Agreement(Answer):
    """Who was let know who the person is, and until when."""

    proposal_id: UUID
    employer: str | None
    given_at: datetime
    revoked_at: datetime | None


class MatchRun(Answer):
    """When places were looked for, and what was suggested; `id` is the receipt."""

    id: UUID
    made_at: datetime
    titles: list[str]


class PersonalData(Answer):
    """Everything that is recorded of a person."""

    person: Person
    statements: list[Statement]
    earlier_statements: list[EarlierStatement]
    proposals: list[OwnProposal]
    agreements: list[Agreement]
    objections: list[Objection]
    match_runs: list[MatchRun]


@router.get("/seekers/{id}/personal-data", response_model=PersonalData, responses={200: {"content": {"text/html": {}}}})
async def personal_data(acting: SeesAll, seeker: SeekerId, accept: Annotated[str, Header(max_length=500)] = "") -> object:
    """Everything that is recorded of a person, as JSON, or as a readable page in Dutch with Accept: text/html."""
    data = await rights.personal_data(acting.connection, seeker)
    if accept.startswith("text/html"):
        return HTMLResponse(page(data))
    return PersonalData.model_validate(data, by_name=True)


@router.get("/seekers/{id}/statements")
async def statements(acting: Reads, response: Response, seeker: SeekerId) -> Statements:
    """The sentences of a person, and how they were before."""
    return _statements(response, await correcting.show_statements(acting.connection, seeker))


@router.post("/seekers/{id}/statements", status_code=201, responses=_CHANGES)
async def add_statement(
    acting: Writes, response: Response, seeker: SeekerId, version: SeenVersion, asked: NewStatement
) -> Statements:
    """Adds a sentence; the person is matched on it at once."""
    return _statements(response, await correcting.add_statement(_profiles(acting), seeker, version, asked.kind, asked.text))


@router.put("/seekers/{id}/statements/{number}", responses=_CHANGES)
async def correct_statement(
    acting: Writes, response: Response, seeker: SeekerId, number: StatementNumber, version: SeenVersion, asked: Correction
) -> Statements:
    """Corrects a sentence; how it was stays in the history."""
    return _statements(response, await correcting.correct_statement(_profiles(acting), seeker, version, number, asked.text))


@router.delete("/seekers/{id}/statements/{number}", responses=_CHANGES)
async def remove_statement(
    acting: Writes, response: Response, seeker: SeekerId, number: StatementNumber, version: SeenVersion
) -> Statements:
    """Takes a sentence out; it stays in the history."""
    return _statements(response, await correcting.remove_statement(_profiles(acting), seeker, version, number))


@router.get("/seekers/{id}/objections")
async def objections(acting: Reads, seeker: SeekerId) -> Objections:
    """What a person objected to, and what was answered."""
    return Objections.model_validate({"items": await rights.list_objections(acting.connection, seeker)}, by_name=True)


@router.post("/seekers/{id}/objections", status_code=201, responses=PROBLEMS[409])
async def object_to(acting: Objects, seeker: SeekerId, asked: NewObjection) -> Objection:
    """Objects to a suggestion; its proposal waits until a client manager has looked again."""
    given = rights.Objection(asked.text, asked.proposal, asked.opportunity)
    return Objection.model_validate(await rights.object_to(acting.connection, seeker, given), by_name=True)


@router.put("/objections/{id}/answer", responses=PROBLEMS[409])
async def answer_objection(acting: AnswersObjections, number: ObjectionId, asked: ObjectionAnswer) -> Objection:
    """Answers an objection, by name."""
    return Objection.model_validate(await rights.answer_objection(acting.connection, number, asked.answer), by_name=True)


@router.delete("/seekers/{id}", status_code=204)
async def erase(acting: Erases, seeker: SeekerId) -> None:
    """Erases a person everywhere; numbers of outcomes stay. This cannot be undone."""
    await rights.erase(acting.connection, seeker)


def _profiles(acting: Acting) -> Profiles:
    return Profiles(acting.connection, acting.passend.engine, acting.passend.encoder)


def _statements(response: Response, shown: Json) -> Statements:
    tag(response, shown["version"])
    return Statements.model_validate(shown, by_name=True)
