"""Vectors of texts by model: written once, read in one piece."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import asyncpg
import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector

from embeddings.blocks import single
from service.db.connect import Connection
from service.db.revisions import take_turn
from service.errors import DatabaseUnusable

Vectors = NDArray[np.float32]
_HALFVEC_HEADER = 4

VECTORS_OF = """
    (SELECT string_agg(halfvec_send(embedding.vector), ''::bytea ORDER BY text.number)
     FROM unnest({table}.texts) WITH ORDINALITY AS text (digest, number)
     JOIN embedding ON embedding.encoder_id = {encoder} AND embedding.digest = text.digest) AS vectors
"""
"""SQL for a column with all vectors of a row as one value; see `unpacked`."""


def text_digest(text: str) -> bytes:
    """Key of a text; 16 bytes."""
    return hashlib.sha256(text.encode()).digest()[:16]


def unpacked(value: bytes | None, count: int) -> Vectors:
    """Vectors (count, dimension) from the column that `VECTORS_OF` makes: halfvecs in PostgreSQL's binary form.

    Raises:
        DatabaseUnusable: some texts have no vector of this model yet.
    """
    dimension = int.from_bytes(value[:2], "big") if value else 0
    if not value or len(value) != count * (_HALFVEC_HEADER + 2 * dimension):
        raise DatabaseUnusable("Some texts have no vector of this model yet. Run: passend reindex")
    numbers = np.frombuffer(value, np.uint16).reshape(count, -1)[:, _HALFVEC_HEADER // 2 :]
    return single(numbers.byteswap().view(np.float16))


async def encoder_id(connection: Connection, model: str) -> int:
    """Number of a model, new ones included."""
    await connection.execute("INSERT INTO encoder (model) VALUES ($1) ON CONFLICT DO NOTHING", model)
    number: int = await connection.fetchval("SELECT id FROM encoder WHERE model = $1", model)
    return number


async def missing(connection: Connection, encoder: int, texts: Iterable[str]) -> list[str]:
    """The distinct texts that have no vector of this model yet."""
    by_digest = {text_digest(text): text for text in texts}
    known = await connection.fetch(
        "SELECT digest FROM embedding WHERE encoder_id = $1 AND digest = ANY($2)", encoder, list(by_digest)
    )
    for row in known:
        by_digest.pop(row["digest"], None)
    return list(by_digest.values())


async def store(connection: Connection, encoder: int, texts: Sequence[str], vectors: Vectors) -> None:
    """Keeps the vectors (n, dimension) of n texts, in half precision."""
    await connection.execute(
        """
        INSERT INTO embedding (encoder_id, digest, vector)
        SELECT $1, given.digest, given.vector FROM unnest($2::bytea[], $3::halfvec[]) AS given (digest, vector)
        ON CONFLICT DO NOTHING
        """,
        encoder,
        [text_digest(text) for text in texts],
        [HalfVector(vector) for vector in vectors],
    )


async def set_texts(pool: asyncpg.Pool, table: str, rows: Mapping[str, Sequence[str]]) -> None:
    """Corrects which texts are encoded for each row, where an earlier version chose other ones."""
    key = "uri" if table == "occupation" else "id"
    async with pool.acquire() as connection, connection.transaction():
        await take_turn(connection)
        known = dict(await connection.fetch(f"SELECT {key}, texts FROM {table}"))
        for identifier, texts in rows.items():
            digests = [text_digest(text) for text in texts]
            if known.get(identifier, digests) != digests:
                await connection.execute(
                    f"UPDATE {table} SET texts = $2, revision = nextval('revision') WHERE {key} = $1", identifier, digests
                )


async def remove_unused(pool: asyncpg.Pool, encoder: int) -> int:
    """Removes vectors of other models and of texts that no row uses any more; returns how many."""
    status: str = await pool.execute(
        """
        DELETE FROM embedding WHERE encoder_id <> $1 OR digest NOT IN (
            SELECT unnest(texts) FROM seeker
            UNION SELECT unnest(texts) FROM opportunity
            UNION SELECT unnest(texts) FROM occupation
        )
        """,
        encoder,
    )
    return int(status.rsplit(maxsplit=1)[-1])
