"""How people talk, tied to what work asks: the hand-written training set in `embeddings/training` (synthetic; see its README)."""

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from embeddings.adaptation import Pair
from embeddings.retelling import retold

FOLDER = Path(__file__).parent / "training"
HELD_OUT_EACH = 20
"""One in so many sentences stays out of training, to calibrate on."""
_RETOLD_PROFILES = 0.3
_Told = TypeVar("_Told")


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


@dataclass(frozen=True)
class LayPlace:
    """A place as an organisation writes it."""

    title: str
    summary: str
    tasks: tuple[str, ...]
    offers: str

    @property
    def whole(self) -> str:
        """The whole text, as `matching.vectors` has it encoded."""
        return ". ".join([self.title, self.summary.rstrip("."), " ".join(self.tasks)])


@dataclass(frozen=True)
class LayProfile:
    """All that someone says about themselves, the place that is right for them, and one that only looks like it.

    Attributes:
        group: four-digit ISCO unit group of the place, or its title where there is none.
        near_miss: shares a striking word or a theme, or suits what someone can do but not what moves them.
    """

    abilities: tuple[str, ...]
    motivations: tuple[str, ...]
    learning: tuple[str, ...]
    group: str
    place: LayPlace
    near_miss: LayPlace

    @property
    def whole(self) -> str:
        """The whole profile, as `matching.vectors` has it encoded."""
        return " ".join([self.can, *self.motivations])

    @property
    def can(self) -> str:
        """What someone can do or wants to learn, as `matching.vectors` has it encoded."""
        return " ".join(self.abilities + self.learning)


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
        for row in _rows(folder)
    ]


def read_profiles(folder: Path = FOLDER) -> list[LayProfile]:
    """Every whole profile of the training set, in a fixed order."""
    return [
        LayProfile(
            abilities=tuple(row["abilities"]),
            motivations=tuple(row["motivations"]),
            learning=tuple(row["learning"]),
            group=row["isco"] or row["place"]["title"],
            place=_place(row["place"]),
            near_miss=_place(row["near_miss"]),
        )
        for row in _rows(folder / "profiles")
    ]


def _rows(folder: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(folder.glob("*.jsonl")):
        yield from map(json.loads, file.read_text(encoding="utf-8").rstrip("\n").split("\n"))


def _place(row: dict[str, Any]) -> LayPlace:
    return LayPlace(row["title"], row["summary"], tuple(row["tasks"]), row["offers"])


def split(told: list[_Told]) -> tuple[list[_Told], list[_Told]]:
    """What to train on, and what is held out."""
    held_out = told[::HELD_OUT_EACH]
    kept = set(map(id, held_out))
    return [one for one in told if id(one) not in kept], held_out


def read_translations(folder: Path = FOLDER) -> list[tuple[str, str]]:
    """A training sentence and what a speaker of another language would say."""
    return [(row["of"], row["text"]) for row in _rows(folder / "translated")]


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


def profile_pairs(profiles: Sequence[LayProfile]) -> list[Pair]:
    """Each profile with its place: as a whole, by what someone can do, and what moves them with what the place gives."""
    return [pair for one in profiles for pair in _with_place(one)]


def _with_place(one: LayProfile) -> Iterator[Pair]:
    place, trap = one.place, one.near_miss
    yield Pair(one.whole, place.whole, one.group, trap.whole, "profile", one.group)
    yield Pair(one.can, place.whole, one.group, "", "can", one.group)
    if moves := " ".join(one.motivations):
        yield Pair(moves, place.offers, one.group, trap.offers, "offers", one.group)
        yield Pair(moves, place.summary, one.group, trap.summary, "summary", one.group)
