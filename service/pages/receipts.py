"""Receipts: the chain of an organisation, one run with its reasons, and done again."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.errors import Conflict
from service.pages.rendering import page
from service.pages.visiting import Checkers, Visit
from service.render import Json
from service.use_cases import auditing

router = APIRouter(include_in_schema=False)
MOST_LISTED = 50


@router.get("/receipts")
async def chain(visit: Checkers, subject: str = "", before: str = "") -> Response:
    """The newest receipts, and whether the chain holds."""
    last = int(before) if before.isdecimal() else None
    found = await auditing.list_receipts(visit.connection, subject.strip() or None, last, MOST_LISTED)
    checked = await auditing.verify_own(visit.connection, visit.identity.organisation_id)
    return page(visit, "receipts.html", found=found, checked=checked, subject=subject, most=MOST_LISTED)


@router.get("/receipts/{receipt}")
async def one(visit: Checkers, receipt: UUID) -> Response:
    """One run, as it was shown then."""
    return await _shown(visit, await auditing.show_receipt(visit.connection, receipt))


@router.post("/receipts/{receipt}/replay")
async def replay(visit: Checkers, receipt: UUID) -> Response:
    """Does the run again from the receipt alone."""
    shown = await auditing.show_receipt(visit.connection, receipt)
    try:
        again = await auditing.replay(visit.connection, receipt)
    except Conflict:
        again = {"identical": False, "differences": [], "erased": True}
    return await _shown(visit, shown, again)


async def _shown(visit: Visit, receipt: Json, again: Json | None = None) -> Response:
    decided = await auditing.decisions(visit.connection, receipt)
    return page(visit, "receipt.html", receipt=receipt, again=again, decided=decided)
