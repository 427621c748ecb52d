"""The pages of an employer: their places, who was introduced to them, and their answer."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.errors import BadInput, ChangedMeanwhile, Conflict, NotAllowed
from service.pages.rendering import go_to, page
from service.pages.visiting import AnEmployer, Visit
from service.proposals import FINAL, State
from service.use_cases import introducing, places, proposing
from service.use_cases.proposing import Filter, Wish

router = APIRouter(include_in_schema=False)
MOST_LISTED = 100


@router.get("/own-places")
async def own_places(visit: AnEmployer, done: str = "") -> Response:
    """The places of this employer, with how many people were introduced for each."""
    own = await places.places_at(visit.connection, visit.identity.organisation_id)
    found = await proposing.list_proposals(visit.connection, visit.role, Filter(), None, MOST_LISTED)
    now = [one["opportunity"] for one in found if one["state"] not in FINAL]
    return page(visit, "own_places.html", places=own, introduced={one.id: now.count(one.id) for one in own}, done=done)


@router.get("/introductions")
async def introductions(visit: AnEmployer) -> Response:
    """Everyone who was introduced, those who wait for an answer first."""
    found = await introducing.introductions(visit.connection, visit.role, MOST_LISTED)
    return page(visit, "introductions.html", found=found)


@router.get("/introductions/{proposal}")
async def one(visit: AnEmployer, proposal: UUID, done: str = "") -> Response:
    """One person by code, with a name once they agreed, and what can be answered."""
    return await _shown(visit, proposal, done)


@router.post("/introductions/{proposal}")
async def answer(visit: AnEmployer, proposal: UUID) -> Response:
    """Says that they met, or chooses someone else for a reason; or takes the last answer back."""
    try:
        async with visit.attempt():
            done = await _answered(visit, proposal)
    except (BadInput, ChangedMeanwhile, Conflict, NotAllowed) as error:
        problem = str(error) if isinstance(error, BadInput) and error.faults else f"proposal.problem.{error.status}"
        return await _shown(visit, proposal, problem=problem, note=visit.typed("note"), status=error.status)
    return go_to(f"/introductions/{proposal}?done={done}")


async def _answered(visit: Visit, proposal: UUID) -> str:
    version = visit.whole("version")
    if "undo" in visit.form:
        await proposing.undo_step(visit.connection, visit.role, proposal, version, visit.whole("undo"))
        return "undone"
    wish = Wish(State(visit.choice("to", State)), visit.typed("reason") or None, visit.typed("note"))
    await proposing.take_step(visit.connection, visit.role, proposal, version, wish)
    return str(wish.to)


async def _shown(visit: Visit, proposal: UUID, done: str = "", problem: str = "", note: str = "", status: int = 200) -> Response:
    found = await introducing.introduction(visit.connection, visit.role, proposal)
    shown: dict[str, Any] = {"proposal": found.proposal, "person": found.person, "steps": found.steps}
    return page(visit, "introduction.html", status, **shown, done=done, problem=problem, note=note)
