"""Sites with the widget: their keys are made and revoked here."""

import secrets
from collections.abc import Sequence
from uuid import UUID

import asyncpg

from service.db import organisations, sites
from service.db.connect import Connection
from service.errors import BadInput, NotFound
from service.origins import checked_origin

HOURLY, HOURLY_ADDRESS = 1200, 120
"""Requests an hour of a whole site, and of one client address; see docs/widget.md."""


async def add_site(
    connection: Connection,
    organisation: UUID,
    name: str,
    origins: Sequence[str],
    hourly: int = HOURLY,
    hourly_address: int = HOURLY_ADDRESS,
) -> asyncpg.Record:
    """Makes a key for a site with these origins, in the region of a municipality or WSP.

    Raises:
        BadInput: an origin cannot be one, or the organisation is an employer.
    """
    checked = list(dict.fromkeys(map(checked_origin, origins)))
    home = await organisations.one(connection, organisation)
    if home is None or home["kind"] == "employer":
        raise BadInput("A site belongs to the municipality or WSP that gets its vacancies. Name one of those.")
    key = f"pk_{secrets.token_urlsafe(24)}"
    return await sites.add(connection, organisation, name, key, checked, hourly, hourly_address)


async def revoke_site(connection: Connection, key_or_id: str) -> None:
    """Ends a key for good; the widget says so to visitors from then on.

    Raises:
        NotFound: there is no such site, or its key was revoked before.
    """
    if not await sites.revoke(connection, key_or_id):
        raise NotFound("There is no site with this key that still works.")
