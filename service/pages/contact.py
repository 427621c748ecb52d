"""Contact with a person, written down in a line."""

from datetime import date, datetime, time

from fastapi import APIRouter
from fastapi.responses import Response

from service.errors import BadInput, UnfitText
from service.local_time import HERE
from service.pages.person_page import person_page
from service.pages.rendering import go_to
from service.pages.visiting import Code, Staff
from service.pages.wording import say
from service.use_cases import keeping_contact
from service.use_cases.keeping_contact import Contact, ContactKind

router = APIRouter(include_in_schema=False)
NOON = time(12)


@router.post("/people/{code}/contact")
async def note(visit: Staff, code: Code) -> Response:
    """Writes down that there was contact."""
    text = visit.typed("note")
    try:
        moment = Contact(_moment(visit.typed("on")), ContactKind(visit.choice("kind", ContactKind)), text)
        await keeping_contact.add_moment(visit.connection, code, moment, None)
    except UnfitText as error:
        return await person_page(visit, code, error.status, concern=str(error), noted=text)
    except BadInput as error:
        return await person_page(visit, code, error.status, concern=say(visit.language, "contact.wrong_day"), noted=text)
    return go_to(f"/people/{code}?saved=yes")


def _moment(day: str) -> datetime:
    """Now for today; noon of another day, since nobody types the time of a conversation.

    Raises:
        BadInput: it is no date, or lies ahead.
    """
    now = datetime.now(HERE)
    try:
        chosen = date.fromisoformat(day) if day else now.date()
    except ValueError as error:
        raise BadInput("Give the day as a date.") from error
    if chosen > now.date():
        raise BadInput("Contact that lies ahead goes into the plan.")
    return now if chosen == now.date() else datetime.combine(chosen, NOON, HERE)
