"""People in the database."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

import asyncpg

from matching.model import LanguageLevels, Level, Position, Rung, Seeker, Support, Transport
from matching.vectors import Profile, seeker_texts
from service.db.connect import Connection
from service.db.embeddings import VECTORS_OF, text_digest, unpacked
from service.db.keys import index_key
from service.db.revisions import Changed
from service.errors import BadInput
from service.interchange import SeekerRecord

SENTENCES = """
    SELECT coalesce(array_agg(text ORDER BY number) FILTER (WHERE kind = 'ability'), '{}') AS abilities,
           coalesce(array_agg(text ORDER BY number) FILTER (WHERE kind = 'motivation'), '{}') AS motivations,
           coalesce(array_agg(text ORDER BY number) FILTER (WHERE kind = 'learning'), '{}') AS learning
    FROM statement WHERE seeker_id = seeker.id
"""
_COLUMNS = f"""
    seeker.*, statements.abilities, statements.motivations, statements.learning
    FROM seeker, LATERAL ({SENTENCES}) AS statements
"""
_HOW_MANY_SENTENCES = """
    SELECT count(*) FILTER (WHERE kind = 'ability') AS abilities, count(*) FILTER (WHERE kind = 'motivation') AS motivations,
           count(*) FILTER (WHERE kind = 'learning') AS learning
    FROM statement WHERE seeker_id = seeker.id
"""


async def digests(connection: Connection, ids: Sequence[str]) -> dict[str, bytes]:
    """Digest of each of these people that is known."""
    return dict(await connection.fetch("SELECT id, digest FROM seeker WHERE id = ANY($1)", ids))


async def save(connection: Connection, record: SeekerRecord, seeker: Seeker, organisation: UUID) -> None:
    """Adds a person of a municipality or takes over what changed; in the caller's transaction, in which `take_turn` came first.

    Raises:
        BadInput: the id is in use at another organisation.
    """
    if not await _save_profile(connection, record, seeker, organisation):
        raise BadInput(f"The id {record.id!r} is in use at another organisation. Give this person another id.")
    await _save_sentences(connection, seeker)


async def _save_profile(connection: Connection, record: SeekerRecord, seeker: Seeker, organisation: UUID) -> bool:
    status: str = await connection.execute(
        """
        INSERT INTO seeker (id, key, place, postcode4, latitude, longitude, position_exact, max_travel_km, transport,
            hours_min, hours_max, dayparts, speaking, reading, writing, licences, support_needs, open_to, texts, digest,
            organisation_id, revision)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
            nextval('revision'))
        ON CONFLICT (id) DO UPDATE SET
            place = excluded.place, postcode4 = excluded.postcode4, latitude = excluded.latitude,
            longitude = excluded.longitude, position_exact = excluded.position_exact, max_travel_km = excluded.max_travel_km,
            transport = excluded.transport, hours_min = excluded.hours_min, hours_max = excluded.hours_max,
            dayparts = excluded.dayparts, speaking = excluded.speaking, reading = excluded.reading, writing = excluded.writing,
            licences = excluded.licences, support_needs = excluded.support_needs, open_to = excluded.open_to,
            texts = excluded.texts, digest = excluded.digest, revision = excluded.revision, updated_at = now(),
            version = seeker.version + 1
        WHERE seeker.organisation_id = excluded.organisation_id
        """,
        seeker.id,
        index_key(seeker.id),
        record.place,
        record.postcode4,
        *(seeker.position or (None, None, False)),
        seeker.max_travel_km,
        seeker.transport,
        seeker.hours_min,
        seeker.hours_max,
        record.dayparts,
        seeker.language.speaking,
        seeker.language.reading,
        seeker.language.writing,
        sorted(seeker.licences),
        sorted(seeker.support_needs),
        sorted(seeker.open_to),
        [text_digest(text) for text in seeker_texts(seeker)],
        record.digest(),
        organisation,
    )
    return status != "INSERT 0 0"


async def _save_sentences(connection: Connection, seeker: Seeker) -> None:
    await connection.execute("DELETE FROM statement WHERE seeker_id = $1", seeker.id)
    kinds = [("ability", seeker.abilities), ("motivation", seeker.motivations), ("learning", seeker.learning)]
    rows = [(kind, text) for kind, texts in kinds for text in texts]
    await connection.executemany(
        "INSERT INTO statement (seeker_id, number, kind, text) VALUES ($1, $2, $3, $4)",
        [(seeker.id, number, kind, text) for number, (kind, text) in enumerate(rows)],
    )


async def is_there(connection: Connection, seeker_id: str) -> bool:
    """Whether there is such a person, for the one who asks."""
    found: bool = await connection.fetchval("SELECT EXISTS (SELECT FROM seeker WHERE id = $1)", seeker_id)
    return found


async def profile(connection: Connection, seeker_id: str, encoder: int) -> Profile | None:
    """A person with the vectors of one model, or None when there is no such person."""
    row = await connection.fetchrow(
        f"SELECT {VECTORS_OF.format(table='seeker', encoder='$2')}, {_COLUMNS} WHERE seeker.id = $1", seeker_id, encoder
    )
    return _profile(row) if row else None


async def profiles_by_key(connection: Connection, keys: Sequence[int], encoder: int) -> list[Profile]:
    """The people with these index numbers, with vectors, in the order of their ids."""
    rows = await connection.fetch(
        f"SELECT {VECTORS_OF.format(table='seeker', encoder='$2')}, {_COLUMNS} WHERE seeker.key = ANY($1) ORDER BY seeker.id",
        keys,
        encoder,
    )
    return [_profile(row) for row in rows]


async def by_key(connection: Connection, keys: Sequence[int]) -> dict[int, tuple[int, Seeker]]:
    """The people with these index numbers, without vectors, each with the revision."""
    rows = await connection.fetch(f"SELECT {_COLUMNS} WHERE seeker.key = ANY($1)", keys)
    return {row["key"]: (row["revision"], _seeker(row)) for row in rows}


async def changed_since(connection: Connection, revision: int, encoder: int, limit: int) -> list[asyncpg.Record]:
    """The people who changed after a revision, in that order, for `changed`."""
    rows: list[asyncpg.Record] = await connection.fetch(
        f"""SELECT seeker.*, told.abilities, told.motivations, told.learning, {VECTORS_OF.format(table="seeker", encoder="$2")}
            FROM seeker, LATERAL ({_HOW_MANY_SENTENCES}) AS told
            WHERE seeker.revision > $1 ORDER BY seeker.revision, seeker.id LIMIT $3""",
        revision,
        encoder,
        limit,
    )
    return rows


def changed(row: asyncpg.Record) -> Changed:
    """What an index keeps of a person: the practical side, the vectors and what each of them is of."""
    return _changed(row, wordless)


async def with_vectors(connection: Connection, keys: Sequence[int], encoder: int) -> list[Changed]:
    """The people with these index numbers, in the order of their ids."""
    rows = await connection.fetch(
        f"SELECT {VECTORS_OF.format(table='seeker', encoder='$2')}, {_COLUMNS} WHERE seeker.key = ANY($1) ORDER BY seeker.id",
        keys,
        encoder,
    )
    return [_changed(row, _profile) for row in rows]


async def caseload(connection: Connection, encoder: int, postcodes: Sequence[str] | None = None) -> list[Profile]:
    """Everyone with vectors, in order of arrival; with `postcodes`, only who lives in one of them."""
    rows = await connection.fetch(
        f"""SELECT {VECTORS_OF.format(table="seeker", encoder="$1")}, {_COLUMNS}
            WHERE $2::text[] IS NULL OR seeker.postcode4 = ANY($2) ORDER BY seeker.created_at, seeker.id""",
        encoder,
        postcodes,
    )
    return [_profile(row) for row in rows]


async def everyone(connection: Connection) -> list[Seeker]:
    """All people, without vectors."""
    return [_seeker(row) for row in await connection.fetch(f"SELECT {_COLUMNS} ORDER BY seeker.id")]


def _changed(row: asyncpg.Record, profile_of: Callable[[asyncpg.Record], Profile]) -> Changed:
    return Changed(row["revision"], row["key"], profile_of(row), row["organisation_id"])


def _profile(row: asyncpg.Record) -> Profile:
    return Profile(_seeker(row), unpacked(row["vectors"], len(row["texts"])))


def wordless(row: asyncpg.Record) -> Profile:
    """A person of whose sentences only the vectors and the numbers of each kind are known."""
    told: dict[str, Any] = {kind: ("",) * row[kind] for kind in ("abilities", "motivations", "learning")}
    return Profile(Seeker(id="", **told, **_practical(row)), unpacked(row["vectors"], len(row["texts"])))


def _seeker(row: asyncpg.Record) -> Seeker:
    told: dict[str, Any] = {kind: tuple(row[kind]) for kind in ("abilities", "motivations", "learning")}
    return Seeker(id=row["id"], **told, **_practical(row))


def _practical(row: asyncpg.Record) -> dict[str, Any]:
    return {
        "position": position(row),
        "max_travel_km": row["max_travel_km"],
        "transport": Transport(row["transport"]),
        "hours_min": row["hours_min"],
        "hours_max": row["hours_max"],
        "dayparts": None if row["dayparts"] is None else frozenset(row["dayparts"]),
        "language": levels(row["speaking"], row["reading"], row.get("writing")),
        "licences": frozenset(row["licences"]),
        "support_needs": support(tuple(row["support_needs"])),
        "open_to": frozenset(map(Rung, row["open_to"])),
    }


def position(row: asyncpg.Record) -> Position | None:
    """The position in a row of people or places."""
    return None if row["latitude"] is None else Position(row["latitude"], row["longitude"], row["position_exact"])


@lru_cache(maxsize=1_000)
def levels(speaking: str | None, reading: str | None, writing: str | None = None) -> LanguageLevels:
    """Language levels out of the database."""
    return LanguageLevels(*(Level(one) if one else None for one in (speaking, reading, writing)))


@lru_cache(maxsize=1_000)
def support(kinds: tuple[str, ...]) -> frozenset[Support]:
    """Kinds of support out of the database."""
    return frozenset(map(Support, kinds))
