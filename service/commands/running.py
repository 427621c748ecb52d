"""Running an installation: serving, settings, backups."""

import asyncio
import contextlib
import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from service import logs
from service.commands.console import AsJson, notes, show
from service.settings import Settings, reference
from service.use_cases import backing_up


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    for command in (serve, settings, backup, restore):
        app.command()(command)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """Serve the API until Ctrl-C or SIGTERM; requests under way are answered first.

    Example: passend serve --port 8080
    """
    import uvicorn

    from service.serving import Announced

    chosen = Settings()
    if chosen.insecure_cookies and host not in {"127.0.0.1", "::1", "localhost"}:
        raise typer.BadParameter("PASSEND_INSECURE_COOKIES is for this machine only", param_hint="--host")
    logs.configure(chosen.log_level)
    config = uvicorn.Config(
        "service.app:create_app",
        factory=True,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=chosen.shutdown_seconds,
    )
    server = Announced(config)
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        raise typer.Exit(1)


def settings() -> None:
    """Show every setting with its meaning and default, after checking those that are given.

    Example: passend settings
    """
    Settings()
    print(reference())


def backup(file: Path, as_json: AsJson = False) -> None:
    """Write the whole database to a file; FILE.json beside it holds its digest and the number of rows of each table.

    Example: passend backup /var/backups/passend-2026-11-22
    """
    with notes.status("writing"):
        done = asyncio.run(backing_up.back_up(Settings(), file))
    show(dataclasses.asdict(done), f"{sum(done.rows.values())} rows of {len(done.rows)} tables are in {file}.", as_json)


def restore(
    file: Path,
    replace: Annotated[bool, typer.Option(help="Also when there is something in the database now; that is gone then.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the database, whole or not at all. Stop the servers first.

    Example: passend restore /var/backups/passend-2026-11-22
    """
    with notes.status("reading in"):
        done = asyncio.run(backing_up.restore(Settings(), file, replace))
    show(dataclasses.asdict(done), f"{sum(done.rows.values())} rows of {len(done.rows)} tables are back from {file}.", as_json)
