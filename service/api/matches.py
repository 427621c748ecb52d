"""Matches of a person and candidates for a place."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request

from service.api.problems import PROBLEMS
from service.api.schemas import Candidates, Matches
from service.use_cases.matching import LIMIT, find_candidates, match_person

router = APIRouter(tags=["matching"], responses=PROBLEMS[400] | PROBLEMS[404] | PROBLEMS[503])

Identifier = Annotated[str, Path(alias="id", pattern="^[A-Za-z0-9][A-Za-z0-9._:-]{0,79}$")]
Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.")]
Language = Annotated[Literal["nl", "en"], Query(description="Language of the sentences.")]


@router.get("/seekers/{id}/matches")
async def seeker_matches(request: Request, identifier: Identifier, limit: Limit = LIMIT, language: Language = "nl") -> Matches:
    """The places that fit a person, best first, with reasons and the ladder; a receipt is kept."""
    passend = request.app.state.passend
    return Matches.model_validate(
        await match_person(passend.pool, passend.search, passend.weights, identifier, limit, language), by_name=True
    )


@router.get("/opportunities/{id}/candidates")
async def opportunity_candidates(
    request: Request, identifier: Identifier, limit: Limit = LIMIT, language: Language = "nl"
) -> Candidates:
    """The people who fit a place, best first, by code and with reasons; a receipt is kept."""
    passend = request.app.state.passend
    return Candidates.model_validate(
        await find_candidates(passend.pool, passend.search, passend.weights, identifier, limit, language), by_name=True
    )
