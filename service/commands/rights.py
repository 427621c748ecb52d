"""Rights of the person, for the operator: hand over what is recorded, erase, and keep no longer than needed."""

import json
from pathlib import Path
from typing import Annotated

import typer

from service import text
from service.commands.console import AsJson, run, show
from service.db.proposals import set_undo_window
from service.db.retention import Period, periods
from service.opening import Passend
from service.render import Json
from service.rights_page import page
from service.use_cases import retaining, rights

person = typer.Typer(no_args_is_help=True, help="What is recorded of a person.")
retention = typer.Typer(no_args_is_help=True, help="How long data is kept.")


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    person.command()(export)
    person.command()(erase)
    retention.command("show")(show_periods)
    retention.command("set")(set_period)
    retention.command("run")(run_retention)
    app.add_typer(person, name="person")
    app.add_typer(retention, name="retention")
    app.command("undo-window")(undo_window)


def export(seeker_id: str, file: Path) -> None:
    """Write everything that is recorded of a person to FILE: a readable page when it ends in .html, JSON otherwise.

    Example: passend person export s01 s01.html
    """

    async def work(passend: Passend) -> Json:
        return await rights.personal_data(passend.pool, seeker_id)

    data = run(work)
    as_page = file.suffix == ".html"
    file.write_text(page(data) if as_page else json.dumps(data, ensure_ascii=False, indent=2, default=str), encoding="utf-8")
    print(f"Everything about {seeker_id} is in {file}.")


def erase(
    seeker_id: str, sure: Annotated[bool, typer.Option("--yes", help="Needed, since this cannot be undone.")] = False
) -> None:
    """Erase a person: profile, vectors, proposals, and their words in receipts. Numbers of outcomes stay.

    Example: passend person erase s01 --yes
    """
    if not sure:
        raise typer.BadParameter("this cannot be undone; add --yes")

    async def work(passend: Passend) -> None:
        await rights.erase(passend.pool, seeker_id)
        await passend.search.people.rebuild()

    run(work)
    print(f"{seeker_id} was erased.")


def show_periods(as_json: AsJson = False) -> None:
    """Show how long each category is kept.

    Example: passend retention show
    """

    async def work(passend: Passend) -> list[Period]:
        return await periods(passend.pool)

    known = run(work)
    show(dict(known), text.periods(known), as_json)


def set_period(category: str, months: Annotated[int, typer.Argument(min=1)], as_json: AsJson = False) -> None:
    """Choose how many months a category is kept.

    Example: passend retention set receipt 36
    """

    async def work(passend: Passend) -> list[Period]:
        return await retaining.set_retention(passend.pool, category, months)

    known = run(work)
    show(dict(known), text.periods(known), as_json)


def run_retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False, as_json: AsJson = False
) -> None:
    """Remove what is past its period. Run it every night.

    Example: passend retention run --dry-run
    """

    async def work(passend: Passend) -> dict[str, int]:
        return await retaining.run_retention(passend.pool, dry_run=dry_run)

    counts = run(work)
    show(counts, text.removed(counts, dry_run), as_json)


def undo_window(minutes: Annotated[int, typer.Argument(min=0, max=10_080)]) -> None:
    """Choose how long someone may take back their own last step of a proposal.

    Example: passend undo-window 30
    """

    async def work(passend: Passend) -> None:
        await set_undo_window(passend.pool, minutes)

    run(work)
    print(f"A step can be taken back for {minutes} minutes.")
