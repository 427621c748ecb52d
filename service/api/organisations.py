"""Organisations of the region, and the users of one's own."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import Field, StringConstraints

from service.api.access import Acting, Scope, requires
from service.api.problems import PROBLEMS
from service.api.schemas import Answer, Asked, Words
from service.db import organisations, users
from service.db.identity import Role
from service.passwords import SHORTEST
from service.use_cases import administering

router = APIRouter(responses=PROBLEMS[400] | PROBLEMS[401] | PROBLEMS[403] | PROBLEMS[503])

Password = Annotated[str, StringConstraints(min_length=SHORTEST, max_length=200)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]
StaffRoles = Annotated[list[Role], Field(min_length=1)]
UserId = Annotated[UUID, Path(alias="id")]
ReadsUsers = Annotated[Acting, requires(Role.ADMINISTRATOR, scope=Scope.USERS_READ)]
WritesUsers = Annotated[Acting, requires(Role.ADMINISTRATOR, scope=Scope.USERS_WRITE)]


class OrganisationAnswer(Answer):
    """A municipality, a desk for employers (wsp) or an employer."""

    id: UUID
    kind: administering.Kind
    name: str
    region_id: str
    created_at: datetime


class OrganisationsAnswer(Answer):
    """The organisations of the region."""

    items: list[OrganisationAnswer]


class NewEmployer(Asked):
    """An employer in one's own region."""

    name: Words


class UserAnswer(Answer):
    """A user of one's own organisation."""

    id: UUID
    name: str
    email: str | None
    active: bool
    roles: list[Role]
    created_at: datetime


class UsersAnswer(Answer):
    """The users of one's own organisation."""

    items: list[UserAnswer]


class NewUser(Asked):
    """A colleague; without a password they sign in through the identity provider."""

    name: Words
    email: Email
    roles: StaffRoles
    password: Password | None = None


class UserChange(Asked):
    """What changes about a user; what is left out stays."""

    name: Words | None = None
    email: Email | None = None
    active: bool | None = None
    roles: StaffRoles | None = None
    password: Password | None = None


@router.get("/organisations", tags=["organisations"])
async def in_region(acting: Annotated[Acting, requires(*Role, scope=Scope.ORGANISATIONS_READ)]) -> OrganisationsAnswer:
    """The organisations of my region."""
    rows = await organisations.in_sight(acting.connection)
    return OrganisationsAnswer(items=[OrganisationAnswer.model_validate(dict(row)) for row in rows])


@router.post("/organisations", status_code=201, tags=["organisations"], responses=PROBLEMS[409])
async def add_employer(
    acting: Annotated[Acting, requires(Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR, scope=Scope.ORGANISATIONS_WRITE)],
    asked: NewEmployer,
) -> OrganisationAnswer:
    """Adds an employer to my region."""
    row = await administering.add_employer(acting.connection, acting.identity, asked.name)
    return OrganisationAnswer.model_validate(dict(row))


@router.get("/users", tags=["users"])
async def of_organisation(acting: ReadsUsers) -> UsersAnswer:
    """The users of my organisation."""
    rows = await users.of(acting.connection, acting.identity.organisation_id)
    return UsersAnswer(items=[UserAnswer.model_validate(dict(row)) for row in rows])


@router.post("/users", status_code=201, tags=["users"], responses=PROBLEMS[409])
async def add_user(acting: WritesUsers, asked: NewUser) -> UserAnswer:
    """Adds a user to my organisation."""
    organisation = acting.identity.organisation_id
    row = await administering.add_user(acting.connection, organisation, asked.name, asked.email, asked.password, asked.roles)
    return UserAnswer.model_validate(dict(row))


@router.patch("/users/{id}", tags=["users"], responses=PROBLEMS[404] | PROBLEMS[409])
async def change_user(acting: WritesUsers, user: UserId, asked: UserChange) -> UserAnswer:
    """Changes a user of my organisation; a new password or `active: false` signs them out everywhere."""
    row = await administering.change_user(acting.connection, user, **asked.model_dump(exclude_unset=True))
    return UserAnswer.model_validate(dict(row))
