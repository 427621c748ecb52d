"""Contact moments, and signals of people whom nobody should lose sight of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from service.db import contact, processing_log, signals
from service.db.connect import Connection
from service.db.idempotency import once
from service.db.paging import Mark
from service.db.processing_log import Activity
from service.db.signals import Signal, Told, Weeks
from service.entry_check import must_fit
from service.errors import ChangedMeanwhile, NotFound
from service.sensitive_words import Side
from service.use_cases import accounting

Row = dict[str, Any]


class ContactKind(StrEnum):
    """How there was contact."""

    CONVERSATION = "conversation"
    TELEPHONE = "telephone"
    MESSAGE = "message"
    VISIT = "visit"
    AT_EMPLOYER = "at_employer"
    GROUP = "group"


@dataclass(frozen=True)
class Contact:
    """When there was contact, how, and what was said or agreed."""

    at: datetime
    kind: ContactKind
    note: str


async def contact_with(connection: Connection, seeker_id: str, after: Mark | None, limit: int) -> list[Row]:
    """Contact with a person, latest first.

    Raises:
        NotFound: there is no such person for the one who asks.
    """
    await accounting.use(connection, seeker_id, Activity.CONTACT, "read contact")
    return await contact.page(connection, seeker_id, after, limit)


async def moment(connection: Connection, moment_id: UUID) -> Row:
    """One contact moment.

    Raises:
        NotFound: there is none for the one who asks.
    """
    found = await contact.one(connection, moment_id)
    if found is None:
        raise NotFound("There is no such contact moment.")
    await processing_log.record(connection, Activity.CONTACT, "read contact", [found["seeker_id"]])
    return found


async def add_moment(connection: Connection, seeker_id: str, content: Contact, key: str | None) -> Row:
    """Writes down that there was contact.

    Args:
        key: asked again with the same key, what was made the first time comes back.

    Raises:
        NotFound: there is no such person for the one who asks.
        UnfitText: the note holds what is not kept here.
        Conflict: the key was used for something else.
    """
    must_fit({"note": content.note}, Side.ABOUT)
    await accounting.use(connection, seeker_id, Activity.CONTACT, "add contact")
    number = uuid4()

    async def make() -> None:
        await contact.add(connection, number, seeker_id, content.at, content.kind, content.note)

    return await moment(connection, await once(connection, key, (seeker_id, content), number, make))


async def change_moment(connection: Connection, moment_id: UUID, version: int, content: Contact) -> Row:
    """Corrects a contact moment.

    Raises:
        NotFound: there is none for the one who asks.
        UnfitText: the note holds what is not kept here.
        ChangedMeanwhile: it is not this version any more.
    """
    must_fit({"note": content.note}, Side.ABOUT)
    known = await moment(connection, moment_id)
    changed = await contact.change(connection, moment_id, version, content.at, content.kind, content.note)
    if changed is None:
        raise ChangedMeanwhile("This contact moment was changed in the meantime. Read it again.")
    await processing_log.record(connection, Activity.CONTACT, "change contact", [known["seeker_id"]])
    return changed


async def signalled(
    connection: Connection,
    organisation_id: UUID,
    asked: Sequence[Signal],
    only_mine: bool,
    after: tuple[str, str] | None,
    limit: int,
) -> list[Told]:
    """People who come up, by code, with the periods of this municipality."""
    weeks, _ = await signals.weeks_of(connection, organisation_id)
    found = await signals.page(connection, weeks, asked or list(Signal), only_mine, after, limit)
    await processing_log.record(connection, Activity.SIGNALS, "read signals", sorted({one.seeker for one in found}))
    return found


async def set_periods(connection: Connection, organisation_id: UUID, version: int, weeks: Weeks) -> tuple[Weeks, int]:
    """Changes after how many weeks a municipality wants to be told; returns what is so now, and its version.

    Raises:
        ChangedMeanwhile: they are not this version any more.
    """
    if await signals.set_weeks(connection, organisation_id, version, weeks) is None:
        raise ChangedMeanwhile("The periods were changed in the meantime. Read them again.")
    return await signals.weeks_of(connection, organisation_id)


async def set_school_leaving(connection: Connection, seeker_id: str, leaves_on: date | None) -> None:
    """Keeps when someone is expected to leave school; None forgets it.

    Raises:
        NotFound: there is no such person for the one who asks.
    """
    await accounting.use(connection, seeker_id, Activity.CONTACT, "set school leaving")
    await signals.set_school_leaving(connection, seeker_id, leaves_on)
