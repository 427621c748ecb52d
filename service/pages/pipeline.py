"""The pipeline of an account manager: every proposal of the region as a board, from idea to work that lasts."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from service.pages.rendering import page
from service.pages.visiting import Employers
from service.proposals import AT_WORK, FINAL, State
from service.render import Json
from service.use_cases import proposing
from service.use_cases.proposing import Filter

router = APIRouter(include_in_schema=False)
MOST_SHOWN = 400
COLUMNS: dict[str, Sequence[State]] = {
    "resident": (State.SUGGESTED, State.PROPOSED),
    "ready": (State.AGREED,),
    "employer": (State.INTRODUCED, State.MET),
    "at_work": AT_WORK,
    "ended": FINAL,
}


@dataclass(frozen=True)
class Column:
    """A part of the way, with its proposals, newest first."""

    name: str
    proposals: Sequence[Json]


@router.get("/pipeline")
async def board(visit: Employers, place: str = "", view: str = "") -> Response:
    """The board, or the same as a list by state; of everything, or of one place."""
    wanted = Filter(opportunity=place or None)
    found = await proposing.list_proposals(visit.connection, visit.role, wanted, None, MOST_SHOWN)
    columns = [Column(name, [one for one in found if one["state"] in states]) for name, states in COLUMNS.items()]
    return page(visit, "pipeline.html", columns=columns, found=found, as_list=view == "list", place=place, most=MOST_SHOWN)
