"""Import jobs, what happened to each row, and saved mappings."""

import contextlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from service.db.connect import Connection
from service.db.paging import Mark
from service.interchange import RowError

Json = dict[str, Any]
_FIELDS = """
    id, organisation_id, file_name, form, mapping, columns, status, rows_total, rows_done, ignored,
    created_at, updated_at, finished_at, may_add
"""
_RUNNING = 0x696D70


@dataclass(frozen=True)
class Job:
    """An import as it stands; `rows_done` rows of `rows_total` are in or were rejected, and `may_add` says what rows may be."""

    id: UUID
    organisation_id: UUID
    file_name: str
    form: str | None
    mapping: Json | None
    columns: list[str] | None
    status: str
    rows_total: int
    rows_done: int
    ignored: dict[str, int]
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    may_add: list[str]


@dataclass(frozen=True)
class RowResult:
    """What happened to one row; `content` is kept of rejected rows alone."""

    number: int
    line: int
    outcome: str
    record_id: str | None = None
    located: str | None = None
    errors: tuple[RowError, ...] = ()
    content: Any = None


async def add_job(
    connection: Connection,
    organisation: UUID,
    file_name: str,
    source: bytes,
    request: bytes,
    form: str | None,
    mapping: Json | None,
    columns: Sequence[str] | None,
    rows: int,
) -> UUID:
    """A waiting job for a file, or the unfinished one for the same request."""
    number: UUID = await connection.fetchval(
        """
        INSERT INTO import_job (organisation_id, file_name, source, request, form, mapping, columns, rows_total)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (request) WHERE status <> 'done' DO UPDATE SET updated_at = now() RETURNING id
        """,
        organisation,
        file_name,
        source,
        request,
        form,
        mapping,
        columns,
        rows,
    )
    return number


async def job(connection: Connection, job_id: UUID) -> Job | None:
    """One job, or None when there is none of that id."""
    row = await connection.fetchrow(f"SELECT {_FIELDS} FROM import_job WHERE id = $1", job_id)
    return Job(**row) if row else None


async def jobs(connection: Connection, after: Mark | None, limit: int) -> list[Job]:
    """At most `limit` jobs after that one, the newest first."""
    rows = await connection.fetch(
        f"""SELECT {_FIELDS} FROM import_job
            WHERE $1::timestamptz IS NULL OR created_at < $1 OR created_at = $1 AND id > $2::uuid
            ORDER BY created_at DESC, id LIMIT $3""",
        *(after or (None, None)),
        limit,
    )
    return [Job(**row) for row in rows]


async def unfinished(connection: Connection) -> list[UUID]:
    """Jobs that wait or were cut short, the oldest first."""
    rows = await connection.fetch("SELECT id FROM import_job WHERE status <> 'done' ORDER BY created_at, id")
    return [row["id"] for row in rows]


async def source(connection: Connection, job_id: UUID) -> bytes | None:
    """The file of a job; None when the job is done."""
    content: bytes | None = await connection.fetchval("SELECT source FROM import_job WHERE id = $1", job_id)
    return content


@contextlib.asynccontextmanager
async def alone(pool: asyncpg.Pool) -> AsyncIterator[bool]:
    """Whether this is the one process that runs imports now; another one may after the context, or after this process."""
    async with pool.acquire() as connection:
        yield await connection.fetchval("SELECT pg_try_advisory_lock($1)", _RUNNING)


async def held_elsewhere(
    connection: Connection, organisation: UUID, people: Sequence[str], places: Sequence[str]
) -> set[tuple[str, str]]:
    """Which of these codes are in use at another organisation, each after what it is: `seekers` or `opportunities`."""
    rows = await connection.fetch(
        """SELECT 'seekers' AS form, id FROM seeker WHERE id = ANY($2) AND organisation_id <> $1
           UNION ALL SELECT 'opportunities', id FROM opportunity WHERE id = ANY($3) AND organisation_id <> $1""",
        organisation,
        people,
        places,
    )
    return {(row["form"], row["id"]) for row in rows}


async def claim(connection: Connection, job_id: UUID, rows_done: int) -> bool:
    """Takes the next rows for the caller's transaction; False when another process has done them meanwhile."""
    now = await connection.fetchval("SELECT rows_done FROM import_job WHERE id = $1 AND status <> 'done' FOR UPDATE", job_id)
    return bool(now == rows_done)


async def record_rows(connection: Connection, job_id: UUID, rows: Sequence[RowResult], ignored: Mapping[str, int]) -> None:
    """Notes what happened to the next rows, in the transaction that saves them."""
    await connection.executemany(
        """
        INSERT INTO import_row (job_id, number, line, outcome, record_id, located, errors, content)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        [
            (job_id, row.number, row.line, row.outcome, row.record_id, row.located, _errors_json(row), _content_json(row))
            for row in rows
        ],
    )
    await connection.execute(
        "UPDATE import_job SET status = 'running', rows_done = rows_done + $2, ignored = $3, updated_at = now() WHERE id = $1",
        job_id,
        len(rows),
        dict(ignored),
    )


async def finish(connection: Connection, job_id: UUID) -> None:
    """Closes a job of which all rows are done, and removes its file."""
    await connection.execute(
        """
        UPDATE import_job SET status = 'done', source = NULL, finished_at = now(), updated_at = now()
        WHERE id = $1 AND rows_done = rows_total AND status <> 'done'
        """,
        job_id,
    )


async def rows_of(connection: Connection, job_id: UUID) -> list[asyncpg.Record]:
    """Outcome, id and position of every row, in order, with the errors of rejected ones."""
    return list(
        await connection.fetch(
            "SELECT number, line, outcome, record_id, located, errors FROM import_row WHERE job_id = $1 ORDER BY number", job_id
        )
    )


async def rejected_rows(connection: Connection, job_id: UUID) -> list[tuple[Any, list[str]]]:
    """Each rejected row as it stood in the file, with the reasons."""
    rows = await connection.fetch(
        "SELECT content, errors FROM import_row WHERE job_id = $1 AND outcome = 'rejected' ORDER BY number", job_id
    )
    return [(json.loads(row["content"]), [error["message"] for error in json.loads(row["errors"])]) for row in rows]


async def forget_before(connection: Connection, moment: datetime) -> int:
    """Removes finished jobs from before a moment, with their rejected rows; returns how many."""
    status: str = await connection.execute("DELETE FROM import_job WHERE finished_at < $1", moment)
    return int(status.rsplit(maxsplit=1)[-1])


async def saved_mapping(connection: Connection, organisation: UUID, columns: bytes) -> Json | None:
    """The mapping that an organisation used last for a table with these columns."""
    mapping: Json | None = await connection.fetchval(
        "SELECT mapping FROM import_mapping WHERE organisation_id = $1 AND columns = $2", organisation, columns
    )
    return mapping


async def save_mapping(connection: Connection, organisation: UUID, columns: bytes, mapping: Json) -> None:
    """Keeps a mapping for an organisation's next table with these columns."""
    await connection.execute(
        """
        INSERT INTO import_mapping (organisation_id, columns, mapping) VALUES ($1, $2, $3)
        ON CONFLICT (organisation_id, columns) DO UPDATE SET mapping = excluded.mapping, saved_at = now()
        """,
        organisation,
        columns,
        mapping,
    )


def _errors_json(row: RowResult) -> str | None:
    errors = [{"file": error.file, "line": error.line, "field": error.field, "message": error.message} for error in row.errors]
    return json.dumps(errors) if errors else None


def _content_json(row: RowResult) -> str | None:
    return json.dumps(row.content) if row.errors else None
