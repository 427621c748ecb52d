"""Proposals: under way, and one with its history, its next steps and undo."""

from operator import itemgetter
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.errors import BadInput, ChangedMeanwhile, Conflict, NotAllowed, UnfitText
from service.pages.rendering import go_to, page
from service.pages.visiting import Employers, Visit
from service.proposals import AFTER_AGREEMENT, UNDER_WAY, State
from service.render import Json
from service.use_cases import people, proposing
from service.use_cases.proposing import Filter, Wish

router = APIRouter(include_in_schema=False)
MOST_LISTED = 100


@router.get("/proposals")
async def under_way(visit: Employers, ended: str = "") -> Response:
    """What is under way, or everything."""
    wanted = Filter(states=() if ended else UNDER_WAY)
    found = await proposing.list_proposals(visit.connection, visit.role, wanted, None, MOST_LISTED)
    names = await people.names_on_proposals(visit.connection, [one["seeker"] for one in found])
    return page(visit, "proposals.html", found=found, names=names, ended=bool(ended))


@router.get("/proposals/{proposal}")
async def one(visit: Employers, proposal: UUID, done: str = "") -> Response:
    """One proposal; just after a step, with the way back."""
    return await _shown(visit, proposal, done)


@router.post("/proposals/{proposal}/steps")
async def take_step(visit: Employers, proposal: UUID) -> Response:
    """Takes one step."""
    note = visit.typed("note")
    wish = Wish(State(visit.choice("to", State)), visit.typed("reason") or None, note)
    try:
        async with visit.attempt():
            await proposing.take_step(visit.connection, visit.role, proposal, visit.whole("version"), wish)
    except UnfitText as error:
        return await _shown(visit, proposal, problem=str(error), note=note, status=error.status)
    except (BadInput, ChangedMeanwhile, Conflict, NotAllowed) as error:
        return await _shown(visit, proposal, problem=f"proposal.problem.{error.status}", note=note, status=error.status)
    return go_to(f"/proposals/{proposal}?done={wish.to}")


@router.post("/proposals/{proposal}/undo")
async def undo(visit: Employers, proposal: UUID) -> Response:
    """Takes back the last step."""
    version, step = visit.whole("version"), visit.whole("step")
    try:
        async with visit.attempt():
            await proposing.undo_step(visit.connection, visit.role, proposal, version, step)
    except (ChangedMeanwhile, Conflict, NotAllowed) as error:
        return await _shown(visit, proposal, problem=f"proposal.problem.{error.status}", status=error.status)
    return go_to(f"/proposals/{proposal}?done=undone")


async def _shown(visit: Visit, proposal: UUID, done: str = "", problem: str = "", note: str = "", status: int = 200) -> Response:
    found = await proposing.show_proposal(visit.connection, visit.role, proposal)
    steps = await proposing.show_steps(visit.connection, proposal)
    events = sorted([*steps, *await proposing.show_name_changes(visit.connection, proposal)], key=itemgetter("at"))
    person = await people.person(visit.connection, found["seeker"])
    shown = {"proposal": found, "steps": steps, "events": events, "person": person, "name_hidden": _name_hidden(found)}
    return page(visit, "proposal.html", status, **shown, done=done, problem=problem, note=note)


def _name_hidden(proposal: Json) -> bool:
    return proposal["state"] in AFTER_AGREEMENT and not proposal["agreed"]
