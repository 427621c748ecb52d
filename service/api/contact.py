"""Contact with people, and signals of those whom nobody should lose sight of."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from pydantic import AwareDatetime, Field, StringConstraints

from service.api.access import Acting, Scope, requires
from service.api.matches import Identifier
from service.api.paging import Cursor, PageSize, next_cursor, place_of
from service.api.plans import Day
from service.api.problems import PROBLEMS
from service.api.schemas import Answer, Asked
from service.api.versions import IdempotencyKey, SeenVersion, tag
from service.db.identity import Role
from service.db.paging import mark
from service.db.signals import Signal, Weeks, weeks_of
from service.use_cases import keeping_contact
from service.use_cases.keeping_contact import Contact, ContactKind

router = APIRouter(tags=["contact"], responses=PROBLEMS[400] | PROBLEMS[401] | PROBLEMS[403] | PROBLEMS[503])

Moment = Annotated[AwareDatetime, Field(ge=datetime(1990, 1, 1, tzinfo=UTC), le=datetime(2100, 12, 31, tzinfo=UTC))]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000, pattern=r"^[^\x00]*$")]
Period = Annotated[int, Field(ge=1, le=104)]
MomentId = Annotated[UUID, Path(alias="id")]
ReadsContact = Annotated[Acting, requires(Role.CLIENT_MANAGER, Role.AUDITOR, Role.RESIDENT, scope=Scope.CONTACT_READ)]
WritesContact = Annotated[Acting, requires(Role.CLIENT_MANAGER, scope=Scope.CONTACT_WRITE)]
ReadsSignals = Annotated[Acting, requires(Role.CLIENT_MANAGER, Role.AUDITOR, scope=Scope.SIGNALS_READ)]
ReadsPeriods = Annotated[Acting, requires(Role.CLIENT_MANAGER, Role.ADMINISTRATOR, Role.AUDITOR, scope=Scope.SIGNALS_READ)]
SetsPeriods = Annotated[Acting, requires(Role.ADMINISTRATOR, scope=Scope.SIGNALS_WRITE)]


class ContactContent(Asked):
    """When there was contact, how, and what was said or agreed."""

    at: Moment
    kind: ContactKind
    note: Note = ""

    def parsed(self) -> Contact:
        """The same for the use case."""
        return Contact(self.at, self.kind, self.note)


class ContactAnswer(Answer):
    """A contact moment, and its version for If-Match."""

    id: UUID
    seeker_id: str
    at: datetime
    kind: ContactKind
    note: str
    created_at: datetime
    updated_at: datetime
    version: int


class ContactsAnswer(Answer):
    """A page of contact moments."""

    items: list[ContactAnswer]
    next: str | None


class SchoolLeaving(Asked):
    """When someone is expected to leave school."""

    leaves_on: Day


class SignalAnswer(Answer):
    """Someone who comes up, why, and since when; with `leaving_school`, until when."""

    seeker: str
    signal: Signal
    since: datetime


class SignalsAnswer(Answer):
    """A page of signals."""

    items: list[SignalAnswer]
    next: str | None


class SignalPeriods(Asked):
    """After how many weeks without contact or a new match someone comes up, and how long before leaving school."""

    contact: Period
    match: Period
    school: Period


@router.get("/seekers/{id}/contact-moments", responses=PROBLEMS[404])
async def contact_with_person(
    acting: ReadsContact, seeker: Identifier, cursor: Cursor = None, size: PageSize = 20
) -> ContactsAnswer:
    """Contact with a person, latest first."""
    rows = await keeping_contact.contact_with(acting.connection, seeker, place_of(cursor, mark) if cursor else None, size)
    return ContactsAnswer.model_validate(
        {"items": rows[:size], "next": next_cursor(rows, size, lambda row: (row["at"], row["id"]))}
    )


@router.post("/seekers/{id}/contact-moments", status_code=201, responses=PROBLEMS[404] | PROBLEMS[409])
async def add_contact(
    acting: WritesContact, seeker: Identifier, asked: ContactContent, response: Response, idempotency_key: IdempotencyKey = None
) -> ContactAnswer:
    """Writes down that there was contact."""
    return _answer(response, await keeping_contact.add_moment(acting.connection, seeker, asked.parsed(), idempotency_key))


@router.get("/contact-moments/{id}", responses=PROBLEMS[404])
async def one_contact(acting: ReadsContact, moment: MomentId, response: Response) -> ContactAnswer:
    """One contact moment."""
    return _answer(response, await keeping_contact.moment(acting.connection, moment))


@router.put("/contact-moments/{id}", responses=PROBLEMS[404] | PROBLEMS[412] | PROBLEMS[428])
async def change_contact(
    acting: WritesContact, moment: MomentId, asked: ContactContent, version: SeenVersion, response: Response
) -> ContactAnswer:
    """Corrects a contact moment."""
    return _answer(response, await keeping_contact.change_moment(acting.connection, moment, version, asked.parsed()))


@router.put("/seekers/{id}/school-leaving", status_code=204, responses=PROBLEMS[404])
async def set_school_leaving(acting: WritesContact, seeker: Identifier, asked: SchoolLeaving) -> None:
    """Keeps when someone is expected to leave school, so that they come up in time."""
    await keeping_contact.set_school_leaving(acting.connection, seeker, asked.leaves_on)


@router.delete("/seekers/{id}/school-leaving", status_code=204, responses=PROBLEMS[404])
async def forget_school_leaving(acting: WritesContact, seeker: Identifier) -> None:
    """Forgets when someone leaves school."""
    await keeping_contact.set_school_leaving(acting.connection, seeker, None)


@router.get("/signals", tags=["signals"])
async def people_who_come_up(
    acting: ReadsSignals,
    signal: Annotated[list[Signal] | None, Query(description="Only these; default all.")] = None,
    mine: Annotated[bool, Query(description="Only people of whom I am the client manager.")] = False,
    cursor: Cursor = None,
    size: PageSize = 50,
) -> SignalsAnswer:
    """People without a plan, without recent contact, without a new match, never surfaced, or leaving school soon."""
    told = await keeping_contact.signalled(
        acting.connection, acting.identity.organisation_id, signal or [], mine, place_of(cursor, _told) if cursor else None, size
    )
    following = next_cursor(told, size, lambda one: (one.seeker, one.signal))
    return SignalsAnswer.model_validate({"items": told[:size], "next": following})


@router.get("/signal-periods", tags=["signals"])
async def signal_periods(acting: ReadsPeriods, response: Response) -> SignalPeriods:
    """After how many weeks people come up here."""
    return _periods(response, *await weeks_of(acting.connection, acting.identity.organisation_id))


@router.put("/signal-periods", tags=["signals"], responses=PROBLEMS[412] | PROBLEMS[428])
async def set_signal_periods(
    acting: SetsPeriods, asked: SignalPeriods, version: SeenVersion, response: Response
) -> SignalPeriods:
    """Changes after how many weeks people come up here."""
    weeks = Weeks(asked.contact, asked.match, asked.school)
    return _periods(
        response, *await keeping_contact.set_periods(acting.connection, acting.identity.organisation_id, version, weeks)
    )


def _told(seeker: str, signal: str) -> tuple[str, str]:
    if "\0" in seeker:
        raise ValueError(seeker)
    return seeker, Signal(signal)


def _periods(response: Response, weeks: Weeks, version: int) -> SignalPeriods:
    tag(response, version)
    return SignalPeriods(contact=weeks.contact, match=weeks.match, school=weeks.school)


def _answer(response: Response, row: keeping_contact.Row) -> ContactAnswer:
    tag(response, row["version"])
    return ContactAnswer.model_validate(row)
