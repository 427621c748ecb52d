"""The doors of the database: what can be asked before it is known for whom. Tokens and codes come here as digests only."""

from datetime import timedelta
from uuid import UUID

import asyncpg

from service.db.connect import Connection

FREE_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)


async def credentials(connection: Connection, email: str) -> tuple[UUID | None, str | None]:
    """User and password hash of an active local account."""
    row = await connection.fetchrow("SELECT user_id, password_hash FROM passend_credentials($1)", email)
    return row["user_id"], row["password_hash"]


async def count_attempt(connection: Connection, account: bytes) -> timedelta:
    """Counts a try to sign in; returns how long to wait first, zero when the password may be looked at."""
    wait: timedelta = await connection.fetchval(
        "SELECT passend_count_attempt($1, $2, $3, $4)", account, FREE_ATTEMPTS, FIRST_WAIT, LONGEST_WAIT
    )
    return wait


async def forget_attempts(connection: Connection, account: bytes) -> None:
    """After a right password."""
    await connection.execute("SELECT passend_forget_attempts($1)", account)


async def open_session(
    connection: Connection, token_hash: bytes, user: UUID, role: str | None, csrf: str, agent: str, lifetime: timedelta
) -> str | None:
    """Keeps a session in the asked role, or in the user's first; returns that role, None when there is no such role."""
    chosen: str | None = await connection.fetchval(
        "SELECT passend_open_session($1, $2, $3, $4, $5, $6)", token_hash, user, role, csrf, agent, lifetime
    )
    return chosen


async def session(connection: Connection, token_hash: bytes, idle: timedelta) -> asyncpg.Record | None:
    """Columns user_id, role, organisation_id, name, csrf of a session that is neither over nor left alone for `idle`."""
    row = await connection.fetchrow("SELECT * FROM passend_session($1, $2)", token_hash, idle)
    return row if row["user_id"] else None


async def token(connection: Connection, token_hash: bytes) -> asyncpg.Record | None:
    """Columns user_id, role, organisation_id, name, scopes of an API token that counts; notes that it was used."""
    row = await connection.fetchrow("SELECT * FROM passend_token($1)", token_hash)
    return row if row["user_id"] else None


async def close_session(connection: Connection, token_hash: bytes) -> None:
    """Ends one session."""
    await connection.execute("SELECT passend_close_session($1)", token_hash)


async def close_own_sessions(connection: Connection) -> None:
    """Ends every session of the user that this transaction acts for."""
    await connection.execute("DELETE FROM session WHERE user_id = passend_user_id()")


async def own_password(connection: Connection) -> str | None:
    """Password hash of the user that this transaction acts for."""
    kept: str | None = await connection.fetchval("SELECT passend_own_password()")
    return kept


async def change_own_password(connection: Connection, password_hash: str) -> None:
    """Gives the acting user another password; their sessions end."""
    await connection.execute("SELECT passend_change_password($1)", password_hash)


async def enter_by_link(connection: Connection, token_hash: bytes, code_hash: bytes) -> UUID | None:
    """The resident whose personal link and one-time code these are; a link works once and survives four wrong codes."""
    resident: UUID | None = await connection.fetchval("SELECT passend_enter_by_link($1, $2)", token_hash, code_hash)
    return resident


async def begin_oidc(connection: Connection, state_hash: bytes, nonce: str, verifier: str) -> None:
    """Remembers for ten minutes what an answer of the identity provider has to agree with."""
    await connection.execute("SELECT passend_begin_oidc($1, $2, $3)", state_hash, nonce, verifier)


async def finish_oidc(connection: Connection, state_hash: bytes) -> tuple[str | None, str | None]:
    """Nonce and verifier that belong to a state, once."""
    row = await connection.fetchrow("SELECT nonce, verifier FROM passend_finish_oidc($1)", state_hash)
    return row["nonce"], row["verifier"]


async def oidc_user(
    connection: Connection, subject: str, verified_email: str | None, name: str, roles: list[str], new_in: str
) -> UUID | None:
    """The user that an identity provider vouches for, with the roles it gives now.

    Args:
        subject: issuer and subject, separated by a space.
        new_in: name or id of the organisation in which someone unknown becomes a user; empty: unknown people stay out.
    """
    user: UUID | None = await connection.fetchval(
        "SELECT passend_oidc_user($1, $2, $3, $4, $5)", subject, verified_email, name, roles, new_in
    )
    return user
