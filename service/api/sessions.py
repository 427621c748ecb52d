"""Signing in and out, who I am, and my API tokens."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field, StringConstraints

from service.api.access import (
    Acting,
    Scope,
    browser_of,
    forget_session,
    keep_session,
    must_be_same_origin,
    requires,
    session_token,
)
from service.api.organisations import OrganisationAnswer
from service.api.problems import PROBLEMS
from service.api.schemas import Answer, Asked, Words
from service.db import tokens
from service.db.identity import Role
from service.passwords import SHORTEST
from service.use_cases import administering, signing_in

router = APIRouter(responses=PROBLEMS[400] | PROBLEMS[401] | PROBLEMS[403] | PROBLEMS[503])

Password = Annotated[str, StringConstraints(min_length=SHORTEST, max_length=200)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[!-~]*$")]
Anyone = Annotated[Acting, requires(*Role, scope=Scope.ME_READ)]
InSession = Annotated[Acting, requires(*Role)]


class SignIn(Asked):
    """A local account, and the role to work in where there are several."""

    email: Words
    password: Annotated[str, StringConstraints(max_length=200)]
    role: Role | None = None


class NewPassword(Asked):
    """Another password for oneself."""

    current: Annotated[str, StringConstraints(max_length=200)]
    new: Password


class MeAnswer(Answer):
    """Who I am here; `csrf` goes into X-CSRF-Token with each change."""

    id: UUID
    name: str
    role: Role
    roles: list[Role]
    organisation: OrganisationAnswer
    csrf: str | None


class NewToken(Asked):
    """An API token for a program."""

    name: Words
    scopes: Annotated[list[Scope], Field(min_length=1)]
    days: Annotated[int, Field(ge=1, le=366, description="How long it works.")] = 90


class TokenAnswer(Answer):
    """An API token; its text is not kept."""

    id: UUID
    name: str
    role: Role
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class NewTokenAnswer(TokenAnswer):
    """A new API token with its text, which is shown this once."""

    token: str


class TokensAnswer(Answer):
    """My API tokens, newest first."""

    items: list[TokenAnswer]


@router.post("/sessions", status_code=204, tags=["sessions"], responses=PROBLEMS[429])
async def sign_in(request: Request, response: Response, asked: SignIn) -> None:
    """Opens a session and puts it in a cookie. After five wrong tries each next one has to wait longer."""
    must_be_same_origin(request)
    pool, lifetime = request.app.state.passend.app, request.app.state.settings.session_lifetime
    token = await signing_in.sign_in_with_password(pool, asked.email, asked.password, asked.role, browser_of(request), lifetime)
    keep_session(request, response, token)


@router.delete("/sessions/current", status_code=204, tags=["sessions"])
async def sign_out(request: Request, response: Response, acting: InSession) -> None:
    """Ends this session."""
    await signing_in.sign_out(acting.passend.app, session_token(request) or "")
    forget_session(request, response)


@router.delete("/sessions", status_code=204, tags=["sessions"])
async def sign_out_everywhere(request: Request, response: Response, acting: InSession) -> None:
    """Ends all my sessions, on every machine."""
    await signing_in.sign_out_everywhere(acting.connection)
    forget_session(request, response)


@router.get("/me", tags=["me"])
async def me(acting: Anyone) -> MeAnswer:
    """Who I am, in which role, and which other roles I can sign in with."""
    found = await administering.me(acting.connection, acting.identity)
    return MeAnswer(
        id=found.identity.user_id,
        name=found.identity.name,
        role=found.identity.role,
        roles=[Role(role) for role in found.roles],
        organisation=OrganisationAnswer.model_validate(dict(found.organisation)),
        csrf=acting.caller.csrf,
    )


@router.put("/me/password", status_code=204, tags=["me"])
async def change_password(request: Request, response: Response, acting: InSession, asked: NewPassword) -> None:
    """Another password for myself; ends all my sessions."""
    await signing_in.change_own_password(acting.connection, asked.current, asked.new)
    forget_session(request, response)


@router.get("/api-tokens", tags=["api-tokens"])
async def api_tokens(acting: InSession) -> TokensAnswer:
    """My API tokens that were not revoked, with when they were last used."""
    return TokensAnswer(items=[TokenAnswer.model_validate(dict(row)) for row in await tokens.own(acting.connection)])


@router.post("/api-tokens", status_code=201, tags=["api-tokens"])
async def make_api_token(acting: InSession, asked: NewToken) -> NewTokenAnswer:
    """Makes an API token in my present role; its text is shown this once."""
    row, token = await signing_in.make_api_token(acting.connection, asked.name, asked.scopes, timedelta(days=asked.days))
    return NewTokenAnswer.model_validate({**row, "token": token})


@router.delete("/api-tokens/{id}", status_code=204, tags=["api-tokens"], responses=PROBLEMS[404])
async def revoke_api_token(acting: InSession, id: UUID) -> None:  # noqa: A002
    """Ends one of my API tokens."""
    await signing_in.revoke_api_token(acting.connection, id)
