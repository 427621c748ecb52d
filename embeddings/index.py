"""Finds the nearest sentences, looking only in the partitions that matter, and exactly there.

A FAISS inverted file (Johnson et al. 2017, arXiv:1702.08734) whose lists are chosen by the caller (an area, say) instead of by
a learned quantizer: a search names the lists it wants and compares with every vector in them.
"""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import faiss
import fasteners
import numpy as np
from numpy.typing import NDArray

from embeddings.errors import SnapshotUnusable, WrongDimension

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
        vectors = self._checked(vectors)
        with self._lock.write_lock():
            self._add(ids, partitions, vectors)

    def replace(self, ids: Ids, partitions: Ids, vectors: Vectors) -> None:
        """Removes all vectors of these ids and adds the new ones, seen by searches as one change."""
        vectors = self._checked(vectors)
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
        lists = np.ascontiguousarray(np.broadcast_to(partitions, (len(queries), np.shape(partitions)[-1])), np.int64)
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
        """Writes a snapshot, atomically: a killed process leaves the previous one whole."""
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, work = tempfile.mkstemp(prefix=path.name, dir=path.parent)
        os.close(handle)
        try:
            with self._lock.read_lock():
                faiss.write_index(self._index, work)
                about = {"model": self.model, "mark": self.mark, "size": os.path.getsize(work)}
            os.replace(work, path)
            _about(path).write_text(json.dumps(about))
        finally:
            Path(work).unlink(missing_ok=True)

    @classmethod
    def load(cls, path: Path, model: str) -> "PartitionedIndex":
        """Reads a snapshot.

        Raises:
            SnapshotUnusable: it is missing, damaged, or made with another model; build the index again from its source.
        """
        index = cls.__new__(cls)
        try:
            about = json.loads(_about(path).read_text())
            if (about["model"], about["size"]) != (model, path.stat().st_size):
                raise SnapshotUnusable(f"The snapshot {path} is of another model or was cut short.")
            index._take_over(faiss.read_index(str(path)), model)
            index.mark = about["mark"]
        except (OSError, ValueError, KeyError, RuntimeError) as damage:
            raise SnapshotUnusable(f"The snapshot {path} cannot be read: {damage}") from damage
        return index

    def _checked(self, vectors: Vectors) -> Vectors:
        vectors = np.ascontiguousarray(vectors, np.float32)
        if vectors.ndim != 2 or vectors.shape[1] != self.dimension:
            raise WrongDimension(f"Vectors of shape {vectors.shape} do not fit an index of dimension {self.dimension}.")
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


def _about(path: Path) -> Path:
    return path.with_name(path.name + ".json")
