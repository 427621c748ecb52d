"""The `passend` command: reads arguments, calls one use case, prints the answer."""

import dataclasses
import logging
import sys
from pathlib import Path

import typer
from pydantic import ValidationError

from embeddings.errors import EmbeddingError
from service import text
from service.commands import access, caseload, exploring, imports, insights, quality, receipts, rights, running, sites
from service.commands.console import AsJson, InLanguage, Limit, Words, bar, notes, run, show
from service.errors import PassendError
from service.opening import Passend
from service.render import Json
from service.settings import Settings, settings_problem
from service.use_cases import demo as demo_cases
from service.use_cases import maintaining, matching

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Match people with places to work, learn and take part.",
)
geo = typer.Typer(no_args_is_help=True, help="Where postcodes and places are.")
app.add_typer(geo, name="geo")


def main() -> None:
    """Runs the command; a known error is one sentence, with exit code 2 for bad input and 3 for what cannot be used now."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        app()
    except (PassendError, EmbeddingError) as error:
        notes.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(2 if getattr(error, "status", 503) < 500 else 3)
    except ValidationError as wrong:
        if wrong.title != Settings.__name__:
            raise
        notes.print(settings_problem(wrong), style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)


@app.command()
def match(seeker_id: str, limit: Limit = matching.LIMIT, language: Words = InLanguage.NL, as_json: AsJson = False) -> None:
    """Show the places that fit a person, and why.

    Example: passend match s01 --limit 5
    """

    async def work(passend: Passend) -> Json:
        await passend.search.places.open()
        return await matching.match_person(passend.pool, passend.search, passend.weights, seeker_id, limit, language.value)

    answer = run(work)
    show(answer, text.matches(answer, language.value), as_json)


@app.command()
def candidates(
    opportunity_id: str,
    limit: Limit = matching.LIMIT,
    language: Words = InLanguage.NL,
    turns: caseload.Turns = 0,
    as_json: AsJson = False,
) -> None:
    """Show the people who fit a place, and why.

    Example: passend candidates o001
    """

    async def work(passend: Passend) -> Json:
        await passend.search.people.open()
        return await matching.find_candidates(
            passend.pool, passend.search, passend.weights, opportunity_id, limit, language.value, turns
        )

    answer = run(work)
    show(answer, text.candidates(answer, language.value), as_json)


@app.command()
def explain(seeker_id: str, opportunity_id: str, language: Words = InLanguage.NL, as_json: AsJson = False) -> None:
    """Show how one person and one place go together, also when it does not fit now.

    Example: passend explain s02 o019
    """

    async def work(passend: Passend) -> Json:
        return await matching.explain(passend.pool, passend.search, passend.weights, seeker_id, opportunity_id, language.value)

    answer = run(work)
    show(answer, text.one_match(answer, language.value), as_json)


@app.command("import-esco")
def import_esco(folder: Path, as_json: AsJson = False) -> None:
    """Take over the occupations of an ESCO export (occupations_*.csv); ESCO is © European Union, CC BY 4.0.

    Example: passend import-esco ../shared/data/esco_nl
    """
    with bar() as shown:
        task = shown.add_task("sentences encoded", total=None)

        async def work(passend: Passend) -> int:
            return await maintaining.import_esco(
                passend.pool, passend.encoder, folder, lambda done, total: shown.update(task, completed=done, total=total)
            )

        count = run(work)
    show({"occupations": count}, f'{count} occupations can be searched now: passend occupations "ik repareer fietsen"', as_json)


@app.command()
def occupations(sentence: str, limit: Limit = 5, as_json: AsJson = False) -> None:
    """Find the ESCO occupations nearest to what someone says.

    Example: passend occupations "ik repareer al jaren fietsen voor de hele buurt"
    """

    async def work(passend: Passend) -> list[maintaining.FoundOccupation]:
        await passend.search.occupations.open()
        return await maintaining.find_occupations(passend.pool, passend.search, passend.encoder, sentence, limit)

    found = run(work)
    show([dataclasses.asdict(one) for one in found], text.occupations(found), as_json)


@geo.command("import")
def geo_import(file: Path, as_json: AsJson = False) -> None:
    """Take over a table of postcodes (columns postcode, plaats, lat, lon) and put everyone and everything on the map again.

    Example: passend geo import ../shared/data/geo_nl/postcode4_gemeente_cbs_certegis.csv
    """
    target = Settings().postcodes

    async def work(passend: Passend) -> maintaining.Relocated:
        return await maintaining.import_postcodes(passend.pool, file, target)

    done = run(work)
    show(dataclasses.asdict(done), f"{done.postcodes} postcodes; {done.moved} people and places moved on the map.", as_json)


@app.command()
def migrate(as_json: AsJson = False) -> None:
    """Bring the database to the form this version needs; other commands do so by themselves.

    Example: passend migrate
    """

    async def work(passend: Passend) -> list[str]:
        rows = await passend.pool.fetch("SELECT name FROM migration ORDER BY name")
        return [row["name"] for row in rows]

    names = run(work)
    show({"migrations": names}, f"The database is up to date: {', '.join(names)}", as_json)


@app.command()
def reindex(as_json: AsJson = False) -> None:
    """Encode what has no vector of the current model, drop vectors nobody uses, and rebuild the search indexes.

    Example: PASSEND_ENCODER=multilingual-e5-small passend reindex
    """
    with bar() as shown:
        task = shown.add_task("sentences encoded", total=None)

        async def work(passend: Passend) -> maintaining.Reindexed:
            return await maintaining.reindex(
                passend.pool,
                passend.encoder,
                passend.search,
                lambda done, total: shown.update(task, completed=done, total=total),
            )

        done = run(work)
    sentence = f"{done.encoded} sentences encoded, {done.removed} old vectors removed, {done.vectors} vectors in the indexes."
    show(dataclasses.asdict(done), sentence, as_json)


@app.command()
def demo(language: Words = InLanguage.NL, as_json: AsJson = False) -> None:
    """Import the fictional demo set and show three worked examples.

    Example: passend demo
    """
    with bar() as shown:
        task = shown.add_task("demo rows", total=None)

        async def work(passend: Passend) -> demo_cases.Examples:
            return await demo_cases.worked_examples(passend, language.value, lambda rows: shown.update(task, completed=rows))

        examples = run(work)
    show(dataclasses.asdict(examples), text.demo(examples, language.value), as_json)


access.register(app)
sites.register(app)
imports.register(app)
insights.register(app)
quality.register(app)
caseload.register(app, geo)
exploring.register(app)
running.register(app)
receipts.register(app)
rights.register(app)

if __name__ == "__main__":
    main()
