"""The page of one person: sentences, practical sheet, plan, contact, what is under way."""

from datetime import date
from typing import Any

from fastapi.responses import Response

from service.pages.plans import current_plan
from service.pages.rendering import page
from service.pages.sentences import for_template
from service.pages.visiting import Visit
from service.use_cases import correcting, keeping_contact, people, proposing, rights
from service.use_cases.keeping_contact import ContactKind
from service.use_cases.proposing import Filter

MOST_PROPOSALS, MOST_CONTACT = 20, 5


async def person_page(visit: Visit, code: str, status: int = 200, **shown: Any) -> Response:
    """Everything about one person that a client manager works with."""
    told = await correcting.show_statements(visit.connection, code)
    objections = await rights.list_objections(visit.connection, code)
    known = {
        "person": await people.person(visit.connection, code),
        "proposals": await proposing.list_proposals(visit.connection, visit.role, Filter(seeker=code), None, MOST_PROPOSALS),
        "plan": await current_plan(visit, code),
        "contacts": (await keeping_contact.contact_with(visit.connection, code, None, MOST_CONTACT))[:MOST_CONTACT],
        "contact_kinds": list(ContactKind),
        "objections": [one for one in objections if one["answer"] is None],
        "today": date.today(),
        **for_template(told, f"/people/{code}/sentences"),
    }
    return page(
        visit,
        "person.html",
        status,
        **known,
        **({"saved": False, "concern": "", "noted": "", "unfit": "", "answered": ""} | shown),
    )
