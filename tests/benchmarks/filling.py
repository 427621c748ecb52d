"""A database with a country in it, filled with COPY and kept for the next run."""

import contextlib
import hashlib
import itertools
import json
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import TypeVar

import asyncpg
from pgvector import HalfVector
from pgvector.asyncpg import register_vector

from matching.vectors import Place, Profile, opportunity_texts, seeker_texts
from service.db import embeddings, organisations
from service.db.connect import Pools, pool, pools
from service.db.keys import index_key

Thing = TypeVar("Thing")
_BATCH = 5_000


@contextlib.asynccontextmanager
async def filled(server: str, name: str, model: str, places: Iterable[Place], people: Iterable[Profile]) -> AsyncIterator[Pools]:
    """Pools on the database of that name, made and filled when it is not there yet."""
    url = server.replace("/postgres?", f"/{name}?")
    if not await _is_there(server, name):
        await _run(server, f"CREATE DATABASE {name}_new")
        async with pool(server.replace("/postgres?", f"/{name}_new?")) as connections:
            await _fill(connections, server.replace("/postgres?", f"/{name}_new?"), model, places, people)
        await _run(server, f"ALTER DATABASE {name}_new RENAME TO {name}")
    async with pools(url) as connected:
        yield connected


async def _is_there(server: str, name: str) -> bool:
    admin = await asyncpg.connect(server)
    await admin.execute(f"DROP DATABASE IF EXISTS {name}_new WITH (FORCE)")
    there = await admin.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name)
    await admin.close()
    return bool(there)


async def _run(server: str, statement: str) -> None:
    admin = await asyncpg.connect(server)
    await admin.execute(statement)
    await admin.close()


async def _fill(connections: asyncpg.Pool, url: str, model: str, places: Iterable[Place], people: Iterable[Profile]) -> None:
    encoder = await embeddings.encoder_id(connections, model)
    whose = await organisations.own_municipality(connections)
    connection = await asyncpg.connect(url)
    await register_vector(connection)
    known: set[bytes] = set()
    for batch in _batches(places):
        await _store_vectors(connection, encoder, known, ((opportunity_texts(one.opportunity), one) for one in batch))
        await connection.copy_records_to_table("opportunity", records=[(*_place(one), whose) for one in batch], columns=_PLACE)
    for some in _batches(people):
        await _store_vectors(connection, encoder, known, ((seeker_texts(one.seeker), one) for one in some))
        await connection.copy_records_to_table("seeker", records=[(*_person(one), whose) for one in some], columns=_PERSON)
        statements = [row for one in some for row in _statements(one)]
        await connection.copy_records_to_table("statement", records=statements, columns=["seeker_id", "number", "kind", "text"])
    await connection.execute(f"SELECT setval('revision', {next(_numbers)})")
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def _store_vectors(
    connection: asyncpg.Connection, encoder: int, known: set[bytes], said: Iterable[tuple[list[str], Place | Profile]]
) -> None:
    records = []
    for texts, one in said:
        for text, vector in zip(texts, one.vectors, strict=True):
            digest = embeddings.text_digest(text)
            if digest not in known:
                known.add(digest)
                records.append((encoder, digest, HalfVector(vector)))
    await connection.copy_records_to_table("embedding", records=records, columns=["encoder_id", "digest", "vector"])


_PLACE = [
    "id", "key", "kind", "title", "organisation", "place", "latitude", "longitude", "position_exact", "summary", "tasks",
    "needs", "offers", "hours_min", "hours_max", "dayparts", "speaking_min", "reading_min", "licences", "support",
    "positions", "texts", "digest", "revision", "organisation_id",
]  # fmt: skip
_PERSON = [
    "id", "key", "place", "latitude", "longitude", "position_exact", "max_travel_km", "transport", "hours_min", "hours_max",
    "dayparts", "speaking", "reading", "licences", "support_needs", "open_to", "texts", "digest", "revision", "organisation_id",
]  # fmt: skip
_numbers = itertools.count(1)


def _place(place: Place) -> tuple[object, ...]:
    one = place.opportunity
    needs = [{"text": need.text, "must": need.must, "learnable": need.learnable} for need in one.needs]
    return (
        one.id, index_key(one.id), one.kind, one.title, one.organisation, one.place, *(one.position or (None, None, False)),
        one.summary, list(one.tasks), json.dumps(needs), one.offers, one.hours_min, one.hours_max,
        None if one.dayparts is None else sorted(one.dayparts), one.language_min.speaking, one.language_min.reading,
        sorted(one.licences), sorted(one.support), one.positions, _digests(opportunity_texts(one)), _digest(one.id),
        next(_numbers),
    )  # fmt: skip


def _person(profile: Profile) -> tuple[object, ...]:
    one = profile.seeker
    return (
        one.id, index_key(one.id), "", *(one.position or (None, None, False)), one.max_travel_km, one.transport,
        one.hours_min, one.hours_max, None if one.dayparts is None else sorted(one.dayparts), one.language.speaking,
        one.language.reading, sorted(one.licences), sorted(one.support_needs), sorted(one.open_to),
        _digests(seeker_texts(one)), _digest(one.id), next(_numbers),
    )  # fmt: skip


def _statements(profile: Profile) -> Iterator[tuple[str, int, str, str]]:
    one = profile.seeker
    kinds = [("ability", one.abilities), ("motivation", one.motivations), ("learning", one.learning)]
    for number, (kind, text) in enumerate((kind, text) for kind, texts in kinds for text in texts):
        yield one.id, number, kind, text


def _digests(texts: list[str]) -> list[bytes]:
    return [embeddings.text_digest(text) for text in texts]


def _digest(identifier: str) -> bytes:
    return hashlib.sha256(identifier.encode()).digest()[:16]


def _batches(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    rest = iter(things)
    while batch := list(itertools.islice(rest, _BATCH)):
        yield batch
