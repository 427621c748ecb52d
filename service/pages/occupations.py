"""Occupations that sound like what someone told (ESCO, where it was imported), to ask what else they did there."""

from fastapi import APIRouter
from fastapi.responses import Response

from service.pages.rendering import is_part, page
from service.pages.visiting import Code, Staff, Visit
from service.use_cases import people
from service.use_cases.maintaining import FoundOccupation, find_occupations

router = APIRouter(include_in_schema=False)
MOST_SENTENCES, EACH, MOST_SHOWN = 4, 3, 6


@router.get("/people/{code}/occupations")
async def alike(visit: Staff, code: Code) -> Response:
    """The nearest occupations for the first abilities, each once."""
    person = await people.person(visit.connection, code)
    found: dict[str, FoundOccupation] = {}
    for sentence in person["abilities"][:MOST_SENTENCES]:
        found |= {one.uri: one for one in await _near(visit, sentence) if one.uri not in found}
    nearest = sorted(found.values(), key=lambda one: -one.cosine)[:MOST_SHOWN]
    return page(visit, "_occupations.html" if is_part(visit.request) else "occupations.html", person=person, nearest=nearest)


async def _near(visit: Visit, sentence: str) -> list[FoundOccupation]:
    return await find_occupations(visit.connection, visit.passend.search, visit.passend.encoder, sentence, EACH)
