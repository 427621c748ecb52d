"""What an employer sees of the people who were introduced to them: a code, and a name only after the person agreed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.db.connect import Connection
from service.db.identity import Role
from service.errors import NotFound
from service.proposals import State
from service.render import Json
from service.use_cases import proposing
from service.use_cases.proposing import Filter

_WAITING = (State.INTRODUCED, State.MET)


@dataclass(frozen=True)
class Introduction:
    """A proposal with the employer's own steps; `person` is None when nobody is introduced by it any more."""

    proposal: Json
    person: Json | None
    steps: Sequence[Json]


async def introductions(connection: Connection, role: Role, limit: int) -> list[Json]:
    """The proposals that this employer may see, those that wait for an answer first."""
    found = await proposing.list_proposals(connection, role, Filter(), None, limit)
    return sorted(found, key=lambda one: one["state"] not in _WAITING)


async def introduction(connection: Connection, role: Role, proposal: UUID) -> Introduction:
    """One of them.

    Raises:
        NotFound: there is no such proposal to see.
    """
    found = await proposing.show_proposal(connection, role, proposal)
    steps = await proposing.show_steps(connection, proposal)
    return Introduction(found, await _person(connection, proposal), steps)


async def _person(connection: Connection, proposal: UUID) -> Json | None:
    try:
        return await proposing.show_introduced(connection, proposal)
    except NotFound:
        return None
