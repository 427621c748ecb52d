"""Reads ESCO as the European Commission publishes it (CSV export): occupations, skills, and which need which.

ESCO © European Union, CC BY 4.0.
"""

import csv
import gzip
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from embeddings.adaptation import Pair
from service.errors import UnusableFile

DESCRIPTION_SENTENCES = 3


@dataclass(frozen=True)
class Occupation:
    """An ESCO occupation with its labels in one language; `isco` is the four-digit unit group."""

    uri: str
    isco: str
    title: str
    other_names: tuple[str, ...]
    description: str

    @property
    def sentences(self) -> list[str]:
        """The description, sentence by sentence."""
        return [part.strip() for part in self.description.replace("\n", " ").split(". ") if len(part.strip()) > 15]


def read_occupations(folder: Path) -> list[Occupation]:
    """Reads `occupations_*.csv` in the folder.

    Raises:
        UnusableFile: there is no such file, or it lacks a column.
    """
    return [
        Occupation(
            uri=row["conceptUri"],
            isco=row["iscoGroup"],
            title=row["preferredLabel"].strip(),
            other_names=tuple(name.strip() for name in row["altLabels"].split("\n") if name.strip()),
            description=row["description"].strip(),
        )
        for row in _rows(folder, "occupations_*.csv")
    ]


def training_pairs(esco: Path, relations: Path, skills: int = 9_000, seed: int = 20) -> list[Pair]:
    """Pairs of texts about the same work: title and other names, description sentence and title, skill and title.

    Args:
        esco: folder with `occupations_*.csv` (Dutch labels).
        relations: folder with `occupationSkillRelations.csv.gz` and `skills_en.csv.gz`.
        skills: how many essential skills (English) to pair with Dutch titles, drawn at random.
    """
    draw = random.Random(seed)
    occupations = read_occupations(esco)
    pairs = [pair for occupation in occupations for pair in _name_pairs(occupation, draw)]
    pairs += [
        Pair(sentence, occupation.title, occupation.isco, kind="description", near=occupation.isco)
        for occupation in occupations
        for sentence in occupation.sentences[:DESCRIPTION_SENTENCES]
    ]
    return pairs + draw.sample(_skill_pairs(occupations, relations), skills)


def _name_pairs(occupation: Occupation, draw: random.Random) -> Iterator[Pair]:
    for name in occupation.other_names:
        yield _same_name(occupation, name, occupation.title, draw)
    if len(occupation.other_names) > 1:
        one, other = draw.sample(occupation.other_names, 2)
        yield _same_name(occupation, one, other, draw)


def _same_name(occupation: Occupation, one: str, other: str, draw: random.Random) -> Pair:
    """Names as people write them, half with a capital; other occupations of the same unit group count as other work."""
    written = one[0].upper() + one[1:] if draw.random() < 0.5 else one
    return Pair(written, other, occupation.uri, kind="name", near=occupation.isco)


def _skill_pairs(occupations: list[Occupation], relations: Path) -> list[Pair]:
    titles = {occupation.uri: occupation for occupation in occupations}
    labels = {row["conceptUri"]: row["preferredLabel"] for row in _rows(relations, "skills_en.csv*")}
    return [
        _skill_pair(labels[row["skillUri"]], titles[row["occupationUri"]])
        for row in _rows(relations, "occupationSkillRelations.csv*")
        if row["relationType"] == "essential" and row["occupationUri"] in titles and row["skillUri"] in labels
    ]


def _skill_pair(skill: str, occupation: Occupation) -> Pair:
    return Pair(skill, occupation.title, occupation.isco, kind="skill", near=occupation.isco)


def _rows(folder: Path, pattern: str) -> Iterator[dict[str, str]]:
    found = sorted(folder.glob(pattern)) if folder.is_dir() else []
    if not found:
        raise UnusableFile(f"{folder} holds no file {pattern}.")
    with _opened(found[0]) as file:
        yield from csv.DictReader(file)


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")
