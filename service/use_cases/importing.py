"""Takes over people and places from files: good rows are kept, each bad row is reported, and a second run changes nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from embeddings.encoder import Encoder
from matching.vectors import opportunity_texts, seeker_texts
from service.db import opportunities, organisations, revisions, seekers
from service.encoding import encode_missing
from service.geography import Gazetteer
from service.interchange import OpportunityRecord, Record, Row, RowError, SeekerRecord, read_rows
from service.use_cases.administering import organisation_named

CHUNK = 200


@dataclass
class ImportReport:
    """What happened to each row.

    Attributes:
        repeated: rows followed closely by another row with the same id, which counts instead.
        ignored: fields that are not in the format and were not read, with how often they occurred.
        approximate: rows whose postcode was not known, so that the place stands in; `nowhere` when that was not known either.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    repeated: int = 0
    errors: list[RowError] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)
    approximate: list[str] = field(default_factory=list)
    nowhere: list[str] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        """Number of rows that were not taken over."""
        return len({(error.file, error.line) for error in self.errors})

    @property
    def rows(self) -> int:
        """Number of rows that were read."""
        return self.added + self.updated + self.unchanged + self.repeated + self.rejected

    def to_json(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "rows": self.rows,
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "repeated": self.repeated,
            "errors": [asdict(error) for error in self.errors],
            "ignored": dict(self.ignored),
            "approximate": self.approximate,
            "nowhere": self.nowhere,
        }


async def import_files(
    pool: asyncpg.Pool,
    encoder: Encoder,
    gazetteer: Gazetteer,
    paths: Sequence[Path],
    progress: Callable[[int], None] | None = None,
    organisation: str | None = None,
) -> ImportReport:
    """Imports files in the interchange format, chunk by chunk.

    Each chunk is one transaction, so a killed import can simply be run again: rows that are in are unchanged then.

    Args:
        progress: called after each chunk with the number of rows so far.
        organisation: name or id of whose people and places these are; by default the installation's own municipality.

    Raises:
        UnusableFile: a file cannot be opened; nothing is imported then.
        BadInput: there is no such organisation, or an id is in use at another one.
    """
    report = ImportReport()
    owner = await (organisation_named(pool, organisation) if organisation else organisations.own_municipality(pool))
    files = [read_rows(path) for path in paths]
    rows = _good_rows(files, report)
    while chunk := list(islice(rows, CHUNK)):
        await _import_chunk(pool, encoder, gazetteer, owner, _last_of_each(chunk, report), report)
        if progress:
            progress(report.rows)
    return report


def _good_rows(files: Iterable[Iterator[Row | list[RowError]]], report: ImportReport) -> Iterator[Row]:
    for file in files:
        for row in file:
            if isinstance(row, Row):
                report.ignored.update(row.ignored)
                yield row
            else:
                report.errors += row


def _last_of_each(chunk: list[Row], report: ImportReport) -> list[Record]:
    last = {(type(row.record), row.record.id): row.record for row in chunk}
    report.repeated += len(chunk) - len(last)
    return list(last.values())


async def _import_chunk(
    pool: asyncpg.Pool, encoder: Encoder, gazetteer: Gazetteer, owner: UUID, records: list[Record], report: ImportReport
) -> None:
    known = await _known_digests(pool, records)
    changed = [record for record in records if known.get((type(record), record.id)) != record.digest()]
    await encode_missing(pool, encoder, [text for record in changed for text in _texts(record, gazetteer)])
    async with pool.acquire() as connection, connection.transaction():
        await revisions.take_turn(connection)
        for record in changed:
            if isinstance(record, SeekerRecord):
                await seekers.save(connection, record, record.to_model(gazetteer), owner)
            else:
                await opportunities.save(connection, record, record.to_model(gazetteer), owner)
    report.unchanged += len(records) - len(changed)
    for record in changed:
        _count(record, (type(record), record.id) in known, gazetteer, report)


async def _known_digests(pool: asyncpg.Pool, records: Iterable[Record]) -> dict[tuple[type[Record], str], bytes]:
    people = [record.id for record in records if isinstance(record, SeekerRecord)]
    places = [record.id for record in records if isinstance(record, OpportunityRecord)]
    known_people = await seekers.digests(pool, people) if people else {}
    known_places = await opportunities.digests(pool, places) if places else {}
    return {(SeekerRecord, key): value for key, value in known_people.items()} | {
        (OpportunityRecord, key): value for key, value in known_places.items()
    }


def _texts(record: Record, gazetteer: Gazetteer) -> list[str]:
    if isinstance(record, SeekerRecord):
        return seeker_texts(record.to_model(gazetteer))
    return opportunity_texts(record.to_model(gazetteer))


def _count(record: Record, was_known: bool, gazetteer: Gazetteer, report: ImportReport) -> None:
    if was_known:
        report.updated += 1
    else:
        report.added += 1
    position = gazetteer.locate(record.postcode4, record.place)
    if position is None:
        report.nowhere.append(record.id)
    elif not position.exact:
        report.approximate.append(record.id)
