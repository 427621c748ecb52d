"""Taking over people and places: files, mappings of columns, jobs, and vacancies as text."""

import json
import sys
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from pydantic import ValidationError

from service import import_text
from service.commands.console import AsJson, bar, run, show
from service.errors import BadInput
from service.geography import read_gazetteer
from service.import_report import ImportReport
from service.imports.mapping import ColumnMapping, Form
from service.imports.sources import read_path
from service.imports.tables import decoded
from service.opening import Passend
from service.render import Json
from service.settings import Settings
from service.use_cases import import_jobs, importing

As = Annotated[Form | None, typer.Option("--as", help="What the rows are; default: as the fields say.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command("import")(import_)
    for command in (import_mapping, parse_vacancy):
        app.command()(command)
    app.command("import-jobs")(jobs)


def import_(
    files: list[Path],
    mapping: Annotated[
        Path | None, typer.Option(help="Where each column goes; kept for the next file with the same columns.")
    ] = None,
    form: As = None,
    organisation: Annotated[
        str | None, typer.Option(help="Whose they are, by name or id; default: the own municipality.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take over people and places from JSON Lines, CSV, XLSX, or vacancies of schema.org (JSON-LD or a web page).

    Good rows are kept; each bad row is reported with its line and field (exit code 1). Run it again as often as you like: an
    import that was cut short goes on where it was.

    Example: passend import seekers.jsonl opportunities.jsonl
    """
    chosen = _read_mapping(mapping) if mapping else None
    with bar() as shown:
        task = shown.add_task("rows", total=None)

        async def work(passend: Passend) -> ImportReport:
            opened = (passend.pool, passend.encoder, passend.gazetteer)
            return await importing.import_files(
                *opened, files, lambda rows: shown.update(task, completed=rows), chosen, form, organisation
            )

        report = run(work)
    show(report.to_json(), import_text.import_report(report), as_json)
    if report.errors:
        raise typer.Exit(1)


def import_mapping(
    file: Path,
    form: As = None,
    output: Annotated[Path | None, typer.Option(help="Write the mapping here, to correct it and use it with --mapping.")] = None,
    as_json: AsJson = False,
) -> None:
    """Propose where the columns of a CSV or XLSX file go. Nothing is imported.

    Example: passend import-mapping export.xlsx --output mapping.json
    """
    answer = import_jobs.propose_mapping(*read_path(file), form)
    if output:
        output.write_text(json.dumps(answer["mapping"], ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    show(answer, import_text.proposal(answer), as_json)


def parse_vacancy(
    file: Annotated[str, typer.Argument(help="A text file, or - for standard input.")],
    output: Annotated[Path | None, typer.Option(help="Write the place here as JSON Lines, to correct and import it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Take the text of a vacancy apart into the fields of a place, to be looked at. Nothing is stored.

    Example: passend parse-vacancy vacancy.txt --output vacancy.jsonl
    """
    text = sys.stdin.read() if file == "-" else decoded(read_path(Path(file))[1])
    answer = import_jobs.parse_vacancy(text, read_gazetteer(Settings().postcodes))
    if output:
        output.write_text(json.dumps(answer["vacancy"], ensure_ascii=False) + "\n", encoding="utf-8")
    show(answer, import_text.vacancy(answer), as_json)


def jobs(
    job: Annotated[UUID | None, typer.Argument(help="Number of one import.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="First finish what was cut short.")] = False,
    rejected: Annotated[Path | None, typer.Option(help="Folder for the file with the rejected rows of JOB.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show imports with how far they are, finish what was cut short, or get the rows that were rejected.

    Example: passend import-jobs --resume
    """
    if rejected:
        show(*_write_rejected(job, rejected), as_json)
        return

    async def work(passend: Passend) -> list[Json]:
        if resume:
            return await importing.run_unfinished(passend.pool, passend.encoder, passend.gazetteer)
        return [await import_jobs.show_job(passend.pool, job)] if job else await import_jobs.list_jobs(passend.pool)

    found = run(work)
    show(found, import_text.jobs(found), as_json)


def _write_rejected(job: UUID | None, folder: Path) -> tuple[Json, str]:
    if job is None:
        raise BadInput("Noem ook de import: passend import-jobs NUMMER --rejected MAP.")
    found = run(lambda passend: import_jobs.rejected_rows(passend.pool, job))
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / found.name
    target.write_bytes(found.content)
    return {"file": str(target)}, f"De afgewezen rijen staan in {target}."


def _read_mapping(file: Path) -> ColumnMapping:
    try:
        return ColumnMapping.model_validate_json(read_path(file)[1])
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(map(str, first["loc"])) or "het bestand"
        raise BadInput(
            f"{file} is geen indeling van kolommen: {where} klopt niet. Maak er een met passend import-mapping."
        ) from problem
