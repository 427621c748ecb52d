"""Anything may be sent to the API, by any role: no server error, no undocumented status, no answer that breaks its schema."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from embeddings.encoder import Encoder
from service.app import create_app
from service.db.connect import Pools
from service.search import Search
from service.settings import Settings
from service.use_cases.maintaining import reindex
from tests.service.callers import caller
from tests.service.world import number, populate

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ROLES = ("client_manager", "account_manager", "employer", "resident", "administrator", "auditor")
EXAMPLES = 4
KNOWN = {
    "/v1/seekers": "p1",
    "/v1/opportunities": "w1-open",
    "/v1/users": str(number("left")),
    "/v1/plans": str(number("plan")),
    "/v1/contact-moments": str(number("moment")),
}


@pytest.fixture(scope="module")
async def tokens(module_pools: Pools, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An API token of each role, on a database with something of everything."""
    owner: asyncpg.Pool = module_pools.owner
    await populate(owner)
    await owner.execute(
        "UPDATE opportunity SET title = 'Kok', summary = 'Je kookt.', offers = 'Samen eten.', tasks = '{Je kookt.}'"
    )
    search = await Search.open(module_pools.engine, encoder.model, encoder.dimension, tmp_path_factory.mktemp("snapshots"))
    await reindex(owner, encoder, search)
    await owner.execute(
        "INSERT INTO plan (id, seeker_id, starts_on, goals) VALUES ($1, 'p1', '2026-01-01', '[]')", number("plan")
    )
    await owner.execute(
        "INSERT INTO contact_moment (id, seeker_id, at, kind) VALUES ($1, 'p1', now(), 'visit')", number("moment")
    )
    return {role: (await caller(create_app(), owner, role)).headers["Authorization"] for role in ROLES}


@pytest.fixture(scope="module")
def address(tokens: dict[str, str], module_database_url: str, home: Path) -> Iterator[str]:
    """The API on loopback, in a thread with a loop of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        app = create_app(Settings(home=home, database_url=module_database_url))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [free]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.05)
        yield f"http://127.0.0.1:{free.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def test_nothing_that_is_sent_by_anyone_breaks_the_api(address: str, tokens: dict[str, str]) -> None:
    schema = schemathesis.openapi.from_url(f"{address}/v1/openapi.json")
    met: dict[str, set[int]] = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        met[operation.label] = _sent(operation, address, tokens)
    assert len(met) > 30
    assert {label for label, statuses in met.items() if not any(status < 300 for status in statuses)} <= NEVER_WELL, met


NEVER_WELL = {
    "POST /v1/sessions",
    "DELETE /v1/sessions",
}


def _sent(operation: Any, address: str, tokens: dict[str, str]) -> set[int]:
    statuses: set[int] = set()
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

    @given(case=cases, known=st.booleans())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Case, known: bool) -> None:
        begin = next((begin for begin in KNOWN if case.operation.path.startswith(f"{begin}/{{id}}")), None)
        if known and begin:
            case.path_parameters = dict(case.path_parameters) | {"id": KNOWN[begin]}
        for token in (*tokens.values(), None):
            headers = {"Authorization": token} if token else {"Authorization": ""}
            answer = case.call(base_url=address, headers=headers)
            statuses.add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

    send()
    return statuses
