"""What does not belong in free text is refused by the API with the field, the words and what to write instead."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx
import pytest

from matching.scoring import Weights
from service.app import create_app
from service.db.connect import Pools
from service.geography import Gazetteer
from service.opening import Passend
from service.search import Search
from service.settings import Settings
from tests.service.any_encoder import AnyEncoder
from tests.service.callers import caller
from tests.service.world import populate

Call = Callable[..., Coroutine[Any, Any, httpx.Response]]
PLAN = {"startsOn": "2026-10-01", "goals": [{"text": "Werk in het groen"}]}
TOLD = {"at": "2026-11-20T10:00:00+01:00", "kind": "conversation"}
FORBIDDEN = [  # user, method, path, If-Match, body, pointer, words, what to write instead
    ("client_manager", "POST", "/seekers/p1/statements", 1, {"kind": "ability", "text": "Ik heb een burn-out."},
     "/text", "burn-out", "rustige werkplek"),
    ("resident", "PUT", "/seekers/p1/statements/0", 1, {"text": "Ik heb schulden."}, "/text", "schulden", "vaste uren"),
    ("resident", "POST", "/seekers/p1/objections", None, {"text": "Bel mij: 06-12345678.", "opportunity": "w1-open"},
     "/text", "06-12345678", "Contact loopt via"),
    ("client_manager", "POST", "/seekers/p1/plans", None, PLAN | {"goals": [{"text": "Werk", "steps": [
        {"text": "Bellen"}, {"text": "Hij heeft een depressie, eerst herstellen"}]}]},
     "/goals/0/steps/1/text", "depressie", "rustige werkplek"),
    ("client_manager", "POST", "/seekers/p1/contact-moments", None, TOLD | {"note": "Zijn bsn is 111222333."},
     "/note", "33", "eigen code"),
    ("client_manager", "POST", "/seekers/p1/contact-moments", None, TOLD | {"note": "Woont in de Dorpsstraat 12."},
     "/note", "Dorpsstraat 12", "Laat het adres weg"),
]  # fmt: skip


@pytest.fixture(scope="module")
async def app(module_pools: Pools, gazetteer: Gazetteer, tmp_path_factory: pytest.TempPathFactory) -> Passend:
    pools, encoder = module_pools, AnyEncoder()
    await populate(pools.owner)
    search = await Search.open(pools.engine, encoder.model, encoder.dimension, tmp_path_factory.mktemp("snapshots"))
    return Passend(pools.owner, pools.app, pools.engine, encoder, search, Weights.read(), gazetteer)


@pytest.fixture
async def call(app: Passend, home: Path) -> Call:
    api = create_app(Settings(home=home))
    api.state.passend = app

    async def as_user(user: str, method: str, path: str, version: int | None, body: dict) -> httpx.Response:
        async with await caller(api, app.pool, user) as client:
            headers = {"If-Match": f'"{version}"'} if version else {}
            return await client.request(method, f"/v1{path}", json=body, headers=headers)

    return as_user


@pytest.mark.parametrize(("user", "method", "path", "version", "body", "pointer", "words", "instead"), FORBIDDEN)
async def test_it_is_refused_and_said(call, user, method, path, version, body, pointer, words, instead) -> None:
    answer = await call(user, method, path, version, body)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json"), answer.text
    [fault] = answer.json()["errors"]
    assert fault["pointer"] == pointer
    assert words in fault["message"]
    assert instead in fault["message"]
    assert "111222333" not in answer.text


async def test_work_with_other_peoples_health_is_welcome(call) -> None:
    told = TOLD | {"note": "Zij werkte jaren met mensen met dementie en wil dat weer."}
    assert (await call("client_manager", "POST", "/seekers/p1/contact-moments", None, told)).status_code == 201
