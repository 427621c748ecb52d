"""Users and their roles; whose they are is decided by the policies."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from service.db.connect import Connection

_USER = """
    SELECT app_user.id, app_user.name, app_user.email, app_user.active, app_user.created_at,
        array(SELECT role FROM user_role WHERE user_id = app_user.id ORDER BY role) AS roles
    FROM app_user
"""


async def of(connection: Connection, organisation: UUID) -> list[asyncpg.Record]:
    """The users of an organisation, residents not among them."""
    return await connection.fetch(  # type: ignore[no-any-return]
        f"{_USER} WHERE organisation_id = $1 AND seeker_id IS NULL ORDER BY name, id", organisation
    )


async def one(connection: Connection, user: UUID) -> asyncpg.Record | None:
    """One user."""
    return await connection.fetchrow(f"{_USER} WHERE id = $1", user)


async def name_of(connection: Connection, user: UUID) -> str | None:
    """The name of a user that who asks may know."""
    name: str | None = await connection.fetchval("SELECT name FROM colleague WHERE id = $1 LIMIT 1", user)
    return name


async def add(
    connection: Connection, organisation: UUID, name: str, email: str, password_hash: str | None, roles: Sequence[str]
) -> UUID:
    """Adds a user with roles.

    Raises:
        asyncpg.UniqueViolationError: someone has this e-mail address.
        asyncpg.CheckViolationError: a role does not go with the kind of organisation.
    """
    user: UUID = await connection.fetchval(
        "INSERT INTO app_user (organisation_id, name, email, password_hash) VALUES ($1, $2, $3, $4) RETURNING id",
        organisation,
        name,
        email,
        password_hash,
    )
    await set_roles(connection, user, roles)
    return user


async def change(
    connection: Connection, user: UUID, name: str | None = None, email: str | None = None, active: bool | None = None
) -> bool:
    """Changes what is given; returns whether there is such a user to change."""
    status = await connection.execute(
        """
        UPDATE app_user SET name = coalesce($2, name), email = coalesce($3, email), active = coalesce($4, active)
        WHERE id = $1 AND seeker_id IS NULL
        """,
        user,
        name,
        email,
        active,
    )
    return bool(status == "UPDATE 1")


async def set_password(connection: Connection, user: UUID, password_hash: str) -> None:
    """Gives a user another password; their sessions end."""
    await connection.execute("UPDATE app_user SET password_hash = $2 WHERE id = $1", user, password_hash)


async def set_roles(connection: Connection, user: UUID, roles: Sequence[str]) -> None:
    """Gives a user exactly these roles; sessions and tokens in a role that is taken away end."""
    # First what is new: who takes away their own role of administrator may add nothing after it.
    await connection.execute(
        "INSERT INTO user_role SELECT $1, role FROM unnest($2::text[]) AS role ON CONFLICT DO NOTHING", user, list(roles)
    )
    await connection.execute("DELETE FROM user_role WHERE user_id = $1 AND role <> ALL ($2)", user, list(roles))


async def may_administer(connection: Connection) -> bool:
    """Whether the acting user still is an administrator."""
    return bool(await connection.fetchval("SELECT passend_user_role() = 'administrator'"))
