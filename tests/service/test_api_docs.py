"""docs/api.md is made from the OpenAPI document and worked examples that are really done; `make docs` writes it anew."""

import asyncio
import json
import os
import re
import shlex
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from embeddings.encoder import Encoder
from matching.scoring import Weights
from service.api.access import Scope
from service.app import create_app
from service.db.connect import Pools
from service.geography import Gazetteer
from service.opening import Passend
from service.search import Search
from service.settings import Settings
from service.use_cases.demo_accounts import make_demo_accounts
from service.use_cases.import_queue import finish_all
from service.use_cases.importing import import_files
from tests.service.api_examples import EXAMPLES, PASSWORD, Example

FILE = Path(__file__).parent.parent.parent / "docs" / "api.md"
USERS = ("klantmanager", "accountmanager", "werkgever", "beheerder", "auditor")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
SECRET = re.compile(r'"(token|code|csrf|next|key|traceId|spanId|dpl\.core\.data_subject_id)": "[^"]+"')
COMPUTED = {"ability", "abilityBand", "motivation", "score", "strength", "distance", "practical", "gaps", "certainty"}
"""Left out of what is shown: what the encoder computes differs in its last digits from machine to machine."""

HEADER = """# API

Made from the OpenAPI document (`/v1/openapi.json`) and from examples that a test really does on two people and two places of
the demo set (`tests/service/api_examples.py`); `make docs` writes this page anew. The API keeps the NLGov REST API Design
Rules.

- **Who asks**: a session cookie, or `Authorization: Bearer …` with an API token of that user. Below, `$klantmanager` is a
  token of the demo's client manager, `$werkgever` one of its employer, and so on ([README](../README.md#demo-users)). What
  someone may not see is not there (404), what they may not do is refused (403); [access.md](access.md) says who may what.
- **Lists** come in pages: `limit`, and `cursor` with the `next` of the page before.
- **Changes** send the `ETag` of what was read in `If-Match`: 428 without, 412 when someone else was first.
- **Creation** with an `Idempotency-Key` happens once, however often it is sent; the same key with another request is a 409.
- **Errors** are `application/problem+json`; `errors` holds a JSON pointer to each field with what is wrong. Free text with a
  citizen service number, telephone number, address, or someone's health, benefits or debts is a 400 that says what to write
  instead.
- In what is shown, ids, moments and secrets are made up, and numbers that the encoder computes are left out.
"""


@pytest.fixture(scope="module")
async def app(
    module_pools: Pools, encoder: Encoder, gazetteer: Gazetteer, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> FastAPI:
    folder, pools = tmp_path_factory.mktemp("few"), module_pools
    for name in ("seekers", "opportunities"):
        lines = (Path(__file__).parents[2] / "service" / "demo" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        (folder / f"{name}.jsonl").write_text("\n".join(lines[:2]), encoding="utf-8")
    await import_files(pools.owner, encoder, gazetteer, sorted(folder.iterdir()))
    await make_demo_accounts(pools.owner)
    search = await Search.open(pools.engine, encoder.model, encoder.dimension, folder)
    app = create_app(Settings(home=home, insecure_cookies=True))
    app.state.passend = Passend(pools.owner, pools.app, pools.engine, encoder, search, Weights.read(), gazetteer)
    app.state.ready = True
    return app


@pytest.fixture(scope="module")
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://passend") as client:
        yield client


async def signed_in(client: httpx.AsyncClient, user: str) -> dict[str, str]:
    """What a session of this user sends with a change."""
    client.cookies.clear()
    answer = await client.post("/v1/sessions", json={"email": f"{user}@demo.example", "password": PASSWORD})
    assert answer.status_code == 204, answer.text
    return {"X-CSRF-Token": (await client.get("/v1/me")).json()["csrf"]}


async def tokens(client: httpx.AsyncClient) -> dict[str, str]:
    """An API token of each demo user, with every scope."""
    found = {}
    for user in USERS:
        new = {"name": user, "scopes": list(Scope)}
        made = await client.post("/v1/api-tokens", json=new, headers=await signed_in(client, user))
        found[user] = made.json()["token"]
    client.cookies.clear()
    return found


async def done(client: httpx.AsyncClient, app: FastAPI) -> list[tuple[Example, dict[str, str], httpx.Response]]:
    """Every example with the names it was filled in with, and the answer."""
    of_user, kept, answers = await tokens(client), {"version": "1"}, []
    for example in EXAMPLES:
        headers = {name: filled(value, kept) for name, value in example.headers.items()}
        if example.user in of_user:
            headers["Authorization"] = f"Bearer {of_user[example.user]}"
        elif example.user:
            headers |= await signed_in(client, example.user.split()[0])
        answer = await client.request(example.method, filled(example.path, kept), headers=headers, **content(example, kept))
        client.cookies.clear()
        answers.append((example, dict(kept), answer))
        kept |= {name: answer.json()[wanted] for name, wanted in example.keep.items()}
        kept["version"] = answer.headers.get("ETag", '"1"').strip('"')
        await finish_all(app.state.passend)
    return answers


def filled(text: str, kept: dict[str, str]) -> str:
    for name, value in kept.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def content(example: Example, kept: dict[str, str]) -> dict[str, Any]:
    if example.file:
        return {"files": {"file": example.file}, "data": example.body or {}}
    return {"json": json.loads(filled(json.dumps(example.body), kept))} if example.body is not None else {}


def as_curl(example: Example, kept: dict[str, str]) -> str:
    variables = {name: f"${name}" for name in kept if name != "version"} | {"version": kept["version"]}
    parts = ["curl", *(["-X", example.method] if example.method != "GET" else [])]
    parts += ["-H", f'"Authorization: Bearer ${example.user}"'] if example.user in USERS else []
    parts += ["-b", "jar", "-H", '"X-CSRF-Token: $csrf"'] if example.user.endswith("cookie") else []
    parts += ["-c", "jar"] if example.path == "/v1/sessions" else []
    for name, value in example.headers.items():
        parts += ["-H", shlex.quote(f"{name}: {filled(value, variables)}")]
    if example.file:
        parts += ["-F", f"file=@{example.file[0]}"]
        parts += [word for name, value in (example.body or {}).items() for word in ("-F", shlex.quote(f"{name}={value}"))]
    elif example.body is not None:
        said = filled(json.dumps(example.body, ensure_ascii=False), variables)
        said = re.sub(r"\$(\w+)", r"'$\1'", said.replace("'", "'\\''"))
        parts += ["-H", "'Content-Type: application/json'", "\\\n  -d", f"'{said}'"]
    return " ".join([*parts, f'"http://127.0.0.1:8000{filled(example.path, variables)}"'])


def as_answer(example: Example, answer: httpx.Response) -> str:
    if not answer.content:
        return str(answer.status_code)
    told = answer.json()
    if example.shown:
        told = {name: told[name] for name in example.shown}
    written = json.dumps(without_computed(told), ensure_ascii=False, indent=2)
    return f"{answer.status_code} {written}"


def without_computed(told: Any) -> Any:
    """The same, with the first of each list of things alone."""
    if isinstance(told, dict):
        return {name: without_computed(value) for name, value in told.items() if name not in COMPUTED}
    if isinstance(told, list):
        return [without_computed(one) for one in (told[:1] if told and isinstance(told[0], dict) else told)]
    return told


def with_stable_names(text: str) -> str:
    """Ids numbered in order of appearance; moments and secrets made up."""
    names: dict[str, str] = {}
    for found in UUID.findall(text):
        names.setdefault(found, f"00000000-0000-4000-8000-{len(names) + 1:012}")
    for found, name in names.items():
        text = text.replace(found, name)
    text = MOMENT.sub("2026-11-22T10:00:00Z", text)
    return SECRET.sub(lambda found: f'"{found[1]}": "…"', text)


def operations(document: dict[str, Any]) -> dict[str, list[str]]:
    """Rows of the tables of operations, by resource."""
    found: dict[str, list[str]] = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            statuses = " ".join(operation["responses"])
            row = f"| `{method.upper()} {path}` | {operation['description']} | {statuses} |"
            found.setdefault(operation["tags"][-1], []).append(row)
    return found


def page(document: dict[str, Any], answers: list[tuple[Example, dict[str, str], httpx.Response]]) -> str:
    parts = [HEADER]
    for tag, rows in operations(document).items():
        parts.append("\n".join([f"## {tag}\n", "| operation | what it does | statuses |", "|---|---|---|", *rows]) + "\n")
        for example, kept, answer in answers:
            if example.tag == tag:
                parts.append(f"{example.says}\n\n```\n{as_curl(example, kept)}\n{as_answer(example, answer)}\n```\n")
    return with_stable_names("\n".join(parts))


async def test_every_resource_has_an_example_that_is_done_and_the_page_is_up_to_date(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    document = app.openapi()
    assert set(operations(document)) == {example.tag for example in EXAMPLES}
    answers = await done(client, app)
    assert [(example.path, answer.status_code) for example, _, answer in answers] == [
        (example.path, example.status) for example in EXAMPLES
    ], [answer.text for example, _, answer in answers if answer.status_code != example.status]
    written = page(document, answers)
    if os.environ.get("WRITE_DOCS"):
        await asyncio.to_thread(FILE.write_text, written, encoding="utf-8")
    assert await asyncio.to_thread(FILE.read_text, encoding="utf-8") == written, "write it anew with `make docs`"
