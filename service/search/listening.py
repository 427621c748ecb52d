"""Hears of changes by other processes, so that the indexes of this one are up to date before someone asks.

Every search asks for itself whether something changed, so nothing depends on a notification; it only saves waiting.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

import asyncpg

from service.db.revisions import CHANNEL
from service.search.engine import Engine

log = logging.getLogger(__name__)

_LOOK_AGAIN = 1.0
"""Seconds after which is looked without a notification: one may be lost with its connection."""


@contextlib.asynccontextmanager
async def kept_fresh(pool: asyncpg.Pool, search: Engine) -> AsyncIterator[None]:
    """Follows the database while the context is open."""
    listening = asyncio.create_task(_listen(pool, search))
    try:
        yield
    finally:
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening


async def _listen(pool: asyncpg.Pool, search: Engine) -> None:
    while True:
        try:
            async with pool.acquire() as connection:  # kept for notifications
                await _follow(search, connection)
        except Exception as problem:  # whatever it is, following goes on
            log.warning("following the database again after: %s", type(problem).__name__)
            await asyncio.sleep(_LOOK_AGAIN)


async def _follow(search: Engine, connection: asyncpg.pool.PoolConnectionProxy) -> None:
    changed = asyncio.Event()

    def hear(*_: object) -> None:
        changed.set()

    await connection.add_listener(CHANNEL, hear)
    try:
        while not connection.is_closed():
            changed.clear()
            await search.follow()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), _LOOK_AGAIN)
    finally:
        if not connection.is_closed():
            await connection.remove_listener(CHANNEL, hear)
