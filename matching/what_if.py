"""What-if: which places open and close for one person when something about them changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matching.model import LADDER, Opportunity, Outcome, Rung, Seeker, State
from matching.practical import practical_fit
from matching.scoring import Weights
from matching.standing import Standing, highest, open_places
from matching.vectors import Place, Profile


@dataclass(frozen=True)
class Door:
    """A place that opens or closes.

    Attributes:
        ability: on the side where it is open.
        unmet: the practical rules that are not met on the side where it is closed; empty where only ability decides.
    """

    opportunity: Opportunity
    ability: float
    unmet: tuple[Outcome, ...]


@dataclass(frozen=True)
class OnRung:
    """How many places of one rung are open before and after."""

    rung: Rung
    before: int
    after: int


@dataclass(frozen=True)
class Effect:
    """What a change does. A place is open when it fits practically and its ability reaches the threshold.

    Attributes:
        opens, closes: from the top of the ladder, then by ability.
        rung_before, rung_after: the highest rung with an open place.
    """

    opens: tuple[Door, ...]
    closes: tuple[Door, ...]
    rung_before: Rung | None
    rung_after: Rung | None
    per_rung: tuple[OnRung, ...]


def what_if(before: Profile, after: Profile, places: Sequence[Place], weights: Weights) -> Effect:
    """Compares one person with the same person after a change, sentences included; the same as matching twice."""
    then, now = open_places(before, places, weights), open_places(after, places, weights)
    was, becomes = {int(row) for row in then.fitting}, {int(row) for row in now.fitting}
    open_before, open_after = [then.opportunities[row] for row in was], [now.opportunities[row] for row in becomes]
    return Effect(
        opens=doors(becomes - was, now, before.seeker),
        closes=doors(was - becomes, then, after.seeker),
        rung_before=highest(open_before),
        rung_after=highest(open_after),
        per_rung=_per_rung(open_before, open_after),
    )


def doors(rows: Iterable[int], where_open: Standing, otherwise: Seeker) -> tuple[Door, ...]:
    """Places that are open in `where_open` and closed for `otherwise`, from the top of the ladder, then by ability."""
    found = [door(where_open, row, otherwise) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.opportunity.kind.depth, -one.ability, one.opportunity.id)))


def door(standing: Standing, row: int, otherwise: Seeker) -> Door:
    """One place, with the rules that are not met for `otherwise`."""
    opportunity = standing.opportunities[row]
    unmet = [outcome for outcome in practical_fit(otherwise, opportunity) if outcome.state is not State.MET]
    return Door(opportunity, float(standing.ability[row]), tuple(unmet))


def _per_rung(before: Sequence[Opportunity], after: Sequence[Opportunity]) -> tuple[OnRung, ...]:
    counts = [OnRung(rung, _count(before, rung), _count(after, rung)) for rung in LADDER]
    return tuple(one for one in counts if one.before or one.after)


def _count(places: Sequence[Opportunity], rung: Rung) -> int:
    return sum(place.kind is rung for place in places)
