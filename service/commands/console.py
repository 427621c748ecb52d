"""What every command shares: options, progress, one open installation, and answers as text or JSON."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from service.opening import Passend, opened
from service.settings import Settings

Answer = TypeVar("Answer")


class InLanguage(StrEnum):
    """Language of sentences."""

    NL = "nl"
    EN = "en"


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Words = Annotated[InLanguage, typer.Option("--language", help="Language of the sentences.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=500, help="How many at most.")]

notes = Console(stderr=True)
"""Progress and errors go to standard error, so that standard output holds the answer alone."""


def run(work: Callable[[Passend], Awaitable[Answer]]) -> Answer:
    """Runs `work` on the configured installation."""

    async def with_passend() -> Answer:
        async with opened(Settings()) as passend:
            return await work(passend)

    return asyncio.run(with_passend())


def show(answer: object, as_text: str, as_json: bool) -> None:
    """Prints the answer."""
    print(json.dumps(answer, ensure_ascii=False, indent=2) if as_json else as_text)


def bar() -> Progress:
    """A progress bar on standard error, where that is a terminal."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=notes, transient=True, disable=not notes.is_terminal)
