"""Turns sentences into unit vectors with a sentence-transformers model on the CPU."""

import logging
import math
import os
import warnings
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings import bundled
from embeddings.errors import EmptyText, WeightsUnusable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
Progress = Callable[[int], None]

ADAPTER = Path(__file__).parent / "adapter.safetensors"
ADAPTED = "passend-e5"
PLAIN = bundled.NAME
_BATCH = 64


class Encoder(Protocol):
    """What the rest of Passend asks of an encoder."""

    @property
    def model(self) -> str:
        """Fingerprint of the model: the same text with the same fingerprint has the same vector."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Returns unit vectors of shape (len(texts), dimension); `progress` hears how many texts each batch finished.

        Raises:
            EmptyText: a text holds no letter or digit.
        """


class SentenceEncoder:
    """A sentence-transformers model, loaded at the first sentence.

    A text longer than the model's window is cut at word boundaries into windows, encoded, and averaged by window length,
    so that no part of it is lost.

    Args:
        name: `passend-e5` (the bundled model with the labour-market adapter), `multilingual-e5-small` (the bundled model as
            published), or any sentence-transformers model by name or folder.
        cache: folder in which the bundled model is built once.
    """

    def __init__(self, name: str, cache: Path) -> None:
        self.name = name
        self._cache = cache

    @cached_property
    def model(self) -> str:
        """Fingerprint of the model; see `Encoder.model`."""
        if self.name == ADAPTED:
            return bundled.fingerprint(ADAPTER)
        if self.name == PLAIN:
            return bundled.fingerprint()
        folder = Path(self.name)
        return f"{folder.name}@{_folder_digest(folder)}" if folder.is_dir() else self.name

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        if self.name in {ADAPTED, PLAIN}:
            return bundled.DIMENSION
        return self._transformer.get_embedding_dimension() or 0

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See `Encoder.encode`."""
        _refuse_empty(texts)
        windows = [self._windows(text) for text in texts]
        flat = [window for parts in windows for window in parts]
        if not flat:
            return np.empty((0, self.dimension), np.float32)
        encoded = self._encode_by_length(flat, progress)
        if len(flat) == len(texts):
            return encoded
        return _joined(encoded, flat, [len(parts) for parts in windows])

    def _encode_by_length(self, texts: list[str], progress: Progress | None) -> Vectors:
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            vectors[batch] = self._transformer.encode(
                [texts[index] for index in batch], batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
            )
            if progress:
                progress(len(batch))
        return vectors

    def _windows(self, text: str) -> list[str]:
        longest = self._transformer.max_seq_length or 512
        if len(text) < longest:  # a token is at least one character
            return [text]
        tokens = len(self._transformer.tokenizer.tokenize(text))
        parts = math.ceil(tokens / (longest * 0.9))
        words = text.split()
        size = math.ceil(len(words) / parts)
        return [" ".join(words[start : start + size]) for start in range(0, len(words), size)]

    @cached_property
    def _transformer(self) -> "SentenceTransformer":
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        _quieten_loading()
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(self._source(), device="cpu")

    def _source(self) -> str:
        if self.name == ADAPTED:
            return str(bundled.ensure_folder(self._cache, ADAPTER))
        if self.name == PLAIN:
            return str(bundled.ensure_folder(self._cache))
        return self.name


def _quieten_loading() -> None:
    for noisy in ("sentence_transformers", "transformers"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", category=FutureWarning, module="transformers")
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()


def _refuse_empty(texts: Sequence[str]) -> None:
    for number, text in enumerate(texts):
        if not any(character.isalnum() for character in text):
            raise EmptyText(f"Text {number + 1} of {len(texts)} holds no letter or digit; leave it out or write a sentence.")


def _joined(encoded: Vectors, windows: list[str], counts: list[int]) -> Vectors:
    lengths = np.array([len(window) for window in windows], np.float32)[:, None]
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(int)
    sums = np.add.reduceat(encoded * lengths, starts, axis=0)
    return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True), np.float32)


def _folder_digest(folder: Path) -> str:
    weights = sorted(folder.rglob("*.safetensors")) + sorted(folder.rglob("*.bin"))
    if not weights:
        raise WeightsUnusable(f"{folder} holds no model weights (*.safetensors or *.bin).")
    return "-".join(bundled.sha256(file)[:12] for file in weights)
