"""Organisations: municipalities, desks for employers (WSP) and employers, each in a labour-market region."""

from uuid import UUID

import asyncpg

from service.db.connect import Connection


async def own_municipality(connection: Connection) -> UUID:
    """The municipality of imports that name none."""
    organisation: UUID = await connection.fetchval("SELECT organisation_id FROM installation")
    return organisation


async def with_name_or_id(connection: Connection, name_or_id: str) -> list[UUID]:
    """The organisations of that name, in any region, or the one with that id."""
    rows = await connection.fetch("SELECT id FROM organisation WHERE name = $1 OR id::text = $1", name_or_id)
    return [row["id"] for row in rows]


async def in_sight(connection: Connection) -> list[asyncpg.Record]:
    """The organisations that may be seen: for a user those of their region, for the operator all."""
    return await connection.fetch(  # type: ignore[no-any-return]
        "SELECT id, kind, name, region_id, created_at FROM organisation ORDER BY region_id, kind, name"
    )


async def one(connection: Connection, organisation: UUID) -> asyncpg.Record | None:
    """One organisation."""
    return await connection.fetchrow("SELECT id, kind, name, region_id, created_at FROM organisation WHERE id = $1", organisation)


async def add(connection: Connection, kind: str, name: str, region: str, number: UUID | None = None) -> UUID:
    """Adds an organisation.

    Raises:
        asyncpg.UniqueViolationError: the region has one of this kind and name.
        asyncpg.ForeignKeyViolationError: there is no such region.
    """
    organisation: UUID = await connection.fetchval(
        """INSERT INTO organisation (kind, name, region_id, id) VALUES ($1, $2, $3, coalesce($4, gen_random_uuid()))
           RETURNING id""",
        kind,
        name,
        region,
        number,
    )
    return organisation


async def keep_region(connection: Connection, region: str, name: str) -> None:
    """Adds a labour-market region or renames it."""
    await connection.execute(
        "INSERT INTO labour_market_region VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name", region, name
    )


async def region_of(connection: Connection, organisation: UUID) -> str | None:
    """The labour-market region of an organisation."""
    region: str | None = await connection.fetchval("SELECT region_id FROM organisation WHERE id = $1", organisation)
    return region


async def of_people(connection: Connection) -> frozenset[UUID] | None:
    """Whose people the acting user may see; None for the operator, who sees everyone. The policies decide in the end."""
    return await _seen(
        connection,
        """CASE passend_user_role() WHEN 'account_manager' THEN passend_region_organisations()
            ELSE ARRAY[passend_user_organisation()] END""",
    )


async def of_places(connection: Connection) -> frozenset[UUID] | None:
    """Whose places the acting user may see; None for the operator, who sees them all. The policies decide in the end."""
    return await _seen(connection, "passend_region_organisations()")


async def _seen(connection: Connection, whose: str) -> frozenset[UUID] | None:
    bound, organisations = await connection.fetchrow(f"SELECT row_security_active('seeker'), {whose}")
    return frozenset(organisations or ()) if bound else None
