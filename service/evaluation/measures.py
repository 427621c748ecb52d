"""Standard measures of a ranking, with bootstrap intervals.

nDCG, reciprocal rank, recall and precision come from trec_eval (Buckley; through `pytrec-eval-terrier`); nDCG has the gain
2^grade - 1 (Burges et al. 2005). Intervals are percentile bootstraps over people (Efron 1979).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pytrec_eval
from numpy.typing import NDArray

from service.evaluation.judged_set import JudgedSet, Judgements

RELEVANT = 2
DEPTH = 10
_RESAMPLES = 2_000
_SEED = 20

Rankings = Mapping[str, Sequence[str]]
"""Ids of places, best first, by person."""


@dataclass(frozen=True)
class Interval:
    """A mean with its 95% bootstrap interval."""

    mean: float
    low: float
    high: float


def per_person(rankings: Rankings, judged: JudgedSet) -> dict[str, dict[str, float]]:
    """Each measure for each person who has a judgement.

    Returns:
        By measure (`ndcg@10`, `mrr`, `recall@10`, `p@5`) the value by person.
    """
    people = [seeker.id for seeker in judged.seekers if judged.judgements.get(seeker.id)]
    run = {person: _as_scores(rankings.get(person, ())) for person in people}
    gains = _judgements(judged, people, lambda grade: 2**grade - 1)
    relevant = _judgements(judged, people, lambda grade: int(grade >= RELEVANT))
    graded = pytrec_eval.RelevanceEvaluator(gains, {f"ndcg_cut.{DEPTH}"}).evaluate(run)
    binary = pytrec_eval.RelevanceEvaluator(relevant, {"recip_rank", f"recall.{DEPTH}", "P.5"}).evaluate(run)
    return {
        "ndcg@10": {person: graded[person][f"ndcg_cut_{DEPTH}"] for person in people},
        "mrr": {person: binary[person]["recip_rank"] for person in people},
        "recall@10": {person: binary[person][f"recall_{DEPTH}"] for person in people},
        "p@5": {person: binary[person]["P_5"] for person in people},
    }


def fallback_first(rankings: Rankings, judged: JudgedSet) -> float | None:
    """Share of the people in `fallback.txt` whose first place is in their list; None when there are none."""
    people = [seeker.id for seeker in judged.seekers if seeker.id in judged.fallback]
    if not people:
        return None
    first = [rankings[person][0] if rankings.get(person) else "" for person in people]
    return float(np.mean([place in judged.fallback[person] for person, place in zip(people, first, strict=True)]))


def coverage(rankings: Rankings, judged: JudgedSet) -> float:
    """Share of people with at least one suggestion."""
    return float(np.mean([bool(rankings.get(seeker.id)) for seeker in judged.seekers]))


def interval(values: Sequence[float]) -> Interval:
    """Mean and 95% interval of a value per person."""
    return _bootstrap(np.asarray(values, np.float64))


def paired_difference(one: Mapping[str, float], other: Mapping[str, float]) -> Interval:
    """How much higher `one` is than `other`, over the same people, with its 95% interval."""
    return _bootstrap(np.array([one[person] - other[person] for person in one]))


def _bootstrap(values: NDArray[np.float64]) -> Interval:
    if not len(values):
        return Interval(0.0, 0.0, 0.0)
    draws = np.random.default_rng(_SEED).integers(0, len(values), (_RESAMPLES, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    return Interval(float(values.mean()), float(low), float(high))


def _as_scores(ranking: Sequence[str]) -> dict[str, float]:
    return {place: float(-position) for position, place in enumerate(ranking)} or {"": 0.0}


def _judgements(judged: JudgedSet, people: Sequence[str], value: Callable[[int], int]) -> Judgements:
    return {person: {place: value(grade) for place, grade in judged.judgements[person].items()} for person in people}
