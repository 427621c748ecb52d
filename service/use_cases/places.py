"""Places: looked up by name, and one place with the people who fit it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from matching.phrases import Language
from service.db import people, places
from service.db.connect import Connection
from service.errors import NotFound
from service.opening import Passend
from service.render import Json
from service.use_cases.matching import find_candidates

MOST_CANDIDATES = 20


async def find_places(connection: Connection, words: str, kind: str, limit: int) -> Sequence[places.Listed]:
    """Places that who asks may see, by title: whose title, organisation or town holds the words; of one rung, or of all."""
    return await places.named(connection, words.strip(), kind, limit)


async def places_at(connection: Connection, employer: UUID) -> Sequence[places.Listed]:
    """The places of an employer that who asks may see, open ones first."""
    return await places.at_employer(connection, employer)


async def show_place(connection: Connection, opportunity_id: str) -> Mapping[str, Any]:
    """One place.

    Raises:
        NotFound: there is no such place for who asks.
    """
    found = (await places.shown(connection, [opportunity_id])).get(opportunity_id)
    if found is None:
        raise NotFound(f"There is no place with the id {opportunity_id!r}.")
    return dict(found)


async def shown_places(connection: Connection, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    """What is shown of these places, by id; those that who asks may not see are not there."""
    return dict(await places.shown(connection, ids))


async def candidates_of(
    connection: Connection, passend: Passend, opportunity_id: str, language: Language
) -> tuple[Json, Mapping[str, str]]:
    """A match run for a place, with a receipt; and the client manager to call for each person, where there is one.

    Raises:
        NotFound: there is no such place for who asks.
    """
    found = await find_candidates(connection, passend.search, passend.weights, opportunity_id, MOST_CANDIDATES, language)
    return found, await people.client_managers(connection, [one["seeker"] for one in found["candidates"]])
