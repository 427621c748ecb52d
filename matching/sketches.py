"""A sketch of each person and place, so that one inner product a pair estimates its scores.

Late interaction compares every sentence with every sentence. Where thousands of places fit practically, that is done for the
promising ones alone: means of sentences stand in for the best of them, as the centroids of PLAID do (Santhanam et al. 2022,
arXiv:2205.09707), and what is promising is then scored in full.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matching.columns import Columns
from matching.model import Support
from matching.scoring import Array, Weights, bands
from matching.vectors import Places, Profile, Vectors

Rows = NDArray[np.int64]
PLACE_PARTS, PERSON_PARTS = 2, 3
"""A sketch is this many vectors long."""

_OF_THE_PARTS = ("title", "tasks", "best_task", "needs")
_OF_THE_WHOLE = ("sentence", "learning")


def place_sketches(places: Places, weights: Weights) -> Vectors:
    """Sketches (p, 2d): the whole text, and the mean of title, tasks and needs, each as heavy as it counts."""
    share = weights.ability.coefficients
    tasks = _means(places.tasks, places.task_starts, places.title)
    needs = _means(places.needs, places.need_starts, tasks, places.emphasis)
    parts = [(places.title, ("title",)), (tasks, ("tasks", "best_task")), (needs, ("needs",))]
    total = sum(vectors * sum(share.get(name, 0.0) for name in names) for vectors, names in parts)
    return np.concatenate([places.whole, total / max(_heaviness(weights), 1e-9)], axis=1).astype(np.float32)


def person_sketch(profile: Profile, weights: Weights) -> Vectors:
    """Sketch (3d,): what meets the whole text and the parts of a place in ability, and its whole text in motivation."""
    share, moved = weights.ability.coefficients, weights.motivation.coefficients
    does = (profile.abilities if len(profile.abilities) else profile.can[None]).mean(axis=0)
    moves = (profile.motivations if len(profile.motivations) else profile.whole[None]).mean(axis=0)
    whole = share.get("whole", 0.0) * profile.whole + share.get("can", 0.0) * profile.can
    whole = whole + sum(share.get(name, 0.0) for name in _OF_THE_WHOLE) * does
    return np.concatenate([whole, _heaviness(weights) * does, sum(moved.values()) * moves]).astype(np.float32)


def queries_for_places(sketch: Vectors) -> Vectors:
    """Queries (2, 2d) of one person: their inner products with sketches of places estimate ability and motivation."""
    whole, parts, moves = np.split(sketch, PERSON_PARTS)
    return np.stack([np.concatenate([whole, parts]), np.concatenate([moves, np.zeros_like(parts)])])


def queries_for_people(sketch: Vectors) -> Vectors:
    """Queries (2, 3d) of one place, for sketches of people."""
    whole, parts = np.split(sketch, PLACE_PARTS)
    nothing = np.zeros_like(whole)
    return np.stack([np.concatenate([whole, parts, nothing]), np.concatenate([nothing, nothing, whole])])


def promising(products: Array, places: Columns, weights: Weights, most: int) -> Rows:
    """Numbers of the pairs that may stand at the top of a list, at most about `most`.

    Those are the first by estimated band (half a band up for doubt), rung and order, and of each rung the ablest.

    Args:
        products: (2, p) inner products of sketches.
        places: one row a pair, or one for all.
    """
    ability = products[0] + weights.ability.intercept
    motivation = weights.motivation.intercept + products[1]
    rung = np.broadcast_to(places.rows["rung"], ability.shape)
    light = -np.bitwise_count(places.rows["support"]).astype(np.float64) / len(Support)
    order = _chance(ability) + weights.order["motivation"] * _chance(motivation) + weights.order["lightness"] * light
    by_list = np.lexsort((-order, rung, bands(_chance(ability + 0.5), weights)))[: most // 2]
    ablest = np.lexsort((-ability, rung))
    place_on_rung = np.arange(len(ablest)) - np.searchsorted(rung[ablest], rung[ablest])
    return np.union1d(by_list, ablest[place_on_rung < max(most // 2 // max(len(np.unique(rung)), 1), 1)])


def _means(vectors: Vectors, starts: Rows, otherwise: Vectors, weights: Array | None = None) -> Vectors:
    """Mean (p, d) of each place's rows, weighted where asked, or what stands in where it has none."""
    shares = np.ones(len(vectors), np.float32) if weights is None else weights.astype(np.float32)
    of_place = csr_array((shares, np.arange(len(vectors)), starts), shape=(len(starts) - 1, len(vectors)))
    total: Array = of_place.sum(axis=1)[:, None]
    return np.where(total > 0, of_place @ vectors / np.maximum(total, 1), otherwise).astype(np.float32)


def _heaviness(weights: Weights) -> float:
    return sum(weights.ability.coefficients.get(name, 0.0) for name in _OF_THE_PARTS)


def _chance(logit: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-logit)))
