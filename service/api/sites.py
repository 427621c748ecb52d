"""Sites with the widget, for administrators; and the vacancies that came in there, for account managers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import Field

from service.api.access import Acting, Scope, requires
from service.api.problems import PROBLEMS
from service.api.schemas import Answer, Asked, Words
from service.db import received_vacancies, sites
from service.db.identity import Role
from service.use_cases.sites import HOURLY, HOURLY_ADDRESS, add_site, revoke_site

router = APIRouter(tags=["sites"], responses=PROBLEMS[400] | PROBLEMS[401] | PROBLEMS[403] | PROBLEMS[503])

Hourly = Annotated[int, Field(ge=4, le=100_000)]
Writes = Annotated[Acting, requires(Role.ADMINISTRATOR, scope=Scope.SITES_WRITE)]


class SiteAnswer(Answer):
    """A site; `key` is public, and stands in the HTML of its pages."""

    id: UUID
    organisation_id: UUID
    name: str
    key: str
    origins: list[str]
    hourly_limit: int
    hourly_limit_address: int
    created_at: datetime
    revoked_at: datetime | None


class SitesAnswer(Answer):
    """Sites, by name."""

    items: list[SiteAnswer]


class NewSite(Asked):
    """A site with the origins of its pages, such as `https://www.bakkerij.example`, and how many requests an hour it may make."""

    name: Words
    origins: Annotated[list[Annotated[str, Field(max_length=300)]], Field(min_length=1, max_length=20)]
    hourly_limit: Hourly = HOURLY
    hourly_limit_address: Annotated[Hourly, Field(description="For one client address.")] = HOURLY_ADDRESS


class ReceivedVacancy(Answer):
    """A vacancy that an employer left in the widget; it became the place `opportunity`, a draft at first."""

    opportunity: str
    title: str
    organisation: str
    place: str
    status: str
    site: str
    contact_name: str
    contact_email: str
    contact_phone: str
    received_at: datetime


class ReceivedVacancies(Answer):
    """The latest hundred, newest first."""

    items: list[ReceivedVacancy]


@router.get("/sites")
async def own_sites(acting: Annotated[Acting, requires(Role.ADMINISTRATOR, Role.AUDITOR, scope=Scope.SITES_READ)]) -> SitesAnswer:
    """The sites of my organisation, revoked ones too."""
    return SitesAnswer(items=[SiteAnswer.model_validate(dict(row)) for row in await sites.in_sight(acting.connection)])


@router.post("/sites", status_code=201)
async def make_site(acting: Writes, asked: NewSite) -> SiteAnswer:
    """Makes a key for a site that gets the widget."""
    home, limits = acting.identity.organisation_id, (asked.hourly_limit, asked.hourly_limit_address)
    row = await add_site(acting.connection, home, asked.name, asked.origins, *limits)
    return SiteAnswer.model_validate(dict(row))


@router.delete("/sites/{id}", status_code=204, responses=PROBLEMS[404])
async def revoke_key(acting: Writes, site: Annotated[UUID, Path(alias="id")]) -> None:
    """Ends the key of a site, for good; the site stays in the list."""
    await revoke_site(acting.connection, str(site))


@router.get("/received-vacancies")
async def left_in_widget(
    acting: Annotated[Acting, requires(Role.ACCOUNT_MANAGER, scope=Scope.RECEIVED_VACANCIES_READ)],
) -> ReceivedVacancies:
    """The vacancies that employers of my region left in the widget, with whom to answer."""
    rows = await received_vacancies.in_sight(acting.connection)
    return ReceivedVacancies(items=[ReceivedVacancy.model_validate(dict(row)) for row in rows])
