"""The accounts of the demo set."""

from uuid import UUID

from service.db.connect import Connection


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


async def name_employer(connection: Connection, name: str, organisation: UUID) -> None:
    """Says of which organisation here the places are that carry its name."""
    await connection.execute(
        "UPDATE opportunity SET employer_id = $2 WHERE organisation = $1 AND employer_id IS NULL", name, organisation
    )


async def name_resident(connection: Connection, seeker_id: str, name: str) -> None:
    """Says who a person of the demo set is, so that there is a name to agree about."""
    await connection.execute(
        "INSERT INTO seeker_identity (seeker_id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING", seeker_id, name
    )
