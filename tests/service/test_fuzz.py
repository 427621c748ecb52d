"""Anything may be sent to the API, by any role: no server error, no undocumented status, no answer that breaks its schema."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
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
from service.settings import Settings
from tests.service.callers import encode, token_of
from tests.service.world import ORIGIN, number, populate, site_key

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ROLES = ("client_manager", "account_manager", "employer", "resident", "administrator", "auditor")
SOME = settings(
    max_examples=2,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
KNOWN = {
    "/v1/seekers": "p1",
    "/v1/opportunities": "w1-open",
    "/v1/users": str(number("left")),
    "/v1/plans": str(number("plan")),
    "/v1/contact-moments": str(number("moment")),
    "/v1/proposals": str(number("proposal")),
    "/v1/imports": str(number("m1-all")),
    "/v1/employers": str(number("e1")),
    "/v1/sites": str(number("site-m1")),
}
LAST = "DELETE /v1/seekers/{id}"
"""After it there is nobody to ask about any more."""
NOT_BY_CHANCE = {
    "POST /v1/seekers",
    "PUT /v1/seekers/{id}",
    "PUT /v1/opportunities/{id}",
    "PUT /v1/opportunities/{id}/status",
    "PUT /v1/employers/{id}",
    "POST /v1/imports",
    "POST /v1/mapping-proposals",
    "PUT /v1/plans/{id}",
    "POST /v1/seekers/{id}/plans",
    "PUT /v1/contact-moments/{id}",
    "PUT /v1/signal-periods",
    "POST /v1/proposals",
    "POST /v1/proposals/{id}/steps",
    "DELETE /v1/proposals/{id}/steps/{number}",
    "PUT /v1/proposals/{id}/agreement",
    "DELETE /v1/proposals/{id}/agreement",
    "GET /v1/proposals/{id}/person",
    "POST /v1/seekers/{id}/statements",
    "PUT /v1/seekers/{id}/statements/{number}",
    "DELETE /v1/seekers/{id}/statements/{number}",
    "PUT /v1/objections/{id}/answer",
    "POST /v1/seekers/{id}/objections",
    "GET /v1/receipts/{id}",
    "GET /v1/receipts/{id}/replay",
    "POST /v1/sites",
    "POST /v1/widget/estimates",
    "POST /v1/widget/vacancies",
}
"""They ask for a day of our time, the right version, an origin, a text about work, or a history that chance does not make; their
own tests see them go well."""
NEVER_WELL = {
    "POST /v1/sessions",
    "DELETE /v1/sessions",
    "DELETE /v1/sessions/current",
    "PUT /v1/me/password",
    "GET /v1/api-tokens",
    "POST /v1/api-tokens",
    "DELETE /v1/api-tokens/{id}",
    "POST /v1/resident-links",
    "POST /v1/resident-sessions",
    "GET /v1/oidc/login",
    "GET /v1/oidc/callback",
}
"""We come with API tokens, and know no password, code or provider; the checks count all the same."""


@pytest.fixture(scope="module")
async def tokens(module_pools: Pools, encoder: Encoder) -> list[str]:
    """An API token of each role, on a database with something of everything."""
    owner = module_pools.owner
    await populate(owner)
    await encode(owner, encoder)
    plan, moment = number("plan"), number("moment")
    await owner.execute("INSERT INTO plan (id, seeker_id, starts_on, goals) VALUES ($1, 'p1', '2026-01-01', '[]')", plan)
    await owner.execute("INSERT INTO contact_moment (id, seeker_id, at, kind) VALUES ($1, 'p1', now(), 'visit')", moment)
    await _propose(owner)
    return [await token_of(owner, role) for role in ROLES]


async def _propose(owner: asyncpg.Pool) -> None:
    async with owner.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")  # its first step is of no account here
        await connection.execute(
            """INSERT INTO proposal (id, seeker_id, opportunity_id, organisation_id, rung, state)
               VALUES ($1, 'p1', 'w1-open', $2, 'paid', 'suggested')""",
            number("proposal"),
            number("m1"),
        )


@pytest.fixture(scope="module")
def address(tokens: list[str], module_database_url: str, home: Path) -> Iterator[str]:
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


def test_nothing_that_is_sent_by_anyone_breaks_the_api(address: str, tokens: list[str]) -> None:
    schema = schemathesis.openapi.from_url(f"{address}/v1/openapi.json")
    operations = sorted((found.ok() for found in schema.get_all_operations()), key=lambda operation: operation.label == LAST)
    callers = [*(f"Bearer {token}" for token in tokens), ""]
    met = {operation.label: _sent(operation, address, callers) for operation in operations}
    closed = {operation.label for operation in operations if operation.definition.raw.get("security")}
    assert {label for label, statuses in met.items() if min(statuses) >= 300} <= NEVER_WELL | NOT_BY_CHANCE, met
    assert {label for label in closed if 401 not in met[label]} == set()


def _sent(operation: Any, address: str, callers: Sequence[str]) -> set[int]:
    """Statuses of requests as documented, on what is there, and of requests that are not as documented, by each caller."""
    begin = next((begin for begin in KNOWN if operation.path.startswith(f"{begin}/{{id}}")), None)
    statuses: set[int] = set()

    def send(case: Case) -> None:
        for caller in callers:
            answer = case.call(base_url=address, headers={"Authorization": caller})
            statuses.add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

    def send_about_what_is_there(case: Case) -> None:
        if begin:
            case.path_parameters = dict(case.path_parameters) | {"id": KNOWN[begin]}
        if operation.path.startswith("/v1/widget/"):
            case.query, case.headers = {"siteKey": site_key("site-w1")}, {"Origin": ORIGIN}
        if "opportunityId" in case.path_parameters:
            case.path_parameters["opportunityId"] = KNOWN["/v1/opportunities"]
        send(case)

    SOME(given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))(send_about_what_is_there))()
    with contextlib.suppress(Unsatisfiable):  # without parameters and body nothing can be wrong
        SOME(given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))(send))()
    return statuses
