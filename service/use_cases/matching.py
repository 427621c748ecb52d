"""Finds places for a person and people for a place, says why, and keeps a receipt."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from matching.exposure import appearances, turn_order
from matching.model import Match
from matching.phrases import Language
from matching.ranking import candidates, match_pair, rank
from matching.scoring import Weights
from matching.vectors import Place, Profile
from service import ENGINE_VERSION
from service.db import opportunities, organisations, processing_log, receipts, seekers
from service.db.connect import Connection
from service.db.processing_log import Activity
from service.errors import NotFound
from service.receipts import Run, snapshot_of
from service.render import Json, candidates_json, match_json, ranking_json
from service.search import Engine
from service.search.finding import Found

LIMIT = 20
_TO_SPARE = 10
"""How many more are found than shown, for what is found but may not be seen, or is gone since."""

_TURNS_OUT_OF = 500
"""How many people are found when some positions are for who was not seen lately."""

LATELY = timedelta(days=91)
"""How far back someone was seen counts for whose turn it is."""


async def match_person(
    connection: Connection, search: Engine, weights: Weights, seeker_id: str, limit: int = LIMIT, language: Language = "nl"
) -> Json:
    """Ranked places for a person, as JSON with the id of the receipt.

    Raises:
        NotFound: there is no such person.
    """
    profile = await known_profile(connection, search, seeker_id)
    found = await search.places_for(profile, limit + _TO_SPARE, await organisations.of_places(connection))
    places = await places_found(connection, search, found)
    result = ranking_json(profile.seeker, rank(profile, places, weights, limit, found.considered), language)
    asked = {"limit": limit, "language": language, "out_of": found.considered}
    await processing_log.record(connection, Activity.MATCHING, "find places", [seeker_id])
    return await _with_receipt(connection, search, weights, profile, places, asked, result)


async def find_candidates(
    connection: Connection,
    search: Engine,
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
    place = await known_place(connection, search, opportunity_id)
    most = max(limit + _TO_SPARE, _TURNS_OUT_OF if turns else 0)
    found = await search.people_for(place, most, await organisations.of_people(connection))
    profiles = await people_found(connection, search, found)
    seen = await _seen_lately(connection) if turns else {}
    listed = people_in_turn(place, profiles, weights, limit, turns, seen)
    people = {profile.seeker.id: profile.seeker for profile in profiles}
    result = candidates_json(opportunity_id, people, listed, language)
    asked: Json = {"limit": limit, "language": language}
    if turns:
        asked |= {"turns": turns, "seen": {one: count for one, count in seen.items() if one in people}}
    await processing_log.record(connection, Activity.MATCHING, "find people", [match.seeker_id for match in listed])
    return await _with_receipt(connection, search, weights, place, profiles, asked, result)


def people_in_turn(
    place: Place, profiles: Sequence[Profile], weights: Weights, limit: int, turns: int, seen: Mapping[str, int]
) -> list[Match]:
    """The best people for a place; with `turns`, some positions inside a band go to who was seen least."""
    if not turns:
        return candidates(place, profiles, weights, limit)
    ranked = candidates(place, profiles, weights, len(profiles))
    order = turn_order([match.seeker_id for match in ranked], [match.band for match in ranked], seen, turns)
    return [ranked[number] for number in order[:limit]]


async def explain(
    connection: Connection, search: Engine, weights: Weights, seeker_id: str, opportunity_id: str, language: Language = "nl"
) -> Json:
    """One person with one place, whether it fits or not, as JSON.

    Raises:
        NotFound: there is no such person or place.
    """
    profile, place = await known_profile(connection, search, seeker_id), await known_place(connection, search, opportunity_id)
    await processing_log.record(connection, Activity.MATCHING, "explain match", [seeker_id])
    return match_json(profile.seeker, match_pair(profile, place, weights), language)


async def places_found(connection: Connection, search: Engine, found: Found) -> list[Place]:
    """The places that were found and may be seen, by id; one that changed since it was indexed with its new vectors."""
    known = await opportunities.by_key(connection, found.keys.tolist())
    places = [Place(known[key][1], vectors) for key, vectors in found.still(known)]
    if changed := found.changed(known):
        places += await opportunities.places_by_key(connection, changed, search.encoder)
    return sorted(places, key=lambda place: place.opportunity.id)


async def people_found(connection: Connection, search: Engine, found: Found) -> list[Profile]:
    """The people who were found and may be seen, by id; one who changed since they were indexed with their new vectors."""
    known = await seekers.by_key(connection, found.keys.tolist())
    profiles = [Profile(known[key][1], vectors) for key, vectors in found.still(known)]
    if changed := found.changed(known):
        profiles += await seekers.profiles_by_key(connection, changed, search.encoder)
    return sorted(profiles, key=lambda profile: profile.seeker.id)


async def _seen_lately(connection: Connection) -> dict[str, int]:
    now = datetime.now(UTC)
    lists = await receipts.candidate_lists(connection, now - LATELY, now)
    return appearances({person for people in lists for person in people}, lists)


async def _with_receipt(
    connection: Connection,
    search: Engine,
    weights: Weights,
    subject: Profile | Place,
    compared: Sequence[Profile | Place],
    asked: Json,
    result: Json,
) -> Json:
    run = Run(
        about="matches" if isinstance(subject, Profile) else "candidates",
        subject=snapshot_of(subject, search.model),
        compared=[snapshot_of(one, search.model) for one in compared],
        engine=ENGINE_VERSION,
        weights=weights,
        asked=asked,
        result=result,
    )
    return {**result, "receipt": await receipts.write(connection, run)}


async def known_profile(connection: Connection, search: Engine, seeker_id: str) -> Profile:
    """The person with this id, with vectors.

    Raises:
        NotFound: there is no such person.
    """
    profile = await seekers.profile(connection, seeker_id, search.encoder)
    if profile is None:
        raise NotFound(f"There is no person with the id {seeker_id!r}.")
    return profile


async def known_place(connection: Connection, search: Engine, opportunity_id: str) -> Place:
    """The place with this id, with vectors.

    Raises:
        NotFound: there is no such place.
    """
    place = await opportunities.place(connection, opportunity_id, search.encoder)
    if place is None:
        raise NotFound(f"There is no place with the id {opportunity_id!r}.")
    return place
