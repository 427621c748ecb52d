"""What came of it, for the council."""

import dataclasses
from typing import Annotated

import typer

from service.commands.console import AsJson, run, show
from service.opening import Passend
from service.use_cases.insights import Number, as_csv, of_organisation


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command()(insights)


def insights(
    quarter: str,
    organisation: Annotated[str | None, typer.Option(help="Name or id; default: the own municipality.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print the numbers of a quarter as CSV; a number about fewer than five people stays empty.

    Example: passend insights 2026-Q4 > 2026-Q4.csv
    """

    async def work(passend: Passend) -> tuple[str, list[Number]]:
        return await of_organisation(passend.pool, organisation, quarter)

    name, found = run(work)
    show([dataclasses.asdict(one) for one in found], as_csv(name, quarter, found).replace("\r\n", "\n").rstrip(), as_json)
