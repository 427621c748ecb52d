"""Keeps the vectors of many things compactly: a block of vectors in half precision each, and one short sketch to look with first.

What PostgreSQL keeps as halfvec is kept here bit for bit, so that what is computed from either is the same.
"""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import WrongDimension

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]

_CHUNK = 1 << 16
_AT_ONCE = 1_024
_IN_CACHE = 256
_TO_SINGLE = np.float32(2.0**112)
_TO_HALF = np.float32(2.0**-112)


class Blocks(NamedTuple):
    """Blocks one after the other.

    Attributes:
        vectors: (v, d).
        marks: (v,) what the owner noted of each vector.
        starts: (n + 1,) where each block begins.
    """

    vectors: Vectors
    marks: NDArray[np.uint8]
    starts: Ids


class BlockStore:
    """Blocks and sketches by slot; a slot is a number that the caller gives out, from 0 up.

    Args:
        dimension: length of a vector.
        width: length of a sketch.

    Nothing here waits for anything: the caller keeps readers and writers apart.
    """

    def __init__(self, dimension: int, width: int) -> None:
        self._vectors = _Rows(np.float16, dimension)
        self._marks = _Rows(np.uint8, 1)
        self._sketches = _Rows(np.int8, width)
        self._scales = _Rows(np.float32, 1)
        self._blocks = _Rows(np.int64, 2)
        self._free: dict[int, list[int]] = defaultdict(list)
        self._used = 0

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._vectors.width

    @property
    def nbytes(self) -> int:
        """Bytes of everything kept."""
        return sum(rows.nbytes for rows in (self._vectors, self._marks, self._sketches, self._scales, self._blocks))

    def put(self, slots: Ids, blocks: Blocks, sketches: Vectors) -> None:
        """Keeps a block and a sketch (n, width) for each of n slots, in the place of what they held.

        Raises:
            WrongDimension: the vectors are not of this store's length.
        """
        if blocks.vectors.shape[1:] != (self.dimension,) or sketches.shape != (len(slots), self._sketches.width):
            raise WrongDimension(f"Vectors {blocks.vectors.shape} and sketches {sketches.shape} do not fit this store.")
        self.drop(slots)
        counts = np.diff(blocks.starts)
        first = np.array([self._room(int(count)) for count in counts], np.int64)
        self._blocks.put(slots, np.stack([first, counts], axis=1))
        rows = ranges(first, counts)
        self._vectors.put(rows, half(blocks.vectors))
        self._marks.put(rows, blocks.marks[:, None])
        scales = np.maximum(np.abs(sketches).max(axis=1, keepdims=True), 1e-9).astype(np.float32) / 127
        self._sketches.put(slots, np.rint(sketches / scales).astype(np.int8))
        self._scales.put(slots, scales)

    def drop(self, slots: Ids) -> None:
        """Wipes the blocks of these slots; their room is used again."""
        known = slots[slots < len(self._blocks)]
        blocks = self._blocks.take(known)
        rows = ranges(*blocks.T)
        self._vectors.put(rows, np.zeros((len(rows), self.dimension), np.float16))
        for first, count in blocks.tolist():
            if count:
                self._free[count].append(first)
        self._blocks.put(known, np.zeros((len(known), 2), np.int64))
        self._sketches.put(known, np.zeros((len(known), self._sketches.width), np.int8))

    def blocks(self, slots: Ids) -> Blocks:
        """The blocks of these slots, in their order."""
        first, counts = self._blocks.take(slots).T
        rows = ranges(first, counts)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return Blocks(single(self._vectors.take(rows)), self._marks.take(rows)[:, 0], starts)

    def products(self, slots: Ids, queries: Vectors) -> NDArray[np.float64]:
        """Inner products (q, n) of queries (q, width) with the sketches of n slots, to about one percent."""
        result = np.empty((len(slots), len(queries)), np.float32)
        for chunk, mine in self._sketches.by_chunk(slots):
            for start in range(0, len(mine), _AT_ONCE):
                some = mine[start : start + _AT_ONCE]
                result[some] = np.take(chunk, slots[some] % _CHUNK, axis=0).astype(np.float32) @ queries.T
        return np.asarray((result * self._scales.take(slots)).T, np.float64)

    def _room(self, count: int) -> int:
        if self._free[count]:
            return self._free[count].pop()
        first, self._used = self._used, self._used + count
        return first

    def save(self, folder: Path) -> None:
        """Writes everything into a folder."""
        for name, rows in self._files().items():
            rows.save(folder / f"{name}.rows")
        (folder / "blocks.json").write_text(json.dumps({"used": self._used, "free": self._free}))

    def restore(self, folder: Path) -> None:
        """Takes over what `save` wrote; processes that do so share the memory until they change it.

        Raises:
            OSError, ValueError: a file is missing or not of this store's form.
        """
        for name, rows in self._files().items():
            rows.restore(folder / f"{name}.rows")
        about = json.loads((folder / "blocks.json").read_text())
        self._used = about["used"]
        self._free = defaultdict(list, {int(count): list(rows) for count, rows in about["free"].items()})

    def _files(self) -> dict[str, "_Rows"]:
        names = ("vectors", "marks", "sketches", "scales", "blocks")
        return dict(zip(names, (self._vectors, self._marks, self._sketches, self._scales, self._blocks), strict=True))


class _Rows:
    """Rows of one width that grow a chunk at a time, so that growing never copies what is there."""

    def __init__(self, kind: Any, width: int) -> None:
        self.kind, self.width = np.dtype(kind), width
        self._chunks: list[NDArray[Any]] = []

    def __len__(self) -> int:
        return len(self._chunks) * _CHUNK

    @property
    def nbytes(self) -> int:
        return int(len(self) * self.width * self.kind.itemsize)

    def take(self, rows: Ids) -> NDArray[Any]:
        result = np.empty((len(rows), self.width), self.kind)
        for chunk, mine in self.by_chunk(rows):
            result[mine] = np.take(chunk, rows[mine] % _CHUNK, axis=0)
        return result

    def by_chunk(self, rows: Ids) -> list[tuple[NDArray[Any], Ids]]:
        """The chunks that hold these rows, each with which of the rows it holds."""
        numbers = rows // _CHUNK
        present = np.flatnonzero(np.bincount(numbers))
        return [(self._chunks[number], np.flatnonzero(numbers == number)) for number in present]

    def put(self, rows: Ids, values: NDArray[Any]) -> None:
        while len(rows) and rows.max() >= len(self):
            self._chunks.append(np.zeros((_CHUNK, self.width), self.kind))
        if _follow_each_other(rows) and rows[0] // _CHUNK == rows[-1] // _CHUNK:
            first = rows[0] % _CHUNK
            self._chunks[rows[0] // _CHUNK][first : first + len(rows)] = values
            return
        for chunk, mine in self.by_chunk(rows):
            chunk[rows[mine] % _CHUNK] = values[mine]

    def save(self, path: Path) -> None:
        with path.open("wb") as file:
            for chunk in self._chunks:
                chunk.tofile(file)

    def restore(self, path: Path) -> None:
        if path.stat().st_size == 0:
            self._chunks = []
            return
        whole = np.memmap(path, self.kind, "c").reshape(-1, _CHUNK, self.width)
        self._chunks = [np.asarray(chunk) for chunk in whole]


def _follow_each_other(rows: Ids) -> bool:
    return len(rows) > 0 and rows[-1] - rows[0] == len(rows) - 1 and bool(np.all(np.diff(rows) == 1))


def ranges(first: Ids, counts: Ids) -> Ids:
    """The numbers first[0], first[0] + 1, … for counts[0] rows, then those of the next."""
    ends = np.cumsum(counts)
    return np.asarray(np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - (ends - counts), counts), np.int64)


def single(halves: NDArray[np.float16]) -> Vectors:
    """Single precision by moving the bits: three times as fast as NumPy's conversion, and the same for all finite numbers."""
    bits = halves.view(np.int16).astype(np.int32)
    bits <<= 13
    bits &= np.int32(-0x70002000)
    result = bits.view(np.float32)
    result *= _TO_SINGLE
    return result


def half(singles: Vectors) -> NDArray[np.float16]:
    """The way back, rounded to nearest, ties to even, as NumPy does three times as slowly; for numbers below 65,504."""
    result = np.empty(singles.shape, np.float16)
    for start in range(0, len(singles), _IN_CACHE):
        _round(singles[start : start + _IN_CACHE], result[start : start + _IN_CACHE].view(np.int16))
    return result


def _round(singles: Vectors, into: NDArray[np.int16]) -> None:
    bits = (singles * _TO_HALF).view(np.int32)
    rounding = bits >> 13
    rounding &= 1
    rounding += 0xFFF
    bits += rounding
    number = bits >> 13
    number &= 0x7FFF
    bits >>= 16
    bits &= np.int32(-0x8000)
    number |= bits
    into[:] = number
