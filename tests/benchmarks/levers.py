"""How long all levers of one person take, beside one match: `python -m tests.benchmarks.levers`."""

from collections.abc import Callable
from statistics import median
from time import perf_counter

import numpy as np

from matching.levers import levers
from matching.model import DAYPARTS, LADDER, LanguageLevels, Level, Opportunity, Position, Seeker
from matching.ranking import rank
from matching.scoring import Weights
from matching.vectors import Place, Profile, Vectors, opportunity_texts, seeker_texts

DIMENSION = 384
TASKS = ("koken", "serveren", "afwassen", "bestellen")
LICENCES = (frozenset[str](), frozenset(["VOG"]), frozenset(["B"]), frozenset(["B", "VOG"]))
PERSON = Seeker(
    "s",
    abilities=("ik kook", "ik serveer", "ik ruim op", "ik leg uit"),
    motivations=("onder de mensen zijn",),
    position=Position(51.965, 6.289),
    hours_min=8,
    hours_max=20,
    dayparts=frozenset(DAYPARTS[:9]),
    language=LanguageLevels(Level.A2, Level.A2),
)


def levers_row(places: int = 1_000, turns: int = 5) -> dict[str, float]:
    """Median milliseconds of one match and of all levers for one person with so many places, and the one over the other.

    The ratio has to stay at or below 3. `opened` counts the doors of all levers together, so that a row without work is seen.
    """
    draw = np.random.default_rng(7)
    profile = Profile(PERSON, _vectors(draw, len(seeker_texts(PERSON))))
    offered, weights = [_place(draw, number) for number in range(places)], Weights.read()
    match = _milliseconds(lambda: rank(profile, offered, weights), turns)
    all_levers = _milliseconds(lambda: levers(profile, offered, weights), turns)
    opened = sum(len(lever.opens) for lever in levers(profile, offered, weights).levers)
    return {"places": places, "opened": opened, "match_ms": match, "levers_ms": all_levers, "ratio": all_levers / match}


def _place(draw: np.random.Generator, number: int) -> Place:
    low = float(draw.choice([4, 12, 16, 24, 32]))
    work = Opportunity(
        f"o{number:05}",
        LADDER[draw.integers(len(LADDER))],
        "Hulp in de keuken",
        tasks=TASKS,
        position=Position(51.965 + draw.normal() / 10, 6.289 + draw.normal() / 10),
        hours_min=low,
        hours_max=low + 8,
        dayparts=frozenset(draw.choice(DAYPARTS, 9, replace=False).tolist()),
        language_min=LanguageLevels(list(Level)[draw.integers(4)]),
        licences=LICENCES[draw.integers(len(LICENCES))],
    )
    return Place(work, _vectors(draw, len(opportunity_texts(work))))


def _vectors(draw: np.random.Generator, count: int) -> Vectors:
    """Unit vectors about one direction, as close to each other as real sentences of one kind of work (cosine about .6)."""
    vectors = draw.normal(size=(count, DIMENSION)) * 0.8 / DIMENSION**0.5
    vectors[:, 0] += 1
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _milliseconds(work: Callable[[], object], turns: int) -> float:
    def once() -> float:
        start = perf_counter()
        work()
        return (perf_counter() - start) * 1000

    return median(once() for _ in range(turns))


if __name__ == "__main__":
    print(" ".join(f"{name}={value:.2f}" for name, value in levers_row().items()))
