"""Signing in and out: passwords, sessions, API tokens and personal links. Only digests of secrets are kept."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from service import passwords
from service.db import seekers, sign_in, tokens
from service.db.connect import Connection
from service.db.identity import Identity, Role
from service.errors import BadInput, NotAllowed, NotFound, NotSignedIn, TooSoon

LINK_LIFETIME = timedelta(days=7)
_CODE_DIGITS = 6


@dataclass(frozen=True)
class Caller:
    """Who asks, and by what means.

    Attributes:
        csrf: of a session; a change has to show it. None for an API token.
        scopes: of an API token; None for a session, which may do all that its role may.
    """

    identity: Identity
    csrf: str | None = None
    scopes: frozenset[str] | None = None


def secret_digest(secret: str) -> bytes:
    """How a token is kept: without salt, since tokens are 256 random bits."""
    return hashlib.sha256(secret.encode()).digest()


async def sign_in_with_password(
    pool: asyncpg.Pool, email: str, password: str, role: Role | None, agent: str, lifetime: timedelta
) -> str:
    """Opens a session in the asked role, or in the user's first; returns its token.

    Raises:
        NotSignedIn: the address or the password is not right.
        TooSoon: there were five wrong tries; each next one waits twice as long, fifteen minutes at most.
        NotAllowed: the user does not have that role.
    """
    account = secret_digest(email.lower())
    wait = await sign_in.count_attempt(pool, account)
    if wait:
        raise TooSoon("There were too many tries for this address. Try again later.", wait)
    user, kept = await sign_in.credentials(pool, email)
    if not await passwords.matches(password, kept) or user is None:
        raise NotSignedIn("The e-mail address or the password is not right.")
    await sign_in.forget_attempts(pool, account)
    return await open_session(pool, user, role, agent, lifetime)


async def open_session(pool: Connection, user: UUID, role: Role | None, agent: str, lifetime: timedelta) -> str:
    """Opens a session; returns its token.

    Raises:
        NotAllowed: the user does not have that role, or is not active.
    """
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    if await sign_in.open_session(pool, secret_digest(token), user, role, csrf, agent, lifetime) is None:
        raise NotAllowed("You do not have that role here.")
    return token


async def caller_of_session(pool: asyncpg.Pool, token: str, idle: timedelta) -> Caller:
    """Who a session belongs to.

    Raises:
        NotSignedIn: there is no such session, or it is over.
    """
    row = await sign_in.session(pool, secret_digest(token), idle)
    if row is None:
        raise NotSignedIn("Your session is over. Sign in again.")
    return Caller(_identity(row), csrf=row["csrf"])


async def caller_of_api_token(pool: asyncpg.Pool, token: str) -> Caller:
    """Who an API token belongs to.

    Raises:
        NotSignedIn: there is no such token, or it has expired or was revoked.
    """
    row = await sign_in.token(pool, secret_digest(token))
    if row is None:
        raise NotSignedIn("This API token is not known, or no longer.")
    return Caller(_identity(row), scopes=frozenset(row["scopes"]))


def _identity(row: asyncpg.Record) -> Identity:
    return Identity(row["user_id"], Role(row["role"]), row["organisation_id"], row["name"])


async def sign_out(pool: asyncpg.Pool, token: str) -> None:
    """Ends this session."""
    await sign_in.close_session(pool, secret_digest(token))


async def sign_out_everywhere(connection: Connection) -> None:
    """Ends every session of the acting user; API tokens go on."""
    await sign_in.close_own_sessions(connection)


async def change_own_password(connection: Connection, current: str, new: str) -> None:
    """Gives the acting user another password and ends their sessions.

    Raises:
        BadInput: the current password is not right.
    """
    if not await passwords.matches(current, await sign_in.own_password(connection)):
        raise BadInput("The current password is not right.")
    await sign_in.change_own_password(connection, await passwords.hashed(new))


async def make_api_token(
    connection: Connection, name: str, scopes: Sequence[str], lifetime: timedelta
) -> tuple[asyncpg.Record, str]:
    """Makes an API token for the acting user in the role they have now; its text is shown this once."""
    token = f"passend_{secrets.token_urlsafe(32)}"
    return await tokens.add(connection, name, secret_digest(token), scopes, lifetime), token


async def revoke_api_token(connection: Connection, token: UUID) -> None:
    """Ends an API token of the acting user.

    Raises:
        NotFound: they have no such token.
    """
    if not await tokens.revoke(connection, token):
        raise NotFound("You have no such API token.")


@dataclass(frozen=True)
class ResidentLink:
    """A personal link: the token goes by letter or e-mail, the code by another way; both are shown this once."""

    id: UUID
    token: str
    code: str
    expires_at: datetime


async def invite_resident(connection: Connection, seeker_id: str) -> ResidentLink:
    """Makes a personal link with a one-time code for a person.

    Raises:
        NotFound: there is no such person for the one who asks.
    """
    if not await seekers.digests(connection, [seeker_id]):
        raise NotFound(f"There is no person with the id {seeker_id!r}.")
    token = secrets.token_urlsafe(32)
    code = f"{secrets.randbelow(10**_CODE_DIGITS):0{_CODE_DIGITS}}"
    digests = secret_digest(token), secret_digest(token + code)
    row = await tokens.add_resident_link(connection, seeker_id, *digests, LINK_LIFETIME)
    return ResidentLink(row["id"], token, code, row["expires_at"])


async def enter_by_link(pool: asyncpg.Pool, token: str, code: str, agent: str, lifetime: timedelta) -> str:
    """Opens a session for the resident of a personal link; returns its token.

    Raises:
        NotSignedIn: link and code do not go together, or the link was used, is too old or saw five codes.
    """
    resident = await sign_in.enter_by_link(pool, secret_digest(token), secret_digest(token + code))
    if resident is None:
        raise NotSignedIn("This link and code do not go together, or the link does not work any more. Ask for a new one.")
    return await open_session(pool, resident, Role.RESIDENT, agent, lifetime)
