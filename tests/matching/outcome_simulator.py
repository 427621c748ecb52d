"""A made-up region where we know what makes a placement last: does learning from outcomes find it, and do no harm?"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from matching.outcomes import FEATURES, Outcomes, ordering

TRUTH = {"motivation": 4.0, "nearness": 2.5, "ability": 1.5, "support_covered": 1.0, "lightness": 0.6, "rung": -0.3}
"""What makes a placement last here, most important first; the shipped order weighs ability most and nearness hardly."""

OUTCOMES_PER_PERSON = 2
Answers = Callable[[Mapping[str, NDArray[np.float64]], NDArray[np.float64], np.random.Generator], NDArray[np.bool_]]
"""Features, the true chance to last, and chance itself: what is written down as the outcome."""


def honest(_: object, chance: NDArray[np.float64], draw: np.random.Generator) -> NDArray[np.bool_]:
    return np.asarray(draw.random(len(chance)) < chance)


def noise(_: object, chance: NDArray[np.float64], draw: np.random.Generator) -> NDArray[np.bool_]:
    """Outcomes that have nothing to do with the match."""
    return np.asarray(draw.random(len(chance)) < 0.5)


def reversed_answers(
    features: Mapping[str, NDArray[np.float64]], chance: NDArray[np.float64], draw: np.random.Generator
) -> NDArray[np.bool_]:
    """Someone writes down the opposite every time."""
    return ~honest(features, chance, draw)


def partly_against_nearness(
    features: Mapping[str, NDArray[np.float64]], chance: NDArray[np.float64], draw: np.random.Generator
) -> NDArray[np.bool_]:
    """Three in ten outcomes are made up, so that only what is far seems to last."""
    made_up = draw.random(len(chance)) < 0.3
    return np.where(made_up, features["nearness"] < 0.5, honest(features, chance, draw))


def simulate(count: int, answers: Answers, seed: int) -> Outcomes:
    """Placements with their outcome; motivated people also tend to be able, as in real life."""
    draw = np.random.default_rng(seed)
    features = _matches(count, draw)
    people = np.array([f"s{number // OUTCOMES_PER_PERSON:05}" for number in range(count)])
    groups = {"language": draw.choice(["A1", "A2", "B1"], count), "reach": draw.choice(["near", "far"], count)}
    return Outcomes(features, answers(features, true_chance(features), draw), people, groups)


def true_chance(features: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    total = sum(weight * (features[name] - 0.5) for name, weight in TRUTH.items())
    return np.asarray(1 / (1 + np.exp(-total)))


def lasting_share(order: Mapping[str, float], seed: int, people: int = 2_000, choices: int = 8) -> float:
    """True chance that a placement lasts when each person goes to the first by `order` of places in one band and rung."""
    draw = np.random.default_rng(seed)
    options = _matches(people * choices, draw)
    scores = ordering(order, Outcomes(options, np.zeros(people * choices, bool), np.zeros(people * choices, str), {}))
    first = scores.reshape(people, choices).argmax(axis=1)
    return float(true_chance(options).reshape(people, choices)[np.arange(people), first].mean())


def _matches(count: int, draw: np.random.Generator) -> dict[str, NDArray[np.float64]]:
    values = {name: draw.random(count) for name in FEATURES}
    values["motivation"] = 0.8 * values["motivation"] + 0.2 * values["ability"]
    return values
