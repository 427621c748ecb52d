"""Learns from what became of proposals whether a placement will last: monotone, readable, and judged before anyone may use it.

A logistic model whose coefficients for what we want more of cannot be negative (bounded maximum likelihood, L-BFGS-B: Byrd et al.
1995, SIAM J. Sci. Comput. 16:1190). It knows the match alone: never who the person is, who pays, or what others chose.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import rankdata

from matching.model import LADDER, Match, Support
from matching.phrases import CASELOAD, COUNTS, DECLINED, Language
from matching.practical import TOLERANCE_KM
from matching.scoring import Logistic

Array = NDArray[np.float64]

MORE_IS_BETTER = ("ability", "motivation", "nearness", "lightness", "support_covered")
FEATURES = (*MORE_IS_BETTER, "rung")
"""The rung is a correction without a fixed direction: rungs differ in how long a place is meant to last."""

LASTING_MONTHS = 6
LEAST_OUTCOMES = 100
LEAST_OF_GROUP = 20
"""Lasting, and as many not lasting, that a group needs before anything is said of it."""

WORSE = 0.05
"""How much lower a challenger may order one group before it is held back; smaller differences are noise."""

_RIDGE = 1.0
_RESAMPLES = 300
_SEED = 20


class End(StrEnum):
    """How a placement came to an end; who stepped up did not stop."""

    STEPPED_UP = "stepped_up"
    STOPPED = "stopped"


def has_lasted(months: float | None, end: End | None) -> bool | None:
    """Whether a placement lasted (`LASTING_MONTHS`, or left for a higher rung); None when that is not known yet."""
    if end is End.STEPPED_UP or (months or 0) >= LASTING_MONTHS:
        return True
    return False if end is End.STOPPED and months is not None else None


def match_features(match: Match, support_needs: frozenset[Support], max_travel_km: float) -> dict[str, float]:
    """The features of one match, each between 0 and 1; a distance that is not known counts as halfway."""
    distance, place = match.distance_km, match.opportunity
    return {
        "ability": match.ability,
        "motivation": match.motivation,
        "nearness": 0.5 if distance is None else max(0.0, 1 - distance / (max_travel_km + TOLERANCE_KM)),
        "lightness": 1 - len(place.support) / len(Support),
        "support_covered": len(support_needs & place.support) / len(support_needs) if support_needs else 1.0,
        "rung": 1 - place.kind.depth / (len(LADDER) - 1),
    }


@dataclass(frozen=True)
class Outcomes:
    """What became of n placements.

    Attributes:
        features: arrays (n,) by name, see `FEATURES`.
        lasted: booleans (n,).
        people: code of the person of each (n,).
        groups: by kind of group, the group of each person (n,); for checking only, never a feature.
    """

    features: Mapping[str, Array]
    lasted: NDArray[np.bool_]
    people: NDArray[np.str_]
    groups: Mapping[str, NDArray[np.str_]]

    def __len__(self) -> int:
        return len(self.lasted)

    def where(self, chosen: NDArray[np.bool_]) -> "Outcomes":
        """The outcomes that a mask (n,) points at."""
        return Outcomes(
            {name: values[chosen] for name, values in self.features.items()},
            self.lasted[chosen],
            self.people[chosen],
            {kind: values[chosen] for kind, values in self.groups.items()},
        )


def fit(outcomes: Outcomes) -> Logistic:
    """The model that explains the outcomes best, with no coefficient of `MORE_IS_BETTER` below 0.

    Raises:
        ValueError: all placements lasted, or none did.
    """
    if outcomes.lasted.all() or not outcomes.lasted.any():
        raise ValueError("placements that lasted and placements that did not are both needed")
    table = np.column_stack([np.ones(len(outcomes)), *(outcomes.features[name] for name in FEATURES)])
    signs = np.where(outcomes.lasted, 1.0, -1.0)

    def loss(weights: Array) -> tuple[float, Array]:
        margins = signs * (table @ weights)
        pull = np.append(0.0, weights[1:]) * _RIDGE
        slope = -(signs / (1 + np.exp(margins))) @ table
        return float(np.logaddexp(0, -margins).sum() + pull @ weights / 2), slope + pull

    bounds = [(None, None), *((0, None) if name in MORE_IS_BETTER else (None, None) for name in FEATURES)]
    found = minimize(loss, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x.tolist()
    return Logistic(found[0], dict(zip(FEATURES, found[1:], strict=True)))


def order_from(model: Logistic, shipped: Mapping[str, float]) -> dict[str, float]:
    """The model as `Weights.order`: its parts in their own proportion, on the scale of the shipped ones.

    So it decides inside an ability band and rung, and nowhere else. A model without any part leaves the order as shipped.
    """
    parts = {name: model.coefficients[name] for name in shipped if name in model.coefficients}
    total = sum(parts.values())
    if not total:
        return dict(shipped)
    scale = sum(shipped[name] for name in parts) / total
    return {**shipped, **{name: value * scale for name, value in parts.items()}}


@dataclass(frozen=True)
class Gain:
    """How much better a challenger orders than the champion: difference in AUC (1 = perfect order, .5 = chance), with 95%."""

    champion: float
    challenger: float
    low: float
    high: float


@dataclass(frozen=True)
class GroupCheck:
    """The same for one group; `gain` is None where the group is too small to say."""

    kind: str
    group: str
    gain: Gain | None

    @property
    def passes(self) -> bool:
        """The group is not ordered worse than before."""
        return self.gain is None or self.gain.challenger >= self.gain.champion - WORSE


@dataclass(frozen=True)
class Verdict:
    """Whether a challenger may take the champion's place, on outcomes that neither has seen.

    Attributes:
        above_chance: lower bound (95%) of the challenger's AUC.
    """

    held_out: int
    gain: Gain
    above_chance: float
    groups: tuple[GroupCheck, ...]

    @property
    def passes(self) -> bool:
        """Better than the champion and than chance, and no group worse off."""
        return self.gain.low > 0 and self.above_chance > 0.5 and all(check.passes for check in self.groups)


def judge(challenger: Mapping[str, float], champion: Mapping[str, float], held_out: Outcomes) -> Verdict:
    """Compares two orders (parts of `Weights.order`) on held-out outcomes; resamples people, not placements.

    Raises:
        ValueError: all held-out placements lasted, or none did.
    """
    scores = [ordering(order, held_out) for order in (champion, challenger)]
    gain, lows = _gain(held_out, *scores)
    checks = [
        GroupCheck(kind, str(group), _group_gain(held_out, values == group, *scores))
        for kind, values in sorted(held_out.groups.items())
        for group in np.unique(values)
    ]
    return Verdict(len(held_out), gain, lows, tuple(checks))


def ordering(order: Mapping[str, float], outcomes: Outcomes) -> Array:
    """Order scores (n,) of the placements by the parts of an order that are features; higher comes first."""
    total: Array = np.zeros(len(outcomes))
    for name, weight in order.items():
        if name in outcomes.features:
            total = total + weight * outcomes.features[name]
    return total


@dataclass(frozen=True)
class Declined:
    """One person who chose another way than a place, and why."""

    person: str
    organisation: str
    reason: str


@dataclass(frozen=True)
class DeclinedTogether:
    """How many people declined an organisation for one reason."""

    organisation: str
    reason: str
    people: int


def declined_together(declines: Iterable[Declined], least: int = 3) -> list[DeclinedTogether]:
    """Reasons that at least `least` people gave about one organisation, most people first. Goes to a person, not to a score."""
    people: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in declines:
        if one.reason in DECLINED and one.organisation:
            people[one.organisation, one.reason].add(one.person)
    found = [DeclinedTogether(*key, len(who)) for key, who in people.items() if len(who) >= least]
    return sorted(found, key=lambda one: (-one.people, one.organisation, one.reason))


def declined_sentence(one: DeclinedTogether, language: Language = "nl") -> str:
    """What people said by declining, for the client manager."""
    words = COUNTS[language].split()
    count = words[one.people] if one.people < len(words) else str(one.people)
    reason = DECLINED[one.reason][language]
    return CASELOAD["declined_together"][language].format(Count=count.capitalize(), organisation=one.organisation, reason=reason)


def _gain(outcomes: Outcomes, champion: Array, challenger: Array) -> tuple[Gain, float]:
    pairs = np.array(
        [[_auc(outcomes.lasted[rows], scores[rows]) for scores in (champion, challenger)] for rows in _drawn(outcomes)]
    )
    low, high = np.percentile(pairs[:, 1] - pairs[:, 0], [2.5, 97.5])
    whole = [_auc(outcomes.lasted, scores) for scores in (champion, challenger)]
    return Gain(whole[0], whole[1], float(low), float(high)), float(np.percentile(pairs[:, 1], 2.5))


def _group_gain(outcomes: Outcomes, members: NDArray[np.bool_], champion: Array, challenger: Array) -> Gain | None:
    lasted = outcomes.lasted[members]
    if min(lasted.sum(), (~lasted).sum()) < LEAST_OF_GROUP:
        return None
    return _gain(outcomes.where(members), champion[members], challenger[members])[0]


def _drawn(outcomes: Outcomes) -> Sequence[NDArray[np.int64]]:
    """Rows of each bootstrap sample of people; samples in which all lasted, or none, say nothing and are left out."""
    people, owner = np.unique(outcomes.people, return_inverse=True)
    rows_of = np.split(np.argsort(owner, kind="stable"), np.cumsum(np.bincount(owner))[:-1])
    draw = np.random.default_rng(_SEED)
    samples = [np.concatenate([rows_of[one] for one in draw.integers(0, len(people), len(people))]) for _ in range(_RESAMPLES)]
    return [rows for rows in samples if 0 < outcomes.lasted[rows].sum() < len(rows)]


def _auc(lasted: NDArray[np.bool_], scores: Array) -> float:
    """Chance that one that lasted stands above one that did not: area under the ROC curve (Mann and Whitney 1947)."""
    yes = int(lasted.sum())
    return float((rankdata(scores)[lasted].sum() - yes * (yes + 1) / 2) / (yes * (len(lasted) - yes)))
