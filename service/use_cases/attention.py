"""A client manager's people, those who need attention first; handed over together, and taken back."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from service.db import attention as people
from service.db import processing_log, signals
from service.db.connect import Connection
from service.db.processing_log import Activity
from service.db.signals import Signal
from service.errors import BadInput


class Attention(StrEnum):
    """Why someone comes first, in this order."""

    WAITING = "waiting"
    LEAVING_SCHOOL = "leaving_school"
    NO_CONTACT = "no_contact"
    NEW_PLACES = "new_places"
    NO_PLAN = "no_plan"
    NEVER_SURFACED = "never_surfaced"
    NO_NEW_MATCH = "no_new_match"


_URGENCY = {why: order for order, why in enumerate(Attention)}
_FOR_WHO_WORKS = frozenset({Attention.WAITING, Attention.NO_CONTACT})
_EVERY_SIGNAL = 1_000_000
PAGE = 25


@dataclass(frozen=True)
class Wanted:
    """Which people to show; what is empty does not count."""

    words: str = ""
    attention: Attention | None = None
    only_mine: bool = False
    page: int = 1


@dataclass(frozen=True)
class InSight:
    """One page of people with what they need attention for, how many there are, and how many for what."""

    people: Sequence[tuple[people.Row, Sequence[Attention]]]
    found: int
    pages: int
    counts: Mapping[Attention, int]


async def in_sight(connection: Connection, organisation_id: UUID, wanted: Wanted) -> InSight:
    """Who is in sight, those who need attention first; those who are shown are written in the processing log."""
    told = await _told(connection, organisation_id)
    everyone = [
        (row, needs(row, told[row.id])) for row in await people.people(connection, wanted.words.strip(), wanted.only_mine)
    ]
    counts = Counter(why for _, whys in everyone for why in whys)
    chosen = [one for one in everyone if wanted.attention is None or wanted.attention in one[1]]
    chosen.sort(key=lambda one: [_URGENCY[why] for why in one[1]][:1] or [len(Attention)])
    pages = max(1, -(-len(chosen) // PAGE))
    start = (min(max(wanted.page, 1), pages) - 1) * PAGE
    shown = chosen[start : start + PAGE]
    await processing_log.record(connection, Activity.SIGNALS, "read caseload", [row.id for row, _ in shown])
    return InSight(shown, len(chosen), pages, counts)


def needs(row: people.Row, told: frozenset[Signal]) -> list[Attention]:
    """What somebody should look at for this person, the most urgent first; little for who is at work."""
    said = {Attention(signal) for signal in told}
    said |= {Attention.WAITING} if row.waiting else set()
    said |= {Attention.NEW_PLACES} if row.new_places else set()
    return sorted(said & _FOR_WHO_WORKS if row.at_work else said, key=_URGENCY.__getitem__)


async def _told(connection: Connection, organisation_id: UUID) -> Mapping[str, frozenset[Signal]]:
    weeks, _ = await signals.weeks_of(connection, organisation_id)
    found: dict[str, frozenset[Signal]] = defaultdict(frozenset)
    for one in await signals.page(connection, weeks, list(Signal), False, None, _EVERY_SIGNAL):
        found[one.seeker] |= {one.signal}
    return found


async def colleagues(connection: Connection) -> list[tuple[UUID, str]]:
    """Client managers to whom people can be handed over."""
    return await people.colleagues(connection)


async def hand_over(connection: Connection, seeker_ids: Sequence[str], client_manager: UUID) -> Mapping[str, UUID | None]:
    """Gives these people a client manager; returns who it was for each of them, to take it back with.

    Raises:
        BadInput: nobody is chosen, or the client manager is not of this municipality.
    """
    if client_manager not in dict(await people.colleagues(connection)):
        raise BadInput("Choose a client manager of this municipality.")
    before = await people.managers(connection, seeker_ids)
    if not before:
        raise BadInput("Choose at least one person.")
    await people.hand_over(connection, list(before), [client_manager] * len(before))
    return before


async def take_back(connection: Connection, given: UUID, before: Mapping[str, UUID | None]) -> int:
    """Gives people back to who they were with, those that are still with whom they were given to; returns how many."""
    now, known = await people.managers(connection, list(before)), {None, *dict(await people.colleagues(connection))}
    still = [one for one, manager in now.items() if manager == given and before[one] in known]
    await people.hand_over(connection, still, [before[one] for one in still])
    return len(still)
