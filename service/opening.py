"""What a command or a worker needs, opened once: database, encoder, indexes, weights."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cached_property

import asyncpg

from embeddings.encoder import Encoder, SentenceEncoder
from matching.estimating import SkillGroups
from matching.scoring import Weights
from service.db import outcomes
from service.db.connect import Pools, database
from service.geography import Gazetteer, read_gazetteer
from service.search import Engine, PostgresSearch, Search
from service.settings import Settings
from service.skill_groups import encoded_groups


@dataclass(frozen=True)
class Passend:
    """An open installation.

    Attributes:
        pool: as the owner of the database: the operator's commands.
        app: as the web application: each request inside `service.db.identity.acting`.
        engine: for what is derived: vectors and indexes.
    """

    pool: asyncpg.Pool
    app: asyncpg.Pool
    engine: asyncpg.Pool
    encoder: Encoder
    search: Engine
    weights: Weights
    gazetteer: Gazetteer

    @cached_property
    def skill_groups(self) -> SkillGroups:
        """The groups of abilities with vectors; encoded once."""
        return encoded_groups(self.encoder)


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Passend]:
    """Opens the configured installation; indexes are opened by those who search in them.

    Raises:
        DatabaseUnusable: the database cannot be reached or started.
    """
    encoder = SentenceEncoder(settings.encoder, settings.models)
    async with database(settings) as pools:
        weights = await outcomes.with_champion(pools.owner, Weights.read())
        search = await _search(settings, pools, encoder, weights)
        gazetteer = read_gazetteer(settings.postcodes)
        try:
            yield Passend(pools.owner, pools.app, pools.engine, encoder, search, weights, gazetteer)
        finally:
            await search.close()


async def _search(settings: Settings, pools: Pools, encoder: Encoder, weights: Weights) -> Engine:
    if settings.search == "postgres":
        return await PostgresSearch.open(pools.engine, encoder.model, weights, pools.replica)
    return await Search.open(pools.engine, encoder.model, encoder.dimension, settings.snapshots, weights, pools.replica)
