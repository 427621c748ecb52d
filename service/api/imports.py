"""Files of people and places, taken over in the background for one's own organisation."""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Path, Request, Response, UploadFile
from fastapi import Form as FormField
from pydantic import ValidationError

from service.api.access import Acting, Scope, requires
from service.api.paging import Cursor, PageSize, next_cursor, place_of
from service.api.problems import PROBLEMS
from service.api.schemas import Answer
from service.db.identity import Role
from service.db.paging import mark
from service.errors import BadInput, about
from service.imports.mapping import ColumnMapping, Form
from service.use_cases import import_jobs, importing

router = APIRouter(tags=["imports"], responses=PROBLEMS[400] | PROBLEMS[401] | PROBLEMS[403] | PROBLEMS[503])

_WHO = (Role.ADMINISTRATOR, Role.CLIENT_MANAGER, Role.ACCOUNT_MANAGER)
Reads = Annotated[Acting, requires(*_WHO, scope=Scope.IMPORTS_READ)]
Writes = Annotated[Acting, requires(*_WHO, scope=Scope.IMPORTS_WRITE)]
JobId = Annotated[UUID, Path(alias="id")]
WhatRowsAre = Annotated[Form | None, FormField(alias="as", description="What the rows are; default: as the fields say.")]


class ImportJob(Answer):
    """An import: `done` of its `rows` were taken over or rejected; `ignored`: columns and fields that were not read."""

    id: UUID
    file: str
    status: str
    rows: int
    done: int
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    ignored: dict[str, int]
    mapping: dict[str, Any] | None


class ImportJobs(Answer):
    """A page of imports, newest first."""

    items: list[ImportJob]
    next: str | None


class RejectedRow(Answer):
    """Why a row was not taken over; `field` is empty when it is the row as a whole."""

    file: str
    line: int
    field: str
    message: str


class ImportReport(Answer):
    """What happened to each row so far; `approximate`, `nowhere`: ids whose place on the map is not exact or not known."""

    rows: int
    added: int
    updated: int
    unchanged: int
    repeated: int
    rejected: int
    errors: list[RejectedRow]
    ignored: dict[str, int]
    approximate: list[str]
    nowhere: list[str]


class MappingProposal(Answer):
    """Where columns could go, and what to look at: `refused` is never taken over, `readable` is (cells read, cells filled)."""

    mapping: dict[str, Any]
    refused: dict[str, str]
    unknown: list[str]
    unsure: list[str]
    missing: list[str]
    readable: dict[str, dict[str, int]]
    rows: int


@router.get("/imports")
async def imports(acting: Reads, cursor: Cursor = None, size: PageSize = 20) -> ImportJobs:
    """The imports of my organisation that I could have done myself, newest first."""
    found = await import_jobs.list_jobs(acting.connection, place_of(cursor, mark) if cursor else None, size + 1)
    following = next_cursor(found, size, lambda job: (job["createdAt"], job["id"]))
    return ImportJobs.model_validate({"items": found[:size], "next": following})


@router.post("/imports", status_code=202)
async def hand_in(
    acting: Writes,
    file: UploadFile,
    request: Request,
    response: Response,
    background: BackgroundTasks,
    form: WhatRowsAre = None,
    mapping: Annotated[
        str | None, FormField(max_length=100_000, description="A mapping as JSON, for a table; kept for the next one like it.")
    ] = None,
) -> ImportJob:
    """Hands in a file (JSON Lines, CSV, XLSX, JSON-LD or a page with vacancies), to be taken over for my organisation."""
    chosen, who = _mapping(mapping), acting.identity
    with about("/file"):
        job = await importing.submit(
            acting.connection, who.organisation_id, _name(file), await file.read(), chosen, form, who.role
        )
    background.add_task(request.app.state.imports.wake)
    response.headers["Location"] = f"/v1/imports/{job}"
    return ImportJob.model_validate(await import_jobs.show_job(acting.connection, job))


@router.get("/imports/{id}", responses=PROBLEMS[404])
async def one_import(acting: Reads, job: JobId) -> ImportJob:
    """One import, with how far it is."""
    return ImportJob.model_validate(await import_jobs.show_job(acting.connection, job))


@router.get("/imports/{id}/report", responses=PROBLEMS[404])
async def report(acting: Reads, job: JobId) -> ImportReport:
    """What happened to each row so far."""
    return ImportReport.model_validate(await importing.report(acting.connection, job))


@router.get(
    "/imports/{id}/rejected-rows",
    response_class=Response,
    responses=PROBLEMS[404] | {200: {"content": {"text/csv": {}, "application/x-ndjson": {}}}},
)
async def rejected_rows(acting: Reads, job: JobId) -> Response:
    """The rejected rows as a file with the same columns and the reason, to correct and hand in again."""
    found = await import_jobs.rejected_rows(acting.connection, job)
    name = f"attachment; filename*=UTF-8''{quote(found.name)}"
    return Response(found.content, media_type=found.media_type, headers={"Content-Disposition": name})


@router.post("/mapping-proposals", status_code=201)
def propose_mapping(_: Writes, file: UploadFile, form: WhatRowsAre = None) -> MappingProposal:
    """Proposes where the columns of a table go. Nothing is kept: look at it, correct it, and hand it in with the file."""
    with about("/file"):
        return MappingProposal.model_validate(import_jobs.propose_mapping(_name(file), file.file.read(), form))


def _name(file: UploadFile) -> str:
    return (file.filename or "").replace("\0", "")


def _mapping(written: str | None) -> ColumnMapping | None:
    try:
        return ColumnMapping.model_validate_json(written) if written else None
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        raise BadInput(f"{'.'.join(map(str, first['loc'])) or 'mapping'}: {first['msg']}", "/mapping") from problem
