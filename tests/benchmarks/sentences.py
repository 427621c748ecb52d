"""Real sentences for measurements: ESCO titles, other names and description sentences, encoded once and kept in build/."""

import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder
from service.esco import Occupation, read_occupations

NAMES, SENTENCES = 3, 4


@dataclass(frozen=True)
class Work:
    """What is said about one occupation: numbers of texts."""

    names: tuple[int, ...]
    sentences: tuple[int, ...]
    group: str


@dataclass(frozen=True)
class Vocabulary:
    """Texts, their vectors (n, d) in half precision, and which belong to which work."""

    texts: list[str]
    vectors: NDArray[np.float16]
    works: list[Work]
    by_group: dict[str, list[int]]


def vocabulary(esco: Path, encoder: Encoder, cache: Path, occupations: int, seed: int = 7) -> Vocabulary:
    """Encodes what is said about that many occupations, or takes it from the cache."""
    chosen = random.Random(seed).sample(read_occupations(esco), occupations)
    texts: dict[str, int] = {}
    works = [work for one in chosen if len((work := _work(one, texts)).sentences) >= 2]
    vectors = _encoded(list(texts), encoder, cache / f"sentences-{occupations}-{encoder.model.replace('/', '-')}.npy")
    by_group = defaultdict(list)
    for number, work in enumerate(works):
        by_group[work.group].append(number)
    return Vocabulary(list(texts), vectors, works, dict(by_group))


def _work(one: Occupation, texts: dict[str, int]) -> Work:
    def numbers(some: list[str]) -> tuple[int, ...]:
        return tuple(texts.setdefault(text, len(texts)) for text in dict.fromkeys(some))

    return Work(numbers([one.title, *one.other_names[:NAMES]]), numbers(one.sentences[:SENTENCES]), one.isco[:2])


def _encoded(texts: list[str], encoder: Encoder, kept: Path) -> NDArray[np.float16]:
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept, encoder.encode(texts).astype(np.float16))
    return np.asarray(np.load(kept))
