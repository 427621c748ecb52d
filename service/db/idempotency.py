"""Idempotency keys: what was created once is not created again when a client asks twice."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from service.db.connect import Connection
from service.errors import Conflict

Name = TypeVar("Name", str, UUID)


async def once(connection: Connection, key: str | None, asked: object, name: Name, make: Callable[[], Awaitable[None]]) -> Name:
    """Makes something new; when the acting user asks again with the same key, it is not made again.

    Args:
        key: of the request; without one it is always made.
        asked: all that is asked, to tell one request from another.
        name: id of what `make` creates.

    Returns:
        The id of what was made, now or by the first request with this key.

    Raises:
        Conflict: the key was used for another request.
    """
    earlier = await _earlier(connection, key, hashlib.sha256(repr(asked).encode()).digest(), str(name)) if key else None
    if earlier is not None:
        return type(name)(earlier)
    await make()
    return name


async def _earlier(connection: Connection, key: str, request: bytes, name: str) -> str | None:
    """Claims a key for what will be created, or says what it created before; a second request waits until the first has ended."""
    claimed = await connection.fetchval(
        "INSERT INTO idempotency_key (key, request, resource) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING resource",
        key,
        request,
        name,
    )
    if claimed:
        return None
    known = await connection.fetchrow("SELECT request, resource FROM idempotency_key WHERE key = $1", key)
    if known is None or known["request"] != request:
        raise Conflict("This Idempotency-Key was used for another request. Use a new one.")
    return str(known["resource"])
