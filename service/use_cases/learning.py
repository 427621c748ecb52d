"""Learning from what became of proposals: taking outcomes over, a challenger beside the champion, and who decides."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import numpy as np
from numpy.typing import NDArray

from matching.caseload import groups_of
from matching.outcomes import (
    FEATURES,
    LEAST_OUTCOMES,
    End,
    Outcomes,
    Verdict,
    declined_sentence,
    declined_together,
    fit,
    has_lasted,
    judge,
    match_features,
    order_from,
)
from matching.phrases import Language
from matching.ranking import match_pair
from matching.scoring import Weights
from service.db import opportunities, outcomes, seekers
from service.errors import BadInput, NotProven
from service.interchange import RowError
from service.outcome_rows import OutcomeRecord, read_outcomes
from service.render import Json

_HELD_OUT = 3
"""People in ten who are never learned from, whichever version: the same ones each time."""


@dataclass
class OutcomeReport:
    """How many rows were taken over, and why the others were not."""

    taken: int = 0
    errors: list[RowError] = field(default_factory=list)


async def import_outcomes(pool: asyncpg.Pool, encoder: int, weights: Weights, path: Path) -> OutcomeReport:
    """Takes over a file of outcomes, each with the features of its match as it is now; again: nothing doubles.

    Raises:
        UnusableFile: the file cannot be read.
    """
    report = OutcomeReport()
    for line, record in read_outcomes(path):
        if isinstance(record, list):
            report.errors += record
        elif (features := await _features(pool, encoder, weights, record)) is None:
            report.errors.append(RowError(path.name, line, "", "this person or this place is not known here"))
        else:
            await outcomes.save(pool, record, features)
            report.taken += 1
    return report


async def _features(pool: asyncpg.Pool, encoder: int, weights: Weights, record: OutcomeRecord) -> dict[str, float] | None:
    profile = await seekers.profile(pool, record.seeker_id, encoder)
    place = await opportunities.place(pool, record.opportunity_id, encoder)
    if profile is None or place is None:
        return None
    match = match_pair(profile, place, weights)
    return match_features(match, profile.seeker.support_needs, profile.seeker.max_travel_km)


async def fit_challenger(pool: asyncpg.Pool, shipped: Weights) -> Json:
    """Fits a challenger and compares it with the champion on people whom neither has learned from. Nothing changes yet.

    Raises:
        BadInput: there are too few placements of which is known whether they lasted.
    """
    known = await _known_outcomes(pool)
    held_out = np.array([_is_held_out(person) for person in known.people], bool)
    if len(known) < LEAST_OUTCOMES:
        raise BadInput(f"Of {len(known)} placements is known whether they lasted; learning needs at least {LEAST_OUTCOMES}.")
    version = outcomes.champions(await outcomes.promotions(pool))[-1]
    champion = await outcomes.with_champion(pool, shipped)
    try:
        model = fit(known.where(~held_out))
        order = order_from(model, shipped.order)
        verdict = judge(order, champion.order, known.where(held_out))
    except (ValueError, ZeroDivisionError) as problem:
        raise BadInput("Learning needs placements that lasted and placements that did not, of enough people.") from problem
    fitted_on = int((~held_out).sum())
    await outcomes.add_challenger(pool, version, fitted_on, model, order, _verdict_json(verdict), verdict.passes)
    return await learned(pool, shipped)


async def learned(pool: asyncpg.Pool, shipped: Weights, language: Language = "nl") -> Json:
    """The champion, the newest challenger, who decided what, and what people said by declining."""
    history = await outcomes.promotions(pool)
    champion = outcomes.champions(history)[-1]
    in_use = await outcomes.with_champion(pool, shipped)
    newest = await outcomes.challenger(pool)
    return {
        "outcomes": await outcomes.counts(pool),
        "champion": {"version": champion, "order": _rounded(in_use.order)},
        "challenger": _challenger_json(newest) if newest and newest.version != champion else None,
        "history": [
            {"at": step["at"].isoformat(), "action": step["action"], "version": step["version"], "by": step["by_name"]}
            for step in history
        ],
        "declined": [
            {**asdict(one), "sentence": declined_sentence(one, language)}
            for one in declined_together(await outcomes.declined(pool))
        ],
    }


async def promote(pool: asyncpg.Pool, shipped: Weights, by: str) -> Json:
    """Makes the newest challenger the champion; running servers take it over when they start again.

    Raises:
        BadInput: nobody is named, or there is no challenger.
        NotProven: it is not better than the champion, not for every group, or was compared with another champion.
    """
    name = _named(by)
    async with pool.acquire() as connection, connection.transaction():
        await outcomes.take_turn(connection)
        champion = outcomes.champions(await outcomes.promotions(connection))[-1]
        newest = await outcomes.challenger(connection)
        if newest is None or newest.version == champion:
            raise BadInput("There is no challenger. Make one: passend outcomes fit")
        if not newest.passes:
            raise NotProven(f"Version {newest.version} may not be used: {'; '.join(newest.verdict['reasons'])}.")
        if newest.compared_with != champion:
            raise NotProven(f"Version {newest.version} was compared with another champion. Fit again: passend outcomes fit")
        await outcomes.add_promotion(connection, "promote", newest.version, name)
    return await learned(pool, shipped)


async def rollback(pool: asyncpg.Pool, shipped: Weights, by: str) -> Json:
    """Puts the champion before this one back; before the first one is the order as shipped.

    Raises:
        BadInput: nobody is named, or the order is as shipped.
    """
    name = _named(by)
    async with pool.acquire() as connection, connection.transaction():
        await outcomes.take_turn(connection)
        stack = outcomes.champions(await outcomes.promotions(connection))
        if len(stack) == 1:
            raise BadInput("The order is as shipped: there is nothing to roll back.")
        await outcomes.add_promotion(connection, "rollback", stack[-2], name)
    return await learned(pool, shipped)


async def _known_outcomes(pool: asyncpg.Pool) -> Outcomes:
    """Placements of which is known whether they lasted."""
    rows = [(row, has_lasted(row["lasted_months"], _end(row["ended"]))) for row in await outcomes.placed(pool)]
    known = [(row, lasted) for row, lasted in rows if lasted is not None]
    groups = {seeker.id: groups_of(seeker) for seeker in await seekers.everyone(pool)}
    people = [row["seeker_id"] for row, _ in known]
    kinds = sorted({kind for person in people for kind in groups[person]})
    return Outcomes(
        features={name: np.array([row["features"][name] for row, _ in known], np.float64) for name in FEATURES},
        lasted=np.array([lasted for _, lasted in known], bool),
        people=_texts(people),
        groups={kind: _texts([groups[person][kind] for person in people]) for kind in kinds},
    )


def _texts(values: list[str]) -> NDArray[np.str_]:
    return np.array(values, np.str_)


def _end(value: str | None) -> End | None:
    return End(value) if value else None


def _is_held_out(person: str) -> bool:
    return hashlib.sha256(person.encode()).digest()[0] % 10 < _HELD_OUT


def _named(by: str) -> str:
    if len(by.strip()) < 2:
        raise BadInput("Say who decides: --by NAME")
    return by.strip()


def _verdict_json(verdict: Verdict) -> Json:
    worse = [f"{check.kind} {check.group}" for check in verdict.groups if not check.passes]
    checks = {
        "it is not better than the champion on people it has not seen": verdict.gain.low > 0,
        "it is not better than chance": verdict.above_chance > 0.5,
        f"it is worse for {', '.join(worse)}": not worse,
    }
    groups = [{**asdict(check), "passes": check.passes} for check in verdict.groups]
    return {**asdict(verdict), "groups": groups, "reasons": [reason for reason, holds in checks.items() if not holds]}


def _challenger_json(one: outcomes.Challenger) -> Json:
    return {
        "version": one.version,
        "made_at": one.made_at.isoformat(),
        "compared_with": one.compared_with,
        "fitted_on": one.fitted_on,
        "importance": _rounded(one.model.coefficients),
        "order": _rounded(one.order_parts),
        "verdict": dict(one.verdict),
        "passes": one.passes,
    }


def _rounded(values: Mapping[str, Any]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in sorted(values.items(), key=lambda item: -abs(item[1]))}
