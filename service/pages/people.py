"""The caseload, and a person: look, add, change."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import Response

from service.errors import ChangedMeanwhile
from service.interchange import new_code
from service.pages import person_form
from service.pages.rendering import go_to, is_part, page
from service.pages.visiting import Staff, Visit
from service.use_cases import people, proposing
from service.use_cases.attention import Attention, Wanted, in_sight
from service.use_cases.proposing import Filter

router = APIRouter(include_in_schema=False)
Code = Annotated[str, Path(pattern="^[A-Za-z0-9][A-Za-z0-9._:-]{0,79}$")]

NO_PROBLEMS: Mapping[str, str] = {}


@router.get("/people")
async def everyone(visit: Staff, q: str = "", attention: str = "", mine: str = "", number: str = "1") -> Response:
    """The caseload; for a script only the list."""
    chosen = Attention(attention) if attention in set(Attention) else None
    wanted = Wanted(q, chosen, bool(mine), int(number) if number.isdecimal() else 1)
    found = await in_sight(visit.connection, visit.identity.organisation_id, wanted)
    template = "_people.html" if is_part(visit.request) else "people.html"
    return page(visit, template, wanted=wanted, found=found, attentions=list(Attention))


@router.get("/people/new")
async def blank(visit: Staff) -> Response:
    """The form for a new person."""
    return _form(visit, "", person_form.empty())


@router.post("/people/new")
async def add(visit: Staff) -> Response:
    """A sentence more or less, or the whole person kept."""
    values = person_form.typed(visit.form)
    if "save" not in visit.form:
        return _form(visit, "", values)
    code = new_code("p")
    try:
        new = people.person_from(person_form.row(code, values), values["name"], values["contact"])
    except people.NotFine as error:
        return _form(visit, "", values, problems=error.problems, status=400)
    await people.add_person(visit.connection, visit.passend, visit.identity, new)
    return go_to(f"/people/{code}/matches?added=yes")


@router.get("/people/{code}")
async def one(visit: Staff, code: Code, saved: str = "") -> Response:
    """A person, with what is under way."""
    person = await people.person(visit.connection, code)
    under_way = await proposing.list_proposals(visit.connection, visit.role, Filter(seeker=code), None, 20)
    return page(visit, "person.html", person=person, proposals=under_way, saved=bool(saved))


@router.get("/people/{code}/edit")
async def edit(visit: Staff, code: Code) -> Response:
    """The form of a person as they are kept."""
    person = await people.person(visit.connection, code)
    return _form(visit, code, person_form.kept(person), version=person["version"])


@router.post("/people/{code}/edit")
async def change(visit: Staff, code: Code) -> Response:
    """A sentence more or less, or the changes kept; where somebody else was first, both are shown to choose from."""
    values = person_form.typed(visit.form)
    version = int(visit.typed("version") or 0)
    if "save" not in visit.form:
        return _form(visit, code, values, version=version)
    try:
        changed = people.person_from(person_form.row(code, values), values["name"], values["contact"], version)
        async with visit.attempt():
            await people.change_person(visit.connection, visit.passend, visit.identity, changed)
    except people.NotFine as error:
        return _form(visit, code, values, version=version, problems=error.problems, status=400)
    except ChangedMeanwhile:
        theirs = await people.person(visit.connection, code)
        apart = person_form.differences(values, person_form.kept(theirs))
        return _form(visit, code, values, version=theirs["version"], apart=apart, status=409)
    return go_to(f"/people/{code}?saved=yes")


def _form(
    visit: Visit,
    code: str,
    values: Mapping[str, Any],
    version: int = 0,
    problems: Mapping[str, str] = NO_PROBLEMS,
    apart: list[tuple[str, str, str]] | None = None,
    status: int = 200,
) -> Response:
    found = {text: concerns for kind in person_form.KINDS for text in values[kind] if (concerns := people.concerns(text))}
    template = "_sentences.html" if is_part(visit.request) and "save" not in visit.form else "person_form.html"
    shown = {"code": code, "values": values, "version": version, "problems": problems, "apart": apart or [], "concerns": found}
    return page(visit, template, status, kinds=person_form.KINDS, **shown)
