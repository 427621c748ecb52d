"""The `passend` command: reads arguments, calls one use case, prints the answer."""

import asyncio
import dataclasses
import json
import logging
import sys
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from embeddings.encoder import ADAPTER
from embeddings.errors import EmbeddingError
from matching.scoring import SHIPPED
from service import text
from service.errors import PassendError
from service.opening import Passend, opened
from service.render import Json
from service.settings import Settings
from service.use_cases import demo as demo_cases
from service.use_cases import importing, maintaining, matching, measuring, training

Answer = TypeVar("Answer")

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Match people with places to work, learn and take part.",
)
geo = typer.Typer(no_args_is_help=True, help="Where postcodes and places are.")
app.add_typer(geo, name="geo")


class InLanguage(StrEnum):
    """Language of sentences."""

    NL = "nl"
    EN = "en"


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Words = Annotated[InLanguage, typer.Option("--language", help="Language of the sentences.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=500, help="How many at most.")]

notes = Console(stderr=True)
"""Progress and errors go to standard error, so that standard output holds the answer alone."""


def main() -> None:
    """Runs the command; a known error is one sentence, with exit code 2 for bad input and 3 for what cannot be used now."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        app()
    except (PassendError, EmbeddingError) as error:
        notes.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(2 if getattr(error, "status", 503) < 500 else 3)


@app.command("import")
def import_(files: list[Path], as_json: AsJson = False) -> None:
    """Take over people and places from JSON Lines or CSV files.

    Good rows are kept; each bad row is reported with its line and field (exit code 1). Run it again as often as you like.

    Example: passend import seekers.jsonl opportunities.jsonl
    """
    with _bar() as bar:
        task = bar.add_task("rows", total=None)

        async def work(passend: Passend) -> importing.ImportReport:
            return await importing.import_files(
                passend.pool, passend.encoder, passend.gazetteer, files, lambda rows: bar.update(task, completed=rows)
            )

        report = _run(work)
    _show(report.to_json(), text.import_report(report), as_json)
    if report.errors:
        raise typer.Exit(1)


@app.command()
def match(seeker_id: str, limit: Limit = matching.LIMIT, language: Words = InLanguage.NL, as_json: AsJson = False) -> None:
    """Show the places that fit a person, and why.

    Example: passend match s01 --limit 5
    """

    async def work(passend: Passend) -> Json:
        await passend.search.places.open()
        return await matching.match_person(passend.pool, passend.search, passend.weights, seeker_id, limit, language.value)

    answer = _run(work)
    _show(answer, text.matches(answer, language.value), as_json)


@app.command()
def candidates(
    opportunity_id: str, limit: Limit = matching.LIMIT, language: Words = InLanguage.NL, as_json: AsJson = False
) -> None:
    """Show the people who fit a place, and why.

    Example: passend candidates o001
    """

    async def work(passend: Passend) -> Json:
        await passend.search.people.open()
        return await matching.find_candidates(
            passend.pool, passend.search, passend.weights, opportunity_id, limit, language.value
        )

    answer = _run(work)
    _show(answer, text.candidates(answer, language.value), as_json)


@app.command()
def explain(seeker_id: str, opportunity_id: str, language: Words = InLanguage.NL, as_json: AsJson = False) -> None:
    """Show how one person and one place go together, also when it does not fit now.

    Example: passend explain s02 o019
    """

    async def work(passend: Passend) -> Json:
        return await matching.explain(passend.pool, passend.search, passend.weights, seeker_id, opportunity_id, language.value)

    answer = _run(work)
    _show(answer, text.one_match(answer, language.value), as_json)


@app.command("import-esco")
def import_esco(folder: Path, as_json: AsJson = False) -> None:
    """Take over the occupations of an ESCO export (occupations_*.csv); ESCO is © European Union, CC BY 4.0.

    Example: passend import-esco ../shared/data/esco_nl
    """
    with _bar() as bar:
        task = bar.add_task("sentences encoded", total=None)

        async def work(passend: Passend) -> int:
            return await maintaining.import_esco(
                passend.pool, passend.encoder, folder, lambda done, total: bar.update(task, completed=done, total=total)
            )

        count = _run(work)
    _show({"occupations": count}, f'{count} occupations can be searched now: passend occupations "ik repareer fietsen"', as_json)


@app.command()
def occupations(sentence: str, limit: Limit = 5, as_json: AsJson = False) -> None:
    """Find the ESCO occupations nearest to what someone says.

    Example: passend occupations "ik repareer al jaren fietsen voor de hele buurt"
    """

    async def work(passend: Passend) -> list[maintaining.FoundOccupation]:
        await passend.search.occupations.open()
        return await maintaining.find_occupations(passend.pool, passend.search, passend.encoder, sentence, limit)

    found = _run(work)
    _show([dataclasses.asdict(one) for one in found], text.occupations(found), as_json)


@geo.command("import")
def geo_import(file: Path, as_json: AsJson = False) -> None:
    """Take over a table of postcodes (columns postcode, plaats, lat, lon) and put everyone and everything on the map again.

    Example: passend geo import ../shared/data/geo_nl/postcode4_gemeente_cbs_certegis.csv
    """
    target = Settings().postcodes

    async def work(passend: Passend) -> maintaining.Relocated:
        return await maintaining.import_postcodes(passend.pool, file, target)

    done = _run(work)
    _show(dataclasses.asdict(done), f"{done.postcodes} postcodes; {done.moved} people and places moved on the map.", as_json)


@app.command()
def migrate(as_json: AsJson = False) -> None:
    """Bring the database to the form this version needs; other commands do so by themselves.

    Example: passend migrate
    """

    async def work(passend: Passend) -> list[str]:
        rows = await passend.pool.fetch("SELECT name FROM migration ORDER BY name")
        return [row["name"] for row in rows]

    names = _run(work)
    _show({"migrations": names}, f"The database is up to date: {', '.join(names)}", as_json)


@app.command()
def reindex(as_json: AsJson = False) -> None:
    """Encode what has no vector of the current model, drop vectors nobody uses, and rebuild the search indexes.

    Example: PASSEND_ENCODER=multilingual-e5-small passend reindex
    """
    with _bar() as bar:
        task = bar.add_task("sentences encoded", total=None)

        async def work(passend: Passend) -> maintaining.Reindexed:
            return await maintaining.reindex(
                passend.pool,
                passend.encoder,
                passend.search,
                lambda done, total: bar.update(task, completed=done, total=total),
            )

        done = _run(work)
    sentence = f"{done.encoded} sentences encoded, {done.removed} old vectors removed, {done.vectors} vectors in the indexes."
    _show(dataclasses.asdict(done), sentence, as_json)


@app.command()
def evaluate(
    folder: Path,
    system: Annotated[list[str] | None, typer.Option("--systems", help="A system to run; repeat for more. Default: all.")] = None,
    half: Annotated[str | None, typer.Option(help="tune, test or all; default: test where the folder has split.tsv.")] = None,
    postcodes: Annotated[Path | None, typer.Option(help="Postcode table; default: the imported one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure the matching on a folder with seekers.jsonl, opportunities.jsonl, qrels.tsv and perhaps fallback.txt.

    Example: passend evaluate tests/golden
    """
    names = [name for one in system for name in one.split(",")] if system else list(measuring.DEFAULT_SYSTEMS)
    if not (postcodes or Settings().postcodes.exists()):
        notes.print("No table of postcodes: distances are between town centres. For exact ones: passend geo import FILE")
    with notes.status("encoding and ranking"):
        answer = measuring.evaluate(Settings(), folder, names, half, postcodes)
    _show(answer, text.evaluation(answer), as_json)


@app.command()
def melo(folder: Path, as_json: AsJson = False) -> None:
    """Measure how job titles find their ESCO occupation, as the authors of MELO compute it.

    Example: passend melo ../shared/data/melo_bel_nl/bel_q_nl_c_nl
    """
    with notes.status("encoding"):
        answer = measuring.melo(Settings(), folder)
    _show(answer, text.melo(answer), as_json)


@app.command()
def adapt(
    esco: Annotated[Path, typer.Option(help="Folder with occupations_nl.csv.")],
    relations: Annotated[Path, typer.Option(help="Folder with occupationSkillRelations.csv.gz and skills_en.csv.gz.")],
    output: Annotated[Path, typer.Option(help="Where the adapter goes.")] = ADAPTER,
    as_json: AsJson = False,
) -> None:
    """Train the labour-market adapter of the encoder, from ESCO and the lay sentences; about an hour on two cores.

    Example: passend adapt --esco ../shared/data/esco_nl --relations ../shared/data/esco_relations
    """
    with _bar() as bar:
        task = bar.add_task("steps", total=None)

        def progress(step: int, steps: int, loss: float) -> None:
            bar.update(task, completed=step, total=steps, description=f"steps (loss {loss:.3f})")

        training.train_adapter(Settings(), esco, relations, output, progress)
    done = f"The adapter is in {output}. Now run: passend fit tests/golden, and passend reindex."
    _show({"adapter": str(output)}, done, as_json)


@app.command()
def fit(
    folder: Path,
    output: Annotated[Path, typer.Option(help="Where the weights go.")] = SHIPPED,
    postcodes: Annotated[Path | None, typer.Option(help="Postcode table; default: the imported one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fit the weights of the pair score on the tune half of a judged set.

    Example: passend fit tests/golden
    """
    with notes.status("encoding and fitting"):
        training.fit_weights(Settings(), folder, output, postcodes)
    _show({"weights": str(output)}, f"The weights are in {output}. See what they bring: passend evaluate {folder}", as_json)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """Serve the API until Ctrl-C.

    Example: passend serve --port 8080
    """
    import uvicorn

    uvicorn.run("service.app:create_app", factory=True, host=host, port=port, log_level="info", server_header=False)


@app.command()
def demo(language: Words = InLanguage.NL, as_json: AsJson = False) -> None:
    """Import the fictional demo set and show three worked examples.

    Example: passend demo
    """
    with _bar() as bar:
        task = bar.add_task("demo rows", total=None)

        async def work(passend: Passend) -> demo_cases.Examples:
            return await demo_cases.worked_examples(passend, language.value, lambda rows: bar.update(task, completed=rows))

        examples = _run(work)
    _show(dataclasses.asdict(examples), text.demo(examples, language.value), as_json)


def _run(work: Callable[[Passend], Awaitable[Answer]]) -> Answer:
    async def with_passend() -> Answer:
        async with opened(Settings()) as passend:
            return await work(passend)

    return asyncio.run(with_passend())


def _show(answer: object, as_text: str, as_json: bool) -> None:
    print(json.dumps(answer, ensure_ascii=False, indent=2) if as_json else as_text)


def _bar() -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=notes, transient=True, disable=not notes.is_terminal)


if __name__ == "__main__":
    main()
