"""Fits the weights of the pair score on the tune half of a judged set: linear, non-negative, readable.

Within each person, features and gains are centred, so that only differences between places of the same person count; ridge
regression with non-negative coefficients (Hoerl and Kennard 1970; Lawson and Hanson 1974) orders the places, and a logistic
calibration (Platt 1999) turns that order into a probability that a practitioner would call the place a good proposal.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression, Ridge

from embeddings.encoder import Encoder
from embeddings.lay_sentences import LaySentence
from matching.doubt import Calibration, words
from matching.scoring import ABILITY_FEATURES, MOTIVATION_FEATURES, Logistic, Weights, ability_features, band, motivation_features
from matching.vectors import Place, Places, Profile
from service.evaluation.judged_set import JudgedSet, with_vectors
from service.evaluation.measures import RELEVANT
from service.evaluation.systems import breaks_a_limit

Array = NDArray[np.float64]

_SEED = 20
_TASKS_OF_A_PLACE = 5
_TRAP = 0.25


def fit(tune: JudgedSet, held_out: Sequence[LaySentence], encoder: Encoder, start: Weights, ridge: float = 3.0) -> Weights:
    """Fits ability and motivation on judgements, and evidence on lay sentences that the adapter was not trained on.

    Args:
        start: bands, order and threshold are taken over from these weights.
    """
    profiles, places = with_vectors(tune, encoder)
    rows = [_Rows(profile, places, tune) for profile in profiles]
    return replace(
        start,
        ability=_fitted(rows, ABILITY_FEATURES, ridge),
        motivation=_fitted(rows, MOTIVATION_FEATURES, ridge),
        evidence=fit_evidence(held_out, encoder),
    )


def calibrate(tune: JudgedSet, encoder: Encoder, weights: Weights) -> Calibration:
    """Counts what the weights were fitted on, for `matching.doubt`: pairs and good ones in each ability band."""
    profiles, places = with_vectors(tune, encoder)
    rows = [_Rows(profile, places, tune) for profile in profiles]
    ability = np.concatenate([weights.ability.probability(row.features) for row in rows])
    bands = np.array([band(float(one), weights) for one in ability])
    good = np.concatenate([row.grades >= RELEVANT for row in rows])
    told = [words(profile.seeker.abilities + profile.seeker.learning) for profile in profiles]
    count = len(weights.bands) + 1
    return Calibration(
        weights=weights.version,
        sentence_words=(floor(min(told)), ceil(max(told))),
        pairs=tuple(np.bincount(bands, minlength=count).tolist()),
        good=tuple(np.bincount(bands[good], minlength=count).tolist()),
    )


def fit_evidence(sentences: Sequence[LaySentence], encoder: Encoder) -> Logistic:
    """Cosine of what someone says and what a place asks, to the probability that the one supports the other.

    A sentence with its own task is support. With the nearest of a few tasks of other work it is not: a place has several tasks,
    and the nearest one is what would be shown. Nor with its trap, which counts for a quarter: real lists hold few of them.
    """
    texts = encoder.encode([one.text for one in sentences])
    tasks = encoder.encode([one.task for one in sentences])
    traps = encoder.encode([one.trap or one.task for one in sentences])
    cosines = texts @ tasks.T
    groups = np.array([one.group for one in sentences])
    draw = np.random.default_rng(_SEED)
    unrelated = [
        cosines[number, draw.choice(np.flatnonzero(groups != one.group), _TASKS_OF_A_PLACE, replace=False)].max()
        for number, one in enumerate(sentences)
    ]
    trapped = [float(text @ trap) for text, trap, one in zip(texts, traps, sentences, strict=True) if one.trap]
    other = np.concatenate([unrelated, trapped])
    return _calibrated("cosine", np.diag(cosines), other, np.where(np.arange(len(other)) < len(unrelated), 1.0, _TRAP))


class _Rows:
    """The places that fit one person: features and grades."""

    def __init__(self, profile: Profile, places: Sequence[Place], judged: JudgedSet) -> None:
        kept = [place for place in places if not breaks_a_limit(profile.seeker, place.opportunity)]
        stacked = Places(kept)
        self.features = ability_features(profile, stacked) | motivation_features(profile, stacked)
        grades = judged.judgements.get(profile.seeker.id, {})
        self.grades = np.array([grades.get(place.opportunity.id, 0) for place in kept], np.float64)

    def matrix(self, names: Sequence[str]) -> Array:
        return np.stack([self.features[name] for name in names], axis=1)


def _fitted(rows: Sequence[_Rows], names: Sequence[str], ridge: float) -> Logistic:
    features = np.concatenate([row.matrix(names) - row.matrix(names).mean(axis=0) for row in rows])
    gains = np.concatenate([2**row.grades - 1 - (2**row.grades - 1).mean() for row in rows])
    scale = features.std(axis=0) + 1e-9
    linear = Ridge(alpha=ridge * len(rows), positive=True, fit_intercept=False).fit(features / scale, gains)
    coefficients = linear.coef_ / scale
    scores = np.concatenate([row.matrix(names) @ coefficients for row in rows])
    relevant = np.concatenate([row.grades >= RELEVANT for row in rows])
    one = _calibrated("score", scores[relevant], scores[~relevant])
    slope = one.coefficients["score"]
    kept = {name: float(slope * value) for name, value in zip(names, coefficients, strict=True) if value > 0}
    return Logistic(one.intercept, kept)


def _calibrated(name: str, supported: Array, other: Array, weight: Array | None = None) -> Logistic:
    """A logistic curve between two groups; with `weight` of each of `other`, both groups count the same in all."""
    values = np.concatenate([supported, other])[:, None]
    labels = np.concatenate([np.ones(len(supported)), np.zeros(len(other))])
    counts = np.ones(len(labels))
    if weight is not None:
        counts[len(supported) :] = weight * len(supported) / weight.sum()
    scale = values.std()
    model = LogisticRegression(C=1e4).fit(values / scale, labels, counts)
    return Logistic(float(model.intercept_[0]), {name: float(model.coef_[0, 0] / scale)})
