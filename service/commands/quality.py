"""Measuring the matching, and making what is learned."""

from pathlib import Path
from typing import Annotated

import typer

from embeddings.encoder import ADAPTER
from matching.scoring import SHIPPED
from service import text
from service.commands.console import AsJson, bar, notes, show
from service.settings import Settings
from service.use_cases import measuring, training


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    for command in (evaluate, melo, general, adapt, fit):
        app.command()(command)


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
    show(answer, text.evaluation(answer), as_json)


def melo(folder: Path, as_json: AsJson = False) -> None:
    """Measure how job titles find their ESCO occupation, as the authors of MELO compute it.

    Example: passend melo ../shared/data/melo_bel_nl/bel_q_nl_c_nl
    """
    with notes.status("encoding"):
        answer = measuring.melo(Settings(), folder)
    show(answer, text.melo(answer), as_json)


def general(folder: Path, as_json: AsJson = False) -> None:
    """Measure what the adapted encoder forgot: everyday sentence pairs that are not about work, in several languages.

    Example: passend general tests/general
    """
    with notes.status("encoding"):
        answer = measuring.general(Settings(), folder)
    show(answer, text.general(answer), as_json)


def adapt(
    esco: Annotated[Path, typer.Option(help="Folder with occupations_nl.csv.")],
    relations: Annotated[Path, typer.Option(help="Folder with occupationSkillRelations.csv.gz and skills_en.csv.gz.")],
    output: Annotated[Path, typer.Option(help="Where the adapter goes.")] = ADAPTER,
    as_json: AsJson = False,
) -> None:
    """Train the labour-market adapter of the encoder, from ESCO and how people talk; two hours on two cores.

    Example: passend adapt --esco ../shared/data/esco_nl --relations ../shared/data/esco_relations
    """
    with bar() as shown:
        task = shown.add_task("steps", total=None)

        def progress(step: int, steps: int, loss: float) -> None:
            shown.update(task, completed=step, total=steps, description=f"steps (loss {loss:.3f})")

        training.train_adapter(Settings(), esco, relations, output, progress)
    done = f"The adapter is in {output}. Now run: passend fit tests/golden, and passend reindex."
    show({"adapter": str(output)}, done, as_json)


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
    show({"weights": str(output)}, f"The weights are in {output}. See what they bring: passend evaluate {folder}", as_json)
