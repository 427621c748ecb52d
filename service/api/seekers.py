"""People: listed, shown, added and changed by their municipality; everything but their name by code."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from matching.model import Level, Rung, Support, Transport
from service.api.access import Acting, Scope, requires
from service.api.matches import Identifier as SeekerId
from service.api.paging import Cursor, PageSize, next_cursor, place_of
from service.api.problems import PROBLEMS
from service.api.schemas import Answer
from service.api.versions import IdempotencyKey, SeenVersion, tag
from service.db.identity import Role
from service.db.paging import Order
from service.db.people import Filter
from service.interchange import Identifier, SeekerRecord, new_code
from service.use_cases import people

router = APIRouter(tags=["seekers"], responses=PROBLEMS[400] | PROBLEMS[401] | PROBLEMS[403] | PROBLEMS[503])

_SEE = (Role.CLIENT_MANAGER, Role.ACCOUNT_MANAGER, Role.RESIDENT, Role.ADMINISTRATOR, Role.AUDITOR)
Reads = Annotated[Acting, requires(*_SEE, scope=Scope.SEEKERS_READ)]
Writes = Annotated[Acting, requires(Role.CLIENT_MANAGER, Role.ADMINISTRATOR, scope=Scope.SEEKERS_WRITE)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00]*$")]
Place = Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$", description="Only towns whose name holds this.")]


class Sort(StrEnum):
    """What a list is sorted by; with `-` from high to low."""

    ID = "id"
    UPDATED = "updatedAt"
    LAST_UPDATED = "-updatedAt"


_ORDERS = {
    Sort.ID: Order("id"),
    Sort.UPDATED: Order("updated_at", by_moment=True),
    Sort.LAST_UPDATED: Order("updated_at", descending=True, by_moment=True),
}


class SeekerContent(SeekerRecord):
    """A person; without an id they get a code, and without a name they are known by that code alone."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")

    id: Identifier = Field(default_factory=lambda: new_code("p"))
    name: Name = ""
    contact: Name = ""

    def parsed(self, seeker_id: str | None = None, version: int = 0) -> people.Person:
        """The same for the use case; `seeker_id` is that of the path."""
        coded = {"id": seeker_id} if seeker_id else {}
        record = SeekerRecord.model_validate(self.model_dump(exclude={"name", "contact"}) | coded)
        return people.Person(record, self.name, self.contact, version, "id" in self.model_fields_set)


class SeekerInList(Answer):
    """A person in a list; `name` is null where it is not kept, or not for me."""

    id: str
    name: str | None
    client_manager: str | None
    place: str
    postcode4: str | None
    hours_min: float
    hours_max: float
    open_to: list[Rung]
    created_at: datetime
    updated_at: datetime
    version: int


class SeekersAnswer(Answer):
    """A page of people."""

    items: list[SeekerInList]
    next: str | None


class LanguageLevels(Answer):
    """Levels of Dutch; null: not known."""

    speaking: Level | None
    reading: Level | None
    writing: Level | None


class SeekerAnswer(SeekerInList):
    """A person, and their version for If-Match."""

    contact: str
    abilities: list[str]
    motivations: list[str]
    learning: list[str]
    max_travel_km: float
    transport: Transport
    dayparts: list[str] | None
    language: LanguageLevels
    licences: list[str]
    support_needs: list[Support]


@router.get("/seekers")
async def seekers(
    acting: Reads,
    place: Place = "",
    open_to: Annotated[list[Rung] | None, Query(alias="openTo", description="Open to one of these rungs.")] = None,
    mine: Annotated[bool, Query(description="Only people of whom I am the client manager.")] = False,
    sort: Sort = Sort.ID,
    cursor: Cursor = None,
    size: PageSize = 20,
) -> SeekersAnswer:
    """The people that I may see."""
    order, wanted = _ORDERS[sort], Filter(place, open_to or (), mine)
    after = place_of(cursor, order.mark) if cursor else None
    rows = await people.list_people(acting.connection, wanted, order, after, size + 1)
    following = next_cursor(rows, size, lambda row: (row[order.column], row["id"]))
    return SeekersAnswer.model_validate({"items": rows[:size], "next": following}, by_name=True)


@router.post("/seekers", status_code=201, responses=PROBLEMS[409])
async def add_seeker(
    acting: Writes, asked: SeekerContent, response: Response, idempotency_key: IdempotencyKey = None
) -> SeekerAnswer:
    """Adds a person to my municipality; they are matched on at once."""
    code = await people.add_person(acting.connection, acting.passend, acting.identity, asked.parsed(), idempotency_key)
    response.headers["Location"] = f"/v1/seekers/{code}"
    return await _answer(acting, response, code)


@router.get("/seekers/{id}", responses=PROBLEMS[404])
async def seeker(acting: Reads, code: SeekerId, response: Response) -> SeekerAnswer:
    """One person."""
    return await _answer(acting, response, code)


@router.put("/seekers/{id}", responses=PROBLEMS[404] | PROBLEMS[412] | PROBLEMS[428])
async def change_seeker(
    acting: Writes, code: SeekerId, asked: SeekerContent, version: SeenVersion, response: Response
) -> SeekerAnswer:
    """Puts what was changed in the place of the version that was read; sentences of before stay in the history."""
    await people.change_person(acting.connection, acting.passend, acting.identity, asked.parsed(code, version))
    return await _answer(acting, response, code)


async def _answer(acting: Acting, response: Response, code: str) -> SeekerAnswer:
    row = dict(await people.person(acting.connection, code))
    tag(response, row["version"])
    shown: dict[str, Any] = {name: row[name] for name in SeekerAnswer.model_fields if name in row}
    return SeekerAnswer.model_validate(
        shown | {"language": {part: row[part] for part in LanguageLevels.model_fields}}, by_name=True
    )
