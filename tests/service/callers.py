"""The world with sentences that are encoded, and calls to the API as someone in it."""

import hashlib

import asyncpg
import httpx
from fastapi import FastAPI

from embeddings.encoder import Encoder
from matching.vectors import opportunity_texts, seeker_texts
from service.api.access import Scope
from service.db import embeddings, opportunities, seekers
from service.encoding import encode_missing
from tests.service.world import USERS, number


async def encode(owner: asyncpg.Pool, encoder: Encoder) -> None:
    """Gives everyone and every place of the world the same work, with vectors, so that they can be matched."""
    await owner.execute("UPDATE seeker SET open_to = '{paid}'")
    await owner.execute("UPDATE opportunity SET title = 'Kok', summary = 'Je kookt.', offers = 'Samen eten.'")
    people = {one.id: seeker_texts(one) for one in await seekers.everyone(owner)}
    places = {one.id: opportunity_texts(one) for one in await opportunities.all_places(owner)}
    await encode_missing(owner, encoder, [text for texts in (*people.values(), *places.values()) for text in texts])
    await embeddings.set_texts(owner, "seeker", people)
    await embeddings.set_texts(owner, "opportunity", places)


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
