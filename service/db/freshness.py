"""How far the database is, for whoever follows it."""

from service.db.connect import Connection


async def newest_revisions(connection: Connection) -> dict[str, int]:
    """The last revision of places and of people; 0 where there are none."""
    row = await connection.fetchrow(
        """
        SELECT coalesce((SELECT max(revision) FROM opportunity), 0) AS places,
               coalesce((SELECT max(revision) FROM seeker), 0) AS people
        """
    )
    return dict(row)
