"""Reads what changed in a table and hands it to the index that follows the table."""

import asyncio
import contextlib
import gc
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Generic, NamedTuple, Protocol, TypeVar

import asyncpg

from service.db import revisions
from service.db.connect import Connection
from service.db.revisions import Changed

_PAGE = 500


class MissedRemovals(Exception):
    """An index is so far behind that it is no longer known what was removed since; build it anew."""


class Followed(Protocol):
    """What an index needs to follow a table; `mark` is the last revision it took over."""

    mark: int

    def __len__(self) -> int: ...

    def save(self, path: Path) -> None:
        """Writes a snapshot."""


Index = TypeVar("Index", bound=Followed)


ChangedSince = Callable[[Connection, int, int, int], Awaitable[Sequence[asyncpg.Record]]]
"""Reads the rows after a revision, as one model encoded them, at most so many."""

ReadChange = Callable[[asyncpg.Record], Changed]


class Source(NamedTuple, Generic[Index]):
    """A table to follow: how to read its changes, and how an index takes over rows, and the numbers of what is not found now."""

    name: str
    changed_since: ChangedSince
    changed: ReadChange
    take_over: Callable[[Index, Sequence[Changed], Sequence[int]], None]


class _Page(NamedTuple):
    until: int
    rows: Sequence[asyncpg.Record]
    removed: Sequence[int | None]


class Table(Generic[Index]):
    """A table of the database, as far as one model encoded it, for an index to follow."""

    def __init__(self, pool: asyncpg.Pool, encoder: int, source: Source[Index]) -> None:
        self._pool, self._encoder, self._source = pool, encoder, source

    async def newest(self) -> int:
        """The table's last revision."""
        return await revisions.newest(self._pool, self._source.name)

    async def catch_up(self, index: Index) -> int:
        """Takes over all changes and removals, seen at one moment; reads the next page while the last is taken over.

        Returns:
            How many were removed.

        Raises:
            MissedRemovals: it is no longer known what was removed since the index was made.
        """
        anew = index.mark == 0
        async with self._pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
            with _without_collecting() if anew else contextlib.nullcontext():
                return await self._all_pages(connection, index, anew)

    async def _all_pages(self, connection: Connection, index: Index, anew: bool) -> int:
        count = 0
        page = await self._read(connection, index.mark)
        while page.until > index.mark:
            if None in page.removed and not anew:
                raise MissedRemovals
            count += len(page.removed)
            reading = asyncio.create_task(self._read(connection, page.until))
            try:
                await asyncio.to_thread(self._take_over, index, page)
            finally:
                page = await reading
        return count

    async def _read(self, connection: Connection, after: int) -> _Page:
        rows = await self._source.changed_since(connection, after, self._encoder, _PAGE)
        removed = await revisions.removed_since(connection, self._source.name, after, _PAGE)
        read = [[row["revision"] for row in rows], [revision for revision, _ in removed]]
        until = min([page[-1] for page in read if len(page) == _PAGE], default=max([after, *read[0], *read[1]]))
        return _Page(
            until, [row for row in rows if row["revision"] <= until], [key for revision, key in removed if revision <= until]
        )

    def _take_over(self, index: Index, page: _Page) -> None:
        rows = [self._source.changed(row) for row in page.rows]
        gone = [key for key in page.removed if key is not None] + [row.key for row in rows if row.what is None]
        self._source.take_over(index, [row for row in rows if row.what is not None], gone)
        index.mark = page.until


@contextlib.contextmanager
def _without_collecting() -> Iterator[None]:
    """Rows that come and go make the collector look through all objects again and again; they leave no cycles behind."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
