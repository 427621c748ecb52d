"""A profile corrected sentence by sentence, by the person or their municipality; how it was stays in the history."""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import asyncpg

from embeddings.encoder import Encoder
from matching.model import Seeker
from matching.vectors import seeker_texts
from service.db import embeddings, processing_log, revisions, statements
from service.db.connect import Connection
from service.db.processing_log import Activity
from service.db.refusals import refusals
from service.encoding import encode_missing
from service.entry_check import must_fit
from service.errors import ChangedMeanwhile, Conflict, NotAllowed, NotFound
from service.render import Json

Kind = Literal["ability", "motivation", "learning"]


class Sentence(NamedTuple):
    """A sentence of a profile."""

    number: int
    kind: Kind
    text: str


Change = Callable[[list[Sentence]], list[Sentence]]


class Profiles(NamedTuple):
    """What changing a sentence needs: the transaction of the user, and the pool through which vectors are written."""

    connection: Connection
    engine: asyncpg.Pool
    encoder: Encoder


async def show_statements(connection: Connection, seeker_id: str) -> Json:
    """The sentences of a person, those that were there before, and the version.

    Raises:
        NotFound: there is no such person to see.
    """
    version = await statements.version(connection, seeker_id)
    if version is None:
        raise NotFound(f"There is no person with the id {seeker_id!r}.")
    return {
        "version": version,
        "statements": [dict(row) for row in await statements.current(connection, seeker_id)],
        "earlier": [dict(row) for row in await statements.earlier(connection, seeker_id)],
    }


async def add_statement(profiles: Profiles, seeker_id: str, version: int, kind: Kind, text: str) -> Json:
    """The sentences after one was added.

    Raises:
        UnfitText: it holds what is not kept here.
        NotFound, NotAllowed, ChangedMeanwhile: see `change`.
    """

    def add(known: list[Sentence]) -> list[Sentence]:
        return [*known, Sentence(max((one.number for one in known), default=-1) + 1, kind, text)]

    must_fit({"text": text})
    return await change(profiles, seeker_id, version, add)


async def correct_statement(profiles: Profiles, seeker_id: str, version: int, number: int, text: str) -> Json:
    """The sentences after one was corrected; how it was stays in the history.

    Raises:
        UnfitText: it holds what is not kept here.
        NotFound, NotAllowed, ChangedMeanwhile: see `change`.
    """

    def correct(known: list[Sentence]) -> list[Sentence]:
        return [one._replace(text=text) if one.number == number else one for one in _with(known, number)]

    must_fit({"text": text})
    return await change(profiles, seeker_id, version, correct)


async def remove_statement(profiles: Profiles, seeker_id: str, version: int, number: int) -> Json:
    """The sentences after one was taken out.

    Raises:
        NotFound, NotAllowed, ChangedMeanwhile: see `change`.
        Conflict: it is the only one.
    """

    def leave_out(known: list[Sentence]) -> list[Sentence]:
        return [one for one in _with(known, number) if one.number != number]

    return await change(profiles, seeker_id, version, leave_out)


def _with(known: list[Sentence], number: int) -> list[Sentence]:
    if number not in {one.number for one in known}:
        raise NotFound(f"There is no sentence {number}.")
    return known


async def change(profiles: Profiles, seeker_id: str, version: int, changed: Change) -> Json:
    """The sentences after a change, encoded before they are written, so that the person is matched on them at once.

    Raises:
        NotFound: there is no such person or sentence to see.
        NotAllowed: this user may not change the profile.
        ChangedMeanwhile: someone else did, since the version that was read.
        Conflict: no sentence would be left.
    """
    connection = profiles.connection
    before = await _sentences(connection, seeker_id)
    after = changed(before)
    if not after:
        raise Conflict("A profile keeps at least one sentence. Correct this one instead.")
    texts = seeker_texts(_spoken(seeker_id, after))
    await encode_missing(profiles.engine, profiles.encoder, texts)
    with refusals():
        await revisions.take_turn(connection)
        if await statements.version(connection, seeker_id) != version:
            raise ChangedMeanwhile("This profile was changed in the meantime. Look at it again.")
        await _write(connection, seeker_id, before, after)
        if await statements.retell(connection, seeker_id, [embeddings.text_digest(text) for text in texts]) is None:
            raise NotAllowed("Your role does not allow this.")
        await statements.note_changes(connection)
        await processing_log.record(connection, Activity.PROFILES, "change profile", [seeker_id])
        return await show_statements(connection, seeker_id)


async def _write(connection: Connection, seeker_id: str, before: list[Sentence], after: list[Sentence]) -> None:
    for one in set(after) - set(before):
        await statements.put(connection, seeker_id, *one)
    for number in {one.number for one in before} - {one.number for one in after}:
        await statements.remove(connection, seeker_id, number)


def _spoken(seeker_id: str, sentences: Sequence[Sentence]) -> Seeker:
    def told(kind: Kind) -> tuple[str, ...]:
        return tuple(one.text for one in sorted(sentences) if one.kind == kind)

    return Seeker(seeker_id, abilities=told("ability"), motivations=told("motivation"), learning=told("learning"))


async def _sentences(connection: Connection, seeker_id: str) -> list[Sentence]:
    if await statements.version(connection, seeker_id) is None:
        raise NotFound(f"There is no person with the id {seeker_id!r}.")
    return [Sentence(*row) for row in await statements.current(connection, seeker_id)]
