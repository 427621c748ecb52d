"""The caseload, and a person: look, add, change."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.errors import BadInput, ChangedMeanwhile
from service.interchange import new_code
from service.pages import person_form
from service.pages.person_page import person_page
from service.pages.rendering import go_to, is_part, page
from service.pages.visiting import Code, Staff, Visit
from service.use_cases import attention, people
from service.use_cases.attention import Attention, Wanted, in_sight

router = APIRouter(include_in_schema=False)

NO_PROBLEMS: Mapping[str, str] = {}


@router.get("/people")
async def everyone(
    visit: Staff, q: str = "", why: str = "", mine: str = "", number: str = "1", given: UUID | None = None, said: str = ""
) -> Response:
    """The caseload; for a script only the list. Just after people were handed over, with the way back."""
    chosen = Attention(why) if why in set(Attention) else None
    wanted = Wanted(q, chosen, bool(mine), int(number) if number.isdecimal() else 1)
    found = await in_sight(visit.connection, visit.identity.organisation_id, wanted)
    template = "_people.html" if is_part(visit.request) else "people.html"
    colleagues = await attention.colleagues(visit.connection)
    before = visit.request.query_params.getlist("before")
    handed = {"given": given, "before": before, "given_to": dict(colleagues).get(given)} if given else {}
    return page(
        visit,
        template,
        wanted=wanted,
        found=found,
        whys=list(Attention),
        colleagues=colleagues,
        handed=handed,
        said=said,
        nobody=bool(chosen),
    )


@router.post("/people/hand-over")
async def hand_over(visit: Staff) -> Response:
    """Gives the chosen people another client manager; on the next page it can be undone."""
    try:
        given = _uuid(visit.typed("to"))
        before = await attention.hand_over(visit.connection, visit.typed_list("who"), given)
    except BadInput:
        return go_to("/people?said=choose_first")
    return go_to("/people?" + urlencode([("given", given), *(("before", f"{one}~{who or ''}") for one, who in before.items())]))


@router.post("/people/take-back")
async def take_back(visit: Staff) -> Response:
    """Gives people back to who they were with."""
    before = dict(one.rpartition("~")[::2] for one in visit.typed_list("before"))
    managers = {code: _uuid(manager) if manager else None for code, manager in before.items()}
    await attention.take_back(visit.connection, _uuid(visit.typed("given")), managers)
    return go_to("/people?said=taken_back")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise BadInput("Choose a client manager of this municipality.") from error


@router.get("/people/new")
async def blank(visit: Staff) -> Response:
    """The form for a new person."""
    return _form(visit, "", person_form.empty())


def _person(visit: Visit, code: str, values: person_form.Values, version: int = 0) -> people.Person:
    person = people.person_from(person_form.row(code, values), values["name"], values["contact"], version)
    people.must_live_somewhere_known(person, visit.passend.gazetteer)
    return person


@router.post("/people/new")
async def add(visit: Staff) -> Response:
    """A sentence more or less, or the whole person kept."""
    values = person_form.typed(visit.form)
    if "save" not in visit.form:
        return _form(visit, "", values)
    code = new_code("p")
    try:
        new = _person(visit, code, values)
    except people.NotFine as error:
        return _form(visit, "", values, problems=error.problems, status=400)
    await people.add_person(visit.connection, visit.passend, visit.identity, new)
    return go_to(f"/people/{code}/matches?added=yes")


@router.get("/people/{code}")
async def one(visit: Staff, code: Code, saved: str = "") -> Response:
    """A person, with what is under way."""
    return await person_page(visit, code, saved=bool(saved))


@router.get("/people/{code}/edit")
async def edit(visit: Staff, code: Code) -> Response:
    """The form of a person as they are kept."""
    person = await people.person(visit.connection, code)
    return _form(visit, code, person_form.kept(person), version=person["version"])


@router.post("/people/{code}/edit")
async def change(visit: Staff, code: Code) -> Response:
    """A sentence more or less, or the changes kept; where somebody else was first, both are shown to choose from."""
    values = person_form.typed(visit.form)
    version = visit.whole("version")
    if "save" not in visit.form:
        return _form(visit, code, values, version=version)
    try:
        changed = _person(visit, code, values, version)
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
