"""Sites with the widget: what to put on a page, where it works, and the end of a key."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError

from service.api.sites import NewSite
from service.db import sites as kept
from service.errors import BadInput
from service.pages.rendering import go_to, page
from service.pages.visiting import Administrators, Checkers, Visit
from service.use_cases.sites import add_site, revoke_site

router = APIRouter(include_in_schema=False)
SNIPPET = """<script type="module" src="{host}/widget/v1.js"></script>
<passend-match site-key="{key}" lang="nl"></passend-match>"""
NOTHING_TYPED = {"name": "", "origins": ""}


@router.get("/sites")
async def listed(visit: Checkers, done: str = "") -> Response:
    """The sites, each with what to put on its pages, and the form for a new one."""
    return await _listed(visit, done=done)


@router.post("/sites")
async def add(visit: Administrators) -> Response:
    """Makes a key for a site."""
    typed = {"name": visit.typed("name"), "origins": visit.typed("origins")}
    try:
        new = NewSite.model_validate(typed | {"origins": typed["origins"].split()})
        async with visit.attempt():
            await add_site(visit.connection, visit.identity.organisation_id, new.name, new.origins)
    except (ValidationError, BadInput) as error:
        field = error.errors()[0]["loc"][0] if isinstance(error, ValidationError) else "origins"
        return await _listed(visit, typed, str(field), status=400)
    return go_to("/sites?done=added")


@router.post("/sites/revoke")
async def revoke(visit: Administrators) -> Response:
    """Ends the key of a site, for good."""
    await revoke_site(visit.connection, visit.typed("site"))
    return go_to("/sites?done=revoked")


async def _listed(
    visit: Visit, typed: dict[str, Any] | None = None, problem: str = "", done: str = "", status: int = 200
) -> Response:
    shown: dict[str, Any] = {"sites": await kept.in_sight(visit.connection), "snippet": SNIPPET}
    shown["host"] = str(visit.request.base_url).rstrip("/")
    return page(visit, "sites.html", status, **shown, typed=typed or NOTHING_TYPED, problem=problem, done=done)
