"""What is kept and for how long, and which words are kept out."""

import re

from fastapi import APIRouter
from fastapi.responses import Response

from service.errors import BadInput
from service.pages.rendering import go_to, page
from service.pages.visiting import Administrators, Checkers
from service.sensitive_words import listed_terms
from service.use_cases import retaining

router = APIRouter(include_in_schema=False)
MOST_MONTHS = 240


@router.get("/keeping")
async def kept(visit: Checkers, done: str = "") -> Response:
    """The periods, and the words of the entry check."""
    periods = await retaining.periods(visit.connection)
    may_set = await retaining.may_set(visit.connection, visit.identity)
    listed = [(*one, _months(one.keep)) for one in periods]
    return page(visit, "keeping.html", periods=listed, may_set=may_set, terms=listed_terms(), most=MOST_MONTHS, done=done)


@router.post("/keeping/{category}")
async def set_period(visit: Administrators, category: str) -> Response:
    """Keeps one category for so many months from now on."""
    months = visit.typed("months")
    if not months.isdecimal() or not 1 <= int(months) <= MOST_MONTHS:
        raise BadInput(f"Write a number of months from 1 to {MOST_MONTHS}.")
    await retaining.set_retention(visit.connection, category, int(months))
    return go_to(f"/keeping?done={category}")


def _months(keep: str) -> int | None:
    """Months of a period in PostgreSQL's words; None for one in days."""
    found = re.fullmatch(r"(?:(\d+) years?)? ?(?:(\d+) mons?)?", keep)
    return int(found[1] or 0) * 12 + int(found[2] or 0) if found and keep else None
