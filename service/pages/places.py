"""Places, and the people who fit one: by code, with what would open it to more of them."""

from fastapi import APIRouter
from fastapi.responses import Response

from matching.model import Rung
from service.db.identity import Role
from service.errors import BadInput, Conflict
from service.pages.rendering import go_to, is_part, page
from service.pages.visiting import AccountManagers, Code, Employers, Visit
from service.proposals import FINAL
from service.use_cases import exploring, proposing
from service.use_cases.places import candidates_of, drafts, find_places, left_by, show_place
from service.use_cases.proposing import Filter, Suggestion

router = APIRouter(include_in_schema=False)
MOST_LISTED, MOST_DRAFTS = 60, 10


@router.get("/places")
async def listed(visit: Employers, q: str = "", kind: str = "") -> Response:
    """Places by name and rung."""
    chosen = kind if kind in set(Rung) else ""
    found = await find_places(visit.connection, q, chosen, MOST_LISTED)
    template = "_places.html" if is_part(visit.request) else "places.html"
    waiting = await drafts(visit.connection, MOST_DRAFTS) if visit.role is Role.ACCOUNT_MANAGER else []
    return page(visit, template, q=q, kind=chosen, found=found, most=MOST_LISTED, drafts=waiting)


@router.get("/places/{place}")
async def one(visit: Employers, place: Code, done: str = "") -> Response:
    """One place with the people who fit it, by code."""
    return await _shown(visit, place, done)


@router.post("/places/{place}/people/{code}")
async def suggest(visit: AccountManagers, place: Code, code: Code) -> Response:
    """Suggests a person for the place to their client manager."""
    wanted = Suggestion(code, place, visit.number("receipt"))
    try:
        async with visit.attempt():
            await proposing.suggest(visit.connection, visit.role, wanted)
    except (BadInput, Conflict) as error:
        return await _shown(visit, place, problem=f"place.problem.{error.status}", status=error.status)
    return go_to(f"/places/{place}?done=suggested#c-{code}")


async def _shown(visit: Visit, place: str, done: str = "", problem: str = "", status: int = 200) -> Response:
    row = await show_place(visit.connection, place)
    found, managers = await candidates_of(visit.connection, visit.passend, place, visit.language)
    under_way = await proposing.list_proposals(visit.connection, visit.role, Filter(opportunity=place), None, MOST_LISTED)
    shown = {
        "place": row,
        "found": found,
        "candidates": found["candidates"],
        "managers": managers,
        "done": done,
        "problem": problem,
        "received": await left_by(visit.connection, place),
    }
    shown["proposals"] = {one["seeker"]: one for one in reversed(under_way) if one["state"] not in FINAL}
    keeps = visit.role is Role.ACCOUNT_MANAGER
    shown["carved"] = await exploring.carve(visit.connection, visit.passend, place, visit.language) if keeps else None
    return page(visit, "place.html", status, **shown, reached=visit.passend.weights.reached)
