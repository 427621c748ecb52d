"""Tables that were handed in on a page and wait until their user says where the columns go."""

from uuid import UUID

from service.db.connect import Connection


async def keep(connection: Connection, file_name: str, content: bytes) -> UUID:
    """Keeps a file of the acting user, for a day at most (`retention`)."""
    number: UUID = await connection.fetchval(
        "INSERT INTO import_upload (file_name, content) VALUES ($1, $2) RETURNING id", file_name, content
    )
    return number


async def one(connection: Connection, upload: UUID) -> tuple[str, bytes] | None:
    """Name and content of a file of the acting user."""
    row = await connection.fetchrow("SELECT file_name, content FROM import_upload WHERE id = $1", upload)
    return (row["file_name"], row["content"]) if row else None


async def remove(connection: Connection, upload: UUID) -> None:
    """Forgets a file of the acting user."""
    await connection.execute("DELETE FROM import_upload WHERE id = $1", upload)
