"""Sites with the widget, for the operator."""

from typing import Annotated

import typer

from service import text
from service.commands.console import AsJson, run, show
from service.db import sites
from service.opening import Passend
from service.render import Json, plain
from service.use_cases import administering
from service.use_cases.sites import HOURLY, HOURLY_ADDRESS, add_site, revoke_site


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    site = typer.Typer(no_args_is_help=True, help="Sites of others with the widget.")
    site.command("add")(add)
    site.command("list")(list_sites)
    site.command("revoke")(revoke)
    app.add_typer(site, name="site")


def add(
    name: Annotated[str, typer.Argument(help="Whose site it is.")],
    origin: Annotated[list[str], typer.Option(help="Scheme and host of its pages; repeat for more.")],
    organisation: Annotated[str, typer.Option(help="Name or id of the municipality or WSP that gets its vacancies.")],
    hourly_limit: Annotated[int, typer.Option(min=4, max=100_000, help="Requests an hour of all visitors together.")] = HOURLY,
    hourly_limit_address: Annotated[
        int, typer.Option(min=4, max=100_000, help="Requests an hour of one client address.")
    ] = HOURLY_ADDRESS,
    as_json: AsJson = False,
) -> None:
    """Make a key for a site, and show the lines to put on its pages.

    Example: passend site add "Bakkerij Korst" --origin https://www.korst.example --organisation "WSP Achterhoek"
    """

    async def work(passend: Passend) -> Json:
        home = await administering.organisation_named(passend.pool, organisation)
        return plain(await add_site(passend.pool, home, name, origin, hourly_limit, hourly_limit_address))

    answer = run(work)
    show(answer, text.site_added(answer), as_json)


def list_sites(as_json: AsJson = False) -> None:
    """List the sites with the widget, revoked ones too.

    Example: passend site list
    """

    async def work(passend: Passend) -> list[Json]:
        return [plain(row) for row in await sites.in_sight(passend.pool)]

    found = run(work)
    show(found, text.sites(found), as_json)


def revoke(
    key: Annotated[str, typer.Argument(help="The key, or the id of the site.")],
    as_json: AsJson = False,
) -> None:
    """End the key of a site, for good.

    Example: passend site revoke pk_…
    """

    async def work(passend: Passend) -> None:
        await revoke_site(passend.pool, key)

    run(work)
    show({"revoked": key}, f"{key} does not work any more.", as_json)
