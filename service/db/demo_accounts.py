"""The accounts of the demo set."""

from collections.abc import Sequence
from uuid import UUID

from service.db.connect import Connection
from service.db.identity import Identity, Role


async def others(connection: Connection, address: str) -> bool:
    """Whether anyone has an account that is not one of the demo, by the domain of their e-mail address."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM app_user WHERE split_part(coalesce(email, ''), '@', 2) <> $1 AND seeker_id IS NULL)", address
    )
    return found


async def keep(
    connection: Connection, organisation: UUID, name: str, email: str, password_hash: str, seeker_id: str | None
) -> UUID:
    """Adds an account, or gives it its password again."""
    user: UUID = await connection.fetchval(
        """
        INSERT INTO app_user (organisation_id, name, email, password_hash, seeker_id) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT ((lower(email))) DO UPDATE SET password_hash = excluded.password_hash, active = true RETURNING id
        """,
        organisation,
        name,
        email,
        password_hash,
        seeker_id,
    )
    return user


async def identity(connection: Connection, email: str) -> Identity:
    """An account of the demo, in its role."""
    row = await connection.fetchrow(
        """SELECT app_user.id, role, organisation_id, name FROM app_user JOIN user_role ON user_role.user_id = app_user.id
           WHERE email = $1""",
        email,
    )
    assert row is not None
    return Identity(row["id"], Role(row["role"]), row["organisation_id"], row["name"])


async def name_employer(connection: Connection, name: str, organisation: UUID) -> None:
    """Says of which organisation here the places are that carry its name."""
    await connection.execute(
        "UPDATE opportunity SET employer_id = $2 WHERE organisation = $1 AND employer_id IS NULL", name, organisation
    )


async def name_people(connection: Connection, names: Sequence[Sequence[str]], client_manager: str) -> None:
    """Names people who have no name (rows of code and name) and gives them a client manager, by e-mail address."""
    await connection.executemany(
        """INSERT INTO seeker_identity (seeker_id, name) SELECT id, $2 FROM seeker WHERE id = $1 ON CONFLICT DO NOTHING""", names
    )
    await connection.execute(
        """UPDATE seeker SET client_manager_id = app_user.id FROM app_user
           WHERE app_user.email = $2 AND seeker.id = ANY ($1) AND client_manager_id IS NULL""",
        [code for code, _ in names],
        client_manager,
    )
