"""Places to show and to look up by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from matching.model import Rung
from service.db.connect import Connection
from service.db.paging import Order

_NAMED = "concat_ws(' ', title, organisation, place) ILIKE '%' || $1 || '%'"


def _literally(words: str) -> str:
    return words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


@dataclass(frozen=True, slots=True)
class Listed:
    """A place in a list."""

    id: str
    title: str
    organisation: str
    place: str
    kind: str
    status: str
    positions: int
    hours_min: float
    hours_max: float


async def named(connection: Connection, words: str, kind: str, limit: int) -> list[Listed]:
    """Places whose title, organisation or town holds the words, of one rung (empty: all), by title."""
    rows = await connection.fetch(
        f"""SELECT id, title, organisation, place, kind, status, positions, hours_min, hours_max FROM opportunity
            WHERE {_NAMED} AND ($2 = '' OR kind = $2) ORDER BY title, id LIMIT $3""",
        _literally(words),
        kind,
        limit,
    )
    return [Listed(**row) for row in rows]


@dataclass(frozen=True, slots=True)
class AtEmployer(Listed):
    """A place in the list of an employer; `own` when the employer keeps it, and nobody for them."""

    own: bool


async def at_employer(connection: Connection, employer: UUID) -> list[AtEmployer]:
    """The places of an employer that may be seen: open ones first, then drafts, then closed ones."""
    rows = await connection.fetch(
        """SELECT id, title, organisation, place, kind, status, positions, hours_min, hours_max, organisation_id = $1 AS own
           FROM opportunity WHERE coalesce(employer_id, organisation_id) = $1
           ORDER BY array_position(ARRAY['open', 'draft', 'closed'], status), title, id""",
        employer,
    )
    return [AtEmployer(**row) for row in rows]


@dataclass(frozen=True)
class Filter:
    """Which places to list; what is empty does not count."""

    words: str = ""
    kinds: Sequence[Rung] = ()
    statuses: Sequence[str] = ()


async def page(
    connection: Connection, wanted: Filter, order: Order, after: tuple[str | datetime, str] | None, limit: int
) -> list[asyncpg.Record]:
    """At most `limit` places after that row of the order."""
    rows: list[asyncpg.Record] = await connection.fetch(
        f"""SELECT * FROM opportunity
            WHERE {_NAMED} AND (cardinality($2::text[]) = 0 OR kind = ANY ($2))
                AND (cardinality($3::text[]) = 0 OR status = ANY ($3)) AND {order.beyond("$4", "$5")}
            ORDER BY {order.by} LIMIT $6""",
        _literally(wanted.words),
        list(wanted.kinds),
        list(wanted.statuses),
        *(after or (None, None)),
        limit,
    )
    return rows


async def lock(connection: Connection, opportunity_id: str) -> asyncpg.Record | None:
    """Version and organisation of a place, held until the transaction ends; None when there is none to change."""
    return await connection.fetchrow("SELECT version, organisation_id FROM opportunity WHERE id = $1 FOR UPDATE", opportunity_id)


async def set_status(connection: Connection, opportunity_id: str, status: str) -> None:
    """Makes a place a draft, open or closed."""
    await connection.execute(
        """UPDATE opportunity SET status = $2, version = version + 1, revision = nextval('revision'), updated_at = now()
           WHERE id = $1 AND status <> $2""",
        opportunity_id,
        status,
    )


async def make_draft(connection: Connection, opportunity_id: str) -> None:
    """Takes a place back from the open ones, in the same version as the change that follows."""
    await connection.execute("UPDATE opportunity SET status = 'draft' WHERE id = $1 AND status = 'open'", opportunity_id)


async def set_employer(connection: Connection, opportunity_id: str, employer: UUID | None) -> None:
    """Says at which employer of the region a place is; None: none that is known here."""
    await connection.execute("UPDATE opportunity SET employer_id = $2 WHERE id = $1", opportunity_id, employer)


async def shown(connection: Connection, ids: Sequence[str]) -> dict[str, asyncpg.Record]:
    """What is shown of these places beside their score, by id."""
    rows = await connection.fetch("SELECT * FROM opportunity WHERE id = ANY ($1)", list(ids))
    return {row["id"]: row for row in rows}
