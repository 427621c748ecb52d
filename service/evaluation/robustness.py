"""The same people, told otherwise: with typing errors, without capitals, very short, very long, and in other languages."""

import json
import random
import string
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.encoder import Encoder
from matching.model import Seeker
from matching.scoring import Weights
from service.errors import UnusableFile
from service.evaluation import systems
from service.evaluation.judged_set import JudgedSet
from service.evaluation.measures import per_person

TRANSLATIONS = "translations"
_SHORT = 3
_TYPING_ERRORS = 2
_ASIDES = (
    "Ja, hoe zal ik dat nou eens zeggen, daar moet ik even over nadenken.",
    "Dat vroegen ze me de vorige keer ook al, toen wist ik het niet zo goed te vertellen.",
    "Nou ja, het is een lang verhaal en ik weet niet of je er wat aan hebt, maar zo is het wel gegaan.",
    "Mijn zus zegt altijd dat ik daar veel te bescheiden over ben.",
    "Het is alweer een tijdje terug, maar ik weet het nog als de dag van gisteren.",
    "Dat wilde ik in ieder geval even gezegd hebben, verder moet je het maar vragen.",
)
"""Small talk that people put around what they mean."""

Rewrite = Callable[[str], str]


def report(judged: JudgedSet, folder: Path, encoder: Encoder, weights: Weights) -> dict[str, dict[str, Any]]:
    """nDCG@10 of each variant and its share of the nDCG@10 of the same people as they were.

    Raises:
        UnusableFile: a translation does not have as many sentences as the original.
    """
    variants = {name: _rewritten(judged, rewrite) for name, rewrite in _REWRITES.items()}
    for path in sorted((folder / TRANSLATIONS).glob("*.jsonl")):
        variants[path.stem] = _translated(judged, path)
    original = _ndcg(judged, encoder, weights)
    return {name: _row(_ndcg(variant, encoder, weights), original) for name, variant in variants.items() if variant.seekers}


def typing_errors(text: str) -> str:
    """Two letters swapped, dropped, doubled or replaced by another, the same ones each time."""
    draw = random.Random(text)
    for _ in range(_TYPING_ERRORS):
        letters = [number for number, character in enumerate(text[:-1]) if character.isalpha() and text[number + 1].isalpha()]
        if letters:
            at = draw.choice(letters)
            here, following = text[at], text[at + 1]
            wrong = draw.choice(
                [following + here, following, here + here + following, draw.choice(string.ascii_lowercase) + following]
            )
            text = text[:at] + wrong + text[at + 2 :]
    return text


def without_capitals(text: str) -> str:
    """Lower case, no punctuation."""
    return " ".join("".join(character if character.isalnum() else " " for character in text.lower()).split())


def very_short(text: str) -> str:
    """The three longest words, in the order in which they were said."""
    words = without_capitals(text).split()
    longest = sorted(range(len(words)), key=lambda number: (-len(words[number]), number))[:_SHORT]
    return " ".join(words[number] for number in sorted(longest))


def very_long(text: str) -> str:
    """With small talk before and after, the same each time."""
    asides = random.Random(text).sample(_ASIDES, 3)
    return f"{asides[0]} {text} {asides[1]} {asides[2]}"


_REWRITES: dict[str, Rewrite] = {
    "typing errors": typing_errors,
    "no capitals or punctuation": without_capitals,
    "three words": very_short,
    "very long": very_long,
}


def _rewritten(judged: JudgedSet, rewrite: Rewrite) -> JudgedSet:
    return replace(judged, seekers=tuple(_retold(seeker, rewrite) for seeker in judged.seekers))


def _retold(seeker: Seeker, rewrite: Rewrite) -> Seeker:
    def all_of(sentences: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(rewrite, sentences))

    return replace(
        seeker,
        abilities=all_of(seeker.abilities),
        motivations=all_of(seeker.motivations),
        learning=all_of(seeker.learning),
    )


def _translated(judged: JudgedSet, path: Path) -> JudgedSet:
    rows = {row["id"]: row for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())}
    kept = [seeker for seeker in judged.seekers if seeker.id in rows]
    return replace(judged, seekers=tuple(_in_translation(seeker, rows[seeker.id], path) for seeker in kept))


def _in_translation(seeker: Seeker, row: dict[str, list[str]], path: Path) -> Seeker:
    told = replace(
        seeker, abilities=tuple(row["abilities"]), motivations=tuple(row["motivations"]), learning=tuple(row["learning"])
    )
    if [len(told.abilities), len(told.motivations)] != [len(seeker.abilities), len(seeker.motivations)]:
        raise UnusableFile(f"{path}: {seeker.id} does not have as many sentences as the original.")
    return told


def _ndcg(judged: JudgedSet, encoder: Encoder, weights: Weights) -> dict[str, float]:
    rankings = systems.run("passend", judged, encoder, encoder, weights).rankings
    return per_person(rankings, judged)["ndcg@10"]


def _row(values: dict[str, float], original: dict[str, float]) -> dict[str, Any]:
    same_people = float(np.mean([original[person] for person in values]))
    mean = float(np.mean(list(values.values())))
    return {"ndcg@10": mean, "of_original": mean / same_people if same_people else 0.0, "seekers": len(values)}
