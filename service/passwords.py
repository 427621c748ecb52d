"""Passwords: kept as argon2id hashes only (argon2-cffi, the second recommended parameters of RFC 9106)."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
_HASHER = PasswordHasher()
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$r9OXrcl652y4d71rrwWPqA$bPwFAfzR+tm6X1dMpkFu158nfK/KhjPXIDu9c1ynZc8"


async def hashed(password: str) -> str:
    """The hash to keep; outside the event loop, since it is slow on purpose."""
    return await asyncio.to_thread(_HASHER.hash, password)


async def matches(password: str, kept: str | None) -> bool:
    """Whether this is the password; takes as long when there is none, so that the time does not tell who has an account."""
    return await asyncio.to_thread(_verify, kept or _NOBODYS, password) and kept is not None


def _verify(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False
