"""Imports run beside the requests of a server; one that was cut short goes on when a server starts."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator

from service.db import imports
from service.opening import Passend
from service.use_cases.importing import run_job

PATIENCE = 30
"""Seconds after which a server looks for imports that another one left."""

log = logging.getLogger(__name__)


class ImportQueue:
    """Runs what was handed in, one file after the other."""

    def __init__(self) -> None:
        self._handed_in = asyncio.Event()

    def wake(self) -> None:
        """Says that a file was handed in."""
        self._handed_in.set()

    @contextlib.asynccontextmanager
    async def running(self, passend: Passend) -> AsyncIterator[None]:
        """Runs imports while the context is open."""
        work = asyncio.create_task(self._run(passend))
        try:
            yield
        finally:
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work

    async def _run(self, passend: Passend) -> None:
        while True:
            self._handed_in.clear()
            with _reported():
                await finish_all(passend)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await self._handed_in.wait()


async def finish_all(passend: Passend) -> None:
    """Runs every import that waits or was cut short, unless another process is doing so."""
    async with imports.alone(passend.pool) as mine:
        for job_id in await imports.unfinished(passend.pool) if mine else []:
            with _reported():
                await run_job(passend.pool, passend.encoder, passend.gazetteer, job_id)


@contextlib.contextmanager
def _reported() -> Iterator[None]:
    try:
        yield
    except Exception:
        log.exception("an import stopped")
