"""How a resident comes in: a client manager makes a personal link with a code, the resident opens it and types the code."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.api.access import browser_of, keep_session, must_be_same_origin
from service.errors import NotSignedIn
from service.pages.rendering import go_to, open_page, page
from service.pages.visiting import Code, Staff, posted
from service.use_cases import people, signing_in

router = APIRouter(include_in_schema=False)


@router.post("/people/{code}/link")
async def invite(visit: Staff, code: Code) -> Response:
    """Makes a personal link; link and code are shown this once."""
    person = await people.person(visit.connection, code)
    link = await signing_in.invite_resident(visit.connection, code)
    begin = visit.request.app.state.settings.public_url or str(visit.request.base_url)
    return page(visit, "invited.html", person=person, link=link, address=f"{begin.rstrip('/')}/enter/{link.token}")


@router.get("/enter/{token}")
async def form(request: Request, token: str) -> Response:
    """Asks for the code that goes with a personal link."""
    return open_page(request, "enter.html", token=token, problem=False)


@router.post("/enter/{token}")
async def enter(request: Request, token: str) -> Response:
    """Opens the resident's own page."""
    must_be_same_origin(request)
    code = "".join(str((await posted(request)).get("code", "")).split())
    pool, lifetime = request.app.state.passend.app, request.app.state.settings.session_lifetime
    try:
        session = await signing_in.enter_by_link(pool, token, code, browser_of(request), lifetime)
    except NotSignedIn as error:
        return open_page(request, "enter.html", error.status, token=token, problem=True)
    response = go_to("/my-page")
    keep_session(request, response, session)
    return response
