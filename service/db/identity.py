"""For whom a request acts: PostgreSQL decides what they see from this, not from what a handler asks."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import asyncpg


class Role(StrEnum):
    """What someone does here; a user may have several, a session has one."""

    CLIENT_MANAGER = "client_manager"
    ACCOUNT_MANAGER = "account_manager"
    EMPLOYER = "employer"
    RESIDENT = "resident"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Identity:
    """A user in one of their roles. Organisation and name are to show; the policies take theirs from the user's row."""

    user_id: UUID
    role: Role
    organisation_id: UUID
    name: str


@contextlib.asynccontextmanager
async def acting(pool: asyncpg.Pool, identity: Identity) -> AsyncIterator[asyncpg.pool.PoolConnectionProxy]:
    """One transaction on the application's pool that sees and changes what this identity may; committed here, at the end.

    Raises:
        asyncpg.InsufficientPrivilegeError: on a change that the identity may not make; what it may not see is simply not there.
    """
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(
            "SELECT set_config('passend.user_id', $1, true), set_config('passend.role', $2, true)",
            str(identity.user_id),
            identity.role.value,
        )
        yield connection
