"""Questions about everyone at once: giving out places, who is seen, and what outcomes teach."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from matching.exposure import TURNS
from matching.scoring import Weights
from service import area, caseload_text
from service.commands.console import AsJson, InLanguage, Words, run, show
from service.opening import Passend
from service.render import Json
from service.settings import Settings
from service.use_cases import allocating, exposing, learning

Region = Annotated[str | None, typer.Option(help="Labour-market region of the postcode; first: passend geo regions.")]
Near = Annotated[str | None, typer.Option(help="Town in the middle.")]
Within = Annotated[float, typer.Option(min=0, help="Kilometres around --near, in a straight line.")]
By = Annotated[str, typer.Option(help="Name of the person who decides.")]
Turns = Annotated[int, typer.Option(min=0, max=10, help="Of the first ten, how many are for who was not seen lately.")]
Moment = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Date (UTC).")]

outcomes = typer.Typer(no_args_is_help=True, help="Learn from what became of proposals.")


def register(app: typer.Typer, geo: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command()(allocate)
    app.command()(exposure)
    geo.command("regions")(regions)
    outcomes.command("import")(import_)
    for command in (fit, show_, promote, rollback):
        outcomes.command(command.__name__.rstrip("_"))(command)
    app.add_typer(outcomes, name="outcomes")


def allocate(
    region: Region = None, near: Near = None, within: Within = 25, language: Words = InLanguage.NL, as_json: AsJson = False
) -> None:
    """Give out the free places over everyone, so that most people are well served. It is a proposal: nothing is recorded.

    People and places count that are in --region and within --within of --near; without these, all do. People whose postcode or
    position is not known are in no region and near nothing.

    Example: passend allocate --near Doetinchem --within 15
    """

    async def work(passend: Passend) -> Json:
        chosen = area.named_area(passend.gazetteer, Settings().regions, region, near, within)
        return await allocating.allocate_places(passend.pool, passend.search.encoder, passend.weights, chosen, language.value)

    answer = run(work)
    show(answer, caseload_text.allocation(answer), as_json)


def exposure(
    since: Moment = None,
    until: Moment = None,
    turns: Turns = TURNS,
    as_json: AsJson = False,
) -> None:
    """Show how often each person is among the first ten of a place, and who never is.

    With --since: over the lists of candidates that were asked for since then. Otherwise: over one list for every free place now.

    Example: passend exposure --since 2026-01-01
    """
    period = exposing.Period(since.replace(tzinfo=UTC), (until or datetime.now(UTC)).replace(tzinfo=UTC)) if since else None

    async def work(passend: Passend) -> Json:
        return await exposing.exposure(passend.pool, passend.search.encoder, passend.weights, period, turns=turns)

    answer = run(work)
    show(answer, caseload_text.exposure(answer), as_json)


def regions(postcodes: Path, municipalities: Path, as_json: AsJson = False) -> None:
    """Take over which postcodes are in which labour-market region, from two tables.

    Columns: postcode and gemeente in the first, gemeente and arbeidsmarktregio in the second.

    Example: passend geo regions postcode4_gemeente_cbs_certegis.csv gemeente_arbeidsmarktregio_2015.tsv
    """
    count, without = area.keep_regions(postcodes, municipalities, Settings().regions)
    sentence = f"{count} postcodes are in a region. Municipalities that are in none: {', '.join(without) or 'none'}."
    show({"postcodes": count, "without": without}, sentence, as_json)


def import_(file: Path, as_json: AsJson = False) -> None:
    """Take over outcomes from a JSON Lines file; each bad row is reported with its line (exit code 1).

    Example: passend outcomes import outcomes.jsonl
    """

    async def work(passend: Passend) -> learning.OutcomeReport:
        return await learning.import_outcomes(passend.pool, passend.search.encoder, passend.weights, file)

    report = run(work)
    show(asdict(report), caseload_text.outcome_report(report), as_json)
    if report.errors:
        raise typer.Exit(1)


def fit(as_json: AsJson = False) -> None:
    """Learn a challenger from the outcomes and compare it with the champion. Nothing changes until someone promotes it.

    Example: passend outcomes fit
    """
    _answer(lambda passend: learning.fit_challenger(passend.pool, Weights.read()), as_json)


def show_(language: Words = InLanguage.NL, as_json: AsJson = False) -> None:
    """Show the champion, the challenger, who decided what, and what people said by declining.

    Example: passend outcomes show
    """
    _answer(lambda passend: learning.learned(passend.pool, Weights.read(), language.value), as_json)


def promote(by: By, as_json: AsJson = False) -> None:
    """Make the challenger the champion, if it has proven better and no group is worse off.

    Example: passend outcomes promote --by "R. de Vries"
    """
    _answer(lambda passend: learning.promote(passend.pool, Weights.read(), by), as_json)


def rollback(by: By, as_json: AsJson = False) -> None:
    """Put the champion before this one back.

    Example: passend outcomes rollback --by "R. de Vries"
    """
    _answer(lambda passend: learning.rollback(passend.pool, Weights.read(), by), as_json)


def _answer(work: Callable[[Passend], Awaitable[Json]], as_json: bool) -> None:
    answer = run(work)
    show(answer, caseload_text.learned(answer), as_json)
