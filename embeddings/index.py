"""Finds the nearest sentences, looking only in the partitions that matter, and exactly there.

A FAISS inverted file (Johnson et al. 2017, arXiv:1702.08734) whose lists are chosen by the caller (an area, say) instead of by
a learned quantizer: a search names the lists it wants and compares with every vector in them.
"""

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import faiss
import fasteners
import numpy as np
from numpy.typing import NDArray

from embeddings.errors import SnapshotUnusable, UnknownPartition, WrongDimension

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]


class PartitionedIndex:
    """Vectors by id and partition; searching goes on in several threads, changes wait for running searches to end.

    Args:
        dimension: length of the vectors.
        partitions: how many partitions there are; they are numbered from 0.
        model: fingerprint of the encoder that made the vectors; kept in snapshots.

    Attributes:
        mark: how far the index has followed its source, in the source's own counting; kept in snapshots.

    An id may own several vectors, in several partitions; results and removals concern the id.
    """

    def __init__(self, dimension: int, partitions: int, model: str) -> None:
        quantizer = faiss.IndexFlatIP(dimension)
        quantizer.add(np.zeros((partitions, dimension), np.float32))
        self._take_over(faiss.IndexIVFFlat(quantizer, dimension, partitions, faiss.METRIC_INNER_PRODUCT), model)
        self._index.is_trained = True
        self._quantizer = quantizer  # FAISS keeps a bare pointer to it

    def _take_over(self, index: Any, model: str) -> None:
        self._index = index
        self._lock = fasteners.ReaderWriterLock()
        self.model = model
        self.mark = 0

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return int(self._index.d)

    @property
    def partitions(self) -> int:
        """How many partitions there are."""
        return int(self._index.nlist)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, ids: Ids, partitions: Ids, vectors: Vectors) -> None:
        """Adds vectors (n, dimension) under ids (n,) in partitions (n,).

        Raises:
            WrongDimension: the vectors are not of this index's length.
        """
        vectors = self._checked(vectors, ids, partitions)
        with self._lock.write_lock():
            self._add(ids, partitions, vectors)

    def replace(self, ids: Ids, partitions: Ids, vectors: Vectors) -> None:
        """Removes all vectors of these ids and adds the new ones, seen by searches as one change."""
        vectors = self._checked(vectors, ids, partitions)
        with self._lock.write_lock():
            self._remove(ids)
            self._add(ids, partitions, vectors)

    def remove(self, ids: Ids) -> None:
        """Removes all vectors of these ids; unknown ids are no error."""
        with self._lock.write_lock():
            self._remove(ids)

    def search(self, queries: Vectors, k: int, partitions: Ids, only: Ids | None = None) -> tuple[Vectors, Ids]:
        """The k nearest vectors to each query in the named partitions.

        Args:
            queries: (q, dimension) unit vectors.
            partitions: (p,) for all queries, or (q, p) for each query its own; -1 is no partition.
            only: when given, ids outside it are passed over.

        Returns:
            Cosines (q, k), highest first, and ids (q, k); where fewer are found the id is -1 and the cosine is -inf.
        """
        queries = self._checked(queries)
        lists = _lists(partitions, len(queries))
        if lists.size == 0:
            return np.full((len(queries), k), -np.inf, np.float32), np.full((len(queries), k), -1, np.int64)
        parameters: Any = faiss.SearchParametersIVF()
        parameters.nprobe = lists.shape[1]
        if only is not None:
            parameters.sel = faiss.IDSelectorBatch(np.unique(only))
        with self._lock.read_lock():
            scores, ids = self._search_lists(queries, k, lists, parameters)
        scores[ids < 0] = -np.inf
        return scores, ids

    def save(self, path: Path) -> None:
        """Writes a snapshot: vectors under a name of their own, then, atomically, the description that points to them.

        A process that is killed meanwhile, or finds the disk full, leaves the previous snapshot whole.

        Raises:
            OSError: it cannot be written; what was written of it is removed again.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".vectors", dir=path.parent)
        os.close(handle)
        work = Path(name)
        try:
            self._write(work)
            os.replace(work.with_suffix(".json"), path)
        except (OSError, RuntimeError) as problem:  # FAISS tells of a full disk by the latter
            work.unlink(missing_ok=True)
            work.with_suffix(".json").unlink(missing_ok=True)
            raise OSError(str(problem)) from problem
        for old in path.parent.glob(f"{path.name}.*.vectors"):
            if old != work:
                old.unlink(missing_ok=True)

    def _write(self, work: Path) -> None:
        """Writes the vectors, and the description beside them."""
        with self._lock.read_lock():
            faiss.write_index(self._index, str(work))
            about = {"model": self.model, "mark": self.mark, "file": work.name, "sha256": _sha256(work)}
        work.with_suffix(".json").write_text(json.dumps(about))

    @classmethod
    def load(cls, path: Path, model: str) -> "PartitionedIndex":
        """Reads a snapshot.

        Raises:
            SnapshotUnusable: it is missing, damaged, or made with another model; build the index again from its source.
        """
        index = cls.__new__(cls)
        try:
            about = json.loads(path.read_text())
            vectors = path.parent / about["file"]
            if about["model"] != model or about["sha256"] != _sha256(vectors):
                raise SnapshotUnusable(f"The snapshot {path} is of another model or damaged.")
            index._take_over(faiss.read_index(str(vectors)), model)
            index.mark = about["mark"]
        except (OSError, ValueError, TypeError, KeyError, RuntimeError) as damage:
            raise SnapshotUnusable(f"The snapshot {path} cannot be read: {damage}") from damage
        return index

    def _checked(self, vectors: Vectors, ids: Ids | None = None, partitions: Ids | None = None) -> Vectors:
        vectors = np.ascontiguousarray(vectors, np.float32)
        if vectors.ndim != 2 or vectors.shape[1] != self.dimension:
            raise WrongDimension(f"Vectors of shape {vectors.shape} do not fit an index of dimension {self.dimension}.")
        if ids is not None and partitions is not None:
            if not len(ids) == len(partitions) == len(vectors):
                raise WrongDimension(f"{len(vectors)} vectors came with {len(ids)} ids and {len(partitions)} partitions.")
            if len(partitions) and not 0 <= np.min(partitions) <= np.max(partitions) < self.partitions:
                raise UnknownPartition(f"Partitions are numbered from 0 to {self.partitions - 1}.")
        return vectors

    def _add(self, ids: Ids, partitions: Ids, vectors: Vectors) -> None:
        ids, partitions = np.ascontiguousarray(ids, np.int64), np.ascontiguousarray(partitions, np.int64)
        self._index.add_core(len(ids), faiss.swig_ptr(vectors), faiss.swig_ptr(ids), faiss.swig_ptr(partitions))

    def _remove(self, ids: Ids) -> None:
        self._index.remove_ids(faiss.IDSelectorBatch(np.unique(ids)))

    def _search_lists(self, queries: Vectors, k: int, lists: Ids, parameters: Any) -> tuple[Vectors, Ids]:
        scores, ids = np.empty((len(queries), k), np.float32), np.empty((len(queries), k), np.int64)
        unused = np.zeros(lists.shape, np.float32)
        swig = faiss.swig_ptr  # FAISS's own Python wrapper of this call takes no parameters
        self._index.search_preassigned_c(
            len(queries), swig(queries), k, swig(lists), swig(unused), swig(scores), swig(ids), False, parameters
        )
        return scores, ids


def _lists(partitions: Ids, queries: int) -> Ids:
    """FAISS's form of the partitions to search: a row a query, each partition once, -1 behind the last."""
    rows = [np.unique(row[row >= 0]) for row in np.atleast_2d(np.asarray(partitions, np.int64))]
    lists = np.full((len(rows), max(map(len, rows), default=0)), -1, np.int64)
    for number, row in enumerate(rows):
        lists[number, : len(row)] = row
    return np.ascontiguousarray(np.broadcast_to(lists, (queries, lists.shape[1])))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
