"""Signing in and out, and the language."""

from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.api.access import browser_of, forget_session, keep_session, must_be_same_origin, session_token
from service.errors import NotAllowed, NotSignedIn, TooSoon
from service.pages.errors import sign_in_page
from service.pages.rendering import HOME, go_to, open_page
from service.pages.visiting import LANGUAGE_COOKIE, Anyone, masked, posted
from service.pages.wording import LANGUAGES
from service.use_cases import signing_in

router = APIRouter(include_in_schema=False)

_KEPT = "kept:"
_A_YEAR = timedelta(days=365)


@router.get("/")
async def home(visit: Anyone) -> Response:
    """Everyone's own first page."""
    return go_to(HOME[visit.identity.role])


@router.get("/sign-in")
async def form(request: Request) -> Response:
    """The form to sign in."""
    onward = local(request.query_params.get("onward", "/"))
    return sign_in_page(request, onward=onward, over=onward != "/")


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Opens a session; a form that was sent after the last one was over is shown again to be sent on."""
    must_be_same_origin(request)
    form = await posted(request)
    email, onward = str(form.get("email", "")).strip(), local(str(form.get("onward", "/")))
    kept = [(name.removeprefix(_KEPT), str(value)) for name, value in form.multi_items() if name.startswith(_KEPT)]
    pool, settings = request.app.state.passend.app, request.app.state.settings
    try:
        token = await signing_in.sign_in_with_password(
            pool, email, str(form.get("password", "")), None, browser_of(request), settings.session_lifetime
        )
    except (NotSignedIn, NotAllowed, TooSoon) as error:
        problem = "too_soon" if isinstance(error, TooSoon) else "wrong"
        return sign_in_page(request, error.status, onward=onward, kept=kept, problem=problem, email=email)
    response = await _resumed(request, token, onward, kept) if kept else go_to(onward)
    keep_session(request, response, token)
    return response


async def _resumed(request: Request, token: str, onward: str, kept: list[tuple[str, str]]) -> Response:
    who = await signing_in.caller_of_session(request.app.state.passend.app, token, request.app.state.settings.session_idle)
    return open_page(request, "resume.html", onward=onward, kept=kept, csrf=masked(who.csrf or ""))


@router.post("/sign-out")
async def sign_out(visit: Anyone) -> Response:
    """Ends the session."""
    await signing_in.sign_out(visit.passend.app, session_token(visit.request) or "")
    response = go_to("/sign-in")
    forget_session(visit.request, response)
    return response


@router.get("/language/{language}")
async def choose_language(language: str, back: str = "/") -> Response:
    """Keeps the language in this browser."""
    response = go_to(local(back))
    chosen = language if language in LANGUAGES else "nl"
    response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=int(_A_YEAR.total_seconds()), samesite="lax", httponly=True)
    return response


def local(path: str) -> str:
    """A path on this site, or the first page."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
