"""The pair score: how well a place fits what a person can do, and what moves them.

Late interaction (MaxSim, Khattab and Zaharia 2020, arXiv:2004.12832) on sentences next to the similarity of whole texts;
cosines become probabilities by logistic calibration (Platt 1999). The weights are fitted with `passend fit`, all monotone.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.columns import distances_km
from matching.model import Support
from matching.practical import TOLERANCE_KM
from matching.vectors import Places, Profile, Vectors, cosines

Array = NDArray[np.float64]
ABILITY_FEATURES = ("whole", "can", "title", "sentence", "tasks", "best_task", "needs", "learning")
MOTIVATION_FEATURES = ("purpose", "work")
SHIPPED = Path(__file__).parent / "weights.json"


@dataclass(frozen=True)
class Logistic:
    """A fitted logistic model: intercept and one non-negative coefficient a feature."""

    intercept: float
    coefficients: Mapping[str, float]

    def probability(self, features: Mapping[str, Array]) -> Array:
        """Probabilities in the shape of the features."""
        total: Array = np.asarray(self.intercept, np.float64)
        for name, coefficient in self.coefficients.items():
            total = total + coefficient * features[name]
        return 1 / (1 + np.exp(-total))


@dataclass(frozen=True)
class Weights:
    """Everything that was fitted.

    Attributes:
        bands: lower bounds of the ability bands, strongest first; below the last is one more band.
        evidence: cosine of a statement and a task or need to the probability that the one supports the other.
        order: how ability, motivation, lightness of support and nearness add up inside a band and rung.
        reached: ability from which a rung counts as reached.
    """

    ability: Logistic
    motivation: Logistic
    evidence: Logistic
    order: Mapping[str, float]
    bands: tuple[float, ...]
    reached: float

    @cached_property
    def version(self) -> str:
        """Short digest of all weights, for receipts."""
        import hashlib

        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:12]

    @classmethod
    def read(cls, path: Path = SHIPPED) -> "Weights":
        """Reads weights as `write` wrote them."""
        return cls.of(json.loads(path.read_text()))

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Weights":
        """Weights out of plain data, as `asdict` makes it."""
        models = {name: Logistic(**stored[name]) for name in ("ability", "motivation", "evidence")}
        return cls(**models, order=stored["order"], bands=tuple(stored["bands"]), reached=stored["reached"])

    def write(self, path: Path) -> None:
        """Writes the weights as readable JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")


@dataclass(frozen=True)
class Scores:
    """Scores of one person with p places, and the cosines they came from.

    Attributes:
        ability, motivation, order: arrays (p,).
        task_support, need_support: cosines (a, tasks) and (a, needs) of each ability or learning sentence.
        purpose_support: cosines (2, m, p) of each motivation with what each place offers, and with its summary.
    """

    ability: Array
    motivation: Array
    order: Array
    task_support: Vectors
    need_support: Vectors
    purpose_support: Vectors


def score(profile: Profile, places: Places, weights: Weights) -> Scores:
    """Scores one person with every place; each pair's score depends on that pair alone."""
    statements = np.concatenate([profile.abilities, profile.learning])
    task_support, need_support = cosines(statements, places.tasks), cosines(statements, places.needs)
    purpose_support = np.stack([cosines(profile.motivations, part) for part in (places.offers, places.summary)])
    return Scores(*pair_scores(profile, places, weights), task_support, need_support, purpose_support)


def pair_scores(profile: Profile, places: Places, weights: Weights) -> tuple[Array, Array, Array]:
    """Ability, motivation and order (p,) of one person with every place, without what is needed to explain them."""
    ability = weights.ability.probability(ability_features(profile, places))
    motivation = weights.motivation.probability(motivation_features(profile, places))
    return ability, motivation, _order(profile, ability, motivation, places, weights)


def ability_features(profile: Profile, places: Places) -> dict[str, Array]:
    """Features (p,) of what the person can do or learn, each a cosine; higher is never worse."""
    does = profile.abilities if len(profile.abilities) else profile.can[None]
    per_task = cosines(does, places.tasks).max(axis=0)
    starts = places.task_starts[:-1]
    tasks = np.add.reduceat(per_task, starts) / np.diff(places.task_starts)
    sentence = cosines(does, places.whole).max(axis=0)
    features = {
        "whole": cosines(profile.whole[None], places.whole)[0],
        "can": cosines(profile.can[None], places.whole)[0],
        "title": cosines(does, places.title).max(axis=0),
        "sentence": sentence,
        "tasks": tasks,
        "best_task": np.maximum.reduceat(per_task, starts),
        "needs": _needs(does, places, tasks),
        "learning": _learning(profile, places) if len(profile.learning) else sentence,
    }
    return {name: np.asarray(values, np.float64) for name, values in features.items()}


def motivation_features(profile: Profile, places: Places) -> dict[str, Array]:
    """Features (p,) of what moves the person; where they told nothing of that, the whole profile speaks."""
    moves = profile.motivations if len(profile.motivations) else profile.whole[None]
    purpose = np.maximum(cosines(moves, places.offers), cosines(moves, places.summary)).astype(np.float64)
    return {"purpose": purpose.mean(axis=0), "work": cosines(moves, places.whole).astype(np.float64).mean(axis=0)}


def _needs(does: Vectors, places: Places, otherwise: Array) -> Array:
    """The weighted mean over the needs of a place; a must that cannot be learned there counts twice."""
    result = np.array(otherwise, np.float64)
    asking = np.flatnonzero(np.diff(places.need_starts))
    if len(asking):
        starts = places.need_starts[asking]
        per_need = cosines(does, places.needs).max(axis=0) * places.emphasis
        result[asking] = np.add.reduceat(per_need, starts) / np.add.reduceat(places.emphasis, starts)
    return result


def _learning(profile: Profile, places: Places) -> Array:
    wishes = profile.learning
    return np.asarray(np.maximum(cosines(wishes, places.whole), cosines(wishes, places.title)).max(axis=0), np.float64)


def _order(profile: Profile, ability: Array, motivation: Array, places: Places, weights: Weights) -> Array:
    parts = {
        "ability": ability,
        "motivation": motivation,
        "lightness": -np.bitwise_count(places.practical.rows["support"]).astype(np.float64) / len(Support),
        "nearness": _nearness(profile, places),
    }
    total: Array = np.zeros(len(places))
    for name, values in parts.items():
        total = total + weights.order[name] * values
    return total


def _nearness(profile: Profile, places: Places) -> Array:
    """1 next door, 0 at the limit of how far the person travels; halfway where a position is not known."""
    near = 1 - distances_km(profile.practical, places.practical) / (profile.seeker.max_travel_km + TOLERANCE_KM)
    return np.where(np.isnan(near), 0.5, np.maximum(0.0, near))


def bands(ability: Array, weights: Weights) -> NDArray[np.int64]:
    """Numbers of the ability bands; 0 is the strongest."""
    return np.asarray((np.asarray(ability)[..., None] < np.array(weights.bands)).sum(axis=-1))


def band(ability: float, weights: Weights) -> int:
    """Number of the ability band; 0 is the strongest."""
    return int(bands(np.array(ability), weights))
