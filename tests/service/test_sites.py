"""Sites with the widget: made and revoked by administrators, and by the operator."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from matching.scoring import Weights
from service.app import create_app
from service.cli import app as command
from service.db import sites
from service.db.connect import Pools
from service.db.retention import remove_expired
from service.errors import BadInput, NotFound
from service.geography import Gazetteer
from service.opening import Passend
from service.origins import checked_origin
from service.search import Search
from service.settings import Settings
from service.use_cases.sites import add_site, revoke_site
from tests.service.any_encoder import AnyEncoder
from tests.service.callers import caller
from tests.service.world import number, populate

KORST = {"name": "Bakkerij Korst", "origins": ["https://www.korst.example", "https://korst.example"]}


@pytest.fixture(scope="module")
async def app(module_pools: Pools, gazetteer: Gazetteer, home: Path, tmp_path_factory: Any) -> FastAPI:
    await populate(module_pools.owner)
    pools, encoder = module_pools, AnyEncoder()
    search = await Search.open(pools.engine, encoder.model, encoder.dimension, tmp_path_factory.mktemp("snapshots"))
    app = create_app(Settings(home=home))
    app.state.passend = Passend(pools.owner, pools.app, pools.engine, encoder, search, Weights.read(), gazetteer)
    return app


@pytest.fixture
async def administrator(app: FastAPI, module_pools: Pools) -> AsyncIterator[httpx.AsyncClient]:
    async with await caller(app, module_pools.owner, "administrator") as client:
        yield client


async def test_an_administrator_makes_and_revokes_a_key(administrator: httpx.AsyncClient, module_pools: Pools) -> None:
    made = await administrator.post("/v1/sites", json=KORST | {"hourlyLimit": 50})
    assert made.status_code == 201, made.text
    site = made.json()
    assert (site["origins"], site["hourlyLimit"], site["hourlyLimitAddress"], site["revokedAt"]) == (
        KORST["origins"],
        50,
        120,
        None,
    )
    assert site["organisationId"] == str(number("m1"))
    known = await sites.with_key(module_pools.app, site["key"])
    assert known is not None
    assert (known.region_id, known.revoked) == ("achterhoek", False)
    listed = (await administrator.get("/v1/sites")).json()["items"]
    assert [one["name"] for one in listed] == ["Bakkerij Korst", "site-m1"]  # of m1 alone
    assert (await administrator.delete(f"/v1/sites/{site['id']}")).status_code == 204
    assert (await administrator.delete(f"/v1/sites/{site['id']}")).status_code == 404
    assert (await administrator.delete(f"/v1/sites/{number('site-w1')}")).status_code == 404
    revoked = await sites.with_key(module_pools.app, site["key"])
    assert revoked is not None
    assert revoked.revoked
    assert next(one for one in (await administrator.get("/v1/sites")).json()["items"] if one["id"] == site["id"])["revokedAt"]


@pytest.mark.parametrize(
    "user", ["client_manager", "account_manager", "employer", "resident", "auditor", "employers_administrator"]
)
async def test_nobody_else_makes_one(app: FastAPI, module_pools: Pools, user: str) -> None:
    async with await caller(app, module_pools.owner, user) as client:
        assert (await client.post("/v1/sites", json=KORST)).status_code in {400, 403}
        assert (await client.delete(f"/v1/sites/{number('site-m1')}")).status_code in {403, 404}


@pytest.mark.parametrize(
    "origin",
    ["https://korst.example/", "https://korst.example/werk", "korst.example", "https://*.korst.example", "https://KORST.example",
     "https://korst.example:443", "http://korst.example", "ftp://korst.example", "https://korst.example ; script-src *", "null",
     "https://korst.example\n"],
)  # fmt: skip
async def test_what_is_no_origin_is_refused_with_how_to_write_one(administrator: httpx.AsyncClient, origin: str) -> None:
    answer = await administrator.post("/v1/sites", json=KORST | {"origins": [origin]})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/origins"


@pytest.mark.parametrize(
    "origin", ["https://korst.example", "https://korst.example:8443", "http://localhost:8080", "http://127.0.0.1"]
)
def test_what_browsers_send_is_an_origin(origin: str) -> None:
    assert checked_origin(origin) == origin


async def test_a_site_belongs_to_who_gets_its_vacancies(app: FastAPI, module_pools: Pools) -> None:
    with pytest.raises(BadInput, match="municipality or WSP"):
        await add_site(module_pools.owner, number("e1"), "Eigen", KORST["origins"])
    with pytest.raises(NotFound):
        await revoke_site(module_pools.owner, "pk_unknown")


async def test_a_key_is_made_listed_and_revoked_on_the_command_line(
    module_database_url: str, app: FastAPI, monkeypatch: Any
) -> None:
    monkeypatch.setenv("DATABASE_URL", module_database_url)

    async def passend(*arguments: str) -> tuple[int, str]:
        result = await asyncio.to_thread(CliRunner().invoke, command, ["site", *arguments])
        return result.exit_code, result.stdout

    code, said = await passend("add", "Bakkerij Korst", "--origin", "https://www.korst.example", "--organisation", "w1")
    assert code == 0
    key = said.split('site-key="')[1].split('"')[0]
    assert f'<passend-match site-key="{key}" lang="nl"></passend-match>' in said
    code, said = await passend("list", "--json")
    assert next(one for one in json.loads(said) if one["key"] == key)["origins"] == ["https://www.korst.example"]
    assert (await passend("revoke", key))[0] == 0
    assert f"{key}  revoked" in (await passend("list"))[1]


async def test_what_was_left_goes_when_its_time_is_over(app: FastAPI, module_pools: Pools) -> None:
    async with module_pools.owner.acquire() as connection, connection.transaction():
        await connection.execute(
            "UPDATE received_vacancy SET received_at = now() - interval '13 months' WHERE opportunity_id = 'w1-draft'"
        )
        assert (await remove_expired(connection))["received_vacancy"] == 1
    rows: list[asyncpg.Record] = await module_pools.owner.fetch("SELECT opportunity_id FROM received_vacancy")
    assert [row["opportunity_id"] for row in rows] == ["w3-draft"]
    assert await module_pools.owner.fetchval("SELECT count(*) FROM opportunity WHERE id = 'w1-draft'") == 1
