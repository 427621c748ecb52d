"""Employers: whom to call, what was agreed, what support they offer, their places and what came of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError

from service.api.employers import EmployerContent
from service.errors import ChangedMeanwhile, Conflict, UnfitText
from service.pages.rendering import go_to, is_part, page
from service.pages.visiting import AccountManagers, Visit
from service.use_cases import employers, places, proposing
from service.use_cases.proposing import Filter

router = APIRouter(include_in_schema=False)
MOST_LISTED, MOST_HISTORY, EMPTY_LINES = 100, 50, 2
PARTS = ("name", "function", "phone", "email")
NOTHING: Mapping[str, Any] = {"name": "", "contact_persons": [], "support": [], "agreements": "", "version": 0}


@router.get("/employers")
async def listed(visit: AccountManagers, q: str = "") -> Response:
    """The employers of the region, by name."""
    found = await employers.find_employers(visit.connection, q, MOST_LISTED)
    return page(visit, "_employers.html" if is_part(visit.request) else "employers.html", q=q, found=found, most=MOST_LISTED)


@router.get("/employers/new")
async def blank(visit: AccountManagers) -> Response:
    """The form for a new employer."""
    return _form(visit, None, NOTHING)


@router.post("/employers/new")
async def add(visit: AccountManagers) -> Response:
    """Adds an employer."""
    try:
        async with visit.attempt():
            content = EmployerContent.model_validate(_content(visit)).parsed()
            made = await employers.add_employer(visit.connection, visit.identity, content, None)
    except (ValidationError, UnfitText, Conflict) as error:
        return _form(visit, None, _typed(visit), error)
    return go_to(f"/employers/{made['id']}?done=added")


@router.get("/employers/{employer}")
async def one(visit: AccountManagers, employer: UUID, done: str = "") -> Response:
    """One employer."""
    known = await employers.employer(visit.connection, employer)
    own = await places.places_at(visit.connection, employer)
    history = await proposing.list_proposals(visit.connection, visit.role, Filter(employer=employer), None, MOST_HISTORY)
    return page(visit, "employer.html", employer=known, places=own, history=history, done=done)


@router.get("/employers/{employer}/edit")
async def edit(visit: AccountManagers, employer: UUID) -> Response:
    """The form of an employer as they are kept."""
    return _form(visit, employer, await employers.employer(visit.connection, employer))


@router.post("/employers/{employer}/edit")
async def change(visit: AccountManagers, employer: UUID) -> Response:
    """Keeps what was changed."""
    try:
        async with visit.attempt():
            content = EmployerContent.model_validate(_content(visit)).parsed()
            await employers.change_employer(visit.connection, employer, visit.whole("version"), content)
    except (ValidationError, UnfitText, Conflict) as error:
        return _form(visit, employer, _typed(visit), error)
    except ChangedMeanwhile as error:
        now = await employers.employer(visit.connection, employer)
        return _form(visit, employer, _typed(visit) | {"version": now["version"]}, error, theirs=now)
    return go_to(f"/employers/{employer}?done=saved")


def _typed(visit: Visit) -> dict[str, Any]:
    """What was typed; lines without a word are left out."""
    columns = [[str(value).strip() for value in visit.form.getlist(f"person_{part}")] for part in PARTS]
    people = [dict(zip(PARTS, line, strict=True)) for line in zip(*columns, strict=True) if any(line)]
    return {
        "name": visit.typed("name"),
        "contact_persons": people,
        "support": visit.typed_list("support"),
        "agreements": visit.typed("agreements"),
        "version": visit.whole("version"),
    }


def _content(visit: Visit) -> dict[str, Any]:
    typed = _typed(visit)
    people = [one | {"phone": one["phone"] or None, "email": one["email"] or None} for one in typed["contact_persons"]]
    return {
        "name": typed["name"],
        "contactPersons": people,
        "support": typed["support"],
        "agreements": typed["agreements"],
    }


def _form(
    visit: Visit,
    employer: UUID | None,
    values: Mapping[str, Any],
    error: Exception | None = None,
    theirs: Mapping[str, Any] | None = None,
) -> Response:
    status = getattr(error, "status", 400) if error else 200
    shown = {"employer": employer, "values": values, "problem": _problem(error), "theirs": theirs}
    return page(visit, "employer_form.html", status, **shown, empty_lines=EMPTY_LINES)


def _problem(error: Exception | None) -> tuple[str, str]:
    """Name of the message, and what it is about in the words of the entry check."""
    if isinstance(error, ValidationError):
        return next(str(part) for part in reversed(error.errors()[0]["loc"]) if isinstance(part, str)), ""
    if isinstance(error, UnfitText):
        return "words", str(error)
    return type(error).__name__.lower() if error else "", ""
