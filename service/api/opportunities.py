"""Places with their tasks and needs: listed, shown, handed in, changed, opened and closed."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from matching.model import Level, Rung, Support
from service.api.access import Acting, Scope, requires
from service.api.matches import Identifier as OpportunityId
from service.api.paging import Cursor, PageSize, next_cursor, place_of
from service.api.problems import PROBLEMS
from service.api.schemas import Answer, Asked
from service.api.versions import IdempotencyKey, SeenVersion, tag
from service.db import places as listed
from service.db.identity import Role
from service.db.paging import Order
from service.interchange import Identifier, NeedRecord, OpportunityRecord, new_code
from service.use_cases import import_jobs, places

router = APIRouter(tags=["opportunities"], responses=PROBLEMS[400] | PROBLEMS[401] | PROBLEMS[403] | PROBLEMS[503])

Reads = Annotated[Acting, requires(*Role, scope=Scope.OPPORTUNITIES_READ)]
Writes = Annotated[Acting, requires(Role.ACCOUNT_MANAGER, Role.EMPLOYER, scope=Scope.OPPORTUNITIES_WRITE)]
Search = Annotated[
    str, Query(alias="q", max_length=200, pattern=r"^[^\x00]*$", description="Only where title, organisation or town holds this.")
]
Pasted = Annotated[str, StringConstraints(min_length=1, max_length=import_jobs.LONGEST_VACANCY, pattern=r"^[^\x00]*$")]


class Status(StrEnum):
    """Where a place is: a draft is seen by who keeps it and by account managers, an open place by the region."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class NewStatus(StrEnum):
    """How a place can begin."""

    DRAFT = "draft"
    OPEN = "open"


class Sort(StrEnum):
    """What a list is sorted by; with `-` from high to low."""

    TITLE = "title"
    UPDATED = "updatedAt"
    LAST_UPDATED = "-updatedAt"


_ORDERS = {
    Sort.TITLE: Order("title"),
    Sort.UPDATED: Order("updated_at", by_moment=True),
    Sort.LAST_UPDATED: Order("updated_at", descending=True, by_moment=True),
}


class OpportunityContent(OpportunityRecord):
    """A place; without an id it gets a code. `employerId`: the employer of the region where it is, for account managers."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")

    id: Identifier = Field(default_factory=lambda: new_code("o"))
    employer_id: UUID | None = None

    def parsed(self, status: str, opportunity_id: str | None = None, version: int = 0) -> places.NewPlace:
        """The same for the use case; `opportunity_id` is that of the path."""
        coded = {"id": opportunity_id} if opportunity_id else {}
        written = self.model_dump(exclude={"employer_id", "status"}) | {"closes_on": self.closes_on} | coded
        record = OpportunityRecord.model_validate(written)
        return places.NewPlace(record, self.employer_id, status, version, "id" in self.model_fields_set)


class NewOpportunity(OpportunityContent):
    """A new place; employers hand in drafts."""

    status: NewStatus = NewStatus.DRAFT


class StatusChange(Asked):
    """What becomes of a place."""

    status: Status


class LanguageMin(Answer):
    """Levels of Dutch that are asked; null asks nothing."""

    speaking: Level | None
    reading: Level | None


class OpportunityInList(Answer):
    """A place in a list; `taken` of its `positions` are taken."""

    id: str
    kind: Rung
    title: str
    organisation: str
    employer_id: UUID | None
    status: Status
    place: str
    postcode4: str | None
    hours_min: float
    hours_max: float
    positions: int
    taken: int
    created_at: datetime
    updated_at: datetime
    version: int


class OpportunitiesAnswer(Answer):
    """A page of places."""

    items: list[OpportunityInList]
    next: str | None


class OpportunityAnswer(OpportunityInList):
    """A place, and its version for If-Match."""

    summary: str
    tasks: list[str]
    needs: list[NeedRecord]
    offers: str
    dayparts: list[str] | None
    language_min: LanguageMin
    licences: list[str]
    support: list[Support]


class VacancyText(Asked):
    """The text of a vacancy, as it was pasted."""

    text: Pasted


class LeftOut(Answer):
    """A sentence that was not taken over, and why."""

    text: str
    reason: str


class ToChange(Answer):
    """A field that cannot be kept as it is, and why."""

    field: str
    message: str


class VacancyDraft(Answer):
    """A place as it was read from a text, to be looked at and then handed in; nothing is kept yet."""

    vacancy: dict[str, Any]
    assumed: list[str]
    left_out: list[LeftOut]
    to_change: list[ToChange]


@router.get("/opportunities")
async def opportunities(
    acting: Reads,
    words: Search = "",
    kind: Annotated[list[Rung] | None, Query(description="Only these rungs.")] = None,
    status: Annotated[list[Status] | None, Query(description="Only these; default all that I may see.")] = None,
    sort: Sort = Sort.TITLE,
    cursor: Cursor = None,
    size: PageSize = 20,
) -> OpportunitiesAnswer:
    """The places that I may see."""
    order, wanted = _ORDERS[sort], listed.Filter(words, kind or (), status or ())
    rows = await listed.page(acting.connection, wanted, order, place_of(cursor, order.mark) if cursor else None, size + 1)
    following = next_cursor(rows, size, lambda row: (row[order.column], row["id"]))
    items = [{name: row[name] for name in OpportunityInList.model_fields} for row in rows[:size]]
    return OpportunitiesAnswer.model_validate({"items": items, "next": following}, by_name=True)


@router.post("/opportunities", status_code=201, responses=PROBLEMS[409])
async def add_opportunity(
    acting: Writes, asked: NewOpportunity, response: Response, idempotency_key: IdempotencyKey = None
) -> OpportunityAnswer:
    """Adds a place of my organisation, as a draft or open."""
    new = asked.parsed(asked.status)
    code = await places.add_place(acting.connection, acting.passend, acting.identity, new, idempotency_key)
    response.headers["Location"] = f"/v1/opportunities/{code}"
    return await _answer(acting, response, code)


@router.get("/opportunities/{id}", responses=PROBLEMS[404])
async def opportunity(acting: Reads, code: OpportunityId, response: Response) -> OpportunityAnswer:
    """One place with its tasks and needs."""
    return await _answer(acting, response, code)


@router.put("/opportunities/{id}", responses=PROBLEMS[404] | PROBLEMS[412] | PROBLEMS[428])
async def change_opportunity(
    acting: Writes, code: OpportunityId, asked: OpportunityContent, version: SeenVersion, response: Response
) -> OpportunityAnswer:
    """Puts what was changed in the place of the version that was read; what an employer changes is a draft again."""
    changed = asked.parsed(Status.DRAFT, code, version)
    await places.change_place(acting.connection, acting.passend, acting.identity, changed)
    return await _answer(acting, response, code)


@router.put("/opportunities/{id}/status", responses=PROBLEMS[404] | PROBLEMS[412] | PROBLEMS[428])
async def set_status(
    acting: Writes, code: OpportunityId, asked: StatusChange, version: SeenVersion, response: Response
) -> OpportunityAnswer:
    """Opens a place, closes it, or makes it a draft again; account managers open places."""
    await places.set_status(acting.connection, code, version, asked.status)
    return await _answer(acting, response, code)


@router.post("/vacancy-drafts", status_code=201)
def read_vacancy(acting: Writes, asked: VacancyText) -> VacancyDraft:
    """Takes the text of a vacancy apart into the fields of a place. Nothing is kept: look at it, then hand it in."""
    found = import_jobs.parse_vacancy(asked.text, acting.passend.gazetteer)
    vacancy = {to_camel(name): value for name, value in found["vacancy"].items()}
    return VacancyDraft.model_validate(found | {"vacancy": vacancy})


async def _answer(acting: Acting, response: Response, code: str) -> OpportunityAnswer:
    row = await places.show_place(acting.connection, code)
    tag(response, row["version"])
    shown = {name: row[name] for name in OpportunityAnswer.model_fields if name in row}
    levels = {"speaking": row["speaking_min"], "reading": row["reading_min"]}
    return OpportunityAnswer.model_validate(shown | {"language_min": levels}, by_name=True)
