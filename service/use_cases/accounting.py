"""Who used whose data, when and for what."""

from typing import Any
from uuid import UUID

from service.db import processing_log
from service.db.connect import Connection


async def records(connection: Connection, after: int, limit: int, seeker_id: str | None) -> list[dict[str, Any]]:
    """Records of the processing log that the one who asks may see, oldest first."""
    return await processing_log.page(connection, after, limit, seeker_id)


async def looks(connection: Connection, limit: int) -> list[dict[str, Any]]:
    """Who else used data of the resident who asks, by day, and for what; latest first."""
    return await processing_log.looks(connection, limit)


async def set_register(connection: Connection, organisation_id: UUID, address: str) -> None:
    """Keeps where an organisation describes its processing activities."""
    await processing_log.set_register(connection, organisation_id, address)
