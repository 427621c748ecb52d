"""Files handed in through the API: taken over in the background for the own organisation, beside matching and after a restart."""

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from embeddings.encoder import Vectors
from matching.scoring import Weights
from service.app import create_app
from service.db.connect import Pools
from service.geography import Gazetteer
from service.opening import Passend
from service.search import Search
from service.settings import Settings
from service.use_cases.import_queue import finish_all
from tests.service.any_encoder import AnyEncoder
from tests.service.callers import caller, encode
from tests.service.world import number, populate

Call = Callable[..., Coroutine[Any, Any, httpx.Response]]
TABLE = "Nummer;Wat kan iemand;Plaats\nk1;Ik kook.;Ulft\nk2;Ik heb een depressie.;Ulft\np2;Ik bak.;Ulft\n"
MAPPING = {"as": "seekers", "columns": {"Nummer": "id", "Wat kan iemand": "abilities", "Plaats": "place"}}
PLACE = json.dumps({"id": "plek-1", "kind": "paid", "title": "Kok", "tasks": ["Je kookt."]})
PERSON = json.dumps({"id": "mens-1", "abilities": ["Ik kook."]})


@pytest.fixture
async def passend(pools_of_roles: Pools, gazetteer: Gazetteer, tmp_path: Path) -> Passend:
    pools, encoder = pools_of_roles, AnyEncoder()
    await populate(pools.owner)
    await encode(pools.owner, encoder)
    search = await Search.open(pools.engine, encoder.model, encoder.dimension, tmp_path / "snapshots")
    return Passend(pools.owner, pools.app, pools.engine, encoder, search, Weights.read(), gazetteer)


@pytest.fixture
def app(passend: Passend, home: Path) -> FastAPI:
    app = create_app(Settings(home=home))
    app.state.passend = passend
    return app


@pytest.fixture
async def call(app: FastAPI, passend: Passend) -> Call:
    async def as_user(user: str, method: str, path: str, **more: Any) -> httpx.Response:
        async with await caller(app, passend.pool, user) as client:
            return await client.request(method, f"/v1{path}", **more)

    return as_user


def upload(name: str, text: str, **fields: str) -> dict[str, Any]:
    return {"files": {"file": (name, text.encode())}, "data": fields}


async def test_a_file_is_proposed_a_mapping_handed_in_taken_over_and_its_rejected_rows_come_back(
    call: Call, passend: Passend
) -> None:
    proposal = (await call("client_manager", "POST", "/mapping-proposals", **upload("klanten.csv", TABLE))).json()
    assert proposal["mapping"]["columns"]["Plaats"] == "place"
    handed_in = await call("client_manager", "POST", "/imports", **upload("klanten.csv", TABLE, mapping=json.dumps(MAPPING)))
    assert (handed_in.status_code, handed_in.json()["status"], handed_in.json()["done"]) == (202, "waiting", 0), handed_in.text
    await finish_all(passend)
    where = handed_in.headers["Location"].removeprefix("/v1")
    job = (await call("client_manager", "GET", where)).json()
    assert (job["status"], job["done"], job["rows"]) == ("done", 3, 3)
    report = (await call("client_manager", "GET", f"{where}/report")).json()
    assert (report["added"], report["rejected"]) == (1, 2)
    assert [(error["line"], error["field"]) for error in report["errors"]] == [(3, "abilities.0"), (4, "id")]
    rejected = await call("client_manager", "GET", f"{where}/rejected-rows")
    assert rejected.headers["content-type"].startswith("text/csv")
    assert "depressie" in rejected.text
    assert await passend.pool.fetchval("SELECT organisation_id FROM seeker WHERE id = 'k1'") == number("m1")
    again = await call(
        "client_manager", "POST", "/imports", **upload("volgende.csv", "Nummer;Wat kan iemand;Plaats\nk9;Ik lees.;Ulft\n")
    )
    assert again.status_code == 202, again.text
    pages = (await call("client_manager", "GET", "/imports?limit=1")).json()
    assert (pages["items"][0]["file"], bool(pages["next"])) == ("volgende.csv", True)
    second = (await call("client_manager", "GET", f"/imports?limit=1&cursor={pages['next']}")).json()
    assert [one["file"] for one in second["items"]] == ["klanten.csv"]


@pytest.mark.parametrize(
    ("user", "added", "errors"),
    [
        ("client_manager", 1, ["Plekken kunnen met deze rol niet worden overgenomen."]),
        ("account_manager", 1, ["Mensen kunnen met deze rol niet worden overgenomen."]),
        ("administrator", 2, []),
    ],
)
async def test_what_may_come_in_is_for_the_role_and_the_own_organisation(
    call: Call, passend: Passend, user: str, added: int, errors: list[str]
) -> None:
    handed_in = await call(user, "POST", "/imports", **upload("alles.jsonl", f"{PERSON}\n{PLACE}\n"))
    await finish_all(passend)
    report = (await call(user, "GET", f"/imports/{handed_in.json()['id']}/report")).json()
    assert (report["added"], [error["message"] for error in report["errors"]]) == (added, errors)
    owners = await passend.pool.fetch(
        """SELECT organisation_id FROM seeker WHERE id = 'mens-1'
           UNION ALL SELECT organisation_id FROM opportunity WHERE id = 'plek-1'"""
    )
    assert {row["organisation_id"] for row in owners} == {number("w1" if user == "account_manager" else "m1")}


async def test_nobody_sees_an_import_that_they_could_not_have_done(call: Call) -> None:
    job = (await call("administrator", "POST", "/imports", **upload("alles.jsonl", PERSON))).json()["id"]
    for user, status in (
        ("administrator", 200),
        ("client_manager", 404),
        ("account_manager", 404),
        ("client_manager_2", 404),
        ("auditor", 403),
        ("employer", 403),
        ("resident", 403),
        ("employers_administrator", 404),
    ):
        for path in ("", "/report", "/rejected-rows"):
            assert (await call(user, "GET", f"/imports/{job}{path}")).status_code == status, (user, path)
    refused = await call("employers_administrator", "POST", "/imports", **upload("alles.jsonl", PERSON))
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("name", "text", "fields", "pointer"),
    [
        ("klanten.csv", TABLE, {}, "/file"),
        ("klanten.doc", "x", {}, "/file"),
        ("klanten.csv", TABLE, {"mapping": "{}"}, "/mapping"),
        ("klanten.csv", TABLE, {"as": "houses"}, "/as"),
    ],
)
async def test_what_cannot_be_used_is_said_with_the_field(call: Call, name: str, text: str, fields: dict, pointer: str) -> None:
    answer = await call("client_manager", "POST", "/imports", **upload(name, text, **fields))
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_an_import_that_was_cut_short_goes_on_when_a_server_starts(call: Call, app: FastAPI, passend: Passend) -> None:
    job = (await call("client_manager", "POST", "/imports", **upload("veel.jsonl", people(450)))).json()["id"]
    slow = SlowAfterOne()
    async with app.state.imports.running(replace(passend, encoder=slow)):
        await until(call, job, lambda now: now["done"] == 200)
    slow.go_on.set()
    cut_short = (await call("client_manager", "GET", f"/imports/{job}")).json()
    assert (cut_short["status"], cut_short["done"]) == ("running", 200)
    async with create_app(app.state.settings).state.imports.running(passend):
        await until(call, job, lambda now: now["status"] == "done")
    report = (await call("client_manager", "GET", f"/imports/{job}/report")).json()
    assert (report["added"], report["rows"]) == (450, 450)


async def test_matching_goes_on_beside_an_import_and_finds_who_came_in(call: Call, app: FastAPI, passend: Passend) -> None:
    answers: list[int] = []
    async with app.state.imports.running(passend):
        job = (await call("client_manager", "POST", "/imports", **upload("veel.jsonl", people(600)))).json()["id"]
        while (await call("client_manager", "GET", f"/imports/{job}")).json()["status"] != "done":
            asked = [
                call("client_manager", "GET", "/seekers/p1/matches"),
                call("account_manager", "GET", "/opportunities/w1-open/candidates"),
            ]
            answers += [one.status_code for one in await asyncio.gather(*asked)]
    assert set(answers) == {200}
    assert (await call("client_manager", "GET", "/seekers/nieuw-599/matches")).json()["considered"] > 0


class SlowAfterOne(AnyEncoder):
    """An encoder that does one portion, and waits with the next."""

    def __init__(self) -> None:
        self.go_on, self._first = threading.Event(), True

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not self._first:
            self.go_on.wait()
        self._first = False
        return super().encode(texts)


def people(count: int) -> str:
    rows = [{"id": f"nieuw-{one}", "abilities": [f"Ik kook voor {one} mensen."], "place": "Ulft"} for one in range(count)]
    return "\n".join(map(json.dumps, rows))


async def until(call: Call, job: str, reached: Callable[[dict[str, Any]], bool]) -> None:
    async with asyncio.timeout(300):
        while not reached((await call("client_manager", "GET", f"/imports/{job}")).json()):
            pass
