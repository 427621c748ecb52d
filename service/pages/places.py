"""Places, and the people who fit one."""

from fastapi import APIRouter
from fastapi.responses import Response

from matching.model import Rung
from service.pages.rendering import is_part, page
from service.pages.visiting import Code, Employers
from service.use_cases.places import candidates_of, find_places, left_by, show_place

router = APIRouter(include_in_schema=False)
MOST_LISTED = 60


@router.get("/places")
async def listed(visit: Employers, q: str = "", kind: str = "") -> Response:
    """Places by name and rung."""
    chosen = kind if kind in set(Rung) else ""
    found = await find_places(visit.connection, q, chosen, MOST_LISTED)
    template = "_places.html" if is_part(visit.request) else "places.html"
    return page(visit, template, q=q, kind=chosen, found=found, most=MOST_LISTED)


@router.get("/places/{place}")
async def one(visit: Employers, place: Code) -> Response:
    """One place with the people who fit it, by code."""
    row = await show_place(visit.connection, place)
    found, managers = await candidates_of(visit.connection, visit.passend, place, visit.language)
    return page(
        visit,
        "place.html",
        place=row,
        candidates=found["candidates"],
        managers=managers,
        reached=visit.passend.weights.reached,
        received=await left_by(visit.connection, place),
    )
