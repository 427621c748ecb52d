"""The story in docs/proposals.md, line by line in a shell, against a server with the demo on it."""

import asyncio
import os
import re
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn

from service.app import create_app
from service.db import demo_accounts
from service.db.identity import Role, acting
from service.opening import Passend
from service.settings import Settings
from service.use_cases.demo import FOLDER
from service.use_cases.demo_accounts import make_demo_accounts, name_people
from service.use_cases.importing import import_files
from service.use_cases.proposing import Suggestion
from service.use_cases.suggesting import propose

PAGE = Path(__file__).parent.parent.parent / "docs" / "proposals.md"


@pytest.fixture
async def address(passend: Passend, database_url: str, few_files: list[Path], home: Path) -> AsyncIterator[str]:
    await import_files(passend.pool, passend.encoder, passend.gazetteer, few_files)
    await make_demo_accounts(passend.pool)
    await name_people(passend.pool, FOLDER / "names.tsv")
    async with acting(passend.app, await demo_accounts.identity(passend.pool, "klantmanager@demo.example")) as connection:
        await propose(connection, Role.CLIENT_MANAGER, Suggestion("s01", "o002"), "Zoals de demo.")
    settings = Settings(home=home, database_url=database_url, insecure_cookies=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(settings), log_level="warning"))
        running = asyncio.create_task(server.serve(sockets=[free]))
        while not server.started:
            assert not running.done(), running.exception()
            await asyncio.sleep(0.05)
        yield f"http://127.0.0.1:{free.getsockname()[1]}"
        server.should_exit = True
        await running


async def test_the_story_goes_as_it_is_told(address: str, database_url: str, home: Path, tmp_path: Path) -> None:
    [story] = re.findall(r"```bash\n(.*?)```", await asyncio.to_thread(PAGE.read_text, encoding="utf-8"), re.DOTALL)
    here = os.environ | {
        "DATABASE_URL": database_url,
        "PASSEND_HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    script = "set -e\n" + story.replace("http://127.0.0.1:8000", address)
    told = await asyncio.to_thread(
        subprocess.run, ["bash", "-c", script], capture_output=True, text=True, cwd=tmp_path, env=here, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    name = dict(line.split("\t") for line in (FOLDER / "names.tsv").read_text(encoding="utf-8").splitlines())["s01"]
    assert f"The employer sees: {name}\n" in told.stdout
    assert "After revoking: None\n" in told.stdout
    assert re.findall(r'"toState": "(\w+)"', told.stdout) == ["proposed", "agreed", "introduced"]
    assert "Identical: True\n" in told.stdout
    assert told.stdout.startswith("withdrawn\n")
    assert told.stdout.endswith("At last: withdrawn\n")
