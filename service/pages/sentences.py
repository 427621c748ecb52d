"""Sentences of a profile, one by one: typed, corrected or taken out, with the entry check in place."""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from service.errors import ChangedMeanwhile, Conflict, UnfitText
from service.pages.person_form import KINDS
from service.pages.rendering import go_to, is_part, page
from service.pages.visiting import Code, Staff, Visit
from service.render import Json
from service.use_cases import correcting, people
from service.use_cases.correcting import Profiles

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Tried:
    """What was typed and cannot be kept, and why: a message of the entry check, or the name of one in the catalogue."""

    concern: str = ""
    problem: str = ""
    kind: str = ""
    text: str = ""
    status: int = 200


NOTHING = Tried()


@router.post("/people/{code}/sentences")
async def say(visit: Staff, code: Code) -> Response:
    """Adds, changes or takes out one sentence of a person; for a script only the sentences come back."""
    tried = await change(visit, code)
    if not is_part(visit.request) and tried is NOTHING:
        return go_to(f"/people/{code}?saved=yes")
    told = await correcting.show_statements(visit.connection, code)
    template = "_told.html" if is_part(visit.request) else "told.html"
    person = await people.person(visit.connection, code)
    return page(visit, template, tried.status, **for_template(told, f"/people/{code}/sentences", tried), person=person)


def for_template(told: Json, action: str, tried: Tried = NOTHING) -> dict[str, object]:
    """What `_told.html` shows."""
    return {"told": told, "kinds": KINDS, "told_action": action, "tried": tried}


async def change(visit: Visit, seeker: str) -> Tried:
    """Does what the form asks; what cannot be done comes back with the reason."""
    text, kind = visit.typed("text"), visit.typed("kind")
    try:
        async with visit.attempt():
            await _changed(visit, seeker, text, kind)
    except UnfitText as error:
        return Tried(concern=str(error), kind=kind, text=text, status=error.status)
    except (ChangedMeanwhile, Conflict) as error:
        return Tried(problem=f"told.problem.{error.status}", kind=kind, text=text, status=error.status)
    return NOTHING


async def _changed(visit: Visit, seeker: str, text: str, kind: str) -> None:
    profiles = Profiles(visit.connection, visit.passend.engine, visit.passend.encoder)
    number, version = visit.typed("number"), visit.whole("version")
    if "remove" in visit.form:
        await correcting.remove_statement(profiles, seeker, version, int(number))
    elif number and text:
        await correcting.correct_statement(profiles, seeker, version, int(number), text)
    elif text and kind in KINDS:
        await correcting.add_statement(profiles, seeker, version, kind, text)  # type: ignore[arg-type]
