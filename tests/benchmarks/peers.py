"""The same work by other means: the bare limit, and what an engineer would build from well-known parts."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import faiss
import numpy as np
from pgvector import HalfVector

from matching.vectors import Place, Profile
from service.search.columns import Slots
from service.search.tables import GRID
from tests.benchmarks.sides import SHOWN, Side, whole_texts

NEAREST = 40
LONG_LIST = 400
Peer = Callable[[Any], Awaitable[Slots]]


class BareFaiss:
    """What no design could avoid: FAISS over the sentences in the cells within reach, and one query for what is shown.

    No hard rules, no score of a pair, no reasons.
    """

    def __init__(self, side: Side) -> None:
        self._side = side
        dimension = side.index.dimension
        quantizer = faiss.IndexFlatIP(dimension)
        quantizer.add(np.zeros((GRID.CELLS, dimension), np.float32))
        kind = faiss.ScalarQuantizer.QT_fp16
        self._index = faiss.IndexIVFScalarQuantizer(quantizer, dimension, GRID.CELLS, kind, faiss.METRIC_INNER_PRODUCT, False)
        self._index.is_trained, self._quantizer = True, quantizer
        for slots in side.portions():
            self._add(slots)

    def _add(self, slots: Slots) -> None:
        vectors, _, starts = self._side.index.blocks(slots)
        counts = np.diff(starts)
        ids = np.repeat(slots, counts)
        cells = np.repeat(self._side.index.cells(slots), counts).astype(np.int64)
        swig = faiss.swig_ptr
        self._index.add_core(len(ids), swig(np.ascontiguousarray(vectors)), swig(ids), swig(cells))

    async def __call__(self, asked: Profile | Place) -> Slots:
        """What the nearest sentences belong to, its rows fetched."""
        queries, cells = np.ascontiguousarray(asked.vectors), self._side.cells(asked)
        parameters = faiss.SearchParametersIVF()
        parameters.nprobe = len(cells)
        lists = np.ascontiguousarray(np.broadcast_to(cells, (len(queries), len(cells))))
        scores, ids = np.empty((len(queries), NEAREST), np.float32), np.empty((len(queries), NEAREST), np.int64)
        swig, unused = faiss.swig_ptr, np.zeros(lists.shape, np.float32)
        self._index.search_preassigned_c(
            len(queries), swig(queries), NEAREST, swig(lists), swig(unused), swig(scores), swig(ids), False, parameters
        )
        found = np.unique(ids[ids >= 0])[:SHOWN]
        await _fetched(self._side, found)
        return found


class PgVector:
    """PostgreSQL alone finds: an HNSW index on the whole texts, the hard rules in SQL, iterative scans until enough are left.

    The long list is then scored by every sentence, with the vectors from the database.
    """

    def __init__(self, side: Side) -> None:
        self._side = side
        self._table = f"bench_{side.table}"

    async def prepare(self) -> "PgVector":
        """Makes the table and its index; kept for the next run."""
        pool = self._side.pool
        if not await pool.fetchval("SELECT to_regclass($1)", self._table):
            await pool.execute(
                f"""CREATE TABLE {self._table} AS SELECT {self._side.table}.*, embedding.vector::halfvec(384) AS vector
                    FROM {self._side.table} JOIN embedding ON embedding.digest = texts[1]"""
            )
            await pool.execute(
                f"""SET maintenance_work_mem = '2GB';
                    CREATE INDEX ON {self._table} USING hnsw (vector halfvec_ip_ops); ANALYZE {self._table}"""
            )
        return self

    async def __call__(self, asked: Profile | Place) -> Slots:
        """The top 20 of the long list."""
        statement, arguments = (_PLACES, _of_person(asked)) if isinstance(asked, Profile) else (_PEOPLE, _of_place(asked))
        async with self._side.pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "SET LOCAL hnsw.iterative_scan = relaxed_order; SET LOCAL hnsw.ef_search = 400;"
                "SET LOCAL hnsw.max_scan_tuples = 200000"
            )
            keys = [row["key"] for row in await connection.fetch(statement, *arguments, LONG_LIST)]
            await connection.fetch(_WITH_VECTORS.format(table=self._side.table), keys)
        return self._side.best(asked, self._side.index.slots_of(np.array(keys, np.int64)))


_SHARED_DAYPARTS = """
    ({given}::text[] IS NULL OR dayparts IS NULL
     OR 4 * (SELECT count(*) FROM unnest(dayparts) AS one WHERE one = ANY({given})) >= greatest({least}, hours_min))"""
_PLACES = f"""
    SELECT key FROM bench_opportunity
    WHERE kind = ANY($2) AND positions > 0 AND hours_min <= $4 AND hours_max >= $3
      AND (speaking_min IS NULL OR speaking_min <= $5) AND (reading_min IS NULL OR reading_min <= $6)
      AND support @> $7 AND licences <@ $8 AND {_SHARED_DAYPARTS.format(given="$9", least="$3")}
      AND latitude BETWEEN $10 - $12 / 111.0 AND $10 + $12 / 111.0
      AND longitude BETWEEN $11 - $12 / 67.0 AND $11 + $12 / 67.0
    ORDER BY vector <#> $1 LIMIT $13
"""
_PEOPLE = f"""
    SELECT key FROM bench_seeker
    WHERE $2 = ANY(open_to) AND hours_min <= $4 AND hours_max >= $3
      AND ($5::text IS NULL OR speaking >= $5) AND ($6::text IS NULL OR reading >= $6)
      AND support_needs <@ $7 AND licences @> $8 AND {_SHARED_DAYPARTS.format(given="$9", least="$3")}
      AND ((latitude - $10) * 111) ^ 2 + ((longitude - $11) * 67) ^ 2 <= (max_travel_km + 0.5) ^ 2
    ORDER BY vector <#> $1 LIMIT $12
"""
_WITH_VECTORS = """
    SELECT key, string_agg(halfvec_send(embedding.vector), ''::bytea ORDER BY text.number)
    FROM {table}, unnest(texts) WITH ORDINALITY AS text (digest, number) JOIN embedding ON embedding.digest = text.digest
    WHERE key = ANY($1) GROUP BY key
"""


def _of_person(asked: Profile) -> Sequence[Any]:
    one = asked.seeker
    return (
        HalfVector(asked.whole), sorted(one.open_to), one.hours_min, one.hours_max, one.language.speaking or "",
        one.language.reading or "", sorted(one.support_needs), sorted(one.licences),
        None if one.dayparts is None else sorted(one.dayparts), *one.position[:2], one.max_travel_km + 0.5,
    )  # fmt: skip


def _of_place(asked: Place) -> Sequence[Any]:
    one = asked.opportunity
    return (
        HalfVector(asked.vectors[0]), one.kind, one.hours_min, one.hours_max, one.language_min.speaking,
        one.language_min.reading, sorted(one.support), sorted(one.licences),
        None if one.dayparts is None else sorted(one.dayparts), *one.position[:2],
    )  # fmt: skip


class Usearch:
    """An in-process HNSW engine over the whole texts; the hard rules come afterwards, so it looks wider until enough are left."""

    def __init__(self, side: Side) -> None:
        from usearch.index import Index

        self._side = side
        self._index = Index(ndim=side.index.dimension, metric="ip", dtype="f16")
        slots, whole = whole_texts(side)
        self._index.add(slots, whole, threads=1)

    async def __call__(self, asked: Profile | Place) -> Slots:
        """The top 20 of at least a long list that fits, or of all that it finds."""
        wide = 1_000
        while True:
            found = np.asarray(self._index.search(asked.vectors[0], wide, threads=1).keys, np.int64)
            fits = self._side.fits(asked, found)
            if len(fits) >= LONG_LIST or wide >= min(len(self._side.index), 32_000):
                return self._side.best(asked, fits[:LONG_LIST])
            wide *= 4


class BruteForce:
    """`sentence_transformers.util.semantic_search` over all sentences, the hard rules over columns, then every sentence."""

    def __init__(self, side: Side) -> None:
        import torch

        self._side = side
        blocks = [side.index.blocks(slots) for slots in side.portions()]
        self._corpus = torch.from_numpy(np.concatenate([some.vectors for some in blocks]))
        self._owner = np.repeat(side.slots, np.concatenate([np.diff(some.starts) for some in blocks]))

    async def __call__(self, asked: Profile | Place) -> Slots:
        """The top 20 of what the nearest sentences belong to, as far as it fits."""
        import torch
        from sentence_transformers.util import semantic_search

        nearest = semantic_search(torch.from_numpy(asked.vectors), self._corpus, top_k=min(20_000, len(self._corpus)))
        slots = np.unique(self._owner[[hit["corpus_id"] for hits in nearest for hit in hits]])
        return self._side.best(asked, slots)


class OneVector:
    """One vector a person and place, hard rules first: what a document search costs."""

    def __init__(self, side: Side) -> None:
        self._side = side
        slots, whole = whole_texts(side)
        self._whole = np.zeros((slots.max() + 1, whole.shape[1]), np.float32)
        self._whole[slots] = whole

    async def __call__(self, asked: Profile | Place) -> Slots:
        """The 20 nearest whole texts that fit."""
        fits = self._side.fits(asked, self._side.index.within(self._side.cells(asked)))
        near = self._whole[fits] @ asked.vectors[0]
        found = fits[np.argsort(-near)[:SHOWN]]
        await _fetched(self._side, found)
        return found


async def _fetched(side: Side, slots: Slots) -> None:
    await side.pool.fetch(f"SELECT * FROM {side.table} WHERE key = ANY($1)", side.index.keys(slots).tolist())
