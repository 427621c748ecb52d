"""A resident's own page: what is recorded, what was suggested and why, agree or choose something else."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.errors import BadInput, ChangedMeanwhile, Conflict, NotAllowed
from service.pages.person_form import KINDS
from service.pages.rendering import go_to, page
from service.pages.visiting import Residents, Visit
from service.proposals import State
from service.use_cases import correcting, people, proposing, suggesting
from service.use_cases.correcting import Profiles
from service.use_cases.proposing import Filter, Wish

router = APIRouter(include_in_schema=False)
MOST_LISTED = 20


@router.get("/my-page")
async def own(visit: Residents, done: str = "") -> Response:
    """Everything on one page."""
    return await _shown(visit, done)


@router.post("/my-page/sentences")
async def correct(visit: Residents) -> Response:
    """Adds, changes or takes out one sentence."""
    text, number = visit.typed("text"), visit.typed("number")
    concerns = people.concerns(text) if text else []
    if concerns:
        return await _shown(visit, problem=concerns[0], typed=text, status=400)
    try:
        async with visit.attempt():
            await _corrected(visit, text, number)
    except (ChangedMeanwhile, Conflict) as error:
        return await _shown(visit, problem=f"own.problem.{error.status}", typed=text, status=error.status)
    return go_to("/my-page?done=sentence")


async def _corrected(visit: Visit, text: str, number: str) -> None:
    profiles = Profiles(visit.connection, visit.passend.engine, visit.passend.encoder)
    me, version = await _me(visit), int(visit.typed("version"))
    if "remove" in visit.form:
        await correcting.remove_statement(profiles, me, version, int(number))
    elif number and text:
        await correcting.correct_statement(profiles, me, version, int(number), text)
    elif text:
        kind = visit.typed("kind")
        await correcting.add_statement(profiles, me, version, kind if kind in KINDS else "ability", text)  # type: ignore[arg-type]


@router.post("/my-page/proposals/{proposal}")
async def answer(visit: Residents, proposal: UUID) -> Response:
    """Agrees, or chooses something else."""
    wish = Wish(State(visit.typed("to")), visit.typed("reason") or None, visit.typed("note"))
    try:
        async with visit.attempt():
            await proposing.take_step(visit.connection, visit.role, proposal, int(visit.typed("version")), wish)
    except (BadInput, ChangedMeanwhile, Conflict, NotAllowed) as error:
        return await _shown(visit, problem=f"proposal.problem.{error.status}", status=error.status)
    return go_to(f"/my-page?done={wish.to}")


async def _me(visit: Visit) -> str:
    return await people.own_code(visit.connection)


async def _shown(visit: Visit, done: str = "", problem: str = "", typed: str = "", status: int = 200) -> Response:
    me = await _me(visit)
    person = await people.person(visit.connection, me)
    told = await correcting.show_statements(visit.connection, me)
    proposals = await proposing.list_proposals(visit.connection, visit.role, Filter(), None, MOST_LISTED)
    found = await suggesting.suggest_places(visit.connection, visit.passend, me, visit.language)
    shown = {"person": person, "told": told, "proposals": proposals, "matches": found.near[:6], "kinds": KINDS}
    return page(visit, "own.html", status, **shown, done=done, problem=problem, typed=typed)
