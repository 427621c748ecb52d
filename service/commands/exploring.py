"""What could be: what-if, levers, job carving, new jobs, steps up, and the next question."""

from typing import Annotated

import typer

from service import exploring_text as text
from service.changes import ADDABLE, SETTABLE, Wished
from service.commands.console import AsJson, InLanguage, Words, run, show
from service.opening import Passend
from service.render import Json
from service.use_cases import exploring


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    for command in (what_if, levers, carve, bundles, step_up, stepping_stones, next_question):
        app.command()(command)


def what_if(
    seeker_id: str,
    values: Annotated[list[str] | None, typer.Option("--set", help=f"FIELD=VALUE; fields: {', '.join(SETTABLE)}.")] = None,
    added: Annotated[list[str] | None, typer.Option("--add", help=f"KIND=VALUE; kinds: {', '.join(ADDABLE)}.")] = None,
    learned: Annotated[list[str] | None, typer.Option("--learn", help="A sentence that becomes an ability.")] = None,
    open_to: Annotated[list[str] | None, typer.Option("--open-to", help="A rung that opens.")] = None,
    language: Words = InLanguage.NL,
    as_json: AsJson = False,
) -> None:
    """Show which places open and close for a person when something changes; nothing is stored.

    Example: passend what-if s02 --set hours_max=32 --add licence=VOG
    """
    wished = Wished(values or (), added or (), learned or (), open_to or ())

    async def work(passend: Passend) -> Json:
        await passend.search.places.open()
        return await exploring.what_if(passend.pool, passend, seeker_id, wished, language.value)

    answer = run(work)
    show(answer, text.what_if(answer, language.value), as_json)


def levers(seeker_id: str, language: Words = InLanguage.NL, as_json: AsJson = False) -> None:
    """Show every single change that opens places for a person, with what it takes.

    Example: passend levers s02
    """

    async def work(passend: Passend) -> Json:
        await passend.search.places.open()
        return await exploring.levers(passend.pool, passend, seeker_id, language.value)

    answer = run(work)
    show(answer, text.levers(answer, language.value), as_json)


def carve(opportunity_id: str, language: Words = InLanguage.NL, as_json: AsJson = False) -> None:
    """Show what in a place, dropped or learned on the job, opens it to how many more people.

    Example: passend carve o019
    """

    async def work(passend: Passend) -> Json:
        await passend.search.people.open()
        return await exploring.carve(passend.pool, passend, opportunity_id, language.value)

    answer = run(work)
    show(answer, text.carved(answer, language.value), as_json)


def bundles(
    employer: Annotated[str | None, typer.Option(help="Name of the organisation.")] = None,
    area: Annotated[str | None, typer.Option(help="Name of a town; what lies within 10 km counts as well.")] = None,
    language: Words = InLanguage.NL,
    as_json: AsJson = False,
) -> None:
    """Make new jobs out of tasks of open vacancies, each for someone who can do it now.

    Example: passend bundles --area Doetinchem
    """

    async def work(passend: Passend) -> Json:
        await passend.search.people.open()
        return await exploring.bundles(passend.pool, passend, employer, area, language.value)

    answer = run(work)
    show(answer, text.bundles(answer, language.value), as_json)


def step_up(
    seeker_id: Annotated[str | None, typer.Argument()] = None, language: Words = InLanguage.NL, as_json: AsJson = False
) -> None:
    """Show who reaches a higher rung than in an earlier match, and what changed.

    Example: passend step-up s02
    """

    async def work(passend: Passend) -> Json:
        await passend.search.places.open()
        return await exploring.step_ups(passend.pool, passend, seeker_id, language.value)

    answer = run(work)
    show(answer, text.step_ups(answer, language.value), as_json)


def stepping_stones(opportunity_id: str, language: Words = InLanguage.NL, as_json: AsJson = False) -> None:
    """Show which higher places a place builds towards, and to whom they open.

    Example: passend stepping-stones o103
    """

    async def work(passend: Passend) -> Json:
        await passend.search.places.open()
        await passend.search.people.open()
        return await exploring.stepping_stones(passend.pool, passend, opportunity_id, language.value)

    answer = run(work)
    show(answer, text.stone(answer, language.value), as_json)


def next_question(seeker_id: str, language: Words = InLanguage.NL, as_json: AsJson = False) -> None:
    """Show the practical question whose answer would change a person's list most.

    Example: passend next-question s02
    """

    async def work(passend: Passend) -> Json:
        await passend.search.places.open()
        return await exploring.next_question(passend.pool, passend, seeker_id, language.value)

    answer = run(work)
    show(answer, text.questions(answer, language.value), as_json)
