"""What fits a person: the ladder with places, one place in full, why not, what if, and proposing."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from matching.model import LADDER
from service.errors import Conflict, UnfitText
from service.pages.pictures import little_map
from service.pages.rendering import go_to, is_part, page
from service.pages.visiting import Code, Staff, Visit
from service.pages.wishes import otherwise, wished
from service.proposals import State
from service.render import Json
from service.use_cases import exploring, people, suggesting
from service.use_cases.places import find_places, shown_places
from service.use_cases.proposing import Suggestion

router = APIRouter(include_in_schema=False)

MOST_NAMED, MOST_LEVERS, MOST_PRINTED = 12, 6, 5


@router.get("/people/{code}/matches")
async def matches(visit: Staff, code: Code, added: str = "") -> Response:
    """The ladder, and the places on each rung."""
    person = await people.person(visit.connection, code)
    found = await suggesting.suggest_places(visit.connection, visit.passend, code, visit.language)
    near, far = ([match["id"] for match in part] for part in (_from_the_top(found.near), found.far))
    shown: dict[str, Any] = {
        "person": person,
        "found": found,
        "result": found.result,
        "places": found.places,
        "numbers": {place: number for number, place in enumerate([*near, *far], start=1)},
        "drawn": little_map(person, [found.places[one] for one in near], [found.places[one] for one in far]),
    }
    return page(visit, "matches.html", **shown, added=bool(added), wish=otherwise(person))


def _from_the_top(near: Sequence[Json]) -> list[Json]:
    """As they stand on the page: by rung of the ladder, and on a rung in the order of the ranking."""
    return sorted(near, key=lambda match: LADDER.index(match["rung"]))


@router.get("/people/{code}/print")
async def for_paper(visit: Staff, code: Code) -> Response:
    """The first places that fit, in plain language, to take along on paper."""
    person = await people.person(visit.connection, code)
    found = await suggesting.suggest_places(visit.connection, visit.passend, code, visit.language)
    return page(visit, "print.html", person=person, matches=found.near[:MOST_PRINTED], places=found.places)


@router.get("/people/{code}/compare")
async def compare(visit: Staff, code: Code, receipt: str = "") -> Response:
    """Two places side by side; the first two that are chosen."""
    person = await people.person(visit.connection, code)
    chosen = visit.request.query_params.getlist("place")[:2]
    pairs = [await suggesting.one_pair(visit.connection, visit.passend, code, one, visit.language) for one in chosen]
    return page(visit, "compare.html", person=person, pairs=pairs, receipt=receipt)


@router.get("/people/{code}/places/{place}")
async def pair(visit: Staff, code: Code, place: Code, receipt: str = "") -> Response:
    """One person with one place, also when it does not fit now, and the form to propose it."""
    return await _pair(visit, code, place, receipt)


async def _pair(visit: Visit, code: str, place: str, receipt: str, status: int = 200, **shown: Any) -> Response:
    person = await people.person(visit.connection, code)
    match, row = await suggesting.one_pair(visit.connection, visit.passend, code, place, visit.language)
    known = {"person": person, "match": match, "place": row, "receipt": receipt, "drawn": little_map(person, [row])}
    return page(visit, "pair.html", status, **known, **({"problem": "", "note": ""} | shown))


@router.post("/people/{code}/places/{place}")
async def propose(visit: Staff, code: Code, place: Code) -> Response:
    """Proposes the place to the person, with a note; on the next page it can be undone."""
    receipt, note = visit.typed("receipt"), visit.typed("note")
    try:
        async with visit.attempt():
            proposal = await suggesting.propose(
                visit.connection, visit.role, Suggestion(code, place, visit.number("receipt")), note
            )
    except UnfitText as error:
        return await _pair(visit, code, place, receipt, error.status, problem=str(error), note=note)
    except Conflict:
        return await _pair(visit, code, place, receipt, 409, problem="under_way", note=note)
    return go_to(f"/proposals/{proposal['id']}?done={State.PROPOSED}")


@router.get("/people/{code}/why-not")
async def why_not(visit: Staff, code: Code, q: str = "") -> Response:
    """Places by name, to look at how one of them goes with this person."""
    person = await people.person(visit.connection, code)
    found = await find_places(visit.connection, q, "", MOST_NAMED) if q.strip() else []
    template = "_why_not.html" if is_part(visit.request) else "why_not.html"
    return page(visit, template, person=person, q=q, found=found)


@router.get("/people/{code}/what-if")
async def what_if(visit: Staff, code: Code) -> Response:
    """What another wish would open, and without a wish what opens most."""
    person = await people.person(visit.connection, code)
    wish = otherwise(person, visit.request.query_params)
    effect = await _effect(visit, person, wish.chosen) if wish.chosen else None
    if is_part(visit.request):
        return page(visit, "_what_if.html", person=person, effect=effect)
    opening = await _opening(visit, code)
    return page(visit, "what_if.html", person=person, wish=wish, effect=effect, **opening)


@router.get("/people/{code}/what-opens")
async def what_opens(visit: Staff, code: Code) -> Response:
    """The single changes that open most, and the question to ask next; for a script."""
    person = await people.person(visit.connection, code)
    return page(visit, "_what_opens.html", person=person, **await _opening(visit, code))


async def _opening(visit: Visit, code: str) -> dict[str, Any]:
    asked = (visit.connection, visit.passend, code, visit.language)
    found, question = await exploring.levers(*asked), await exploring.next_question(*asked)
    return {"levers": found["levers"][:MOST_LEVERS], "question": question["sentence"]}


async def _effect(visit: Visit, person: people.Row, chosen: tuple[str, ...]) -> Json:
    effect = await exploring.what_if(visit.connection, visit.passend, person["id"], wished(person, chosen), visit.language)
    known = await shown_places(visit.connection, [door["id"] for door in effect["opens"]])
    return effect | {"opens": [known[door["id"]] for door in effect["opens"]]}
