"""Puts a person's own sentences beside the tasks, needs and offers they support, and names what is still to come."""

from collections.abc import Iterable

import numpy as np

from matching.model import AskedFor, Evidence, Gap, Match, Outcome, State
from matching.practical import distance_between
from matching.scoring import Scores, Weights
from matching.vectors import Places, Profile, Vectors

MOST_REASONS = 4
WORTH_SAYING = 0.65
"""Strength from which a pair of sentences is shown: about twice as likely as not that the one supports the other."""

COMES_NEAR = 0.4
"""Strength from which a pair may be shown, as one that comes near, when there is nothing stronger."""


def explain_pair(
    profile: Profile,
    places: Places,
    scores: Scores,
    number: int,
    practical: tuple[Outcome, ...],
    band: int,
    weights: Weights,
) -> Match:
    """Explains place `number` of `places` for this person, from scores that were made already."""
    opportunity = places.opportunities[number]
    tasks = _best_statements(profile, scores.task_support[:, places.task_rows(number)], weights)
    needs = _best_statements(profile, _need_support(profile, scores, places, number), weights)
    task_texts = opportunity.tasks or (opportunity.title,)
    evidence = [
        *_evidence(tasks, task_texts, AskedFor.TASK),
        *_evidence(needs, [need.text for need in opportunity.needs], AskedFor.NEED),
    ]
    gaps = tuple(
        Gap(need.text, State.TO_LEARN if need.learnable else State.BLOCKING, need.must)
        for need, (_, strength) in zip(opportunity.needs, needs, strict=True)
        if strength < WORTH_SAYING
    )
    return Match(
        seeker_id=profile.seeker.id,
        opportunity=opportunity,
        ability=float(scores.ability[number]),
        motivation=float(scores.motivation[number]),
        score=float(scores.order[number]),
        band=band,
        practical=practical,
        evidence=_strongest(evidence, _motive(profile, scores, places, number, weights)),
        gaps=gaps,
        distance_km=distance_between(profile.seeker, opportunity),
    )


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
    return [(statements[row], float(value)) for row, value in zip(best, values, strict=True)]


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


def _motive(profile: Profile, scores: Scores, places: Places, number: int, weights: Weights) -> list[Evidence]:
    """What moves the person most strongly beside what the place offers or is for; empty where one of them is not told."""
    motivations, opportunity = profile.seeker.motivations, places.opportunities[number]
    parts = [(part, text) for part, text in enumerate((opportunity.offers, opportunity.summary)) if text]
    told = [
        Evidence(motivation, text, AskedFor.OFFER, float(strengths(scores.purpose_support[part, row, number], weights)))
        for part, text in parts
        for row, motivation in enumerate(motivations)
    ]
    return [max(told, key=lambda one: one.strength)] if told else []


def _need_support(profile: Profile, scores: Scores, places: Places, number: int) -> Vectors:
    """Cosines (a, needs); a wish to learn supports only what can be learned there."""
    cosines = scores.need_support[:, places.need_rows(number)].copy()
    fixed = [column for column, need in enumerate(places.opportunities[number].needs) if not need.learnable]
    cosines[np.ix_(range(len(profile.seeker.abilities), len(cosines)), fixed)] = -1
    return cosines
