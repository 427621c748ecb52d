"""Organisations: municipalities, desks for employers (WSP) and employers, each in a labour-market region."""

from uuid import UUID

from service.db.connect import Connection


async def own_municipality(connection: Connection) -> UUID:
    """The municipality of imports that name none."""
    organisation: UUID = await connection.fetchval("SELECT organisation_id FROM installation")
    return organisation


async def with_name_or_id(connection: Connection, name_or_id: str) -> list[UUID]:
    """The organisations of that name, in any region, or the one with that id."""
    rows = await connection.fetch("SELECT id FROM organisation WHERE name = $1 OR id::text = $1", name_or_id)
    return [row["id"] for row in rows]
