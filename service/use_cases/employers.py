"""Employers of the region, kept up to date by account managers."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg

from matching.model import Support
from service.db import employers
from service.db.connect import Connection
from service.db.employers import Row
from service.db.idempotency import once
from service.db.identity import Identity
from service.entry_check import must_fit
from service.errors import ChangedMeanwhile, Conflict, NotFound
from service.sensitive_words import Side
from service.use_cases.administering import add_employer as add_organisation


@dataclass(frozen=True)
class Employer:
    """What is kept of an employer; `contact_persons` as data for JSON."""

    name: str
    contact_persons: Sequence[Row]
    support: Sequence[Support]
    agreements: str

    def texts(self) -> dict[str, str]:
        """Each free text by the path of its field; numbers and addresses of contact persons have fields of their own."""
        people = enumerate(self.contact_persons)
        named = {f"contactPersons.{number}.{part}": person[part] for number, person in people for part in ("name", "function")}
        return {"agreements": self.agreements, **named}


async def employer(connection: Connection, number: UUID) -> Row:
    """One employer.

    Raises:
        NotFound: there is no such employer for the one who asks.
    """
    found = await employers.one(connection, number)
    if found is None:
        raise NotFound("There is no such employer.")
    return found


async def find_employers(connection: Connection, words: str, limit: int) -> Sequence[Row]:
    """Employers of the region whose name holds the words, by name."""
    return await employers.page(connection, words.strip(), None, limit)


async def add_employer(connection: Connection, identity: Identity, content: Employer, key: str | None) -> Row:
    """Adds an employer to the region of the one who asks.

    Args:
        key: asked again with the same key, the employer that was made the first time comes back.

    Raises:
        UnfitText: a text holds what is not kept here.
        Conflict: the region has an employer of that name, or the key was used for something else.
    """
    must_fit(content.texts(), Side.PLACE)
    number = uuid4()

    async def make() -> None:
        await add_organisation(connection, identity, content.name, number)
        await _write(connection, number, 1, content)

    return await employer(connection, await once(connection, key, content, number, make))


async def change_employer(connection: Connection, number: UUID, version: int, content: Employer) -> Row:
    """Puts other content in the place of the version that was read.

    Raises:
        NotFound: there is no such employer for the one who asks.
        UnfitText: a text holds what is not kept here.
        ChangedMeanwhile: it is not this version any more.
        Conflict: the region has another employer of that name.
    """
    must_fit(content.texts(), Side.PLACE)
    await employer(connection, number)
    await _write(connection, number, version, content)
    try:
        await employers.rename(connection, number, content.name)
    except asyncpg.UniqueViolationError as problem:
        raise Conflict(f"There is an employer {content.name!r} in this region already.") from problem
    return await employer(connection, number)


async def _write(connection: Connection, number: UUID, version: int, content: Employer) -> None:
    if not await employers.change(
        connection, number, version, content.contact_persons, sorted(set(content.support)), content.agreements
    ):
        raise ChangedMeanwhile("This employer was changed in the meantime. Read it again.")
