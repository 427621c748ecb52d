"""How residents come in: a personal link with a one-time code."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import StringConstraints

from service.api.access import Acting, Scope, browser_of, keep_session, must_be_same_origin, requires
from service.api.problems import PROBLEMS
from service.api.schemas import Answer, Asked
from service.db.identity import Role
from service.interchange import Identifier
from service.use_cases import signing_in

router = APIRouter(tags=["residents"], responses=PROBLEMS[400] | PROBLEMS[401] | PROBLEMS[403] | PROBLEMS[503])


class NewResidentLink(Asked):
    """For whom the link is."""

    seeker_id: Identifier


class ResidentLinkAnswer(Answer):
    """Give token and code in two ways, such as a letter and a phone call; both are shown this once."""

    id: UUID
    token: str
    code: str
    expires_at: datetime


class ResidentSignIn(Asked):
    """The token of the link and its code."""

    token: Annotated[str, StringConstraints(max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]
    code: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]


@router.post("/resident-links", status_code=201, responses=PROBLEMS[404])
async def invite(
    acting: Annotated[Acting, requires(Role.CLIENT_MANAGER, scope=Scope.RESIDENT_LINKS_WRITE)], asked: NewResidentLink
) -> ResidentLinkAnswer:
    """Makes a personal link for a person of my municipality; it works once, for a week."""
    return ResidentLinkAnswer.model_validate(await signing_in.invite_resident(acting.connection, asked.seeker_id))


@router.post("/resident-sessions", status_code=204)
async def enter(request: Request, response: Response, asked: ResidentSignIn) -> None:
    """Opens a session for the resident of a link; five codes may be tried."""
    must_be_same_origin(request)
    pool, lifetime = request.app.state.passend.app, request.app.state.settings.session_lifetime
    keep_session(request, response, await signing_in.enter_by_link(pool, asked.token, asked.code, browser_of(request), lifetime))
