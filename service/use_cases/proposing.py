"""Proposals: suggest, step by step, undo, agree and revoke. People decide; nothing here happens by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid4

import asyncpg

from service.db import opportunities, proposals, seekers
from service.db.connect import Connection
from service.db.idempotency import once
from service.db.identity import Role
from service.db.refusals import refusals
from service.entry_check import must_fit
from service.errors import BadInput, ChangedMeanwhile, Conflict, NotFound
from service.proposals import REASONS, STATES, State, steps_from
from service.render import Json
from service.sensitive_words import Side


class Suggestion(NamedTuple):
    """A person and a place, and the match run that brought them together, if any."""

    seeker: str
    opportunity: str
    receipt: UUID | None = None


@dataclass(frozen=True)
class Wish:
    """The step that someone wants to take; `on` is the day it happened, by default today."""

    to: State
    reason: str | None = None
    note: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Filter:
    """Which proposals to list; what is empty does not count."""

    states: Sequence[State] = ()
    seeker: str | None = None
    opportunity: str | None = None
    employer: UUID | None = None


async def suggest(connection: Connection, role: Role, wanted: Suggestion, key: str | None = None) -> Json:
    """A new proposal in the state `suggested`; with the same idempotency key, the one that was made before.

    Raises:
        BadInput: no such person or place to see.
        Conflict: the place is not open, this pair has a proposal under way, or the key was used for something else.
    """
    number = uuid4()
    with refusals():
        made = await once(connection, key, wanted, number, lambda: _begin(connection, number, wanted))
        return await show_proposal(connection, role, made)


async def _begin(connection: Connection, number: UUID, wanted: Suggestion) -> None:
    if not await seekers.digests(connection, [wanted.seeker]):
        raise BadInput(f"There is no person with the id {wanted.seeker!r}.", "/seeker")
    if not await opportunities.digests(connection, [wanted.opportunity]):
        raise BadInput(f"There is no place with the id {wanted.opportunity!r}.", "/opportunity")
    try:
        await proposals.begin(connection, number, *wanted)
    except asyncpg.UniqueViolationError as error:
        raise Conflict("This person and this place have a proposal under way already.") from error


async def take_step(connection: Connection, role: Role, proposal: UUID, version: int, wish: Wish) -> Json:
    """The proposal after one step, taken from the version that the user saw.

    Raises:
        NotFound: there is no such proposal to see.
        BadInput: a reason or note is missing or of the wrong party, or the date lies ahead.
        UnfitText: the note holds what is not kept here.
        Conflict: there is no such step for this role, the last position is taken, or something comes first.
        ChangedMeanwhile: someone else took a step since.
    """
    must_fit({"note": wish.note}, Side.ABOUT)
    with refusals():
        await _current(connection, proposal, version)
        await proposals.take(connection, proposal, version, wish.to, wish.reason, wish.note, wish.on)
        return await show_proposal(connection, role, proposal)


async def undo_step(connection: Connection, role: Role, proposal: UUID, version: int, step: int) -> Json:
    """The proposal after its last step was taken back by who took it, within the time the installation gives.

    Raises:
        NotFound: there is no such proposal to see.
        NotAllowed: someone else took that step.
        Conflict: it is not the last step, it is too late, or the position was taken in the meantime.
        ChangedMeanwhile: someone else took a step since.
    """
    with refusals():
        await _current(connection, proposal, version)
        await proposals.undo(connection, proposal, version, step)
        return await show_proposal(connection, role, proposal)


async def agree_again(connection: Connection, role: Role, proposal: UUID) -> Json:
    """The proposal after the resident let this employer know again who they are; agreed already changes nothing.

    Raises:
        NotFound: there is no such proposal to see.
        Conflict: the proposal is not at or after the resident's agreement.
    """
    with refusals():
        known = await _found(connection, proposal)
        if not known["agreed"]:
            await proposals.agree_again(connection, proposal)
        return await show_proposal(connection, role, proposal)


async def revoke_agreement(connection: Connection, role: Role, proposal: UUID) -> Json:
    """The proposal after the employer's view of the name ended, for every proposal of this person at that employer.

    Raises:
        NotFound: there is no such proposal to see.
        NotAllowed: only the person, or on their word a client manager, revokes.
    """
    with refusals():
        known = await _found(connection, proposal)
        if known["agreed"] and not await proposals.revoke(connection, proposal):
            raise asyncpg.InsufficientPrivilegeError
        return await show_proposal(connection, role, proposal)


async def show_proposal(connection: Connection, role: Role, proposal: UUID) -> Json:
    """One proposal, with the steps that this user may take now.

    Raises:
        NotFound: there is no such proposal to see.
    """
    return _proposal_json(await _found(connection, proposal), role)


async def list_proposals(
    connection: Connection, role: Role, wanted: Filter, after: proposals.After | None, limit: int
) -> list[Json]:
    """At most `limit` proposals that this user may see, newest first."""
    rows = await proposals.some(connection, wanted.states, wanted.seeker, wanted.opportunity, wanted.employer, after, limit)
    return [_proposal_json(row, role) for row in rows]


async def show_steps(connection: Connection, proposal: UUID) -> list[Json]:
    """The history of a proposal, oldest first; an employer sees its own steps.

    Raises:
        NotFound: there is no such proposal to see.
    """
    await _found(connection, proposal)
    return [step_json(row) for row in await proposals.steps(connection, proposal)]


async def show_name_changes(connection: Connection, proposal: UUID) -> list[Json]:
    """When the person hid their name from the employer and showed it again, oldest first; `by_name` when a client manager did it.

    Raises:
        NotFound: there is no such proposal to see.
    """
    await _found(connection, proposal)
    return [dict(row) for row in await proposals.name_changes(connection, proposal)]


async def show_introduced(connection: Connection, proposal: UUID) -> Json:
    """What the employer may know of the person who was introduced; the name is null without the person's agreement.

    Raises:
        NotFound: nobody is introduced to this employer by that proposal now.
    """
    row = await proposals.introduced(connection, proposal)
    if row is None:
        raise NotFound("Nobody is introduced to you by this proposal now.")
    language = {part: row[part] for part in ("speaking", "reading", "writing")}
    taken_over = {
        name: row[name] for name in ("code", "abilities", "hours_min", "hours_max", "reach", "licences", "name", "contact")
    }
    return {**taken_over, "language": language}


def table_of_states() -> list[Json]:
    """Every state with its words, and every step from it with who may take it and the reasons to choose from."""
    return [
        {
            "state": state,
            "label": label._asdict(),
            "steps": [{"role": role, **step} for role in Role for step in _next_steps(state, role)],
        }
        for state, label in STATES.items()
    ]


async def _found(connection: Connection, proposal: UUID) -> asyncpg.Record:
    row = await proposals.one(connection, proposal)
    if row is None:
        raise NotFound(f"There is no proposal {proposal}.")
    return row


async def _current(connection: Connection, proposal: UUID, version: int) -> None:
    if (await _found(connection, proposal))["version"] != version:
        raise ChangedMeanwhile("This proposal was changed in the meantime. Look at it again.")


def _proposal_json(row: asyncpg.Record, role: Role) -> Json:
    state = State(row["state"])
    same = ("id", "title", "rung", "started_on", "created_at", "updated_at", "version", "agreed")
    return {
        **{name: row[name] for name in same},
        "seeker": row["seeker_id"],
        "opportunity": row["opportunity_id"],
        "receipt": row["receipt_id"],
        "state": state,
        "label": STATES[state]._asdict(),
        "proposed_by": row["proposed_by_name"],
        "next_steps": _next_steps(state, role),
    }


def _next_steps(state: State, role: Role) -> list[Json]:
    return [
        {
            "to": step.target,
            "label": STATES[step.target]._asdict(),
            "reasons": [{"reason": name, "label": label._asdict()} for name, label in REASONS[step.reason].items()]
            if step.reason
            else [],
        }
        for step in steps_from(state, role)
    ]


def step_json(row: asyncpg.Record) -> Json:
    """A step as plain data."""
    names = ("number", "from_state", "to_state", "undoes", "reason", "note", "by_role", "by_name", "at")
    return {**{name: row[name] for name in names}, "on": row["on_date"]}
