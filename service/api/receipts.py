"""Receipts: what was matched, with what outcome, and whether it can be done again."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import JsonValue

from service.api.access import Acting, Scope, requires
from service.api.paging import Cursor, PageSize, next_cursor, place_of
from service.api.problems import PROBLEMS
from service.api.schemas import Answer
from service.db.identity import Role
from service.interchange import Identifier
from service.use_cases import auditing

router = APIRouter(tags=["receipts"], responses=PROBLEMS[400] | PROBLEMS[401] | PROBLEMS[403] | PROBLEMS[503])

_READERS = (Role.CLIENT_MANAGER, Role.ACCOUNT_MANAGER, Role.RESIDENT, Role.ADMINISTRATOR, Role.AUDITOR)
Reads = Annotated[Acting, requires(*_READERS, scope=Scope.RECEIPTS_READ)]
Checks = Annotated[Acting, requires(Role.ADMINISTRATOR, Role.AUDITOR, scope=Scope.RECEIPTS_READ)]
ReceiptId = Annotated[UUID, Path(alias="id")]


class ReceiptHeader(Answer):
    """A receipt in its chain, without content; `erased`: the content is gone, the hash stays."""

    id: UUID
    organisation: UUID
    number: int
    made_at: datetime
    user: UUID | None
    about: Literal["matches", "candidates"]
    engine: str
    model: str
    weights: str
    inputs_digest: str
    result_digest: str
    previous: str | None
    hash: str
    erased: bool


class ReceiptAnswer(ReceiptHeader):
    """A receipt with what was asked and answered."""

    inputs: dict[str, JsonValue] | None
    result: dict[str, JsonValue] | None


class Receipts(Answer):
    """A page of receipts, newest first."""

    items: list[ReceiptHeader]
    next: str | None


class Replay(Answer):
    """Whether a run gives the same again; `differences` are JSON pointers into the result."""

    receipt: UUID
    identical: bool
    differences: list[str]
    compared: int
    engine_then: str
    engine_now: str
    model: str
    weights: str


class Chain(Answer):
    """The chain of one's own organisation, and what does not hold in it."""

    organisation: UUID
    receipts: int
    head: str
    faults: list[str]


@router.get("/receipts")
async def receipts(
    acting: Reads, subject: Annotated[Identifier | None, Query()] = None, limit: PageSize = 20, cursor: Cursor = None
) -> Receipts:
    """The receipts that I may see, newest first; `subject` is a person or place."""
    before = place_of(cursor, int) if cursor else None
    rows = await auditing.list_receipts(acting.connection, subject, before, limit + 1)
    following = next_cursor(rows, limit, lambda row: (row["number"],))
    return Receipts.model_validate({"items": rows[:limit], "next": following}, by_name=True)


@router.get("/receipts/{id}", responses=PROBLEMS[404])
async def receipt(acting: Reads, number: ReceiptId) -> ReceiptAnswer:
    """One receipt, whole."""
    shown: dict[str, Any] = await auditing.show_receipt(acting.connection, number)
    return ReceiptAnswer.model_validate(shown, by_name=True)


@router.get("/receipts/{id}/replay", responses=PROBLEMS[404] | PROBLEMS[409])
async def replay(acting: Reads, number: ReceiptId) -> Replay:
    """Does the run again from the receipt alone."""
    return Replay.model_validate(await auditing.replay(acting.connection, number), by_name=True)


@router.get("/receipt-chain")
async def chain(acting: Checks) -> Chain:
    """Checks every link of my organisation's chain."""
    return Chain.model_validate(await auditing.verify_own(acting.connection, acting.identity.organisation_id))
