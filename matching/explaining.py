"""Puts a person's own sentences beside the tasks, needs and offers they support, and names what is still to come."""

from collections.abc import Iterable, Iterator

import numpy as np

from matching.model import AskedFor, Evidence, Gap, Match, Opportunity, State
from matching.practical import distance_between, practical_fit
from matching.scoring import Scores, Weights
from matching.vectors import Places, Profile, Vectors

MOST_REASONS = 4
WORTH_SAYING = 0.65
"""Strength from which a pair of sentences is shown: about twice as likely as not that the one supports the other."""

COMES_NEAR = 0.4
"""Strength from which a pair may be shown, as one that comes near, when there is nothing stronger."""


class Explainer:
    """Explains the pairs of one person with places, from scores that were made already."""

    def __init__(self, profile: Profile, places: Places, scores: Scores, weights: Weights) -> None:
        self._profile, self._places, self._scores = profile, places, scores
        self._tasks = _best_statements(profile, scores.task_support, weights)
        self._needs = _best_statements(profile, _need_support(profile, scores, places), weights)
        self._purpose = strengths(scores.purpose_support, weights)

    def explain(self, number: int, band: int) -> Match:
        """Place `number`, in this ability band."""
        opportunity, seeker = self._places.opportunities[number], self._profile.seeker
        needs = self._needs[self._places.need_rows(number)]
        evidence = [
            *_evidence(self._tasks[self._places.task_rows(number)], opportunity.tasks or (opportunity.title,), AskedFor.TASK),
            *_evidence(needs, [need.text for need in opportunity.needs], AskedFor.NEED),
        ]
        return Match(
            seeker_id=seeker.id,
            opportunity=opportunity,
            ability=float(self._scores.ability[number]),
            motivation=float(self._scores.motivation[number]),
            score=float(self._scores.order[number]),
            band=band,
            practical=practical_fit(seeker, opportunity),
            evidence=_strongest(evidence, self._motive(number)),
            gaps=tuple(_gaps(opportunity, needs)),
            distance_km=distance_between(seeker, opportunity),
        )

    def _motive(self, number: int) -> list[Evidence]:
        """What moves the person most strongly beside what the place offers or is for; empty where one of them is not told."""
        motivations, opportunity = self._profile.seeker.motivations, self._places.opportunities[number]
        parts = [(part, text) for part, text in enumerate((opportunity.offers, opportunity.summary)) if text]
        told = [
            Evidence(motivation, text, AskedFor.OFFER, float(self._purpose[part, row, number]))
            for part, text in parts
            for row, motivation in enumerate(motivations)
        ]
        return [max(told, key=lambda one: one.strength)] if told else []


def strengths(cosines: Vectors, weights: Weights) -> Vectors:
    """Probabilities that sentences support one another, from their cosines (any shape)."""
    return np.asarray(weights.evidence.probability({"cosine": np.asarray(cosines, np.float64)}), np.float32)


def _best_statements(profile: Profile, cosines: Vectors, weights: Weights) -> list[tuple[str, float]]:
    """For each asked sentence (column) the statement that supports it most, with its strength."""
    statements = profile.seeker.abilities + profile.seeker.learning
    if not statements:
        return [("", 0.0)] * cosines.shape[1]
    best = cosines.argmax(axis=0)
    values = strengths(cosines.max(axis=0), weights)
    return [(statements[row], value) for row, value in zip(best.tolist(), values.tolist(), strict=True)]


def _evidence(best: Iterable[tuple[str, float]], asked: Iterable[str], part: AskedFor) -> list[Evidence]:
    pairs = zip(best, asked, strict=True)
    return [Evidence(statement, text, part, strength) for (statement, strength), text in pairs if statement]


def _strongest(work: list[Evidence], motive: list[Evidence]) -> tuple[Evidence, ...]:
    """The strongest about the work, then the motive; where nothing is worth saying, the one thing that comes near."""
    ordered = sorted(work, key=lambda one: (-one.strength, one.asked, one.statement))
    worth = [one for one in ordered if one.strength >= WORTH_SAYING][:MOST_REASONS]
    worth += [one for one in motive if one.strength >= WORTH_SAYING]
    near = [one for one in (*ordered, *motive) if one.strength >= COMES_NEAR]
    return tuple(worth or near[:1])


def _gaps(opportunity: Opportunity, needs: Iterable[tuple[str, float]]) -> Iterator[Gap]:
    for need, (_, strength) in zip(opportunity.needs, needs, strict=True):
        if strength < WORTH_SAYING:
            yield Gap(need.text, State.TO_LEARN if need.learnable else State.BLOCKING, need.must)


def _need_support(profile: Profile, scores: Scores, places: Places) -> Vectors:
    """Cosines (a, n); a wish to learn supports only what can be learned there."""
    cosines = scores.need_support.copy()
    fixed = np.array([not need.learnable for opportunity in places.opportunities for need in opportunity.needs], bool)
    cosines[len(profile.seeker.abilities) :, fixed] = -1
    return cosines
