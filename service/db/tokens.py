"""API tokens and personal links, kept as digests."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import asyncpg

from service.db.connect import Connection


async def own(connection: Connection) -> list[asyncpg.Record]:
    """The tokens of the acting user that were not revoked, newest first."""
    return await connection.fetch(  # type: ignore[no-any-return]
        """SELECT id, role, name, scopes, created_at, expires_at, last_used_at FROM api_token
           WHERE revoked_at IS NULL ORDER BY created_at DESC, id"""
    )


async def add(connection: Connection, name: str, token_hash: bytes, scopes: Sequence[str], lifetime: timedelta) -> asyncpg.Record:
    """Keeps a token of the acting user, in the role they have now."""
    return await connection.fetchrow(
        """INSERT INTO api_token (name, token_hash, scopes, expires_at) VALUES ($1, $2, $3, now() + $4)
           RETURNING id, role, name, scopes, created_at, expires_at, last_used_at""",
        name,
        token_hash,
        list(scopes),
        lifetime,
    )


async def revoke(connection: Connection, token: UUID) -> bool:
    """Ends a token of the acting user; returns whether there is one."""
    status = await connection.execute("UPDATE api_token SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL", token)
    return bool(status == "UPDATE 1")


async def add_resident_link(
    connection: Connection, seeker_id: str, token_hash: bytes, code_hash: bytes, lifetime: timedelta
) -> asyncpg.Record:
    """Keeps a personal link; returns id and expires_at."""
    return await connection.fetchrow(
        """INSERT INTO resident_link (seeker_id, token_hash, code_hash, expires_at) VALUES ($1, $2, $3, now() + $4)
           RETURNING id, expires_at""",
        seeker_id,
        token_hash,
        code_hash,
        lifetime,
    )
