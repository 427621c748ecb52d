"""One running installation with a small part of the demo set, and one Chromium, for all browser tests."""

import contextlib
import csv
import json
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from service.app import create_app
from service.settings import Settings
from service.use_cases import administering, demo, demo_accounts
from service.use_cases.demo_story import tell
from service.use_cases.importing import import_files
from service.use_cases.maintaining import import_esco

PEOPLE = ("s01", "s02", "s03", "s05", "s06", "s07", "s08", "s09", "s28")
PLACES_EACH = 3
NEIGHBOURS = ((14, {"licences": ["VOG"]}), (7, {}), (9, {"licences": ["VOG"], "support_needs": ["buddy"]}))
"""How many people of another municipality do the work of `s02` besides, so that the widget has groups large enough to tell."""
PATIENCE = 30_000
"""Milliseconds; a machine may be busy with other tests."""
expect.set_options(timeout=PATIENCE)
SIZES = {"laptop": (1280, 800), "phone": (360, 740)}


@pytest.fixture(scope="session")
def site(home: Path) -> Iterator[str]:
    """Address of a running installation."""
    folder = Path(tempfile.mkdtemp(prefix="passend-browser-", dir="/var/tmp"))
    folder.chmod(0o755)
    models = home / "models"
    models.mkdir(parents=True, exist_ok=True)
    (folder / "models").symlink_to(models)
    settings = Settings(home=folder, insecure_cookies=True)
    with _free_socket() as listening:
        server = Seeded(create_app(settings))
        # In a thread of its own, since Playwright has an event loop in the first one.
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        while not server.ready.wait(0.05):
            assert thread.is_alive(), "the server did not start"
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()
    shutil.rmtree(folder, ignore_errors=True)


class Seeded(uvicorn.Server):
    """Fills the installation once it is open; `ready` says that it is."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(uvicorn.Config(app, log_level="error", lifespan="on"))
        self.app, self.ready = app, threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        passend = self.app.state.passend
        await import_files(passend.pool, passend.encoder, passend.gazetteer, _part_of_the_demo(self.app.state.settings.home))
        await administering.add_organisation(passend.pool, "municipality", "Buurgemeente", "onbekend", "Onbekend")
        neighbours = [_neighbours(self.app.state.settings.home)]
        await import_files(passend.pool, passend.encoder, passend.gazetteer, neighbours, organisation="Buurgemeente")
        await demo_accounts.make_demo_accounts(passend.pool)
        await demo_accounts.name_people(passend.pool, demo.FOLDER / "names.tsv")
        await tell(passend, demo_accounts.ACCOUNTS[0].email, demo.FOLDER / "story.toml")
        await import_esco(passend.pool, passend.encoder, _two_occupations(self.app.state.settings.home))
        self.ready.set()


def _two_occupations(folder: Path) -> Path:
    rows = (
        ("x:1", "7234", "fietsenmaker", "rijwielhersteller", "Repareert fietsen van klanten. Stelt remmen en versnellingen af."),
        ("x:2", "7522", "meubelmaker", "houtbewerker", "Maakt tafels en stoelen van hout. Schuurt en lakt ze."),
    )
    with (folder / "occupations_nl.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("conceptUri", "iscoGroup", "preferredLabel", "altLabels", "description"), *rows])
    return folder


def _part_of_the_demo(folder: Path) -> list[Path]:
    people = [line for line in _lines("seekers.jsonl") if line.startswith(tuple(f'{{"id": "{code}"' for code in PEOPLE))]
    places: dict[str, list[str]] = {}
    for line in _lines("opportunities.jsonl"):
        places.setdefault(line.split('"kind": ')[1].split(",")[0], []).append(line)
    named = [line for line in _lines("opportunities.jsonl") if line.startswith(('{"id": "o019"', '{"id": "o103"'))]
    chosen = dict.fromkeys([*(line for rows in places.values() for line in rows[:PLACES_EACH]), *named])
    for name, rows in (("seekers.jsonl", people), ("opportunities.jsonl", chosen)):
        (folder / name).write_text("\n".join(rows), encoding="utf-8")
    return [folder / "seekers.jsonl", folder / "opportunities.jsonl"]


def _neighbours(folder: Path) -> Path:
    person = next(json.loads(line) for line in _lines("seekers.jsonl") if line.startswith('{"id": "s02"'))
    rows = [person | fields for count, fields in NEIGHBOURS for _ in range(count)]
    written = [json.dumps(row | {"id": f"neighbour-{number}"}) for number, row in enumerate(rows)]
    (folder / "neighbours.jsonl").write_text("\n".join(written), encoding="utf-8")
    return folder / "neighbours.jsonl"


def _lines(name: str) -> list[str]:
    return (demo.FOLDER / name).read_text(encoding="utf-8").splitlines()


def _free_socket() -> socket.socket:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    return listening


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium or Playwright's own; without one the tests fail, since a page that nobody opened is not tested.

    For one module, since Playwright keeps an event loop running, beside which other tests cannot have theirs.
    """
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield started
        started.close()


class Visitor:
    """Opens pages of one installation, signed in once for each role."""

    def __init__(self, browser: Browser, site: str) -> None:
        self._browser = browser
        self._cookies: dict[str, list] = {}
        self.site = site

    @contextlib.contextmanager
    def page(
        self, who: str | None = "klantmanager", size: str = "laptop", scripts: bool = True, language: str = "nl", **options
    ) -> Iterator[Page]:
        """A page in a browser of its own; any error on its console fails the test."""
        width, height = SIZES[size]
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            base_url=self.site,
            locale="nl-NL",
            **options,
        )
        context.add_cookies([{"name": "language", "value": language, "url": self.site}])
        if who:
            self._sign_in(context, who)
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
        page.set_default_timeout(PATIENCE)
        yield page
        context.close()
        assert not complaints

    def _sign_in(self, context: BrowserContext, who: str) -> None:
        if who not in self._cookies:
            page = context.new_page()
            page.goto("/sign-in")
            page.fill("#email", f"{who}@{demo_accounts.ADDRESS}")
            page.fill("#password", demo_accounts.PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_url(lambda address: "sign-in" not in address)
            self._cookies[who] = [one for one in context.cookies() if one["name"] == "passend"]
            page.close()
        context.add_cookies(self._cookies[who])


@pytest.fixture(scope="module")
def visitor(browser: Browser, site: str) -> Visitor:
    return Visitor(browser, site)
