"""Matches of a person and candidates for a place."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from service.api.access import Acting, Scope, requires
from service.api.problems import PROBLEMS
from service.api.schemas import Candidates, Matches, OneMatch
from service.db.identity import Role
from service.use_cases.matching import LIMIT, explain, find_candidates, match_person

_PROBLEMS = PROBLEMS[400] | PROBLEMS[401] | PROBLEMS[403] | PROBLEMS[404] | PROBLEMS[503]
_FOR_A_PERSON = (Role.CLIENT_MANAGER, Role.ACCOUNT_MANAGER, Role.RESIDENT)
router = APIRouter(tags=["matching"], responses=_PROBLEMS)

Identifier = Annotated[str, Path(alias="id", pattern="^[A-Za-z0-9][A-Za-z0-9._:-]{0,79}$")]
OpportunityIdentifier = Annotated[str, Path(alias="opportunityId", pattern="^[A-Za-z0-9][A-Za-z0-9._:-]{0,79}$")]
Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.")]
Language = Annotated[Literal["nl", "en"], Query(description="Language of the sentences.")]


@router.get("/seekers/{id}/matches")
async def seeker_matches(
    acting: Annotated[Acting, requires(*_FOR_A_PERSON, scope=Scope.MATCHES_READ)],
    identifier: Identifier,
    limit: Limit = LIMIT,
    language: Language = "nl",
) -> Matches:
    """The places that fit a person, best first, with reasons and the ladder; a receipt is kept."""
    passend = acting.passend
    return Matches.model_validate(
        await match_person(acting.connection, passend.search, passend.weights, identifier, limit, language), by_name=True
    )


@router.get("/seekers/{id}/matches/{opportunityId}")
async def seeker_match(
    acting: Annotated[Acting, requires(*_FOR_A_PERSON, scope=Scope.MATCHES_READ)],
    identifier: Identifier,
    opportunity: OpportunityIdentifier,
    language: Language = "nl",
) -> OneMatch:
    """How one person and one place go together, also when it does not fit now."""
    passend = acting.passend
    return OneMatch.model_validate(
        await explain(acting.connection, passend.search, passend.weights, identifier, opportunity, language), by_name=True
    )


@router.get("/opportunities/{id}/candidates")
async def opportunity_candidates(
    acting: Annotated[Acting, requires(Role.CLIENT_MANAGER, Role.ACCOUNT_MANAGER, scope=Scope.CANDIDATES_READ)],
    identifier: Identifier,
    limit: Limit = LIMIT,
    language: Language = "nl",
) -> Candidates:
    """The people who fit a place, best first, by code and with reasons; a receipt is kept."""
    passend = acting.passend
    return Candidates.model_validate(
        await find_candidates(acting.connection, passend.search, passend.weights, identifier, limit, language), by_name=True
    )
