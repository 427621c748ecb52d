"""Sites with the widget, and the doors through which a visitor of one comes in without being a user."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg

from service.db.connect import Connection

_SHOWN = "id, organisation_id, name, key, origins, hourly_limit, hourly_limit_address, created_at, revoked_at"


@dataclass(frozen=True)
class Site:
    """A site as its visitors meet it.

    Attributes:
        origins: of the pages that may ask.
    """

    id: UUID
    organisation_id: UUID
    region_id: str
    origins: tuple[str, ...]
    revoked: bool


async def with_key(connection: Connection, key: str) -> Site | None:
    """The site of a key, also a revoked one."""
    row = await connection.fetchrow("SELECT * FROM passend_site($1)", key)
    return Site(**{**row, "origins": tuple(row["origins"])}) if row["id"] else None


async def admit(connection: Connection, site: UUID, address: str) -> timedelta:
    """Counts a request from a client address; how long to wait first, zero when it may go on."""
    wait: timedelta = await connection.fetchval("SELECT passend_admit_to_site($1, $2)", site, address)
    return wait


async def in_sight(connection: Connection) -> list[asyncpg.Record]:
    """The sites that may be seen, by name; revoked ones too."""
    return await connection.fetch(f"SELECT {_SHOWN} FROM site ORDER BY name, created_at, id")  # type: ignore[no-any-return]


async def add(
    connection: Connection, organisation: UUID, name: str, key: str, origins: Sequence[str], hourly: int, hourly_address: int
) -> asyncpg.Record:
    """Adds a site of an organisation."""
    return await connection.fetchrow(
        f"""INSERT INTO site (organisation_id, name, key, origins, hourly_limit, hourly_limit_address)
            VALUES ($1, $2, $3, $4, $5, $6) RETURNING {_SHOWN}""",
        organisation,
        name,
        key,
        list(origins),
        hourly,
        hourly_address,
    )


async def revoke(connection: Connection, key_or_id: str) -> bool:
    """Ends the key of a site, for good; returns whether there is one that worked."""
    status = await connection.execute(
        "UPDATE site SET revoked_at = now() WHERE (key = $1 OR id::text = $1) AND revoked_at IS NULL", key_or_id
    )
    return bool(status == "UPDATE 1")
