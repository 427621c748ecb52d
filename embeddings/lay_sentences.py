"""How people talk, tied to what work asks: the hand-written training set in `embeddings/training` (synthetic; see its README)."""

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings.adaptation import Pair
from embeddings.retelling import retold

FOLDER = Path(__file__).parent / "training"
HELD_OUT_EACH = 20
"""One in so many sentences stays out of training, to calibrate on."""
_RETOLD_PROFILES = 0.3


@dataclass(frozen=True)
class LaySentence:
    """What someone says about themselves, and a task and a title for which it is evidence.

    Attributes:
        kind: ability, motivation or learning.
        work: ESCO occupation or, for other roles, the title: sentences about the same work share it.
        group: four-digit ISCO unit group, or the work itself where there is none.
        trap: a task that shares a striking word but is other work; empty when there is none.
    """

    text: str
    kind: str
    work: str
    group: str
    title: str
    task: str
    trap: str


def read_lay_sentences(folder: Path = FOLDER) -> list[LaySentence]:
    """Every sentence of the training set, in a fixed order."""
    return [
        LaySentence(
            text=row["text"],
            kind=row["kind"],
            work=row["occupation"] or row["title"],
            group=row["isco"] or row["title"],
            title=row["title"],
            task=row["task"],
            trap=row["trap"] or "",
        )
        for file in sorted(folder.glob("*.jsonl"))
        for row in map(json.loads, file.read_text(encoding="utf-8").rstrip("\n").split("\n"))
    ]


def split(sentences: list[LaySentence]) -> tuple[list[LaySentence], list[LaySentence]]:
    """The sentences to train on, and those held out."""
    held_out = sentences[::HELD_OUT_EACH]
    kept = set(map(id, held_out))
    return [sentence for sentence in sentences if id(sentence) not in kept], held_out


def read_translations(folder: Path = FOLDER) -> list[tuple[str, str]]:
    """A training sentence and what a speaker of another language would say."""
    return [
        (row["of"], row["text"])
        for file in sorted((folder / "translated").glob("*.jsonl"))
        for row in map(json.loads, file.read_text(encoding="utf-8").rstrip("\n").split("\n"))
    ]


def lay_pairs(sentences: list[LaySentence], translations: Sequence[tuple[str, str]] = (), seed: int = 20) -> list[Pair]:
    """Each sentence with its task and its title, as it was said, told otherwise and translated; and profiles with places."""
    draw = random.Random(seed)
    pairs = [Pair(one.text, one.task, one.group, one.trap, "task", one.group) for one in sentences]
    pairs += [Pair(one.text, one.title, one.group, "", "title", one.group) for one in sentences]
    pairs += [_retold(one, draw) for one in sentences]
    known = {one.text: one for one in sentences}
    pairs += [pair for of, text in translations if of in known for pair in _translated(known[of], text)]
    return pairs + list(_whole_texts(sentences, draw))


def _retold(one: LaySentence, draw: random.Random) -> Pair:
    return Pair(retold(one.text, draw), draw.choice([one.task, one.title]), one.group, "", "retold", one.group)


def _translated(one: LaySentence, text: str) -> Iterator[Pair]:
    yield Pair(text, one.task, one.group, "", "translated", one.group)
    yield Pair(text, one.title, one.group, "", "translated", one.group)


def _whole_texts(sentences: list[LaySentence], draw: random.Random) -> Iterator[Pair]:
    by_group = defaultdict(list)
    for sentence in sentences:
        by_group[sentence.group].append(sentence)
    for one in sentences:
        others = [other for other in by_group[one.group] if other is not one]
        if others:
            told = draw.sample(others, min(len(others), 2))
            asked = draw.sample(others, min(len(others), 2))
            profile = " ".join([one.text, *(other.text for other in told)])
            place = f"{one.title}. {one.task} {' '.join(other.task for other in asked)}"
            told_otherwise = draw.random() < _RETOLD_PROFILES
            yield Pair(retold(profile, draw) if told_otherwise else profile, place, one.group, "", "whole", one.group)
