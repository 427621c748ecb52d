"""A vacancy: pasted or filled in, looked at, and saved as a draft or published; by account managers and by employers."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError

from service.db.identity import Role
from service.errors import BadInput, ChangedMeanwhile, Conflict, UnfitText
from service.interchange import OpportunityRecord, new_code
from service.pages import vacancy_form
from service.pages.person_form import Values, differences
from service.pages.rendering import go_to, page
from service.pages.visiting import AccountManagers, Code, PlaceKeepers, Visit
from service.render import Json
from service.use_cases import administering, employers, import_jobs, places
from service.use_cases.places import NewPlace

router = APIRouter(include_in_schema=False)
EMPTY_LINES, MOST_EMPLOYERS = 3, 500


@router.get("/places/new")
async def blank(visit: PlaceKeepers, employer: str = "") -> Response:
    """The form for a new place: paste a text, or fill it in."""
    own = await _own_name(visit)
    return await _form(visit, "", vacancy_form.empty(own, employer))


@router.post("/places/new")
async def add(visit: PlaceKeepers) -> Response:
    """Reads the pasted text into the form, gives more lines, or keeps the place."""
    if "read" in visit.form:
        return await _read(visit)
    values = vacancy_form.typed(visit.form)
    if "save" not in visit.form:
        return await _form(visit, "", values)
    code = new_code("o")
    try:
        async with visit.attempt():
            new = await _place(visit, code, values, status="open" if visit.typed("save") == "open" else "draft")
            await places.add_place(visit.connection, visit.passend, visit.identity, new)
    except (ValidationError, UnfitText, BadInput, Conflict) as error:
        return await _form(visit, "", values, problems=_problems(error), status=400)
    return go_to(_after(visit, code, new.status))


@router.get("/places/{place}/edit")
async def edit(visit: PlaceKeepers, place: Code) -> Response:
    """The form of a place as it is kept."""
    known = await places.show_place(visit.connection, place)
    return await _form(visit, place, vacancy_form.kept(known), version=known["version"], status_now=known["status"])


@router.post("/places/{place}/edit")
async def change(visit: PlaceKeepers, place: Code) -> Response:
    """Keeps what was changed; where somebody else was first, both are shown to choose from."""
    values, version = vacancy_form.typed(visit.form), visit.whole("version")
    known = await places.show_place(visit.connection, place)
    if "save" not in visit.form:
        return await _form(visit, place, values, version=version, status_now=known["status"])
    try:
        async with visit.attempt():
            await places.change_place(
                visit.connection, visit.passend, visit.identity, await _place(visit, place, values, version=version)
            )
            if visit.typed("save") == "open":
                await places.set_status(visit.connection, place, version + 1, "open")
    except (ValidationError, UnfitText, Conflict) as error:
        problems = _problems(error)
        return await _form(visit, place, values, problems=problems, version=version, status_now=known["status"], status=400)
    except ChangedMeanwhile:
        apart = differences(vacancy_form.flat(values), vacancy_form.flat(vacancy_form.kept(known)))
        now = {"version": known["version"], "status_now": known["status"]}
        return await _form(visit, place, values, **now, apart=apart, status=409)
    return go_to(_after(visit, place, "changed"))


@router.post("/places/{place}/status")
async def set_status(visit: AccountManagers, place: Code) -> Response:
    """Publishes a place, closes it, or takes it back as a draft."""
    status = visit.typed("status")
    if status not in {"draft", "open", "closed"}:
        raise BadInput("There is no such status.")
    await places.set_status(visit.connection, place, visit.whole("version"), status)
    return go_to(f"/places/{place}?done={status}")


def _after(visit: Visit, place: str, done: str) -> str:
    return f"/own-places?done={done}" if visit.role is Role.EMPLOYER else f"/places/{place}?done={done}"


async def _read(visit: Visit) -> Response:
    text = visit.typed("text")
    try:
        told = import_jobs.parse_vacancy(text, visit.passend.gazetteer)
    except BadInput as error:
        return await _form(visit, "", vacancy_form.typed(visit.form), text=text, problems={"text": str(error)}, status=400)
    values = vacancy_form.read(told["vacancy"])
    typed = {name: visit.typed(name) for name in ("organisation", "employer")}
    kept = {name: value for name, value in typed.items() if value}
    return await _form(visit, "", values | kept, text=text, told=told)


async def _place(visit: Visit, code: str, values: Values, status: str = "draft", version: int = 0) -> NewPlace:
    employer = visit.number("employer") if visit.role is Role.ACCOUNT_MANAGER else None
    if visit.role is Role.EMPLOYER:
        values = values | {"organisation": await _own_name(visit)}
    elif employer and not values["organisation"]:
        values = values | {"organisation": (await employers.employer(visit.connection, employer))["name"]}
    return NewPlace(OpportunityRecord.model_validate(vacancy_form.row(code, values)), employer, status, version)


async def _own_name(visit: Visit) -> str:
    if visit.role is not Role.EMPLOYER:
        return ""
    return str((await administering.me(visit.connection, visit.identity)).organisation["name"])


def _problems(error: Exception) -> dict[str, str]:
    """What is wrong by field: the words of the entry check, or nothing more than that it is."""
    if isinstance(error, ValidationError):
        return {str((one["loc"] or ("hours_min",))[0]): "" for one in error.errors()}
    faults = getattr(error, "faults", None) or [("/", str(error))]
    return {pointer.split("/")[1]: words for pointer, words in faults}


async def _form(
    visit: Visit,
    code: str,
    values: Values,
    version: int = 0,
    problems: Mapping[str, str] | None = None,
    apart: list[tuple[str, str, str]] | None = None,
    text: str = "",
    told: Json | None = None,
    status_now: str = "",
    status: int = 200,
) -> Response:
    of_region = [] if visit.role is Role.EMPLOYER else await employers.find_employers(visit.connection, "", MOST_EMPLOYERS)
    shown: dict[str, Any] = {"code": code, "values": values, "version": version, "problems": problems or {}, "told": told}
    more = EMPTY_LINES * (2 if "more" in visit.form else 1)
    return page(
        visit,
        "vacancy.html",
        status,
        **shown,
        apart=apart or [],
        text=text,
        employers=of_region,
        how=vacancy_form.HOW,
        empty_lines=more,
        status_now=status_now,
    )
