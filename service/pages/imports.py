"""Imports: a file handed in, its columns looked at, how far it is, and what was not taken over."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError
from starlette.background import BackgroundTask
from starlette.datastructures import UploadFile

from service.db.identity import Role
from service.errors import UnusableFile
from service.imports.mapping import ColumnMapping, Form
from service.pages.rendering import go_to, is_part, page
from service.pages.visiting import Importers, Visit
from service.use_cases import handing_in, import_jobs, importing

router = APIRouter(include_in_schema=False)
MOST_LISTED, MOST_ERRORS = 30, 100
_FORMS = {
    Role.ADMINISTRATOR: tuple(Form),
    Role.CLIENT_MANAGER: (Form.SEEKERS,),
    Role.ACCOUNT_MANAGER: (Form.OPPORTUNITIES,),
}


@router.get("/imports")
async def listed(visit: Importers) -> Response:
    """The imports, and the form to hand in a file."""
    return await _listed(visit)


@router.post("/imports")
async def hand_in(visit: Importers) -> Response:
    """Takes in a file: a table to look at first, anything else to take over at once."""
    file = visit.form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return await _listed(visit, problem="none", status=400)
    try:
        found = await handing_in.hand_in(visit.connection, visit.identity, file.filename, await file.read())
    except UnusableFile as error:
        return await _listed(visit, problem=str(error), status=400)
    return go_to(f"/imports/uploads/{found.upload}") if found.upload else _begun(visit, found.job)


@router.get("/imports/uploads/{upload}")
async def columns(visit: Importers, upload: UUID, rows: str = "") -> Response:
    """A table that waits, with where its columns could go."""
    return await _columns(visit, upload, _form(visit, rows))


@router.post("/imports/uploads/{upload}")
async def take_over(visit: Importers, upload: UUID) -> Response:
    """Begins taking over the table, or forgets it."""
    if "leave" in visit.form:
        await handing_in.leave(visit.connection, upload)
        return go_to("/imports")
    try:
        return _begun(visit, await handing_in.take_over(visit.connection, visit.identity, upload, _mapping(visit)))
    except (UnusableFile, ValidationError) as error:
        return await _columns(visit, upload, _form(visit, visit.typed("rows")), problem=str(error), status=400)


@router.get("/imports/{job}")
async def one(visit: Importers, job: UUID) -> Response:
    """One import: how far it is, and what happened to its rows."""
    shown = await import_jobs.show_job(visit.connection, job)
    report = await importing.report(visit.connection, job)
    template = "_import.html" if is_part(visit.request) else "import.html"
    return page(visit, template, job=shown, report=report, most=MOST_ERRORS)


@router.get("/imports/{job}/rejected")
async def rejected(visit: Importers, job: UUID) -> Response:
    """The rejected rows as a file to correct and hand in again."""
    found = await import_jobs.rejected_rows(visit.connection, job)
    named = f"attachment; filename*=UTF-8''{quote(found.name)}"
    return Response(found.content, media_type=found.media_type, headers={"Content-Disposition": named})


def _begun(visit: Visit, job: UUID | None) -> Response:
    response = go_to(f"/imports/{job}")
    response.background = BackgroundTask(visit.request.app.state.imports.wake)
    return response


def _form(visit: Visit, rows: str) -> Form | None:
    forms = _FORMS[visit.role]
    return forms[0] if len(forms) == 1 else Form(rows) if rows in forms else None


def _mapping(visit: Visit) -> ColumnMapping:
    """What was chosen for each column: its name in `column`, and its target in `target`, in the same order."""
    names, targets = visit.form.getlist("column"), visit.form.getlist("target")
    form = _form(visit, visit.typed("rows")) or Form.SEEKERS
    chosen = {str(name): str(target) or None for name, target in zip(names, targets, strict=False)}
    kind = visit.typed("kind")
    return ColumnMapping(form=form, columns=chosen, fixed={"kind": kind} if kind and form is Form.OPPORTUNITIES else {})


async def _listed(visit: Visit, problem: str = "", status: int = 200) -> Response:
    jobs = await import_jobs.list_jobs(visit.connection, limit=MOST_LISTED)
    return page(visit, "imports.html", status, jobs=jobs, problem=problem, forms=_FORMS[visit.role])


async def _columns(visit: Visit, upload: UUID, form: Form | None, problem: str = "", status: int = 200) -> Response:
    waiting = await handing_in.look(visit.connection, visit.identity, upload, form)
    chosen = Form(waiting.proposal["mapping"]["as"])
    shown: dict[str, Any] = {"upload": upload, "waiting": waiting, "proposal": waiting.proposal, "chosen": chosen}
    return page(visit, "columns.html", status, **shown, fields=sorted(chosen.fields), forms=_FORMS[visit.role], problem=problem)
