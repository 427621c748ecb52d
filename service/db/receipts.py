"""Receipts in the database: the stored record of each match run, in a chain per organisation."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

import asyncpg

from matching.scoring import Weights
from service.db.connect import Connection, in_transaction
from service.receipts import Receipt, Run, Snapshot, digest, inputs_digest

_PAGE = 200
_COLUMNS = """
    id, organisation_id AS organisation, number, made_at, user_id AS "user", about, engine, model, weights, inputs, result,
    snapshots, inputs_digest, result_digest, previous, hash
"""


class Head(NamedTuple):
    """The end of a chain."""

    number: int
    hash: bytes | None


async def write(connection: Connection, run: Run) -> str:
    """Stores one run of the user that this transaction acts for, or else of the operator; returns the receipt's id."""
    digests = [one.digest for one in (run.subject, *run.compared)]
    async with in_transaction(connection) as own:
        await _keep_content(own, dict(zip(digests, (run.subject, *run.compared), strict=True)), run.weights)
        organisation = await own.fetchval(_WHOSE, run.subject.kind, run.subject.subject_id)
        head = await own.fetchrow("SELECT * FROM passend_receipt_head($1)", organisation)
        receipt = _linked(run, digests, head)
        await own.execute(
            """
            INSERT INTO receipt (id, organisation_id, number, made_at, user_id, about, engine, model, weights, inputs, result,
                snapshots, inputs_digest, result_digest, previous, hash, subject_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
            """,
            *(getattr(receipt, name) for name in Receipt.__dataclass_fields__),
            run.subject.subject_id,
        )
    return str(receipt.id)


_WHOSE = """
    SELECT CASE $1 WHEN 'person' THEN (SELECT organisation_id FROM seeker WHERE id = $2)
    ELSE (SELECT organisation_id FROM opportunity WHERE id = $2) END
"""


async def _keep_content(connection: Connection, content: dict[bytes, Snapshot], weights: Weights) -> None:
    missing = await connection.fetch("SELECT passend_missing_snapshots($1) AS digest", list(content))
    new = [(row["digest"], content[row["digest"]]) for row in missing]
    if new:
        await connection.executemany(
            """INSERT INTO snapshot (digest, kind, subject_id, model, content, vectors) VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT DO NOTHING""",
            [(name, one.kind, one.subject_id, one.model, one.content, one.vectors) for name, one in new],
        )
    await connection.execute(
        "INSERT INTO weights_version (version, content) VALUES ($1, $2) ON CONFLICT DO NOTHING", weights.version, asdict(weights)
    )


def _linked(run: Run, digests: Sequence[bytes], head: asyncpg.Record) -> Receipt:
    inputs = {**run.asked, "subject": run.subject.subject_id}
    receipt = Receipt(
        id=uuid4(),
        organisation=head["organisation"],
        number=head["number"] + 1,
        made_at=head["at"],
        user=head["acting"],
        about=run.about,
        engine=run.engine,
        model=run.subject.model,
        weights=run.weights.version,
        inputs=inputs,
        result=run.result,
        snapshots=digests,
        inputs_digest=inputs_digest(inputs, digests),
        result_digest=digest(run.result),
        previous=head["hash"],
        hash=b"",
    )
    return receipt.sealed()


async def one(connection: Connection, receipt_id: UUID) -> Receipt | None:
    """A receipt that is in a chain, or None where there is none to see."""
    row = await connection.fetchrow(f"SELECT {_COLUMNS} FROM receipt WHERE id = $1 AND number IS NOT NULL", receipt_id)
    return Receipt(**row) if row else None


async def some(connection: Connection, subject: str | None, before: int | None, limit: int) -> list[Receipt]:
    """Receipts that this user may see, newest first: of this person or place, made before that number."""
    rows = await connection.fetch(
        f"""SELECT {_COLUMNS} FROM receipt WHERE number IS NOT NULL
                AND ($1::text IS NULL OR subject_id = $1) AND ($2::bigint IS NULL OR number < $2)
            ORDER BY number DESC LIMIT $3""",
        subject,
        before,
        limit,
    )
    return [Receipt(**row) for row in rows]


async def snapshots(connection: Connection, receipt_id: UUID) -> list[Snapshot]:
    """What a receipt compared, in order: first the person or place that was asked about."""
    rows = await connection.fetch(
        "SELECT kind, subject_id, model, content, vectors FROM passend_receipt_snapshots($1)", receipt_id
    )
    return [Snapshot(**row) for row in rows]


async def weights(connection: Connection, version: str) -> Weights | None:
    """The weights of a version, or None when they are not known here."""
    content = await connection.fetchval("SELECT content FROM weights_version WHERE version = $1", version)
    return Weights.of(content) if content else None


async def head(connection: Connection, organisation: UUID) -> Head | None:
    """The end of an organisation's chain, or None when it has none."""
    row = await connection.fetchrow("SELECT number, hash FROM receipt_chain WHERE organisation_id = $1", organisation)
    return Head(*row) if row else None


async def organisations(connection: Connection) -> list[UUID]:
    """Every organisation with a chain."""
    rows = await connection.fetch("SELECT organisation_id FROM receipt_chain ORDER BY organisation_id")
    return [row["organisation_id"] for row in rows]


async def chain(connection: Connection, organisation: UUID) -> AsyncIterator[Receipt]:
    """Every receipt of an organisation, from the first, page by page."""
    last = 0
    while rows := await connection.fetch(
        f"SELECT {_COLUMNS} FROM receipt WHERE organisation_id = $1 AND number > $2 ORDER BY number LIMIT {_PAGE}",
        organisation,
        last,
    ):
        for row in rows:
            yield Receipt(**row)
        last = rows[-1]["number"]


async def contents(connection: Connection, digests: Iterable[bytes]) -> AsyncIterator[tuple[bytes, Snapshot]]:
    """Each of these snapshots that is there, with the digest under which it is kept; for the operator."""
    wanted = list(digests)
    for start in range(0, len(wanted), _PAGE):
        rows = await connection.fetch("SELECT * FROM snapshot WHERE digest = ANY($1)", wanted[start : start + _PAGE])
        for row in rows:
            yield row["digest"], Snapshot(row["kind"], row["subject_id"], row["model"], row["content"], row["vectors"])


async def candidate_lists(connection: Connection, since: datetime, until: datetime) -> list[list[str]]:
    """The people of every list of candidates that was made from `since` up to `until`, best first."""
    rows = await connection.fetch(
        """
        SELECT coalesce(
            (SELECT array_agg(one ->> 'seeker' ORDER BY rank) FROM jsonb_array_elements(result -> 'candidates')
                WITH ORDINALITY AS listed (one, rank)), '{}') AS people
        FROM receipt WHERE about = 'candidates' AND made_at >= $1 AND made_at < $2 ORDER BY made_at, id
        """,
        since,
        until,
    )
    return [list(row["people"]) for row in rows]


async def earlier_matches(connection: Connection, seeker_id: str, places: Sequence[str]) -> list[asyncpg.Record]:
    """A person's runs of matches, newest first: made_at, seeker as it was, rung reached, which of these places were there."""
    rows: list[asyncpg.Record] = await connection.fetch(
        """
        SELECT made_at, result ->> 'rung_reached' AS rung,
            (SELECT content FROM snapshot WHERE digest = receipt.snapshots[1]) AS seeker,
            ARRAY(SELECT id FROM opportunity WHERE id = ANY ($2) AND created_at <= receipt.made_at) AS places
        FROM receipt WHERE about = 'matches' AND subject_id = $1 AND cardinality(snapshots) > 0 ORDER BY made_at DESC
        """,
        seeker_id,
        places,
    )
    return rows


async def people_matched(connection: Connection) -> list[str]:
    """Ids of the people who were ever matched and are still there."""
    rows = await connection.fetch(
        """
        SELECT id FROM seeker
        WHERE EXISTS (SELECT FROM receipt WHERE about = 'matches' AND subject_id = seeker.id) ORDER BY id
        """
    )
    return [row["id"] for row in rows]
