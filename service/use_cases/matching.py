"""Finds places for a person and people for a place, says why, and keeps a receipt."""

from collections.abc import Sequence

from matching.phrases import Language
from matching.ranking import candidates, match_pair, rank
from matching.scoring import Weights
from matching.vectors import Place, Profile
from service import ENGINE_VERSION
from service.db import opportunities, receipts, seekers
from service.db.connect import Connection
from service.errors import NotFound
from service.receipts import Run, snapshot_of
from service.render import Json, candidates_json, match_json, ranking_json
from service.search import Search

LIMIT = 20


async def match_person(
    connection: Connection, search: Search, weights: Weights, seeker_id: str, limit: int = LIMIT, language: Language = "nl"
) -> Json:
    """Ranked places for a person, as JSON with the id of the receipt.

    Raises:
        NotFound: there is no such person.
    """
    profile = await _profile(connection, search, seeker_id)
    keys = await search.places_for(profile)
    places = await opportunities.places_by_key(connection, keys.tolist(), search.encoder)
    result = ranking_json(rank(profile, places, weights, limit), language)
    return await _with_receipt(connection, search, weights, profile, places, limit, language, result)


async def find_candidates(
    connection: Connection, search: Search, weights: Weights, opportunity_id: str, limit: int = LIMIT, language: Language = "nl"
) -> Json:
    """Ranked people for a place, as JSON with the id of the receipt.

    Raises:
        NotFound: there is no such place.
    """
    place = await _place(connection, search, opportunity_id)
    keys = await search.people_for(place)
    profiles = await seekers.profiles_by_key(connection, keys.tolist(), search.encoder)
    result = candidates_json(opportunity_id, candidates(place, profiles, weights, limit), language)
    return await _with_receipt(connection, search, weights, place, profiles, limit, language, result)


async def explain(
    connection: Connection, search: Search, weights: Weights, seeker_id: str, opportunity_id: str, language: Language = "nl"
) -> Json:
    """One person with one place, whether it fits or not, as JSON.

    Raises:
        NotFound: there is no such person or place.
    """
    profile = await _profile(connection, search, seeker_id)
    return match_json(match_pair(profile, await _place(connection, search, opportunity_id), weights), language)


async def _with_receipt(
    connection: Connection,
    search: Search,
    weights: Weights,
    subject: Profile | Place,
    compared: Sequence[Profile | Place],
    limit: int,
    language: Language,
    result: Json,
) -> Json:
    run = Run(
        about="matches" if isinstance(subject, Profile) else "candidates",
        subject=snapshot_of(subject, search.model),
        compared=[snapshot_of(one, search.model) for one in compared],
        engine=ENGINE_VERSION,
        weights=weights,
        asked={"limit": limit, "language": language},
        result=result,
    )
    return {**result, "receipt": await receipts.write(connection, run)}


async def _profile(connection: Connection, search: Search, seeker_id: str) -> Profile:
    profile = await seekers.profile(connection, seeker_id, search.encoder)
    if profile is None:
        raise NotFound(f"There is no person with the id {seeker_id!r}.")
    return profile


async def _place(connection: Connection, search: Search, opportunity_id: str) -> Place:
    place = await opportunities.place(connection, opportunity_id, search.encoder)
    if place is None:
        raise NotFound(f"There is no place with the id {opportunity_id!r}.")
    return place
