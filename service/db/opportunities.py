"""Places in the database."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from matching.model import Need, Opportunity, Position, Rung
from matching.practical import distance_km
from matching.vectors import Place, opportunity_texts
from service.db.connect import Connection
from service.db.embeddings import VECTORS_OF, text_digest, unpacked
from service.db.keys import index_key
from service.db.revisions import Changed
from service.db.seekers import levels, position, support
from service.errors import BadInput
from service.interchange import OpportunityRecord

_RUNGS = {rung.value: rung for rung in Rung}
_PRACTICAL = """
    revision, key, kind, latitude, longitude, position_exact, hours_min, hours_max, dayparts, speaking_min, reading_min, licences,
    support, positions, taken, needs
"""
_SHOWN = f"{_PRACTICAL}, id, title, organisation, place, summary, tasks, offers"
_FREE = "status = 'open' AND positions > taken"


async def digests(connection: Connection, ids: Sequence[str]) -> dict[str, bytes]:
    """Digest of each of these places that is known."""
    return dict(await connection.fetch("SELECT id, digest FROM opportunity WHERE id = ANY($1)", ids))


async def save(
    connection: Connection, record: OpportunityRecord, opportunity: Opportunity, organisation: UUID, status: str = "open"
) -> None:
    """Adds a place of an organisation or takes over what changed; in the caller's transaction, after `take_turn`.

    Args:
        status: of a place that is added; one that is there keeps its own.

    Raises:
        BadInput: the id is in use at another organisation.
    """
    done = await connection.execute(
        """
        INSERT INTO opportunity (id, key, kind, title, organisation, place, postcode4, latitude, longitude, position_exact,
            summary, tasks, needs, offers, hours_min, hours_max, dayparts, speaking_min, reading_min, licences, support,
            positions, texts, digest, organisation_id, status, revision)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
            $24, $25, $26, nextval('revision'))
        ON CONFLICT (id) DO UPDATE SET
            kind = excluded.kind, title = excluded.title, organisation = excluded.organisation, place = excluded.place,
            postcode4 = excluded.postcode4, latitude = excluded.latitude, longitude = excluded.longitude,
            position_exact = excluded.position_exact, summary = excluded.summary, tasks = excluded.tasks,
            needs = excluded.needs, offers = excluded.offers, hours_min = excluded.hours_min, hours_max = excluded.hours_max,
            dayparts = excluded.dayparts, speaking_min = excluded.speaking_min, reading_min = excluded.reading_min,
            licences = excluded.licences, support = excluded.support, positions = excluded.positions,
            texts = excluded.texts, digest = excluded.digest, revision = excluded.revision, updated_at = now(),
            version = opportunity.version + 1
        WHERE opportunity.organisation_id = excluded.organisation_id
        """,
        opportunity.id,
        index_key(opportunity.id),
        opportunity.kind,
        opportunity.title,
        opportunity.organisation,
        opportunity.place,
        record.postcode4,
        *(opportunity.position or (None, None, False)),
        opportunity.summary,
        list(opportunity.tasks),
        [need.model_dump() for need in record.needs],
        opportunity.offers,
        opportunity.hours_min,
        opportunity.hours_max,
        record.dayparts,
        opportunity.language_min.speaking,
        opportunity.language_min.reading,
        sorted(opportunity.licences),
        sorted(opportunity.support),
        opportunity.positions,
        [text_digest(text) for text in opportunity_texts(opportunity)],
        record.digest(),
        organisation,
        status,
    )
    if done == "INSERT 0 0":
        raise BadInput(f"The id {record.id!r} is in use at another organisation. Give this place another id.")


async def place(connection: Connection, opportunity_id: str, encoder: int) -> Place | None:
    """A place with the vectors of one model, or None when there is no such place."""
    row = await connection.fetchrow(
        f"SELECT opportunity.*, {VECTORS_OF.format(table='opportunity', encoder='$2')} FROM opportunity WHERE id = $1",
        opportunity_id,
        encoder,
    )
    return _place(row) if row else None


async def places_by_key(connection: Connection, keys: Sequence[int], encoder: int) -> list[Place]:
    """The open places with these index numbers, with vectors, in the order of their ids."""
    rows = await connection.fetch(
        f"""SELECT opportunity.*, {VECTORS_OF.format(table="opportunity", encoder="$2")}
            FROM opportunity WHERE key = ANY($1) AND status = 'open' ORDER BY id""",
        keys,
        encoder,
    )
    return [_place(row) for row in rows]


async def by_key(connection: Connection, keys: Sequence[int]) -> dict[int, tuple[int, Opportunity]]:
    """The open places with these index numbers, without vectors, each with its revision."""
    rows = await connection.fetch(f"SELECT {_SHOWN} FROM opportunity WHERE key = ANY($1) AND status = 'open'", keys)
    return {row["key"]: (row["revision"], _opportunity(row)) for row in rows}


async def changed_since(connection: Connection, revision: int, encoder: int, limit: int) -> list[asyncpg.Record]:
    """The places that changed after a revision, in that order, for `changed`."""
    rows: list[asyncpg.Record] = await connection.fetch(
        f"""SELECT {_PRACTICAL}, status, organisation_id, cardinality(tasks) AS task_count, cardinality(texts) AS text_count,
                {VECTORS_OF.format(table="opportunity", encoder="$2")}
            FROM opportunity WHERE revision > $1 ORDER BY revision, id LIMIT $3""",
        revision,
        encoder,
        limit,
    )
    return rows


def changed(row: asyncpg.Record) -> Changed:
    """What an index keeps of a place: its practical side, its vectors and what each of them is of; only open ones are found."""
    return _changed(row, _without_words)


async def with_vectors(connection: Connection, keys: Sequence[int], encoder: int) -> list[Changed]:
    """The places with these index numbers, in the order of their ids."""
    rows = await connection.fetch(
        f"""SELECT opportunity.*, {VECTORS_OF.format(table="opportunity", encoder="$2")}
            FROM opportunity WHERE key = ANY($1) ORDER BY id""",
        keys,
        encoder,
    )
    return [_changed(row, _place) for row in rows]


async def open_places(connection: Connection, encoder: int, postcodes: Sequence[str] | None = None) -> list[Place]:
    """Every place with a free position, with vectors, by id; with `postcodes`, only those in one of them."""
    rows = await connection.fetch(
        f"""SELECT opportunity.*, {VECTORS_OF.format(table="opportunity", encoder="$1")} FROM opportunity
            WHERE {_FREE} AND ($2::text[] IS NULL OR postcode4 = ANY($2)) ORDER BY id""",
        encoder,
        postcodes,
    )
    return [_place(row) for row in rows]


async def open_at(connection: Connection, encoder: int, employer: str) -> list[Place]:
    """The places with a free position of one organisation, its name in any case, in the order of their ids."""
    rows = await connection.fetch(
        f"""SELECT opportunity.*, {VECTORS_OF.format(table="opportunity", encoder="$1")} FROM opportunity
            WHERE {_FREE} AND lower(organisation) = lower($2) ORDER BY id""",
        encoder,
        employer,
    )
    return [_place(row) for row in rows]


async def open_near(connection: Connection, encoder: int, centre: Position, km: float) -> list[Place]:
    """The places with a free position within so many km of a point, in the order of their ids."""
    rows = await connection.fetch(
        f"""SELECT opportunity.*, {VECTORS_OF.format(table="opportunity", encoder="$1")} FROM opportunity
            WHERE {_FREE} AND latitude BETWEEN $2 - $4 / 111.0 AND $2 + $4 / 111.0
            AND longitude BETWEEN $3 - $4 / 60.0 AND $3 + $4 / 60.0 ORDER BY id""",
        encoder,
        centre.latitude,
        centre.longitude,
        km,
    )
    places = [_place(row) for row in rows]
    return [one for one in places if one.opportunity.position and distance_km(centre, one.opportunity.position) <= km]


async def all_places(connection: Connection) -> list[Opportunity]:
    """All places, without vectors."""
    return [_opportunity(row) for row in await connection.fetch("SELECT * FROM opportunity ORDER BY id")]


def _changed(row: asyncpg.Record, place_of: Callable[[asyncpg.Record], Place]) -> Changed:
    found = place_of(row) if row["status"] == "open" else None
    return Changed(row["revision"], row["key"], found, row["organisation_id"])


def _place(row: asyncpg.Record) -> Place:
    return Place(_opportunity(row), unpacked(row["vectors"], len(row["texts"])))


def _without_words(row: asyncpg.Record) -> Place:
    bare = Opportunity(id="", title="", tasks=("",) * row["task_count"], needs=_needs(row), **_practical(row))
    return Place(bare, unpacked(row["vectors"], row["text_count"]))


def _opportunity(row: asyncpg.Record) -> Opportunity:
    return Opportunity(
        id=row["id"],
        title=row["title"],
        organisation=row["organisation"],
        place=row["place"],
        summary=row["summary"],
        tasks=tuple(row["tasks"]),
        needs=_needs(row),
        offers=row["offers"],
        **_practical(row),
    )


def _needs(row: asyncpg.Record) -> tuple[Need, ...]:
    return tuple(Need(**need) for need in row["needs"])


def _practical(row: asyncpg.Record) -> dict[str, Any]:
    return {
        "kind": _RUNGS[row["kind"]],
        "position": position(row),
        "hours_min": row["hours_min"],
        "hours_max": row["hours_max"],
        "dayparts": None if row["dayparts"] is None else frozenset(row["dayparts"]),
        "language_min": levels(row["speaking_min"], row["reading_min"]),
        "licences": frozenset(row["licences"]),
        "support": support(tuple(row["support"])),
        "positions": max(0, row["positions"] - row["taken"]),
    }
