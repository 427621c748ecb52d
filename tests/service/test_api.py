"""The first API, served for real on loopback by uvicorn."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from service.app import API_VERSION, create_app
from service.opening import Passend
from service.settings import Settings
from service.use_cases.demo_accounts import PASSWORD, make_demo_accounts
from service.use_cases.importing import import_files


@pytest.fixture
async def client(
    passend: Passend, database_url: str, demo_files: list[Path], home: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    await import_files(passend.pool, passend.encoder, passend.gazetteer, demo_files)
    await make_demo_accounts(passend.pool)
    monkeypatch.setenv("DATABASE_URL", database_url)
    settings = Settings(home=home, insecure_cookies=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(settings), log_level="warning"))
        running = asyncio.create_task(server.serve(sockets=[free]))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{free.getsockname()[1]}", timeout=30) as client:
            while not server.started:
                assert not running.done(), running.exception()
                await asyncio.sleep(0.05)
            account = {"email": "klantmanager@demo.example", "password": PASSWORD}
            assert (await client.post("/v1/sessions", json=account)).status_code == 204
            yield client
        server.should_exit = True
        await running


async def test_the_api_answers_matches_candidates_health_and_problems(client: httpx.AsyncClient) -> None:
    ready = await client.get("/health/ready")
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
    assert (await client.get("/health/live")).json() == {"status": "live"}

    matches = (await client.get("/v1/seekers/s01/matches", params={"limit": 3})).json()
    assert (matches["rungReached"], matches["matches"][0]["id"], len(matches["matches"])) == ("paid", "o002", 3)
    assert {"abilityBand", "practical", "reasons", "gaps", "distance"} <= matches["matches"][0].keys()

    candidates = await client.get("/v1/opportunities/o001/candidates", params={"language": "en"})
    assert candidates.headers["API-Version"] == API_VERSION
    assert candidates.json()["candidates"][0]["seeker"].startswith("s")

    for path, status in [
        ("/v1/seekers/nobody/matches", 404),
        ("/v1/opportunities/nothing/candidates", 404),
        ("/v1/seekers/s01/matches?limit=0", 400),
        ("/v1/seekers/s01/matches?language=fr", 400),
        ("/v1/seekers/%20/matches", 400),
        ("/v1/seekers/s01/matches/", 404),
        ("/v1/elsewhere", 404),
    ]:
        problem = await client.get(path)
        assert (problem.status_code, problem.headers["content-type"]) == (status, "application/problem+json"), path
        assert problem.json()["status"] == status
        assert problem.json()["detail"]


async def test_openapi_describes_every_answer(client: httpx.AsyncClient) -> None:
    openapi = (await client.get("/v1/openapi.json")).json()
    assert openapi["info"]["version"] == API_VERSION
    assert {"/health/live", "/health/ready", "/v1/me"} < set(openapi["paths"])
    assert set(openapi["paths"]["/v1/seekers/{id}/matches"]["get"]["responses"]) == {"200", "400", "401", "403", "404", "503"}


async def test_forty_requests_at_once_all_answer(client: httpx.AsyncClient) -> None:
    people = [f"s{number:02}" for number in range(1, 41)]
    answers = await asyncio.gather(*(client.get(f"/v1/seekers/{person}/matches") for person in people))
    assert [answer.json()["seeker"] for answer in answers] == people
