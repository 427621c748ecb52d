"""The widget: its script and frame, and what it asks. Its visitors are no users; a site key and an origin let them in."""

import gzip
import hashlib
from functools import cache
from pathlib import Path
from string import Template
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.security import APIKeyQuery
from pydantic import Field, StringConstraints

from service.api.cross_origin import KEY, Visit
from service.api.organisations import Email
from service.api.problems import PROBLEMS
from service.api.schemas import Answer, Asked, Words
from service.db import sites
from service.db.sites import Site
from service.employers_work import Work
from service.errors import NotFound
from service.interchange import Hours
from service.use_cases import visiting_sites
from service.use_cases.visiting_sites import Contact

router = APIRouter(
    prefix="/widget", tags=["widget"], responses=PROBLEMS[400] | PROBLEMS[401] | PROBLEMS[403] | PROBLEMS[429] | PROBLEMS[503]
)
files = APIRouter(prefix="/widget", include_in_schema=False)

_FILES = Path(__file__).parent.parent / "widget"
_SITE_KEY = APIKeyQuery(name=KEY, scheme_name="siteKey", description="Of a page of the site; see /v1/sites.", auto_error=False)
_FRAME_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
_LONGEST = 8_000

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=_LONGEST, pattern=r"^[^\x00]*$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100, pattern=r"^[^\x00]*$")]
Language = Literal["nl", "en"]


class AskedWork(Asked):
    """Work, as an employer types or pastes it. Place and hours go before what the text says of them."""

    text: Text
    place: Annotated[Line, Field(description="A town, or a postcode.")] = ""
    hours_min: Hours | None = None
    hours_max: Hours | None = None

    def to_work(self) -> Work:
        """As it is read."""
        return Work(self.text, self.place, self.hours_min, self.hours_max)


class Question(AskedWork):
    """How many people could do this?"""

    language: Language = "nl"


class Group(Answer):
    """People who have something in common."""

    name: str
    at_least: int


class Read(Answer):
    """What was read in the text."""

    title: str
    tasks: list[str]
    needs: list[str]
    place: str | None
    place_known: bool
    hours_min: float
    hours_max: float
    left_out: Annotated[int, Field(description="Sentences that are not about the work, such as a telephone number.")]


class Estimate(Answer):
    """Groups of people in bands; fewer than five are never told."""

    people: Annotated[int | None, Field(description="At least so many could do this; null when that is not told.")]
    abilities: Annotated[list[Group], Field(description="What they bring.")]
    openers: Annotated[list[Group], Field(description="What would open it to so many more.")]
    support: Annotated[list[Group], Field(description="The same for support on offer.")]
    read: Read


class AskedContact(Asked):
    """Whom to answer."""

    organisation: Words
    name: Words
    email: Email
    phone: Annotated[Line, StringConstraints(max_length=40)] = ""


class NewVacancy(AskedWork):
    """A vacancy to leave with the account manager; with the same `id` it is left once, however often it is sent."""

    id: UUID
    contact: AskedContact


class LeftVacancy(Answer):
    """What arrived."""

    title: str
    left_out: int


async def at_site(request: Request, _key: Annotated[Any, Depends(_SITE_KEY)]) -> Site:
    """The site of the page that asks, counted."""
    visit: Visit = request.state.visit
    client = request.client.host if request.client else ""
    return await visiting_sites.admitted(request.app.state.passend, visit.site, visit.allowed, client)


AtSite = Annotated[Site, Depends(at_site)]


@router.post("/estimates", status_code=201)
async def estimate_work(request: Request, site: AtSite, asked: Question) -> Estimate:
    """How many people of the region could do this work, what they bring, and what would open it to more; nothing is kept."""
    answer = await visiting_sites.how_many(request.app.state.passend, site, asked.to_work(), asked.language)
    return Estimate.model_validate(answer, by_name=True)


@router.post("/vacancies", status_code=201)
async def leave_vacancy(request: Request, site: AtSite, asked: NewVacancy) -> LeftVacancy:
    """Leaves a vacancy as a draft with the account manager of the region."""
    contact = Contact(asked.contact.name, asked.contact.email, asked.contact.phone)
    passend, organisation = request.app.state.passend, asked.contact.organisation
    reading = await visiting_sites.leave_vacancy(passend, site, asked.id, organisation, asked.to_work(), contact)
    return LeftVacancy(title=reading.record.title, left_out=reading.left_out)


@files.get("/v1.js")
async def script(request: Request) -> Response:
    """The custom element, for any page."""
    tag, packed = _script()
    headers = {
        "ETag": tag,
        "Cache-Control": "public, max-age=3600",
        "Content-Type": "text/javascript; charset=utf-8",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Vary": "Accept-Encoding",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, headers=headers | {"Content-Encoding": "gzip"})
    return Response(gzip.decompress(packed), headers=headers)


@files.get("/frame")
async def frame(
    request: Request,
    key: Annotated[str, Query(alias="site-key", pattern=r"^pk_[A-Za-z0-9_-]{32}$")],
    lang: Language = "nl",
) -> Response:
    """The widget as a page of its own, which the pages of the site may frame."""
    site = await sites.with_key(request.app.state.passend.app, key)
    if site is None or site.revoked:
        raise NotFound("No site has this key, or it does not work any more.")
    policy = f"{_FRAME_POLICY}; frame-ancestors {' '.join(site.origins)}"
    page = Template((_FILES / "frame.html").read_text(encoding="utf-8")).substitute(key=key, lang=lang)
    return Response(page, headers={"Content-Security-Policy": policy, "Content-Type": "text/html; charset=utf-8"})


@cache
def _script() -> tuple[str, bytes]:
    written = (_FILES / "v1.js").read_bytes()
    return f'"{hashlib.sha256(written).hexdigest()[:16]}"', gzip.compress(written, 9, mtime=0)
