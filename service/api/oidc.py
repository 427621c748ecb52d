"""Signing in through the identity provider of the organisation."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse

from service.api.access import browser_of, keep_session
from service.api.problems import PROBLEMS
from service.use_cases import signing_in_elsewhere

router = APIRouter(tags=["sessions"], responses=PROBLEMS[400] | PROBLEMS[404] | PROBLEMS[502] | PROBLEMS[503])

_STATE_COOKIE = "passend-oidc"
_PATH = "/v1/oidc"
Opaque = Annotated[str, Query(max_length=4000, pattern=r"^[ -~]+$")]


@router.get("/oidc/login", status_code=302)
async def log_in(request: Request) -> RedirectResponse:
    """Sends the browser to the identity provider."""
    settings = request.app.state.settings
    url, state = await signing_in_elsewhere.begin(request.app.state.passend.app, settings)
    answer = RedirectResponse(url, 302)
    secure = not settings.insecure_cookies
    answer.set_cookie(_STATE_COOKIE, state, max_age=600, path=_PATH, secure=secure, httponly=True, samesite="lax")
    return answer


@router.get("/oidc/callback", status_code=303, responses=PROBLEMS[401] | PROBLEMS[403])
async def come_back(request: Request, code: Opaque, state: Opaque) -> RedirectResponse:
    """Opens a session for who comes back from the identity provider, and goes to the first page."""
    kept = request.cookies.get(_STATE_COOKIE)
    token = await signing_in_elsewhere.finish(
        request.app.state.passend.app, request.app.state.settings, code, state, kept, browser_of(request)
    )
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(_STATE_COOKIE, path=_PATH)
    keep_session(request, answer, token)
    return answer
