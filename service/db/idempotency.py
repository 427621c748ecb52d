"""Idempotency keys: what was created once is not created again when a client asks twice."""

from service.db.connect import Connection
from service.errors import Conflict


async def earlier(connection: Connection, key: str, request: bytes, resource: str) -> str | None:
    """Claims a key of the acting user for a new resource; a second request waits until the first has ended.

    Args:
        request: digest of what is asked.
        resource: id of what will be created.

    Returns:
        The id of what this key created before, or None when the key is new.

    Raises:
        Conflict: the key was used for another request.
    """
    claimed = await connection.fetchval(
        "INSERT INTO idempotency_key (key, request, resource) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING resource",
        key,
        request,
        resource,
    )
    if claimed:
        return None
    known = await connection.fetchrow("SELECT request, resource FROM idempotency_key WHERE key = $1", key)
    if known is None or known["request"] != request:
        raise Conflict("This Idempotency-Key was used for another request. Use a new one.")
    return str(known["resource"])
