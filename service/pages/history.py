"""What happened with a person, newest first: sentences, plans, contact, proposals, objections."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.errors import UnfitText
from service.pages.person_page import person_page
from service.pages.rendering import go_to, page
from service.pages.visiting import Code, Staff
from service.use_cases import keeping_contact, people, planning, rights

router = APIRouter(include_in_schema=False)
MOST_LISTED = 200


class Event(NamedTuple):
    """One thing that happened: `what` is a name below `history` in the catalogue, `words` what was said or done."""

    at: datetime
    what: str
    words: str = ""
    more: str = ""


@router.get("/people/{code}/history")
async def everything(visit: Staff, code: Code) -> Response:
    """The whole history."""
    person = await people.person(visit.connection, code)
    data = await rights.personal_data(visit.connection, code)
    contacts = await keeping_contact.contact_with(visit.connection, code, None, MOST_LISTED)
    plans = await planning.plans_of(visit.connection, code, None, MOST_LISTED)
    versions = [one for plan in plans for one in await planning.history(visit.connection, plan["id"])]
    events = sorted([*_events(data), *_contacts(contacts), *_plans(versions)], reverse=True)
    return page(visit, "history.html", person=person, events=events)


@router.post("/people/{code}/objections/{objection}")
async def answer(visit: Staff, code: Code, objection: UUID) -> Response:
    """Answers an objection."""
    try:
        await rights.answer_objection(visit.connection, objection, visit.typed("answer"))
    except UnfitText as error:
        return await person_page(visit, code, error.status, answered=visit.typed("answer"), unfit=str(error))
    return go_to(f"/people/{code}?saved=yes")


def _events(data: Mapping[str, Any]) -> Iterator[Event]:
    yield Event(data["person"]["created_at"], "added")
    yield from (Event(one["until"], "sentence", one["text"]) for one in data["earlier_statements"])
    yield from (Event(one["made_at"], "objection", one["text"], one["answer"] or "") for one in data["objections"])
    for one in data["proposals"]:
        yield from (Event(step["at"], "step", one["title"], step["to_state"]) for step in one["steps"])


def _contacts(contacts: list[keeping_contact.Row]) -> list[Event]:
    return [Event(one["at"], f"contact.{one['kind']}", one["note"]) for one in contacts]


def _plans(versions: list[planning.Row]) -> list[Event]:
    return [Event(one["changed_at"], "plan", " · ".join(goal["text"] for goal in one["goals"])) for one in versions]
