"""Takes over people and places from files, as jobs: good rows are kept, bad ones reported, and a second run changes nothing."""

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg

from embeddings.encoder import Encoder
from matching.vectors import opportunity_texts, seeker_texts
from service.db import imports, opportunities, organisations, revisions, seekers
from service.db.connect import Connection, in_transaction
from service.db.imports import RowResult
from service.encoding import encode_missing
from service.entry_check import check_record
from service.errors import NotFound
from service.geography import Gazetteer
from service.import_report import ImportReport, combined, job_json, report_of
from service.imports.mapping import ColumnMapping, Form
from service.imports.reading import read_row, usable_mapping
from service.imports.sources import Source, SourceRow, read_path, read_source
from service.interchange import OpportunityRecord, Record, Row, RowError, SeekerRecord
from service.render import Json
from service.use_cases.administering import organisation_named

CHUNK = 200
_ROWS = {Form.SEEKERS: "Mensen", Form.OPPORTUNITIES: "Plekken"}
REMEMBERED = timedelta(days=30)
"""How long a finished job and its rejected rows are kept."""


@dataclass(frozen=True)
class _Checked:
    file: str
    number: int
    source: SourceRow
    result: Row | list[RowError]


async def import_files(
    pool: asyncpg.Pool,
    encoder: Encoder,
    gazetteer: Gazetteer,
    paths: Sequence[Path],
    progress: Callable[[int], None] | None = None,
    mapping: ColumnMapping | None = None,
    form: Form | None = None,
    organisation: str | None = None,
) -> ImportReport:
    """Imports files, one job each. A file whose import was cut short goes on where it was.

    Args:
        progress: called after each chunk with the number of rows so far.
        mapping: for tables with other names of columns; kept for the next table with the same ones.
        organisation: name or id of whose people and places these are; by default the installation's own municipality.

    Raises:
        UnusableFile: a file cannot be read; nothing is imported then.
        BadInput: there is no such organisation.
    """
    owner = await (organisation_named(pool, organisation) if organisation else organisations.own_municipality(pool))
    files = [read_path(path) for path in paths]
    sources = [read_source(name, data) for name, data in files]
    for source in sources:
        usable_mapping(source, await _known_mapping(pool, owner, source, mapping), form)
    reports: list[ImportReport] = []
    for name, data in files:
        job_id = await submit(pool, owner, name, data, mapping, form)
        await run_job(pool, encoder, gazetteer, job_id, _counting_on(progress, sum(one.rows for one in reports)))
        reports.append(await report(pool, job_id))
    return combined(reports)


def _counting_on(progress: Callable[[int], None] | None, before: int) -> Callable[[int], None] | None:
    return (lambda done: progress(before + done)) if progress else None


async def submit(
    connection: Connection,
    owner: UUID,
    name: str,
    data: bytes,
    mapping: ColumnMapping | None = None,
    form: Form | None = None,
    role: str = "",
) -> UUID:
    """Takes in a file of an organisation as a waiting job, or finds its unfinished job; forgets jobs of long ago.

    Args:
        role: of who hands it in; the database keeps with the job what they may add.

    Raises:
        UnusableFile: the file cannot be read, or has columns for which a mapping is needed first.
    """
    source = await asyncio.to_thread(read_source, name, data)
    known = usable_mapping(source, await _known_mapping(connection, owner, source, mapping), form)
    plain = known.model_dump(mode="json", by_alias=True) if known else None
    asked = json.dumps([str(owner), source.columns, plain, form, role], sort_keys=True)
    request = hashlib.sha256(data + asked.encode()).digest()
    async with in_transaction(connection) as own:
        await imports.forget_before(own, datetime.now(UTC) - REMEMBERED)
        if mapping and source.columns:
            kept = mapping.model_dump(mode="json", by_alias=True)
            await imports.save_mapping(own, owner, columns_digest(source.columns), kept)
        return await imports.add_job(own, owner, name, data, request, form, plain, source.columns, len(source.rows))


async def run_job(
    pool: asyncpg.Pool,
    encoder: Encoder,
    gazetteer: Gazetteer,
    job_id: UUID,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Runs a job to its end from where it is. Each chunk of rows and the state of the job are one transaction.

    Two processes may run the same job: who comes second with a chunk leaves it and goes on with the next.

    Raises:
        NotFound: there is no such job.
    """
    data = await imports.source(pool, job_id)
    job = await job_of(pool, job_id)
    if data is None:
        return
    source = await asyncio.to_thread(read_source, job.file_name, data)
    mapping = ColumnMapping.model_validate(job.mapping) if job.mapping else None
    form = Form(job.form) if job.form else None
    while job.status != "done" and job.rows_done < job.rows_total:
        chunk = await _only_own(pool, job, _checked_rows(source, job.rows_done, mapping, form))
        await _import_chunk(pool, encoder, gazetteer, job, chunk)
        job = await job_of(pool, job_id)
        if progress:
            progress(job.rows_done)
    await imports.finish(pool, job_id)


async def run_unfinished(pool: asyncpg.Pool, encoder: Encoder, gazetteer: Gazetteer) -> list[Json]:
    """Runs every job that waits or was cut short, the oldest first; returns them as they are then."""
    found = await imports.unfinished(pool)
    for job_id in found:
        await run_job(pool, encoder, gazetteer, job_id)
    return [job_json(await job_of(pool, job_id)) for job_id in found]


async def report(connection: Connection, job_id: UUID) -> ImportReport:
    """What happened to each row of a job so far.

    Raises:
        NotFound: there is no such job.
    """
    job = await job_of(connection, job_id)
    return report_of(str(job_id), await imports.rows_of(connection, job_id), job.ignored)


def columns_digest(columns: Iterable[str]) -> bytes:
    """Key of a table by the names of its columns, in any order."""
    return hashlib.sha256(json.dumps(sorted(columns)).encode()).digest()[:16]


async def _known_mapping(
    connection: Connection, owner: UUID, source: Source, mapping: ColumnMapping | None
) -> ColumnMapping | None:
    if mapping or source.columns is None:
        return mapping
    saved = await imports.saved_mapping(connection, owner, columns_digest(source.columns))
    return ColumnMapping.model_validate(saved) if saved else None


async def job_of(connection: Connection, job_id: UUID) -> imports.Job:
    """A job as it stands.

    Raises:
        NotFound: there is no such job.
    """
    job = await imports.job(connection, job_id)
    if job is None:
        raise NotFound(f"Er is geen import met het nummer {job_id}.")
    return job


def _checked_rows(source: Source, start: int, mapping: ColumnMapping | None, form: Form | None) -> list[_Checked]:
    rows = enumerate(source.rows[start : start + CHUNK], start)
    return [
        _Checked(source.name, number, row, _entry_checked(source.name, read_row(source, row, mapping, form)))
        for number, row in rows
    ]


async def _only_own(pool: asyncpg.Pool, job: imports.Job, chunk: list[_Checked]) -> list[_Checked]:
    """The same rows, with errors for what may not come in by this job, or has a code that another organisation uses."""
    records = [row.result.record for row in chunk if isinstance(row.result, Row)]
    people = [record.id for record in records if isinstance(record, SeekerRecord)]
    places = [record.id for record in records if isinstance(record, OpportunityRecord)]
    taken = await imports.held_elsewhere(pool, job.organisation_id, people, places)
    return [_with_errors(row, _not_own(job, row.result.record, taken)) if isinstance(row.result, Row) else row for row in chunk]


def _not_own(job: imports.Job, record: Record, taken: set[tuple[str, str]]) -> tuple[str, str] | None:
    form = Form.SEEKERS if isinstance(record, SeekerRecord) else Form.OPPORTUNITIES
    if form not in job.may_add:
        return "", f"{_ROWS[form]} kunnen met deze rol niet worden overgenomen."
    if (form.value, record.id) in taken:
        return "id", f"code: '{record.id}' is in gebruik bij een andere organisatie. Kies een andere code."
    return None


def _with_errors(row: _Checked, fault: tuple[str, str] | None) -> _Checked:
    if fault is None:
        return row
    return replace(row, result=[RowError(row.file, row.source.line, *fault)])


def _entry_checked(file: str, result: Row | list[RowError]) -> Row | list[RowError]:
    """The same row, or errors when its texts hold what does not belong there or its last day is over."""
    if not isinstance(result, Row):
        return result
    errors = [RowError(file, result.line, finding.field, finding.sentence) for finding in check_record(result.record)]
    if isinstance(result.record, OpportunityRecord) and (over := result.record.over(datetime.now(UTC).date())):
        errors.append(RowError(file, result.line, "closes_on", over))
    return errors or result


async def _import_chunk(
    pool: asyncpg.Pool, encoder: Encoder, gazetteer: Gazetteer, job: imports.Job, chunk: list[_Checked]
) -> None:
    good = {(type(row.result.record), row.result.record.id): row for row in chunk if isinstance(row.result, Row)}
    records = [row.result.record for row in good.values() if isinstance(row.result, Row)]
    known = await _known_digests(pool, records)
    changed = [record for record in records if known.get((type(record), record.id)) != record.digest()]
    await encode_missing(pool, encoder, [text for record in changed for text in _texts(record, gazetteer)])
    async with pool.acquire() as connection, connection.transaction():
        await revisions.take_turn(connection)
        if not await imports.claim(connection, job.id, job.rows_done):
            return
        known = await _known_digests(connection, records)
        results = [_result(row, good, known, gazetteer) for row in chunk]
        for record in records:
            if known.get((type(record), record.id)) != record.digest():
                await _save(connection, record, gazetteer, job.organisation_id)
        ignored = Counter(job.ignored) + Counter(name for row in good.values() for name in _ignored(row))
        await imports.record_rows(connection, job.id, results, ignored)


async def _save(connection: asyncpg.Connection, record: Record, gazetteer: Gazetteer, owner: UUID) -> None:
    if isinstance(record, SeekerRecord):
        await seekers.save(connection, record, record.to_model(gazetteer), owner)
    else:
        await opportunities.save(connection, record, record.to_model(gazetteer), owner)


def _result(
    row: _Checked,
    good: dict[tuple[type[Record], str], _Checked],
    known: dict[tuple[type[Record], str], bytes],
    gazetteer: Gazetteer,
) -> RowResult:
    if not isinstance(row.result, Row):
        return RowResult(row.number, row.source.line, "rejected", errors=tuple(row.result), content=row.source.content)
    record = row.result.record
    key = (type(record), record.id)
    if good[key] is not row:
        return RowResult(row.number, row.source.line, "repeated", record.id)
    if known.get(key) == record.digest():
        return RowResult(row.number, row.source.line, "unchanged", record.id)
    outcome = "updated" if key in known else "added"
    return RowResult(row.number, row.source.line, outcome, record.id, _located(record, gazetteer))


def _ignored(row: _Checked) -> tuple[str, ...]:
    return row.result.ignored if isinstance(row.result, Row) else ()


def _located(record: Record, gazetteer: Gazetteer) -> str | None:
    position = gazetteer.locate(record.postcode4, record.place)
    return "nowhere" if position is None else None if position.exact else "approximate"


async def _known_digests(
    connection: asyncpg.Connection | asyncpg.Pool, records: Iterable[Record]
) -> dict[tuple[type[Record], str], bytes]:
    people = [record.id for record in records if isinstance(record, SeekerRecord)]
    places = [record.id for record in records if isinstance(record, OpportunityRecord)]
    known_people = await seekers.digests(connection, people) if people else {}
    known_places = await opportunities.digests(connection, places) if places else {}
    return {(SeekerRecord, key): value for key, value in known_people.items()} | {
        (OpportunityRecord, key): value for key, value in known_places.items()
    }


def _texts(record: Record, gazetteer: Gazetteer) -> list[str]:
    if isinstance(record, SeekerRecord):
        return seeker_texts(record.to_model(gazetteer))
    return opportunity_texts(record.to_model(gazetteer))
