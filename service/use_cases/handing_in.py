"""Files handed in on a page: a table waits until somebody looked at its columns, anything else is taken over at once."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from service.db import imports, uploads
from service.db.connect import Connection
from service.db.identity import Identity
from service.errors import NotFound
from service.imports.mapping import ColumnMapping, Form
from service.imports.sources import Source, read_source
from service.render import Json
from service.use_cases.import_jobs import propose_mapping
from service.use_cases.importing import columns_digest, submit

FIRST_ROWS, MOST_SAMPLES, LONGEST_SAMPLE = 50, 3, 60


@dataclass(frozen=True)
class Waiting:
    """A table that waits.

    Attributes:
        proposal: as of `propose_mapping`; `again` whether its mapping is that of an earlier table with the same columns.
        samples: the first cells of each column with something in them.
    """

    file_name: str
    proposal: Json
    again: bool
    samples: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class HandedIn:
    """Where a file went: to a job, or to wait for its mapping."""

    job: UUID | None = None
    upload: UUID | None = None


async def hand_in(connection: Connection, identity: Identity, file_name: str, data: bytes) -> HandedIn:
    """Takes in a file for the organisation of who asks.

    Raises:
        UnusableFile: it cannot be read.
    """
    source = await asyncio.to_thread(read_source, file_name, data)
    if source.columns is not None:
        return HandedIn(upload=await uploads.keep(connection, file_name, data))
    return HandedIn(job=await submit(connection, identity.organisation_id, file_name, data, role=identity.role))


async def look(connection: Connection, identity: Identity, upload: UUID, form: Form | None) -> Waiting:
    """A table that waits, with where its columns could go: as they went before, or else by their names.

    Args:
        form: what the rows are; by default what the columns look like.

    Raises:
        NotFound: this file is not there any more.
    """
    name, data = await _waiting(connection, upload)
    source = await asyncio.to_thread(read_source, name, data)
    before = await imports.saved_mapping(connection, identity.organisation_id, columns_digest(source.columns or ()))
    known = before if before and form in {None, before["as"]} else None
    proposal = await asyncio.to_thread(propose_mapping, name, data, Form(known["as"]) if known else form)
    return Waiting(name, proposal | ({"mapping": known} if known else {}), known is not None, _samples(source))


async def take_over(connection: Connection, identity: Identity, upload: UUID, mapping: ColumnMapping) -> UUID:
    """Begins taking over a table with a mapping, which is kept for the next table like it; the number of the job.

    Raises:
        NotFound: this file is not there any more.
        UnusableFile: the mapping leaves out what no row can do without.
    """
    name, data = await _waiting(connection, upload)
    job = await submit(connection, identity.organisation_id, name, data, mapping, mapping.form, identity.role)
    await uploads.remove(connection, upload)
    return job


async def leave(connection: Connection, upload: UUID) -> None:
    """Forgets a table that waits."""
    await uploads.remove(connection, upload)


async def _waiting(connection: Connection, upload: UUID) -> tuple[str, bytes]:
    found = await uploads.one(connection, upload)
    if found is None:
        raise NotFound("This file is not there any more. Hand it in again.")
    return found


def _samples(source: Source) -> dict[str, list[str]]:
    rows: list[Any] = [row.content for row in source.rows[:FIRST_ROWS] if not row.problem]
    filled = {
        column: dict.fromkeys(row[column][:LONGEST_SAMPLE] for row in rows if row.get(column)) for column in source.columns or ()
    }
    return {column: list(found)[:MOST_SAMPLES] for column, found in filled.items()}
