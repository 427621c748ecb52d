"""How people talk, tied to what work asks: the hand-written training set in `embeddings/training` (synthetic; see its README)."""

import itertools
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from embeddings.adaptation import Pair
from embeddings.retelling import all_retold, retold

FOLDER = Path(__file__).parent / "training"
HELD_OUT_EACH = 20
"""One in so many sentences stays out of training, to calibrate on."""
_RETOLD_PROFILES = 0.3
_TRANSLATED_PROFILES = 0.5
_OTHER_LANGUAGES_EACH = 2
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
class Translation:
    """What a speaker of another language would say in place of the Dutch sentence `of`."""

    language: str
    of: str
    text: str


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
    return [_profile(row) for row in _rows(folder / "profiles")]


def read_multilingual_profiles(folder: Path = FOLDER) -> list[dict[str, LayProfile]]:
    """Every profile that is also told in other languages, by language (Dutch is `nl`), in a fixed order."""
    return [_in_languages(row) for row in _rows(folder / "multilingual")]


def _rows(folder: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(folder.glob("*.jsonl")):
        yield from _lines(file)


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, file.read_text(encoding="utf-8").rstrip("\n").split("\n"))


def _profile(row: dict[str, Any]) -> LayProfile:
    return LayProfile(
        **_told(row),
        group=row["isco"] or row["place"]["title"],
        place=_place(row["place"]),
        near_miss=_place(row["near_miss"]),
    )


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {kind: tuple(row[kind]) for kind in ("abilities", "motivations", "learning")}


def _in_languages(row: dict[str, Any]) -> dict[str, LayProfile]:
    dutch = _profile(row)
    return {"nl": dutch} | {language: replace(dutch, **_told(told)) for language, told in row["translations"].items()}


def _place(row: dict[str, Any]) -> LayPlace:
    return LayPlace(row["title"], row["summary"], tuple(row["tasks"]), row["offers"])


def split(told: list[_Told]) -> tuple[list[_Told], list[_Told]]:
    """What to train on, and what is held out."""
    held_out = told[::HELD_OUT_EACH]
    kept = set(map(id, held_out))
    return [one for one in told if id(one) not in kept], held_out


def read_translations(folder: Path = FOLDER) -> list[Translation]:
    """Every translation of a training sentence, in a fixed order."""
    files = sorted((folder / "translated").glob("*.jsonl"))
    return [Translation(file.stem, row["of"], row["text"]) for file in files for row in _lines(file)]


def lay_pairs(sentences: list[LaySentence], translations: Sequence[Translation] = (), seed: int = 20) -> list[Pair]:
    """Each sentence with its task and its title, as it was said, told otherwise and translated; and profiles with places."""
    draw = random.Random(seed)
    pairs = [Pair(one.text, one.task, one.group, one.trap, "task", one.group) for one in sentences]
    pairs += [Pair(one.text, one.title, one.group, "", "title", one.group) for one in sentences]
    pairs += [_retold(one, draw) for one in sentences]
    abroad = _by_language(sentences, translations)
    pairs += [pair for told in abroad.values() for one in told for pair in _translated(one)]
    whole = [pair for told in abroad.values() for pair in _whole_texts(told, "translated whole", 0, draw)]
    pairs += draw.sample(whole, round(_TRANSLATED_PROFILES * len(whole)))
    return pairs + list(_whole_texts(sentences, "whole", _RETOLD_PROFILES, draw))


def _by_language(sentences: list[LaySentence], translations: Sequence[Translation]) -> dict[str, list[LaySentence]]:
    """The sentences that were translated, as they are said in each language."""
    known = {one.text: one for one in sentences}
    by_language = defaultdict(list)
    for one in translations:
        if one.of in known:
            by_language[one.language].append(replace(known[one.of], text=one.text))
    return by_language


def _retold(one: LaySentence, draw: random.Random) -> Pair:
    return Pair(retold(one.text, draw), draw.choice([one.task, one.title]), one.group, "", "retold", one.group)


def _translated(one: LaySentence) -> Iterator[Pair]:
    yield Pair(one.text, one.task, one.group, "", "translated", one.group)
    yield Pair(one.text, one.title, one.group, "", "translated", one.group)


def _whole_texts(sentences: list[LaySentence], kind: str, told_otherwise: float, draw: random.Random) -> Iterator[Pair]:
    """Sentences of like work as one profile, with tasks of like work as one place; a share of the profiles told otherwise."""
    by_group = defaultdict(list)
    for sentence in sentences:
        by_group[sentence.group].append(sentence)
    for one in sentences:
        others = [other for other in by_group[one.group] if other is not one]
        if others:
            told = [one.text, *(other.text for other in draw.sample(others, min(len(others), 2)))]
            asked = draw.sample(others, min(len(others), 2))
            place = f"{one.title}. {one.task} {' '.join(other.task for other in asked)}"
            told = all_retold(told, draw) if draw.random() < told_otherwise else told
            yield Pair(" ".join(told), place, one.group, "", kind, one.group)


def profile_pairs(profiles: Sequence[LayProfile], seed: int = 20, times_retold: int = 2) -> list[Pair]:
    """Each profile with its place, as it was told and told otherwise, and what moves someone with what the place gives."""
    draw = random.Random(seed)
    pairs = [pair for one in profiles for pair in _with_place(one, "profile")]
    pairs += [
        pair
        for one in profiles
        for _ in range(times_retold)
        for pair in _with_place(_told_otherwise(one, draw), "retold profile")
    ]
    return pairs + [pair for one in profiles for pair in _with_offers(one)]


def multilingual_pairs(profiles: Sequence[dict[str, LayProfile]], seed: int = 20) -> list[Pair]:
    """The same of profiles in several languages: in Dutch as told and told otherwise, and in two of the other languages."""
    draw = random.Random(seed)
    pairs = profile_pairs([one["nl"] for one in profiles], seed, times_retold=1)
    for one in profiles:
        for language in draw.sample(sorted(one.keys() - {"nl"}), _OTHER_LANGUAGES_EACH):
            pairs += _with_place(one[language], "translated profile")
    return pairs


def _told_otherwise(one: LayProfile, draw: random.Random) -> LayProfile:
    told = iter(all_retold(one.abilities + one.motivations + one.learning, draw))
    kinds = (one.abilities, one.motivations, one.learning)
    abilities, motivations, learning = (tuple(itertools.islice(told, len(kind))) for kind in kinds)
    return replace(one, abilities=abilities, motivations=motivations, learning=learning)


def _with_place(one: LayProfile, kind: str) -> Iterator[Pair]:
    """As a whole, and by what someone can do or wants to learn."""
    yield Pair(one.whole, one.place.whole, one.group, one.near_miss.whole, kind, one.group)
    yield Pair(one.can, one.place.whole, one.group, "", f"{kind}, can", one.group)


def _with_offers(one: LayProfile) -> Iterator[Pair]:
    if moves := " ".join(one.motivations):
        yield Pair(moves, one.place.offers, one.group, one.near_miss.offers, "offers", one.group)
        yield Pair(moves, one.place.summary, one.group, one.near_miss.summary, "summary", one.group)
