"""Places: looked up, shown with the people who fit, added, changed, opened and closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from matching.phrases import Language
from matching.vectors import opportunity_texts
from service.db import employers, opportunities, people, places, received_vacancies, revisions
from service.db.connect import Connection
from service.db.idempotency import once
from service.db.identity import Identity, Role
from service.db.paging import Order
from service.db.refusals import refusals
from service.encoding import encode_missing
from service.entry_check import record_must_fit
from service.errors import BadInput, ChangedMeanwhile, Conflict, NotFound
from service.interchange import OpportunityRecord
from service.opening import Passend
from service.render import Json
from service.use_cases.matching import find_candidates

MOST_CANDIDATES = 20


@dataclass(frozen=True)
class NewPlace:
    """A place as it is handed in; `version` is the one that was read, and `coded` that its code was chosen by who asks."""

    record: OpportunityRecord
    employer: UUID | None = None
    status: str = "draft"
    version: int = 0
    coded: bool = True

    def asked(self) -> "NewPlace":
        """The same for every request that is the same, whatever code it was given."""
        return self if self.coded else replace(self, record=self.record.model_copy(update={"id": ""}))


async def find_places(connection: Connection, words: str, kind: str, limit: int) -> Sequence[places.Listed]:
    """Places that who asks may see, by title: whose title, organisation or town holds the words; of one rung, or of all."""
    return await places.named(connection, words.strip(), kind, limit)


async def places_at(connection: Connection, employer: UUID) -> Sequence[places.AtEmployer]:
    """The places of an employer that who asks may see, open ones first."""
    return await places.at_employer(connection, employer)


async def drafts(connection: Connection, limit: int) -> Sequence[Mapping[str, Any]]:
    """The drafts that who asks may see, the last changed first: they wait for somebody to open them."""
    last_changed = Order("updated_at", descending=True, by_moment=True)
    return await places.page(connection, places.Filter(statuses=("draft",)), last_changed, None, limit)


async def show_place(connection: Connection, opportunity_id: str) -> Mapping[str, Any]:
    """One place.

    Raises:
        NotFound: there is no such place for who asks.
    """
    found = (await places.shown(connection, [opportunity_id])).get(opportunity_id)
    if found is None:
        raise NotFound(f"There is no place with the id {opportunity_id!r}.")
    return dict(found)


async def add_place(connection: Connection, passend: Passend, identity: Identity, new: NewPlace, key: str | None = None) -> str:
    """Adds a place of the organisation of who asks, to be matched on at once when it is open. Returns its code.

    Args:
        key: asked again with the same key, the place that was added the first time comes back.

    Raises:
        UnfitText: a text holds what is not kept here.
        BadInput: its last day is over, or there is no such employer here.
        NotAllowed: an employer hands in drafts.
        Conflict: the code is in use, or the key was used for something else.
    """
    _must_fit(new.record)

    async def make() -> None:
        await _encode(passend, new.record)
        await revisions.take_turn(connection)
        if await opportunities.digests(passend.engine, [new.record.id]):
            raise Conflict(f"The id {new.record.id!r} is in use. Choose another, or none.")
        model = new.record.to_model(passend.gazetteer)
        await opportunities.save(connection, new.record, model, identity.organisation_id, new.status)
        await _set_employer(connection, identity, new)

    with refusals():
        return await once(connection, key, new.asked(), new.record.id, make)


async def change_place(connection: Connection, passend: Passend, identity: Identity, changed: NewPlace) -> None:
    """Puts what was changed in the place of the version that was read; what an employer changes is a draft again.

    Raises:
        NotFound: there is no such place that who asks may change.
        UnfitText: a text holds what is not kept here.
        BadInput: its last day is over, or there is no such employer here.
        ChangedMeanwhile: somebody else changed it since.
    """
    _must_fit(changed.record)
    await _encode(passend, changed.record)
    owner = await _current(connection, changed.record.id, changed.version)
    with refusals():
        if identity.role is Role.EMPLOYER:
            await places.make_draft(connection, changed.record.id)
        model = changed.record.to_model(passend.gazetteer)
        await opportunities.save(connection, changed.record, model, owner, "draft")
        await _set_employer(connection, identity, changed)


async def set_status(connection: Connection, opportunity_id: str, version: int, status: str) -> None:
    """Opens a place, closes it, or makes it a draft again.

    Raises:
        NotFound: there is no such place that who asks may change.
        NotAllowed: an account manager opens a place.
        ChangedMeanwhile: somebody else changed it since.
    """
    await _current(connection, opportunity_id, version)
    with refusals():
        await places.set_status(connection, opportunity_id, status)


async def _current(connection: Connection, opportunity_id: str, version: int) -> UUID:
    await revisions.take_turn(connection)
    known = await places.lock(connection, opportunity_id)
    if known is None:
        raise NotFound(f"There is no place with the id {opportunity_id!r} that you may change.")
    if known["version"] != version:
        raise ChangedMeanwhile("This place was changed in the meantime. Look at it again.")
    owner: UUID = known["organisation_id"]
    return owner


def _must_fit(record: OpportunityRecord) -> None:
    record_must_fit(record)
    if over := record.over(datetime.now(UTC).date()):
        raise BadInput(over, "/closesOn")


async def _encode(passend: Passend, record: OpportunityRecord) -> None:
    texts = opportunity_texts(record.to_model(passend.gazetteer))
    await encode_missing(passend.engine, passend.encoder, texts)


async def _set_employer(connection: Connection, identity: Identity, place: NewPlace) -> None:
    if identity.role is not Role.ACCOUNT_MANAGER:
        return
    if place.employer and not await employers.one(connection, place.employer):
        raise BadInput("There is no such employer in your region.", "/employerId")
    await places.set_employer(connection, place.record.id, place.employer)


async def left_by(connection: Connection, opportunity_id: str) -> Mapping[str, Any] | None:
    """Whom to answer about a place that an employer left in the widget, for who may know."""
    return await received_vacancies.left_by(connection, opportunity_id)


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
