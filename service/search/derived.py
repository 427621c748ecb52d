"""An index that follows a table: it asks for what changed since the last revision it saw, and can always be rebuilt."""

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic

import fasteners

from embeddings.errors import SnapshotUnusable
from service.search.following import Followed, Index, MissedRemovals, Table

log = logging.getLogger(__name__)

_PATIENCE = 0.5
"""Seconds that a search waits for what changed at most; a long import is taken over while searches go on."""

_WORTH_A_SNAPSHOT = 2_000
_REMOVED_FROM_DISK = 600.0
"""Seconds after which a snapshot is written anew when something was removed: who is erased does not stay on disk."""


class DerivedIndex(Generic[Index]):
    """One index that follows one table.

    Args:
        make: makes an empty index.
        load: reads one from a snapshot, or raises SnapshotUnusable.

    Attributes:
        current: the index to search in; a rebuilt one takes its place at once, and running searches end on the old one.
        opened: whether this process uses it.
    """

    def __init__(self, snapshot: Path, table: Table[Index], make: Callable[[], Index], load: Callable[[Path], Index]) -> None:
        self._snapshot, self._table, self._make, self._load = snapshot, table, make, load
        self._turn = asyncio.Lock()
        self._running: set[asyncio.Task[None]] = set()
        self._saving: asyncio.Task[None] | None = None
        self._saved, self._saved_at, self._removed = 0, time.monotonic(), 0
        self.current = make()
        self.opened = False

    async def open(self) -> None:
        """Starts from the snapshot when there is a usable one, and follows up to now."""
        try:
            self.current = await asyncio.to_thread(self._load, self._snapshot)
            self._saved = self.current.mark
        except SnapshotUnusable as reason:
            log.info("building an index from the database: %s", reason)
        await self.follow()

    async def fresh(self) -> None:
        """Takes over what changed before this moment, as far as a search can wait for it; one small question when nothing did."""
        if not self.opened:
            await self.follow()
        elif await self._table.newest() > self.current.mark:
            following = asyncio.create_task(self.follow())
            self._running.add(following)
            following.add_done_callback(self._running.discard)
            done, _ = await asyncio.wait({following}, timeout=_PATIENCE)
            if done:
                following.result()

    async def follow(self) -> None:
        """Takes over every change since the last time; a snapshot that is due is written while searches go on."""
        async with self._turn:
            if await self._table.newest() > self.current.mark:
                await self._catch_up()
            self.opened = True
        if self._worth_a_snapshot() and (self._saving is None or self._saving.done()):
            self._saving = asyncio.create_task(self._save())

    async def settled(self) -> None:
        """Waits until the snapshot that is being written is whole."""
        if self._saving:
            await self._saving

    async def rebuild(self) -> None:
        """Builds the index anew from the database while searches go on in the current one, then swaps it in."""
        successor = self._make()
        await self._table.catch_up(successor)
        async with self._turn:
            await self._table.catch_up(successor)
            self.current = successor
        await self.settled()
        await self._save()

    async def behind(self) -> int:
        """How many revisions it did not take over yet."""
        return max(0, await self._table.newest() - self.current.mark)

    def __len__(self) -> int:
        return len(self.current)

    async def _catch_up(self) -> None:
        try:
            self._removed += await self._table.catch_up(self.current)
        except MissedRemovals:
            log.info("building an index from the database: it missed what was removed")
            successor = self._make()
            await self._table.catch_up(successor)
            self.current = successor

    def _worth_a_snapshot(self) -> bool:
        changed = self.current.mark - self._saved > max(_WORTH_A_SNAPSHOT, len(self.current) // 10)
        return changed or bool(self._removed and time.monotonic() - self._saved_at > _REMOVED_FROM_DISK)

    async def _save(self) -> None:
        removed = self._removed
        self._saved, self._saved_at, self._removed = self.current.mark, time.monotonic(), 0
        try:
            await asyncio.to_thread(_save, self.current, self._snapshot)
        except OSError as problem:
            self._removed += removed  # so that who is erased leaves the disk at a later try
            log.warning("the snapshot %s could not be written; a start reads what it lacks: %s", self._snapshot, problem)


def _save(index: Followed, path: Path) -> None:
    """Writes a snapshot, unless another process is writing it at this moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = fasteners.InterProcessLock(path.with_suffix(".lock"))
    if lock.acquire(blocking=False):
        try:
            index.save(path)
        finally:
            lock.release()
