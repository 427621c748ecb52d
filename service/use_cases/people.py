"""A person: shown, added and changed by their municipality."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from matching.vectors import seeker_texts
from service.db import people, revisions, seekers
from service.db.connect import Connection
from service.db.identity import Identity
from service.encoding import encode_missing
from service.entry_check import check_record, check_text
from service.errors import BadInput, ChangedMeanwhile, NotFound
from service.interchange import SeekerRecord
from service.opening import Passend
from service.sensitive_words import Side

Row = Mapping[str, Any]
_EASY_TO_READ = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Person:
    """A person as the form knows them; `version` is the one that was read."""

    record: SeekerRecord
    name: str
    contact: str
    version: int = 0


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
    return dict(found)


def concerns(text: str) -> list[str]:
    """What does not belong in a sentence about a person, and what to write instead."""
    return [finding.message for finding in check_text("abilities.0", text, Side.PERSON)]


def person_from(row: Row, name: str = "", contact: str = "", version: int = 0) -> Person:
    """A person out of a form.

    Raises:
        NotFine: a field cannot be kept as it is.
    """
    try:
        record = SeekerRecord.model_validate(row)
    except ValidationError as problems:
        raise NotFine({str((one["loc"] or ("",))[0]): one["type"] for one in problems.errors()}) from problems
    found = {finding.field.partition(".")[0]: finding.message for finding in check_record(record)}
    if found:
        raise NotFine(found)
    return Person(record, name.strip(), contact.strip(), version)


def new_code() -> str:
    """A code for a new person: it says nothing, and is easy to say aloud."""
    return "p-" + "".join(secrets.choice(_EASY_TO_READ) for _ in range(6))


async def add_person(connection: Connection, passend: Passend, identity: Identity, new: Person) -> None:
    """Adds a person, to be matched on at once, with who asks as the client manager."""
    await _save(connection, passend, identity, new)
    await people.take_on(connection, new.record.id, identity.user_id)


async def change_person(connection: Connection, passend: Passend, identity: Identity, changed: Person) -> None:
    """Puts what was changed in the place of the version that was read.

    Raises:
        NotFound: there is no such person for who asks.
        ChangedMeanwhile: somebody else changed this person since.
    """
    version = await people.lock_version(connection, changed.record.id)
    if version is None:
        raise NotFound(f"There is no person with the id {changed.record.id!r}.")
    if version != changed.version:
        raise ChangedMeanwhile("This person was changed in the meantime.")
    await _save(connection, passend, identity, changed)


async def _save(connection: Connection, passend: Passend, identity: Identity, person: Person) -> None:
    seeker = person.record.to_model(passend.gazetteer)
    await encode_missing(passend.engine, passend.encoder, seeker_texts(seeker))
    await revisions.take_turn(connection)
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
