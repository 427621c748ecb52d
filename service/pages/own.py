"""A resident's own page: what is recorded, what was suggested and why, agree or choose something else, object, who looked."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from service import rights_page
from service.db import processing_log
from service.errors import BadInput, ChangedMeanwhile, Conflict, NotAllowed, UnfitText
from service.pages.plans import current_plan
from service.pages.rendering import go_to, is_part, page
from service.pages.sentences import NOTHING, Tried, change, for_template
from service.pages.visiting import Residents, Visit
from service.proposals import State
from service.render import Json
from service.use_cases import correcting, keeping_contact, people, proposing, rights, suggesting
from service.use_cases.proposing import Filter, Wish
from service.use_cases.rights import Objection

router = APIRouter(include_in_schema=False)
MOST_LISTED, MOST_PLACES, MOST_LOOKS = 20, 6, 30
_SENTENCES = "/my-page/sentences"


@router.get("/my-page")
async def own(visit: Residents, done: str = "") -> Response:
    """Everything on one page."""
    return await _shown(visit, done=done)


@router.get("/my-page/data")
async def data(visit: Residents) -> Response:
    """Everything that is recorded, on a page to keep."""
    me = await people.own_code(visit.connection)
    return HTMLResponse(rights_page.page(await rights.personal_data(visit.connection, me)))


@router.post(_SENTENCES)
async def correct(visit: Residents) -> Response:
    """Adds, changes or takes out one sentence; for a script only the sentences come back."""
    me = await people.own_code(visit.connection)
    tried = await change(visit, me)
    if is_part(visit.request):
        told = await correcting.show_statements(visit.connection, me)
        return page(visit, "_told.html", tried.status, **for_template(told, _SENTENCES, tried))
    return go_to("/my-page?done=sentence") if tried is NOTHING else await _shown(visit, tried.status, tried=tried)


@router.post("/my-page/proposals/{proposal}")
async def answer(visit: Residents, proposal: UUID) -> Response:
    """Agrees, or chooses something else."""
    wish = Wish(State(visit.choice("to", State)), visit.typed("reason") or None, visit.typed("note"))
    try:
        async with visit.attempt():
            await proposing.take_step(visit.connection, visit.role, proposal, visit.whole("version"), wish)
    except UnfitText as error:
        return await _shown(visit, error.status, concern=str(error))
    except (BadInput, ChangedMeanwhile, Conflict, NotAllowed) as error:
        return await _shown(visit, error.status, problem=f"proposal.problem.{error.status}")
    return go_to(f"/my-page?done={wish.to}")


@router.post("/my-page/proposals/{proposal}/name")
async def name(visit: Residents, proposal: UUID) -> Response:
    """Hides the name from the employer of a proposal, or lets it be seen again."""
    decide = proposing.revoke_agreement if "hide" in visit.form else proposing.agree_again
    await decide(visit.connection, visit.role, proposal)
    return go_to("/my-page?done=name")


@router.post("/my-page/objections")
async def object_to(visit: Residents) -> Response:
    """Says that a suggestion is not right; a client manager looks again and answers."""
    text, me = visit.typed("text"), await people.own_code(visit.connection)
    if not text:
        return await _shown(visit, 400, problem="own.problem.400")
    proposal, place = visit.typed("proposal"), visit.typed("place")
    try:
        await rights.object_to(visit.connection, me, Objection(text, UUID(proposal) if proposal else None, place or None))
    except UnfitText as error:
        return await _shown(visit, error.status, concern=str(error))
    return go_to("/my-page?done=objection")


async def _asked(visit: Visit, me: str, proposals: list[Json]) -> list[Json]:
    """Proposals that wait for the resident, each with the place, the reasons, and what was written with it."""
    found = []
    for one in proposals:
        if one["state"] is State.PROPOSED:
            match, place = await suggesting.one_pair(visit.connection, visit.passend, me, one["opportunity"], visit.language)
            notes = [step["note"] for step in await proposing.show_steps(visit.connection, one["id"]) if step["note"]]
            found.append({**one, "match": match, "place": place, "written": notes[-1] if notes else ""})
    return found


async def _shown(visit: Visit, status: int = 200, tried: Tried = NOTHING, **shown: Any) -> Response:
    me = await people.own_code(visit.connection)
    found = await suggesting.suggest_places(visit.connection, visit.passend, me, visit.language)
    proposals = await proposing.list_proposals(visit.connection, visit.role, Filter(), None, MOST_LISTED)
    known = {
        "person": await people.person(visit.connection, me),
        "asked": await _asked(visit, me, proposals),
        "proposals": proposals,
        "matches": found.near[:MOST_PLACES],
        "plan": await current_plan(visit, me),
        "contacts": (await keeping_contact.contact_with(visit.connection, me, None, MOST_LISTED))[:MOST_LISTED],
        "objections": await rights.list_objections(visit.connection, me),
        "looks": await processing_log.looks(visit.connection, MOST_LOOKS),
        **for_template(await correcting.show_statements(visit.connection, me), _SENTENCES, tried),
    }
    return page(visit, "own.html", status, **known, **({"done": "", "problem": "", "concern": tried.concern} | shown))
