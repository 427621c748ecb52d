"""Calls to the API as someone, with an API token of theirs."""

import hashlib

import asyncpg
import httpx
from fastapi import FastAPI

from service.api.access import Scope
from tests.service.world import USERS, number


async def token_of(owner: asyncpg.Pool, user: str) -> str:
    """An API token of this user of the world, with every scope."""
    token = f"token-of-{user}"
    await owner.execute(
        """INSERT INTO api_token (user_id, role, name, token_hash, scopes, expires_at)
           VALUES ($1, $2, $3, $4, $5, now() + interval '1 hour') ON CONFLICT DO NOTHING""",
        number(user), USERS[user][1], user, hashlib.sha256(token.encode()).digest(), list(Scope),
    )  # fmt: skip
    return token


async def caller(app: FastAPI, owner: asyncpg.Pool, user: str) -> httpx.AsyncClient:
    """A client that calls the application as this user of the world."""
    headers = {"Authorization": f"Bearer {await token_of(owner, user)}"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://passend", headers=headers)
