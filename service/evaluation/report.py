"""The report of `passend evaluate`: every system, with intervals and paired differences."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from embeddings.encoder import Encoder
from matching.scoring import Weights
from service.evaluation import systems
from service.evaluation.judged_set import JudgedSet
from service.evaluation.measures import DEPTH, coverage, fallback_first, interval, paired_difference, per_person

Json = dict[str, Any]


def evaluate(judged: JudgedSet, adapted: Encoder, plain: Encoder, weights: Weights, names: Sequence[str]) -> Json:
    """Runs the named systems and reports them in the form of docs/evaluation.md.

    Raises:
        KeyError: there is no system of that name.
    """
    rows: dict[str, Json] = {}
    values: dict[str, dict[str, float]] = {}
    for name in names:
        timed = systems.run(name, judged, adapted, plain, weights)
        by_measure = per_person(timed.rankings, judged)
        values[name] = by_measure["ndcg@10"]
        intervals = {measure: interval(list(of.values())) for measure, of in by_measure.items()}
        rows[name] = {
            **{measure: one.mean for measure, one in intervals.items()},
            "coverage": coverage(timed.rankings, judged),
            "practical_violations": _violations(timed.rankings, judged),
            "fallback_first": fallback_first(timed.rankings, judged),
            "ms_per_person": timed.ms_per_person,
            "intervals": {measure: [one.low, one.high] for measure, one in intervals.items()},
        }
    return {
        "systems": {name: row for name, row in rows.items() if name not in systems.ABLATIONS},
        "ablations": {name: row for name, row in rows.items() if name in systems.ABLATIONS},
        "differences": {
            name: asdict(paired_difference(values["passend"], values[name]))
            for name in names
            if name != "passend" and "passend" in values
        },
        "seekers": len(judged.seekers),
        "opportunities": len(judged.opportunities),
    }


def _violations(rankings: dict[str, list[str]], judged: JudgedSet) -> float:
    """Share of the places in the top tens that break a hard limit."""
    places = {place.id: place for place in judged.opportunities}
    broken = [systems.breaks_a_limit(seeker, places[place]) for seeker in judged.seekers for place in rankings[seeker.id][:DEPTH]]
    return float(np.mean(broken)) if broken else 0.0
