"""Search: who and what is near in meaning and fits practically."""

from service.search.engine import Search

__all__ = ["Search"]
