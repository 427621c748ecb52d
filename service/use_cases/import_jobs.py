"""Looks at imports: which there are, how far they are, and what they rejected; proposes mappings and reads pasted vacancies."""

from dataclasses import asdict
from uuid import UUID

from service.db import imports
from service.db.connect import Connection
from service.db.paging import Mark
from service.entry_check import check_record
from service.errors import BadInput
from service.geography import Gazetteer
from service.import_report import RejectedFile, job_json, rejected_file
from service.imports.mapping import Form, propose
from service.imports.sources import read_source
from service.imports.vacancy_text import read_vacancy
from service.interchange import OpportunityRecord, Row, checked
from service.render import Json
from service.use_cases.importing import job_of

LIMIT = 20
LONGEST_VACANCY = 50_000


async def list_jobs(connection: Connection, after: Mark | None = None, limit: int = LIMIT) -> list[Json]:
    """Jobs after that one with how far they are, the newest first."""
    return [job_json(job) for job in await imports.jobs(connection, after, limit)]


async def show_job(connection: Connection, job_id: UUID) -> Json:
    """One job with how far it is.

    Raises:
        NotFound: there is no such job.
    """
    return job_json(await job_of(connection, job_id))


async def rejected_rows(connection: Connection, job_id: UUID) -> RejectedFile:
    """The rejected rows of a job as a file: the same columns and the reason.

    Raises:
        NotFound: there is no such job.
    """
    job = await job_of(connection, job_id)
    return rejected_file(job.file_name, job.columns, await imports.rejected_rows(connection, job_id))


def propose_mapping(name: str, data: bytes, form: Form | None = None) -> Json:
    """A mapping for the columns of a table, with what to look at before it is used.

    Raises:
        UnusableFile: the file cannot be read.
        BadInput: it is not a table.
    """
    source = read_source(name, data)
    if source.columns is None:
        raise BadInput(f"{name}: dit bestand heeft geen kolommen en dus geen indeling nodig.")
    proposal = propose(source.columns, [row.content for row in source.rows if not row.problem], form)
    return {
        "mapping": proposal.mapping.model_dump(mode="json", by_alias=True),
        "refused": proposal.refused,
        "unknown": list(proposal.unknown),
        "unsure": list(proposal.unsure),
        "missing": list(proposal.missing),
        "readable": {column: {"read": read, "filled": filled} for column, (read, filled) in proposal.readable.items()},
        "rows": len(source.rows),
    }


def parse_vacancy(text: str, gazetteer: Gazetteer) -> Json:
    """A pasted vacancy as a place to confirm, with what was assumed, what was left out and what still has to change.

    Raises:
        BadInput: there is no text, or more than 50,000 characters.
    """
    if not text.strip():
        raise BadInput("Er is geen tekst. Plak de tekst van de vacature.")
    if len(text) > LONGEST_VACANCY:
        raise BadInput(f"De tekst is te lang voor één vacature: maximaal {LONGEST_VACANCY} tekens.")
    draft = read_vacancy(text, gazetteer)
    result = checked("", 0, draft.fields, OpportunityRecord)
    errors = [asdict(error) for error in result] if not isinstance(result, Row) else []
    findings = check_record(result.record) if isinstance(result, Row) else []
    return {
        "vacancy": result.record.model_dump(mode="json") if isinstance(result, Row) else draft.fields,
        "assumed": draft.assumed,
        "leftOut": [{"text": text, "reason": reason} for text, reason in draft.left_out],
        "toChange": [{"field": error["field"], "message": error["message"]} for error in errors]
        + [{"field": finding.field, "message": finding.sentence} for finding in findings],
    }
