"""Insights: what came of it per quarter, drawn with the table behind it; and who is seen among the first of places."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from fastapi import APIRouter
from fastapi.responses import Response

from matching.model import Rung
from matching.phrases import RUNGS, Language
from service.pages.rendering import page
from service.pages.visiting import Checkers, Reporters
from service.pages.wording import say
from service.proposals import STATES, State, reason_label
from service.render import Json
from service.use_cases import insights
from service.use_cases.exposing import Period, exposure
from service.use_cases.insights import TOTAL, Number

router = APIRouter(include_in_schema=False)
HIGHEST = 100


@dataclass(frozen=True)
class Bar:
    """One group: `share` of the longest bar, in per cents; no value where it is hidden."""

    label: str
    value: float | None
    share: int


@dataclass(frozen=True)
class Chart:
    """One measure; the total is not drawn."""

    measure: str
    bars: Sequence[Bar]
    total: float | None


@router.get("/insights")
async def of_quarter(visit: Reporters, quarter: str = "") -> Response:
    """Everything that is measured in a quarter."""
    quarters = insights.quarters(datetime.now(UTC).date())
    chosen = quarter or quarters[0]
    found = await insights.numbers(visit.connection, visit.identity.organisation_id, chosen)
    charts = list(_charts(visit.language, found))
    median = next(one.value for one in found if one.measure == "time_to_placement")
    return page(visit, "insights.html", quarters=quarters, quarter=chosen, charts=charts, median=median)


@router.get("/insights/csv")
async def as_csv(visit: Reporters, quarter: str) -> Response:
    """The same as a file."""
    organisation = visit.identity.organisation_id
    found = await insights.numbers(visit.connection, organisation, quarter)
    text = insights.as_csv(str(organisation), quarter, found)
    named = {"Content-Disposition": f"attachment; filename=passend-{quarter}.csv"}
    return Response(text, media_type="text/csv; charset=utf-8", headers=named)


def _charts(language: Language, found: Sequence[Number]) -> Iterator[Chart]:
    for measure, cells in groupby((one for one in found if one.measure != "time_to_placement"), lambda one: one.measure):
        counts = {one.group: one.value for one in cells}
        total = counts.pop(TOTAL)
        longest = max((value for value in counts.values() if value), default=1)
        bars = [
            Bar(_label(language, measure, group), value, round((value or 0) / longest * HIGHEST))
            for group, value in counts.items()
        ]
        yield Chart(measure, bars, total)


def _label(language: Language, measure: str, group: str) -> str:
    if measure == "outflow":
        return RUNGS[Rung(group)][language].capitalize()
    if measure == "lasting":
        return str(getattr(STATES[State(group)], language)).capitalize()
    if measure == "declines":
        return _decline(language, *group.split(": "))
    return say(language, f"insights.group.{measure}.{group}")


def _decline(language: Language, state: str, reason: str) -> str:
    labels = STATES[State(state)], reason_label(State(state), reason)
    return ": ".join(str(getattr(label, language)) for label in labels).capitalize()


@router.get("/exposure")
async def seen(visit: Checkers, of: str = "", since: str = "") -> Response:
    """Who is among the first of places: over one list for every free place now, or over the lists that were asked for."""
    period = _period(since) if of == "asked" else None
    ready = of == "now" or period is not None
    passend = visit.passend
    found = await exposure(visit.connection, passend.search.encoder, passend.weights, period) if ready else None
    groups = sorted(found["groups"], key=_order) if found else []
    return page(visit, "exposure.html", found=found, groups=groups, of=of, since=since)


def _order(group: Json) -> tuple[str, bool, int, str]:
    """Distances by their number, "more than" last; other groups by name."""
    kind, name = group["kind"], group["group"]
    km = next((int(word) for word in name.split() if word.isdecimal()), 0)
    return kind, name.startswith("more"), km, name


def _period(since: str) -> Period | None:
    try:
        return Period(datetime.fromisoformat(since).replace(tzinfo=UTC), datetime.now(UTC))
    except ValueError:
        return None
