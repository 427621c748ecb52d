"""Keeping no longer than needed: what is past its period goes, by category."""

import asyncpg

from service.db import organisations, retention
from service.db.connect import Connection
from service.db.identity import Identity, Role
from service.errors import BadInput, NotAllowed


async def run_retention(pool: asyncpg.Pool, *, dry_run: bool = False) -> dict[str, int]:
    """Removes what is past its period; a dry run does the same and takes it back. How many of each category."""
    async with pool.acquire() as connection:
        work = connection.transaction()
        await work.start()
        try:
            removed = await retention.remove_expired(connection)
        except BaseException:
            await work.rollback()
            raise
        await (work.rollback() if dry_run else work.commit())
        return removed


async def periods(connection: Connection) -> list[retention.Period]:
    """How long each category is kept."""
    return await retention.periods(connection)


async def may_set(connection: Connection, identity: Identity) -> bool:
    """Whether who asks may change periods: an administrator of the installation's own municipality."""
    own = await organisations.own_municipality(connection)
    return identity.role is Role.ADMINISTRATOR and identity.organisation_id == own


async def set_retention(connection: Connection, category: str, months: int) -> list[retention.Period]:
    """How long each category is kept, after one was changed.

    Raises:
        BadInput: there is no such category.
        NotAllowed: who asks is no administrator of the installation's own municipality.
    """
    if category not in retention.CATEGORIES:
        raise BadInput(f"There is no category {category!r}. There are: {', '.join(sorted(retention.CATEGORIES))}.")
    if not await retention.set_months(connection, category, months):
        raise NotAllowed("Only an administrator of the own municipality says how long things are kept.")
    return await retention.periods(connection)
