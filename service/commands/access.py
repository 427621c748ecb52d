"""Organisations and users, for the operator."""

from typing import Annotated

import typer

from service import text
from service.commands.console import AsJson, run, show
from service.db import organisations
from service.db.identity import Role
from service.opening import Passend
from service.passwords import SHORTEST
from service.render import Json, plain
from service.settings import FOR_A_NEW_USER
from service.use_cases import administering

Name = Annotated[str, typer.Argument(help="What it is called.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    organisation = typer.Typer(no_args_is_help=True, help="Municipalities, desks for employers (wsp) and employers.")
    organisation.command("add")(add_organisation)
    organisation.command("list")(list_organisations)
    app.add_typer(organisation, name="organisation")
    user = typer.Typer(no_args_is_help=True, help="Who can sign in.")
    user.command("add")(add_user)
    app.add_typer(user, name="user")


def add_organisation(
    name: Name,
    kind: Annotated[str, typer.Option(help="municipality, wsp or employer.")],
    region: Annotated[str, typer.Option(help="Code of the labour-market region; a new one is added.")],
    region_name: Annotated[str | None, typer.Option(help="What the region is called.")] = None,
    as_json: AsJson = False,
) -> None:
    """Add an organisation.

    Example: passend organisation add "Gemeente Bronckhorst" --kind municipality --region achterhoek
    """
    if kind not in {"municipality", "wsp", "employer"}:
        raise typer.BadParameter("choose municipality, wsp or employer", param_hint="--kind")

    async def work(passend: Passend) -> Json:
        return plain(await administering.add_organisation(passend.pool, kind, name, region, region_name))  # type: ignore[arg-type]

    answer = run(work)
    show(answer, text.organisations([answer]), as_json)


def list_organisations(as_json: AsJson = False) -> None:
    """List the organisations.

    Example: passend organisation list
    """

    async def work(passend: Passend) -> list[Json]:
        return [plain(row) for row in await organisations.in_sight(passend.pool)]

    found = run(work)
    show(found, text.organisations(found), as_json)


def add_user(
    email: Annotated[str, typer.Argument(help="E-mail address to sign in with.")],
    name: Annotated[str, typer.Option(help="What colleagues call them.")],
    role: Annotated[list[Role], typer.Option(help="A role; repeat for more.")],
    organisation: Annotated[str, typer.Option(help="Name or id of their organisation.")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, envvar=FOR_A_NEW_USER)],
    as_json: AsJson = False,
) -> None:
    """Add a user with a local account; the password is asked for, or read from PASSEND_USER_PASSWORD.

    Example: passend user add kim@bronckhorst.example --name Kim --role administrator --organisation "Gemeente Bronckhorst"
    """
    if len(password) < SHORTEST:
        raise typer.BadParameter(f"a password has at least {SHORTEST} characters", param_hint="--password")

    async def work(passend: Passend) -> Json:
        home = await administering.organisation_named(passend.pool, organisation)
        async with passend.pool.acquire() as connection, connection.transaction():
            return plain(await administering.add_user(connection, home, name, email, password, role))

    answer = run(work)
    show(answer, f"{answer['name']} can sign in with {answer['email']} as {', '.join(answer['roles'])}.", as_json)
