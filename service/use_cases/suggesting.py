"""What fits a person, with what is shown of each place; and proposing one in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matching.phrases import Language
from service.db import places
from service.db.connect import Connection
from service.db.identity import Role
from service.opening import Passend
from service.proposals import State
from service.render import Json
from service.use_cases.matching import explain, match_person
from service.use_cases.proposing import Suggestion, Wish, suggest, take_step

MOST_SHOWN = 30


@dataclass(frozen=True)
class Suggestions:
    """The result of a match run, and the places in it by id.

    Attributes:
        near: the matches whose ability reaches the threshold, in order; `far` the others that fit practically.
    """

    result: Json
    places: Mapping[str, Mapping[str, Any]]
    near: Sequence[Json]
    far: Sequence[Json]


async def suggest_places(connection: Connection, passend: Passend, seeker_id: str, language: Language) -> Suggestions:
    """A match run for a person, with a receipt.

    Raises:
        NotFound: there is no such person for who asks.
    """
    result = await match_person(connection, passend.search, passend.weights, seeker_id, MOST_SHOWN, language)
    near = [one["id"] for step in result["stepped_down"] for one in step["nearest"]]
    known = await places.shown(connection, [*(match["id"] for match in result["matches"]), *near])
    fitting = [match for match in result["matches"] if match["fits"] and match["ability"] >= passend.weights.reached]
    return Suggestions(result, known, fitting, [match for match in result["matches"] if match not in fitting])


async def one_pair(
    connection: Connection, passend: Passend, seeker_id: str, opportunity_id: str, language: Language
) -> tuple[Json, Mapping[str, Any]]:
    """One person with one place, whether it fits or not, and the place itself.

    Raises:
        NotFound: there is no such person or place for who asks.
    """
    match = await explain(connection, passend.search, passend.weights, seeker_id, opportunity_id, language)
    return match, (await places.shown(connection, [opportunity_id]))[opportunity_id]


async def propose(connection: Connection, role: Role, wanted: Suggestion, note: str) -> Json:
    """Suggests a place and proposes it to the person, in one go.

    Raises:
        BadInput: there is no such person or place for who asks.
        Conflict: this pair has a proposal under way, or the place is not open.
    """
    begun = await suggest(connection, role, wanted)
    return await take_step(connection, role, begun["id"], begun["version"], Wish(State.PROPOSED, note=note))
