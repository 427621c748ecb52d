"""Turns sentences into unit vectors with a sentence-transformers model on the CPU."""

import hashlib
import logging
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
_PREFIX_AND_SPECIALS = 16


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

    A text longer than the model's window is cut into windows, encoded, and averaged by their length: no part of it is lost.

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
        refuse_empty(texts)
        vectors = np.empty((len(texts), self.dimension), np.float32)
        windows = [self._windows(text) for text in texts]
        within = [number for number, parts in enumerate(windows) if len(parts) == 1]
        vectors[within] = self._encode_by_length([texts[number] for number in within], progress)
        for number in sorted(set(range(len(texts))) - set(within)):
            vectors[number] = _average(windows[number], self._encode_by_length(windows[number]))
            if progress:
                progress(1)
        return vectors

    def _encode_by_length(self, texts: list[str], progress: Progress | None = None) -> Vectors:
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
        """The text, or halves of it (cut at a space where there is one) until each fits the model's window."""
        room = (self._transformer.max_seq_length or 512) - _PREFIX_AND_SPECIALS
        if len(text) <= room and text.isascii():  # then a token is at least one character
            return [text]
        tokens = self._transformer.tokenizer(text, add_special_tokens=False, truncation=False, verbose=False)["input_ids"]
        if len(tokens) <= room:
            return [text]
        middle = len(text) // 2
        cut = text.rfind(" ", 1, middle) if " " in text[1:middle] else middle
        return self._windows(text[:cut]) + self._windows(text[cut:])

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


class RememberingEncoder:
    """An encoder that encodes each text once and keeps its vector in memory, for work on files."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    @property
    def model(self) -> str:
        """See `Encoder.model`."""
        return self._encoder.model

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._encoder.dimension

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See `Encoder.encode`; `progress` hears of new texts only."""
        refuse_empty(texts)
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, self._encoder.encode(new, progress), strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else np.empty((0, self.dimension), np.float32)


def _quieten_loading() -> None:
    for noisy in ("sentence_transformers", "transformers"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", category=FutureWarning, module="transformers")
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()


def refuse_empty(texts: Sequence[str]) -> None:
    """Raises EmptyText, with its position, for the first text without a letter or digit."""
    for number, text in enumerate(texts):
        if not any(character.isalnum() for character in text):
            raise EmptyText(f"Text {number + 1} of {len(texts)} holds no letter or digit; leave it out or write a sentence.")


def _average(windows: list[str], vectors: Vectors) -> Vectors:
    total = np.array([len(window) for window in windows], np.float32) @ vectors
    return np.asarray(total / np.linalg.norm(total), np.float32)


def _folder_digest(folder: Path) -> str:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    if not any(file.suffix in {".safetensors", ".bin"} for file in files):
        raise WeightsUnusable(f"{folder} holds no model weights (*.safetensors or *.bin).")
    listing = "\n".join(f"{file.relative_to(folder)} {bundled.sha256(file)}" for file in files)
    return hashlib.sha256(listing.encode()).hexdigest()[:12]
