"""Creation that happens once: the same key asked again gives what was made the first time."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from service.db.connect import Connection
from service.errors import Conflict


async def once(connection: Connection, key: str | None, request: Any, make: Callable[[], Awaitable[UUID]]) -> UUID:
    """The id of what `make` creates, or created before for this user and key; runs in the caller's transaction.

    Args:
        key: the `Idempotency-Key` of the request; without one, something new is made each time.
        request: what was asked, as data for JSON.

    Raises:
        Conflict: the key was used for something else.
    """
    if key is None:
        return await make()
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(passend_user_id() || $1, 0))", key)
    digest = hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).digest()
    known = await connection.fetchrow("SELECT request, resource FROM idempotency_key WHERE key = $1", key)
    if known is None:
        made = await make()
        await connection.execute(
            "INSERT INTO idempotency_key (key, request, resource) VALUES ($1, $2, $3)", key, digest, str(made)
        )
        return made
    if known["request"] != digest:
        raise Conflict("This Idempotency-Key was used for another request. Use a new one.")
    return UUID(known["resource"])
