"""Rights of the person: see everything, object to a suggestion, be erased. Correcting is in `correcting.py`."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID, uuid4

import asyncpg

from service.db import proposals, residents, statements
from service.db.connect import Connection, in_transaction
from service.db.refusals import refusals
from service.entry_check import must_fit
from service.errors import BadInput, NotAllowed, NotFound
from service.proposals import STATES, State
from service.render import Json
from service.sensitive_words import Side
from service.use_cases.proposing import step_json


async def personal_data(connection: Connection, seeker_id: str) -> Json:
    """Everything that is recorded of a person, as far as this user may see it: for the person and the operator, all of it.

    Raises:
        NotFound: there is no such person to see.
    """
    person = await residents.person(connection, seeker_id)
    if person is None:
        raise NotFound(f"There is no person with the id {seeker_id!r}.")
    return {
        "person": dict(person),
        "statements": _plain(await statements.current(connection, seeker_id)),
        "earlier_statements": _plain(await statements.earlier(connection, seeker_id)),
        "proposals": [await _proposal(connection, row) for row in await residents.proposals(connection, seeker_id)],
        "agreements": _plain(await residents.agreements(connection, seeker_id)),
        "objections": _plain(await residents.objections(connection, seeker_id)),
        "match_runs": _plain(await residents.match_runs(connection, seeker_id)),
    }


async def _proposal(connection: Connection, row: asyncpg.Record) -> Json:
    return {
        **dict(row),
        "label": STATES[State(row["state"])]._asdict(),
        "steps": [step_json(step) for step in await proposals.steps(connection, row["id"])],
    }


def _plain(rows: Sequence[asyncpg.Record]) -> list[Json]:
    return [dict(row) for row in rows]


class Objection(NamedTuple):
    """What a person does not agree with: a proposal, or a place in their list."""

    text: str
    proposal: UUID | None = None
    opportunity: str | None = None


async def object_to(connection: Connection, seeker_id: str, given: Objection) -> Json:
    """Notes an objection of the acting resident; its proposal waits until someone answers.

    Raises:
        BadInput: it says neither a proposal nor a place, or there is no such place.
        UnfitText: it holds what is not kept here.
        NotAllowed: only the person objects, and to their own proposals.
    """
    if (given.proposal is None) == (given.opportunity is None):
        raise BadInput("Name the proposal or the place that this is about.", "/proposal")
    must_fit({"text": given.text})
    number = uuid4()
    try:
        with refusals():
            await residents.objects(connection, number, seeker_id, given.proposal, given.opportunity, given.text)
            return await _objection(connection, number)
    except asyncpg.ForeignKeyViolationError as error:
        raise BadInput("There is no such place.", "/opportunity") from error


async def answer_objection(connection: Connection, number: UUID, text: str) -> Json:
    """The objection with the answer of a client manager, who has looked again.

    Raises:
        NotFound: there is no such objection to see.
        NotAllowed: a client manager answers.
        Conflict: it was answered already.
        UnfitText: the answer holds what is not kept here.
    """
    must_fit({"answer": text}, Side.ABOUT)
    with refusals():
        await _objection(connection, number)
        if not await residents.answer(connection, number, text):
            raise NotAllowed("A client manager answers objections.")
        return await _objection(connection, number)


async def list_objections(connection: Connection, seeker_id: str) -> list[Json]:
    """The objections of a person, oldest first."""
    return _plain(await residents.objections(connection, seeker_id))


async def _objection(connection: Connection, number: UUID) -> Json:
    row = await residents.objection(connection, number)
    if row is None:
        raise NotFound(f"There is no objection {number}.")
    return dict(row)


async def erase(connection: Connection, seeker_id: str) -> None:
    """Erases a person: profile, vectors, proposals, and their words in receipts; numbers of outcomes stay.

    Raises:
        NotFound: there is no such person whom this user may erase.
    """
    async with in_transaction(connection) as own:
        if not await residents.erase(own, seeker_id):
            raise NotFound(f"There is no person with the id {seeker_id!r} whom you may erase.")
