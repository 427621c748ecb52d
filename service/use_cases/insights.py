"""Insights: does what happens contribute? Per quarter, for the council, without anyone in it."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from matching.model import LADDER
from service.cells import SMALLEST, shown_total, without_small_cells
from service.db import insights, organisations
from service.db.connect import Connection
from service.errors import BadInput
from service.use_cases.administering import organisation_named

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Number:
    """One cell: what was counted, for which group; None where it would be about too few people to show."""

    measure: str
    group: str
    value: float | None


async def numbers(connection: Connection, organisation_id: UUID, quarter: str) -> list[Number]:
    """All measures of an organisation in a quarter such as `2026-Q4`.

    Raises:
        BadInput: that is no quarter.
    """
    begin = first_day(quarter)
    ladder = [rung.value for rung in LADDER]
    counted: dict[str, Mapping[str, int]] = {
        "outflow": dict.fromkeys(ladder, 0) | await insights.outflow(connection, organisation_id, begin),
        "lasting": await insights.lasting(connection, organisation_id, begin),
        "declines": await insights.declines(connection, organisation_id, begin),
        "ladder": await insights.steps_on_the_ladder(connection, organisation_id, begin, ladder),
        "coverage": await insights.coverage(connection, organisation_id, begin),
        "exposure": await insights.exposure(connection, organisation_id, begin),
    }
    spread = await insights.time_to_placement(connection, organisation_id, begin)
    median = spread.median if spread.median is not None and spread.count >= SMALLEST else None
    cells = [number for measure, counts in counted.items() for number in _shown(measure, counts)]
    return [*cells, Number("time_to_placement", "median_days", None if median is None else round(median, 1))]


def first_day(quarter: str) -> date:
    """First day of a quarter such as `2026-Q4`.

    Raises:
        BadInput: that is no quarter.
    """
    known = re.fullmatch(r"(20\d\d)-Q([1-4])", quarter)
    if known is None:
        raise BadInput(f"{quarter!r} is no quarter; write it as 2026-Q4.")
    return date(int(known[1]), int(known[2]) * 3 - 2, 1)


def quarters(today: date, count: int = 8) -> list[str]:
    """This quarter and those before it, the newest first."""
    newest = today.year * 4 + (today.month - 1) // 3
    return [f"{one // 4}-Q{one % 4 + 1}" for one in range(newest, newest - count, -1)]


async def of_organisation(connection: Connection, name_or_id: str | None, quarter: str) -> tuple[str, list[Number]]:
    """Name or id, and all measures, of an organisation; by default the installation's own municipality.

    Raises:
        BadInput: that is no quarter, or not one organisation is called so.
    """
    if name_or_id is None:
        own = await organisations.own_municipality(connection)
        return str(own), await numbers(connection, own, quarter)
    return name_or_id, await numbers(connection, await organisation_named(connection, name_or_id), quarter)


def as_csv(organisation: str, quarter: str, found: list[Number]) -> str:
    """The numbers as CSV with a header; a hidden number is an empty cell."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(["organisation", "quarter", "measure", "group", "value"])
    rows.writerows([organisation, quarter, one.measure, one.group, "" if one.value is None else one.value] for one in found)
    return text.getvalue()


def _shown(measure: str, counts: Mapping[str, int]) -> list[Number]:
    groups = [Number(measure, group, value) for group, value in without_small_cells(counts).items()]
    return [*groups, Number(measure, TOTAL, shown_total(counts))]
