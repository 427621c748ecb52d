"""Groups of abilities by which many people are described at once: a closed list, so that nothing of one person can be in it."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from embeddings.encoder import Encoder
from matching.estimating import SkillGroups
from matching.phrases import Language

_TABLE = Path(__file__).parent / "data" / "skill_groups.tsv"


class Group(NamedTuple):
    """A group with its nearest code of ESCO, its names, and how people say it."""

    code: str
    nl: str
    en: str
    examples: tuple[str, ...]

    def name(self, language: Language) -> str:
        """What it is called."""
        return self.nl if language == "nl" else self.en


@cache
def groups() -> dict[str, Group]:
    """The list, by code."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
        found = [Group(row["code"], row["nl"], row["en"], tuple(row["examples"].split("|"))) for row in rows]
    return {group.code: group for group in found}


def encoded_groups(encoder: Encoder) -> SkillGroups:
    """The list as matching compares it."""
    said = [(group.code, example) for group in groups().values() for example in group.examples]
    return SkillGroups(encoder.encode([example for _, example in said]), [code for code, _ in said])
