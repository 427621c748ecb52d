"""ESCO occupations in the database: a searchable set, and a language to talk about work."""

from collections.abc import Sequence

import asyncpg
from pgvector import HalfVector

from service.db.connect import Connection
from service.db.embeddings import VECTORS_OF, Vectors, text_digest, unpacked
from service.db.keys import index_key
from service.db.revisions import Changed
from service.esco import Occupation


def occupation_texts(occupation: Occupation) -> list[str]:
    """The texts of an occupation to encode: title, other names, the description whole and by sentence."""
    return list(dict.fromkeys([occupation.title, *occupation.other_names, *occupation.sentences]))


async def save_all(connection: Connection, occupations: Sequence[Occupation]) -> None:
    """Adds occupations or takes over what changed; runs in the caller's transaction, in which `take_turn` came first."""
    await connection.executemany(
        """
        INSERT INTO occupation (uri, key, isco, title, other_names, description, texts, revision)
        VALUES ($1, $2, $3, $4, $5, $6, $7, nextval('revision'))
        ON CONFLICT (uri) DO UPDATE SET isco = excluded.isco, title = excluded.title, other_names = excluded.other_names,
            description = excluded.description, texts = excluded.texts, revision = excluded.revision
        """,
        [
            (
                one.uri,
                index_key(one.uri),
                one.isco,
                one.title,
                list(one.other_names),
                one.description,
                [text_digest(text) for text in occupation_texts(one)],
            )
            for one in occupations
        ],
    )


async def changed_since(connection: Connection, revision: int, encoder: int, limit: int) -> list[asyncpg.Record]:
    """The occupations that changed after a revision, in that order, for `changed`."""
    rows: list[asyncpg.Record] = await connection.fetch(
        f"""SELECT revision, key, cardinality(texts) AS text_count, {VECTORS_OF.format(table="occupation", encoder="$2")}
            FROM occupation WHERE revision > $1 ORDER BY revision, uri LIMIT $3""",
        revision,
        encoder,
        limit,
    )
    return rows


def changed(row: asyncpg.Record) -> Changed:
    """What an index keeps of an occupation: its vectors (n, dimension)."""
    return Changed(row["revision"], row["key"], unpacked(row["vectors"], row["text_count"]))


async def nearest(connection: Connection, encoder: int, query: Vectors, k: int) -> list[tuple[int, float]]:
    """Index numbers and cosines of the occupations nearest to one vector (d,), each by its nearest text."""
    rows = await connection.fetch(
        """
        SELECT key, max(-(vector <#> $2)) AS cosine
        FROM occupation, unnest(texts) AS text (digest) JOIN embedding ON encoder_id = $1 AND embedding.digest = text.digest
        GROUP BY key ORDER BY cosine DESC LIMIT $3
        """,
        encoder,
        HalfVector(query),
        k,
    )
    return [(row["key"], row["cosine"]) for row in rows]


async def by_key(connection: Connection, keys: Sequence[int]) -> dict[int, Occupation]:
    """The occupations with these index numbers."""
    rows = await connection.fetch("SELECT * FROM occupation WHERE key = ANY($1)", keys)
    return {row["key"]: _occupation(row) for row in rows}


async def everything(connection: Connection) -> list[Occupation]:
    """All occupations."""
    return [_occupation(row) for row in await connection.fetch("SELECT * FROM occupation ORDER BY uri")]


def _occupation(row: asyncpg.Record) -> Occupation:
    return Occupation(row["uri"], row["isco"], row["title"], tuple(row["other_names"]), row["description"])
