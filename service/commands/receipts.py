"""Receipts: do a run again, check the chains, hand over to an auditor."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from service import text
from service.commands.console import AsJson, run, show
from service.opening import Passend
from service.render import Json
from service.use_cases import auditing

receipts = typer.Typer(no_args_is_help=True, help="The stored record of every match run.")
Organisation = Annotated[str | None, typer.Option(help="By name or id; default: all.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command()(replay)
    receipts.command()(verify)
    receipts.command()(export)
    app.add_typer(receipts, name="receipts")


def replay(receipt: UUID, as_json: AsJson = False) -> None:
    """Do a match run again from its receipt alone, and say whether ranking and reasons are the same (exit code 1 if not).

    Example: passend replay 0b1f4a52-6d0c-4c8e-9b43-6f1f2f0e7a11
    """

    async def work(passend: Passend) -> Json:
        return await auditing.replay(passend.pool, receipt)

    answer = run(work)
    show(answer, text.replayed(answer), as_json)
    if not answer["identical"]:
        raise typer.Exit(1)


def verify(
    organisation: Organisation = None,
    file: Annotated[Path | None, typer.Option(help="Check an export instead of the database.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check that no receipt was changed, removed or put in between (exit code 1 if one was).

    Example: passend receipts verify
    """

    async def work(passend: Passend) -> list[auditing.Checked]:
        return await auditing.verify(passend.pool, organisation)

    checked = [auditing.verify_export(file)] if file else run(work)
    answer = [{**one._asdict(), "organisation": str(one.organisation)} for one in checked]
    show(answer, text.verified(checked), as_json)
    if any(one.faults for one in checked):
        raise typer.Exit(1)


def export(
    file: Path,
    organisation: Annotated[str, typer.Option(help="By name or id.")],
    as_json: AsJson = False,
) -> None:
    """Write all receipts of an organisation to a file, with everything that is needed to check and repeat them.

    Example: passend receipts export --organisation "Eigen gemeente" receipts.jsonl
    """
    with file.open("w", encoding="utf-8") as out:

        async def work(passend: Passend) -> auditing.Exported:
            return await auditing.export(passend.pool, organisation, out)

        done = run(work)
    sentence = (
        f"{done.receipts} receipts and {done.contents} people and places are in {file}; the chain ends with {done.head[:16]}."
    )
    show(done._asdict(), sentence, as_json)
