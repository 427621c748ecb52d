"""Search: who and what is near in meaning and fits practically."""

from service.search.engine import Engine, Search
from service.search.postgres import PostgresSearch

__all__ = ["Engine", "PostgresSearch", "Search"]
