"""A person: shown, added and changed by their municipality."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from matching.vectors import seeker_texts
from service.db import people, processing_log, revisions, seekers
from service.db.connect import Connection
from service.db.idempotency import once
from service.db.identity import Identity, Role
from service.db.paging import Order
from service.db.processing_log import Activity
from service.encoding import encode_missing
from service.entry_check import OF_CONTACT, check_record, check_text, check_texts, must_fit, record_must_fit
from service.errors import BadInput, ChangedMeanwhile, Conflict, NotFound
from service.geography import Gazetteer
from service.interchange import SeekerRecord
from service.opening import Passend
from service.sensitive_words import Side

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Person:
    """A person as they are handed in; `version` is the one that was read, and `coded` that their code was chosen by who asks."""

    record: SeekerRecord
    name: str
    contact: str
    version: int = 0
    coded: bool = True

    def asked(self) -> "Person":
        """The same for every request that is the same, whatever code it was given."""
        return self if self.coded else replace(self, record=self.record.model_copy(update={"id": ""}))


UNKNOWN_PLACE = "unknown_place"
"""What `NotFine` says of a town that is not known."""


class NotFine(BadInput):
    """What was typed cannot be kept; `problems` says why by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {why}" for field, why in problems.items()))
        self.problems = dict(problems)


async def person(connection: Connection, seeker_id: str) -> Row:
    """Everything that is shown of a person.

    Raises:
        NotFound: there is no such person for who asks.
    """
    found = await people.one(connection, seeker_id)
    if found is None:
        raise NotFound(f"There is no person with the id {seeker_id!r}.")
    await processing_log.record(connection, Activity.PROFILES, "read profile", [seeker_id])
    return dict(found)


async def names_on_proposals(connection: Connection, seeker_ids: Sequence[str]) -> Mapping[str, str]:
    """Name of each of these people of whom who asks may see one, for a list of proposals."""
    known = await people.names(connection, seeker_ids)
    await processing_log.record(connection, Activity.PROFILES, "read proposals", list(known))
    return known


async def list_people(
    connection: Connection, wanted: people.Filter, order: Order, after: people.After | None, limit: int
) -> list[dict[str, Any]]:
    """At most `limit` people who may be seen, in this order."""
    rows = [dict(row) for row in await people.page(connection, wanted, order, after, limit)]
    await processing_log.record(connection, Activity.PROFILES, "read profile", [row["id"] for row in rows])
    return rows


def concerns(text: str) -> list[str]:
    """What does not belong in a sentence of a person, and what to write instead."""
    return [finding.message for finding in check_text("text", text, Side.PERSON)]


def person_from(row: Row, name: str = "", contact: str = "", version: int = 0) -> Person:
    """A person out of a form.

    Raises:
        NotFine: a field cannot be kept as it is.
    """
    try:
        record = SeekerRecord.model_validate(row)
    except ValidationError as problems:
        raise NotFine({str((one["loc"] or ("",))[0]): one["type"] for one in problems.errors()}) from problems
    known_by = [one for one in check_texts((("name", name), ("contact", contact)), Side.ABOUT) if one.concern in OF_CONTACT]
    found = {finding.field.partition(".")[0]: finding.message for finding in [*check_record(record), *known_by]}
    if found:
        raise NotFine(found)
    return Person(record, name.strip(), contact.strip(), version)


def must_live_somewhere_known(person: Person, gazetteer: Gazetteer) -> None:
    """A town that is typed is one that is known, or has a postcode beside it; otherwise nothing would be near.

    Raises:
        NotFine: it is not.
    """
    told = person.record
    if told.place and not told.postcode4 and gazetteer.locate(None, told.place) is None:
        raise NotFine({"place": UNKNOWN_PLACE})


async def add_person(connection: Connection, passend: Passend, identity: Identity, new: Person, key: str | None = None) -> str:
    """Adds a person, to be matched on at once; a client manager who asks becomes theirs. Returns the code.

    Args:
        key: asked again with the same key, the person who was added the first time comes back.

    Raises:
        UnfitText: a text holds what is not kept here.
        Conflict: the code is in use, or the key was used for something else.
    """
    _must_fit(new)

    async def make() -> None:
        await _encode(passend, new)
        await revisions.take_turn(connection)
        if await seekers.digests(passend.engine, [new.record.id]):
            raise Conflict(f"The id {new.record.id!r} is in use. Choose another, or none.")
        await _save(connection, passend, identity, new)
        if identity.role is Role.CLIENT_MANAGER:
            await people.take_on(connection, new.record.id, identity.user_id)
        await processing_log.record(connection, Activity.PROFILES, "add profile", [new.record.id])

    return await once(connection, key, new.asked(), new.record.id, make)


async def change_person(connection: Connection, passend: Passend, identity: Identity, changed: Person) -> None:
    """Puts what was changed in the place of the version that was read.

    Raises:
        NotFound: there is no such person for who asks.
        UnfitText: a text holds what is not kept here.
        ChangedMeanwhile: somebody else changed this person since.
    """
    _must_fit(changed)
    await _encode(passend, changed)
    await revisions.take_turn(connection)
    version = await people.lock_version(connection, changed.record.id)
    if version is None:
        raise NotFound(f"There is no person with the id {changed.record.id!r}.")
    if version != changed.version:
        raise ChangedMeanwhile("This person was changed in the meantime.")
    await _save(connection, passend, identity, changed)
    await processing_log.record(connection, Activity.PROFILES, "change profile", [changed.record.id])


def _must_fit(person: Person) -> None:
    record_must_fit(person.record)
    must_fit({"name": person.name, "contact": person.contact}, Side.ABOUT, OF_CONTACT)


async def _encode(passend: Passend, person: Person) -> None:
    texts = seeker_texts(person.record.to_model(passend.gazetteer))
    await encode_missing(passend.engine, passend.encoder, texts)


async def _save(connection: Connection, passend: Passend, identity: Identity, person: Person) -> None:
    seeker = person.record.to_model(passend.gazetteer)
    await seekers.save(connection, person.record, seeker, identity.organisation_id)
    await people.name(connection, person.record.id, person.name, person.contact)


async def own_code(connection: Connection) -> str:
    """The code of the resident who asks.

    Raises:
        NotFound: who asks is no resident.
    """
    code = await people.own_code(connection)
    if code is None:
        raise NotFound("There is no person with this account.")
    return code
