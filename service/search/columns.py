"""People or places in memory, by area: their practical columns, their vectors, and sketches to look with first."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import fasteners
import numpy as np
from numpy.typing import NDArray

from embeddings.blocks import Blocks, BlockStore, ranges
from embeddings.errors import SnapshotUnusable
from matching.columns import Columns

Keys = NDArray[np.int64]
Slots = NDArray[np.int64]

_SLOT = np.dtype([("key", "i8"), ("revision", "i8"), ("cell", "i4"), ("organisation", "i4")])
_NOWHERE = -1
_SORT_AGAIN = 4_096


@dataclass(frozen=True)
class Changes:
    """Rows of a table as an index keeps them, n of them.

    Attributes:
        keys, revisions, cells: (n,) each.
        organisations: whose row each is; n of them.
        practical, blocks, sketches: n rows each; sketches (n, width).
    """

    keys: Keys
    revisions: Keys
    cells: NDArray[np.int64]
    organisations: Sequence[UUID]
    practical: Columns
    blocks: Blocks
    sketches: NDArray[np.float32]


class ColumnIndex:
    """An index of one table that is kept in columns by slot; a derived copy, always rebuildable.

    Args:
        kind: type of the practical columns, `matching.columns.PLACE` or `PERSON`.
        cells: how many cells of the map there are.
        model: what the vectors and sketches were made with; kept in snapshots.

    Attributes:
        mark: the last revision that was taken over.
        lock: searches read under it, changes write.
    """

    def __init__(self, kind: np.dtype[Any], dimension: int, width: int, cells: int, model: str) -> None:
        self.model, self.mark = model, 0
        self.lock = fasteners.ReaderWriterLock()
        self._store = BlockStore(dimension, width)
        self._slots = np.zeros(0, _SLOT)
        self._practical = np.zeros(0, kind)
        self._licences: dict[frozenset[str], int] = {}
        self._organisations: dict[UUID, int] = {}
        self._cells = cells
        self._number_of: dict[int, int] = {}
        self._free: list[int] = []
        self._used = 0
        self._by_cell = _ByCell(self._slots["cell"], cells)

    def __len__(self) -> int:
        return len(self._number_of)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._store.dimension

    @property
    def nbytes(self) -> int:
        """Bytes of vectors, sketches and columns."""
        return self._store.nbytes + self._slots.nbytes + self._practical.nbytes

    def replace(self, changes: Changes) -> None:
        """Adds these rows, or takes over what changed in them, seen by searches as one change."""
        with self.lock.write_lock():
            slots = self._slots_for(changes.keys)
            practical = changes.practical.rows.copy()
            numbers = [self._licences.setdefault(one, len(self._licences)) for one in changes.practical.licence_sets]
            practical["licences"] = np.array(numbers, np.int32)[practical["licences"]]
            self._practical[slots] = practical
            whose = [self._organisations.setdefault(one, len(self._organisations)) for one in changes.organisations]
            about = (changes.keys, changes.revisions, changes.cells, whose)
            for name, values in zip(_SLOT.names or (), about, strict=True):
                self._slots[name][slots] = values
            self._store.put(slots, changes.blocks, changes.sketches)
            self._by_cell.moved(slots, self._slots["cell"])

    def remove(self, keys: Keys) -> None:
        """Forgets these rows; unknown keys are no error."""
        with self.lock.write_lock():
            gone = np.array([self._number_of.pop(key) for key in keys.tolist() if key in self._number_of], np.int64)
            self._slots["cell"][gone] = _NOWHERE
            self._store.drop(gone)
            self._by_cell.moved(gone, self._slots["cell"])
            self._free += gone.tolist()

    def within(self, cells: NDArray[np.int64], organisations: Set[UUID] | None = None) -> Slots:
        """Slots in these cells of the map; those of these organisations alone, when given."""
        found = self._by_cell.within(cells, self._slots["cell"])
        if organisations is None:
            return found
        seen = np.array([one in organisations for one in self._organisations], bool)
        return found[seen[self._slots["organisation"][found]]] if len(seen) else found

    def farthest_km(self) -> float:
        """How far the person who travels farthest would go."""
        return float(self._practical["max_travel_km"].max(initial=0.0))

    def practical(self, slots: Slots) -> Columns:
        """The practical columns of these slots."""
        return Columns(np.take(self._practical, slots), list(self._licences))

    def blocks(self, slots: Slots) -> Blocks:
        """The vectors of these slots."""
        return self._store.blocks(slots)

    def products(self, slots: Slots, queries: NDArray[np.float32]) -> NDArray[np.float64]:
        """Inner products (q, n) of queries with the sketches of these slots."""
        return self._store.products(slots, queries)

    def cells(self, slots: Slots) -> NDArray[np.int64]:
        """The cells of the map of these slots."""
        return self._slots["cell"][slots].astype(np.int64)

    def slots_of(self, keys: Keys) -> Slots:
        """Slots of what has these index numbers; unknown ones are passed over."""
        return np.array([self._number_of[key] for key in keys.tolist() if key in self._number_of], np.int64)

    def keys(self, slots: Slots) -> Keys:
        """Index numbers of what is in these slots."""
        return np.asarray(self._slots["key"][slots])

    def revisions(self, slots: Slots) -> Keys:
        """Revisions of what is in these slots."""
        return np.asarray(self._slots["revision"][slots])

    def _slots_for(self, keys: Keys) -> Slots:
        for key in keys.tolist():
            if key not in self._number_of:
                self._number_of[key] = self._free.pop() if self._free else self._unused()
        return np.array([self._number_of[key] for key in keys.tolist()], np.int64)

    def _unused(self) -> int:
        if self._used == len(self._slots):
            room = max(1_024, len(self._slots) // 2)
            empty = np.array([(0, 0, _NOWHERE, 0)] * room, _SLOT)
            self._slots = np.concatenate([self._slots, empty])
            self._practical = np.concatenate([self._practical, np.zeros(room, self._practical.dtype)])
        self._used += 1
        return self._used - 1

    def save(self, path: Path) -> None:
        """Writes a snapshot: a folder of its own, then, atomically, the description that points to it.

        A process that is killed meanwhile, or finds the disk full, leaves the previous snapshot whole.

        Raises:
            OSError: it cannot be written; what was written of it is removed again.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{path.name}.", suffix=".columns", dir=path.parent))
        try:
            self._write(folder)
            os.replace(folder.with_suffix(".json"), path)
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            folder.with_suffix(".json").unlink(missing_ok=True)
            raise
        for old in path.parent.glob(f"{path.name}.*.columns"):
            if old != folder:
                shutil.rmtree(old, ignore_errors=True)

    def _write(self, folder: Path) -> None:
        """Writes all files of a snapshot, and its description beside the folder."""
        with self.lock.read_lock():
            np.save(folder / "slots.npy", self._slots[: self._used])
            np.save(folder / "practical.npy", self._practical[: self._used])
            (folder / "licences.json").write_text(json.dumps([sorted(one) for one in self._licences]))
            (folder / "organisations.json").write_text(json.dumps([str(one) for one in self._organisations]))
            self._store.save(folder)
            about = {"model": self.model, "mark": self.mark, "folder": folder.name, "sha256": _digests(folder)}
        folder.with_suffix(".json").write_text(json.dumps(about))

    def restore(self, path: Path) -> "ColumnIndex":
        """Takes over a snapshot into this empty index; processes that do so share the memory of its vectors.

        Raises:
            SnapshotUnusable: it is missing, damaged, or made with another model; build the index again from its source.
        """
        try:
            about = json.loads(path.read_text())
            folder = path.parent / about["folder"]
            if about["model"] != self.model or about["sha256"] != _digests(folder):
                raise SnapshotUnusable(f"The snapshot {path} is of another model or damaged.")
            self._take_over_files(folder)
            self.mark = about["mark"]
        except (OSError, ValueError, TypeError, KeyError) as damage:
            raise SnapshotUnusable(f"The snapshot {path} cannot be read: {damage}") from damage
        return self

    def _take_over_files(self, folder: Path) -> None:
        self._slots, self._practical = np.load(folder / "slots.npy"), np.load(folder / "practical.npy")
        self._used = len(self._slots)
        sets = json.loads((folder / "licences.json").read_text())
        self._licences = {frozenset(one): number for number, one in enumerate(sets)}
        known = json.loads((folder / "organisations.json").read_text())
        self._organisations = {UUID(one): number for number, one in enumerate(known)}
        used = np.flatnonzero(self._slots["cell"] != _NOWHERE)
        self._number_of = dict(zip(self._slots["key"][used].tolist(), used.tolist(), strict=True))
        self._free = np.flatnonzero(self._slots["cell"] == _NOWHERE).tolist()
        self._store.restore(folder)
        self._by_cell = _ByCell(self._slots["cell"], self._cells)


class _ByCell:
    """Which slots are in which cell: sorted once in a while, with a list of those that moved since."""

    def __init__(self, cell_of: NDArray[np.int32], cells: int) -> None:
        self._cells = cells
        self._order = np.argsort(cell_of, kind="stable")
        self._starts = np.searchsorted(cell_of[self._order], np.arange(cells + 1))
        self._moved = np.zeros(0, np.int64)
        self._has_moved = np.zeros(len(cell_of), bool)

    def moved(self, slots: Slots, cell_of: NDArray[np.int32]) -> None:
        self._moved = np.union1d(self._moved, slots)
        if len(self._moved) > max(_SORT_AGAIN, len(cell_of) // 8):
            self.__init__(cell_of, self._cells)  # type: ignore[misc]
            return
        self._has_moved = np.pad(self._has_moved, (0, len(cell_of) - len(self._has_moved)))
        self._has_moved[slots] = True

    def within(self, cells: NDArray[np.int64], cell_of: NDArray[np.int32]) -> Slots:
        first = self._starts[cells]
        found = self._order[ranges(first, self._starts[cells + 1] - first)]
        if not len(self._moved):
            return found
        wanted = np.zeros(self._cells + 1, bool)
        wanted[cells] = True
        moved = self._moved[wanted[cell_of[self._moved]]]
        return np.concatenate([found[~self._has_moved[found]], moved])


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(folder.iterdir())
    with ThreadPoolExecutor() as threads:
        return dict(zip([file.name for file in files], threads.map(_sha256, files), strict=True))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
