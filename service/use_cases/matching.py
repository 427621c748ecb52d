"""Finds places for a person and people for a place, says why, and keeps a receipt."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import asyncpg

from matching.exposure import appearances, turn_order
from matching.model import Match
from matching.phrases import Language
from matching.ranking import candidates, match_pair, rank
from matching.scoring import Weights
from matching.vectors import Place, Profile
from service import ENGINE_VERSION
from service.db import opportunities, receipts, seekers
from service.errors import NotFound
from service.render import Json, candidates_json, match_json, ranking_json, snapshot
from service.search import Search

LIMIT = 20
LATELY = timedelta(days=91)
"""How far back someone was seen counts for whose turn it is."""


async def match_person(
    pool: asyncpg.Pool, search: Search, weights: Weights, seeker_id: str, limit: int = LIMIT, language: Language = "nl"
) -> Json:
    """Ranked places for a person, as JSON with the id of the receipt.

    Raises:
        NotFound: there is no such person.
    """
    profile = await _profile(pool, search, seeker_id)
    keys = await search.places_for(profile)
    places = await opportunities.places_by_key(pool, keys.tolist(), search.encoder)
    result = ranking_json(rank(profile, places, weights, limit), language)
    inputs = {
        "limit": limit,
        "language": language,
        "seeker": snapshot(profile.seeker),
        "places": [place.opportunity.id for place in places],
    }
    receipt = await receipts.write(pool, "matches", seeker_id, ENGINE_VERSION, search.model, weights.version, inputs, result)
    return {**result, "receipt": receipt}


async def find_candidates(
    pool: asyncpg.Pool,
    search: Search,
    weights: Weights,
    opportunity_id: str,
    limit: int = LIMIT,
    language: Language = "nl",
    turns: int = 0,
) -> Json:
    """Ranked people for a place, as JSON with the id of the receipt.

    Args:
        turns: how many of the first ten are for people of the same ability band who were not seen lately.

    Raises:
        NotFound: there is no such place.
    """
    place = await _place(pool, search, opportunity_id)
    keys = await search.people_for(place)
    profiles = await seekers.profiles_by_key(pool, keys.tolist(), search.encoder)
    seen = await _seen_lately(pool) if turns else {}
    ranked = _in_turn(candidates(place, profiles, weights, len(profiles)), seen, turns)
    result = candidates_json(opportunity_id, ranked[:limit], language)
    inputs = {
        "limit": limit,
        "language": language,
        "opportunity": snapshot(place.opportunity),
        "people": [profile.seeker.id for profile in profiles],
        "turns": turns,
        "seen": seen,
    }
    receipt = await receipts.write(
        pool, "candidates", opportunity_id, ENGINE_VERSION, search.model, weights.version, inputs, result
    )
    return {**result, "receipt": receipt}


async def explain(
    pool: asyncpg.Pool, search: Search, weights: Weights, seeker_id: str, opportunity_id: str, language: Language = "nl"
) -> Json:
    """One person with one place, whether it fits or not, as JSON.

    Raises:
        NotFound: there is no such person or place.
    """
    profile = await _profile(pool, search, seeker_id)
    return match_json(match_pair(profile, await _place(pool, search, opportunity_id), weights), language)


def _in_turn(ranked: Sequence[Match], seen: Mapping[str, int], turns: int) -> list[Match]:
    order = turn_order([match.seeker_id for match in ranked], [match.band for match in ranked], seen, turns)
    return [ranked[number] for number in order]


async def _seen_lately(pool: asyncpg.Pool) -> dict[str, int]:
    now = datetime.now(UTC)
    lists = await receipts.candidate_lists(pool, now - LATELY, now)
    return appearances({person for people in lists for person in people}, lists)


async def _profile(pool: asyncpg.Pool, search: Search, seeker_id: str) -> Profile:
    profile = await seekers.profile(pool, seeker_id, search.encoder)
    if profile is None:
        raise NotFound(f"There is no person with the id {seeker_id!r}.")
    return profile


async def _place(pool: asyncpg.Pool, search: Search, opportunity_id: str) -> Place:
    place = await opportunities.place(pool, opportunity_id, search.encoder)
    if place is None:
        raise NotFound(f"There is no place with the id {opportunity_id!r}.")
    return place
