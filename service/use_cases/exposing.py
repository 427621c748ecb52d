"""Who is seen among the first ten of places, who never is, and what a round with turns would change."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from matching.caseload import by_place
from matching.exposure import SMALLEST, TOP, TURNS, appearances, by_group, in_turn, never
from matching.scoring import Weights
from service.area import EVERYWHERE, Area
from service.db import receipts
from service.db.connect import Connection
from service.render import Json
from service.use_cases.caseload import Caseload, caseload


@dataclass(frozen=True)
class Period:
    """From `since` up to `until`, both with a timezone."""

    since: datetime
    until: datetime


async def exposure(
    connection: Connection,
    encoder: int,
    weights: Weights,
    period: Period | None = None,
    area: Area = EVERYWHERE,
    turns: int = TURNS,
) -> Json:
    """How often each person that who asks may see is among the first ten of a place.

    Args:
        period: counts the lists of candidates that were really asked for in it; without, one list for every free place now.
        turns: how many of the first ten a turn may take in the round that is compared with.
    """
    everyone = await caseload(connection, encoder, weights, area)
    shown = await receipts.candidate_lists(connection, period.since, period.until) if period else None
    return await asyncio.to_thread(_exposed, everyone, shown, turns)


def _exposed(everyone: Caseload, shown: Sequence[Sequence[str]] | None, turns: int) -> Json:
    people = [seeker.id for seeker in everyone.seekers]
    places = by_place(everyone.pairs)
    lists = [[pair.person for pair in ranked] for ranked in places.values()] if shown is None else shown
    seen = appearances(people, lists)
    turned = [[pair.person for pair in ranked] for ranked in in_turn(places, seen, turns).values()]
    again = appearances(never(seen), [[pair.person for pair in ranked] for ranked in places.values()])
    return {
        "lists": len(lists),
        "top": TOP,
        "people": len(people),
        "never": never(seen),
        "seen": dict(sorted(seen.items())),
        "smallest_group": SMALLEST,
        "groups": [asdict(group) for group in by_group(everyone.seekers, seen)],
        "next_round": {
            "turns": turns,
            "never_as_now": len(never(again)),
            "never_with_turns": len(never(appearances(never(seen), turned))),
        },
    }
