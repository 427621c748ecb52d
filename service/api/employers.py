"""Employers of the region, with contact persons, the support they offer and what was agreed."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field, StringConstraints

from matching.model import Support
from service.api.access import Acting, Scope, requires
from service.api.organisations import Email
from service.api.paging import Cursor, PageSize, next_cursor, place_of
from service.api.problems import PROBLEMS
from service.api.schemas import Answer, Asked, Words
from service.api.versions import IdempotencyKey, SeenVersion, tag
from service.db import employers as kept
from service.db.identity import Role
from service.db.paging import name_and_number
from service.use_cases import employers
from service.use_cases.employers import Employer

router = APIRouter(tags=["employers"], responses=PROBLEMS[400] | PROBLEMS[401] | PROBLEMS[403] | PROBLEMS[503])

Reads = Annotated[Acting, requires(Role.ACCOUNT_MANAGER, scope=Scope.EMPLOYERS_READ)]
Writes = Annotated[Acting, requires(Role.ACCOUNT_MANAGER, scope=Scope.EMPLOYERS_WRITE)]
EmployerId = Annotated[UUID, Path(alias="id")]
Function = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00]*$")]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=30, pattern=r"^\+?[0-9 ()-]{6,}$")]
Agreements = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000, pattern=r"^[^\x00]*$")]


class ContactPerson(Asked):
    """Whom to call or write at an employer."""

    name: Words
    function: Function = ""
    phone: Phone | None = None
    email: Email | None = None


class EmployerContent(Asked):
    """What is kept of an employer."""

    name: Words
    contact_persons: list[ContactPerson] = Field(default=[], max_length=20)
    support: list[Support] = Field(default=[])
    agreements: Agreements = ""

    def parsed(self) -> Employer:
        """The same for the use case."""
        people = [person.model_dump(mode="json") for person in self.contact_persons]
        return Employer(self.name, people, self.support, self.agreements)


class EmployerAnswer(Answer):
    """An employer, and its version for If-Match."""

    id: UUID
    name: str
    contact_persons: list[ContactPerson]
    support: list[Support]
    agreements: str
    open_places: int
    created_at: datetime
    updated_at: datetime
    version: int


class EmployersAnswer(Answer):
    """A page of employers, by name."""

    items: list[EmployerAnswer]
    next: str | None


@router.get("/employers")
async def employers_of_region(
    acting: Reads,
    name: Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$", description="Only names that hold this.")] = "",
    cursor: Cursor = None,
    size: PageSize = 20,
) -> EmployersAnswer:
    """The employers of my region, by name."""
    rows = await kept.page(acting.connection, name, place_of(cursor, name_and_number) if cursor else None, size + 1)
    following = next_cursor(rows, size, lambda row: (row["name"], row["id"]))
    return EmployersAnswer.model_validate({"items": rows[:size], "next": following})


@router.post("/employers", status_code=201, responses=PROBLEMS[409])
async def new_employer(
    acting: Writes, asked: EmployerContent, response: Response, idempotency_key: IdempotencyKey = None
) -> EmployerAnswer:
    """Adds an employer to my region."""
    made = await employers.add_employer(acting.connection, acting.identity, asked.parsed(), idempotency_key)
    response.headers["Location"] = f"/v1/employers/{made['id']}"
    return _answer(response, made)


@router.get("/employers/{id}", responses=PROBLEMS[404])
async def one_employer(acting: Reads, number: EmployerId, response: Response) -> EmployerAnswer:
    """One employer."""
    return _answer(response, await employers.employer(acting.connection, number))


@router.put("/employers/{id}", responses=PROBLEMS[404] | PROBLEMS[409] | PROBLEMS[412] | PROBLEMS[428])
async def change_employer(
    acting: Writes, number: EmployerId, asked: EmployerContent, version: SeenVersion, response: Response
) -> EmployerAnswer:
    """Puts other content in the place of the version that was read."""
    return _answer(response, await employers.change_employer(acting.connection, number, version, asked.parsed()))


def _answer(response: Response, row: kept.Row) -> EmployerAnswer:
    tag(response, row["version"])
    return EmployerAnswer.model_validate(row)
