"""Who may do what through the API: every operation with every role, in one installation of two municipalities."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from embeddings.encoder import Encoder
from matching.scoring import Weights
from service import passwords
from service.app import create_app
from service.db.connect import Pools
from service.geography import Gazetteer
from service.opening import Passend
from service.search import Search
from service.settings import Settings
from service.use_cases.importing import import_files
from tests.service.world import USERS, number, populate

DEMO = Path(__file__).parent.parent.parent / "service" / "demo"
PASSWORD = "twaalf tekens of meer"
ROLES = ("client_manager", "account_manager", "employer", "resident", "administrator", "auditor")
EVERYONE = dict.fromkeys(ROLES, 200)


def only(status: int, *roles: str) -> dict[str, int]:
    return dict.fromkeys(ROLES, 403) | dict.fromkeys(roles, status)


@dataclass(frozen=True)
class Operation:
    """A request, and the status each role gets; without signing in it is `nobody`."""

    method: str
    path: str
    roles: dict[str, int]
    body: object = None
    url: str = ""
    nobody: int = 401


MATCHES, CANDIDATES, ONE = (
    "/v1/seekers/{id}/matches",
    "/v1/opportunities/{id}/candidates",
    "/v1/seekers/{id}/matches/{opportunityId}",
)
READERS = ("client_manager", "account_manager", "resident")
TAKING_PART = (*READERS, "employer")
OWN_MUNICIPALITY = ("client_manager", "administrator", "resident")
SEEING_PEOPLE = (*OWN_MUNICIPALITY, "account_manager", "auditor")
PROPOSAL, STEP, AGREEMENT = (
    "/v1/proposals/{id}",
    "/v1/proposals/{id}/steps/{number}",
    "/v1/proposals/{id}/agreement",
)
STATEMENTS, STATEMENT = "/v1/seekers/{id}/statements", "/v1/seekers/{id}/statements/{number}"
NO_PROPOSAL, NO_RECEIPT = f"/v1/proposals/{number('nothing')}", f"/v1/receipts/{number('nothing')}"
OBJECTION = {"text": "Dit is te ver.", "opportunity": "o001"}
OPERATIONS = [
    Operation("GET", MATCHES, only(200, *READERS), url="/v1/seekers/s01/matches"),
    Operation("GET", MATCHES, only(404, *READERS) | {"account_manager": 200}, url="/v1/seekers/s02/matches"),
    Operation("GET", MATCHES, only(404, *READERS), url="/v1/seekers/s03/matches"),
    Operation("GET", ONE, only(200, *READERS), url="/v1/seekers/s01/matches/o002"),
    Operation("GET", ONE, only(404, *READERS), url="/v1/seekers/s01/matches/w3-open"),
    Operation("GET", CANDIDATES, only(200, "client_manager", "account_manager"), url="/v1/opportunities/o001/candidates"),
    Operation("GET", CANDIDATES, only(404, "client_manager", "account_manager"), url="/v1/opportunities/w3-open/candidates"),
    Operation("GET", "/v1/me", EVERYONE),
    Operation("PUT", "/v1/me/password", dict.fromkeys(ROLES, 400), {"current": "iets heel anders", "new": PASSWORD}),
    Operation("GET", "/v1/api-tokens", EVERYONE),
    Operation("POST", "/v1/api-tokens", dict.fromkeys(ROLES, 201), {"name": "koppeling", "scopes": ["me:read"]}),
    Operation("DELETE", "/v1/api-tokens/{id}", dict.fromkeys(ROLES, 404), url=f"/v1/api-tokens/{number('nothing')}"),
    Operation("GET", "/v1/organisations", EVERYONE),
    Operation("POST", "/v1/organisations", only(201, "account_manager", "administrator"), {"name": "Bakkerij {role}"}),
    Operation("GET", "/v1/users", only(200, "administrator")),
    Operation("POST", "/v1/users", only(201, "administrator"), {"name": "Nieuw", "email": "n@x.example", "roles": ["auditor"]}),
    Operation("PATCH", "/v1/users/{id}", only(200, "administrator"), {"name": "Anders"}, f"/v1/users/{number('left')}"),
    Operation(
        "PATCH", "/v1/users/{id}", only(404, "administrator"), {"name": "Anders"}, f"/v1/users/{number('client_manager_2')}"
    ),
    Operation("PATCH", "/v1/users/{id}", only(404, "administrator"), {"name": "Anders"}, f"/v1/users/{number('resident')}"),
    Operation("POST", "/v1/resident-links", only(201, "client_manager"), {"seekerId": "s01"}),
    Operation("POST", "/v1/resident-links", only(404, "client_manager"), {"seekerId": "s02"}),
    Operation("POST", "/v1/resident-sessions", dict.fromkeys(ROLES, 401), {"token": "x", "code": "000000"}),
    Operation("POST", "/v1/sessions", dict.fromkeys(ROLES, 401), {"email": "{role}@x.example", "password": "x"}),
    Operation("GET", "/v1/oidc/login", dict.fromkeys(ROLES, 404), nobody=404),
    Operation("GET", "/v1/oidc/callback", dict.fromkeys(ROLES, 401), url="/v1/oidc/callback?code=x&state=y"),
    Operation("GET", "/v1/proposal-states", EVERYONE),
    Operation("GET", "/v1/proposals", EVERYONE),
    Operation("POST", "/v1/proposals", only(400, *READERS), {"seeker": "nobody", "opportunity": "o001"}),
    Operation("GET", PROPOSAL, dict.fromkeys(ROLES, 404), url=NO_PROPOSAL),
    Operation("GET", f"{PROPOSAL}/steps", dict.fromkeys(ROLES, 404), url=f"{NO_PROPOSAL}/steps"),
    Operation("POST", f"{PROPOSAL}/steps", only(428, *TAKING_PART), {"to": "met"}, f"{NO_PROPOSAL}/steps"),
    Operation("DELETE", STEP, only(428, *TAKING_PART), url=f"{NO_PROPOSAL}/steps/1"),
    Operation("PUT", AGREEMENT, only(404, "resident"), url=f"{NO_PROPOSAL}/agreement"),
    Operation("DELETE", AGREEMENT, only(404, "resident", "client_manager"), url=f"{NO_PROPOSAL}/agreement"),
    Operation("GET", f"{PROPOSAL}/person", only(404, "employer"), url=f"{NO_PROPOSAL}/person"),
    Operation("GET", "/v1/receipts", only(200, *READERS, "administrator", "auditor")),
    Operation("GET", "/v1/receipts/{id}", only(404, *READERS, "administrator", "auditor"), url=NO_RECEIPT),
    Operation("GET", "/v1/receipts/{id}/replay", only(404, *READERS, "administrator", "auditor"), url=f"{NO_RECEIPT}/replay"),
    Operation("GET", "/v1/receipt-chain", only(200, "administrator", "auditor")),
    Operation(
        "GET", "/v1/seekers/{id}/personal-data", only(200, "resident", "client_manager"), url="/v1/seekers/s01/personal-data"
    ),
    Operation("GET", STATEMENTS, only(200, *SEEING_PEOPLE), url="/v1/seekers/s01/statements"),
    Operation("GET", STATEMENTS, only(404, *SEEING_PEOPLE), url="/v1/seekers/s03/statements"),
    Operation(
        "POST", STATEMENTS, only(428, *OWN_MUNICIPALITY), {"kind": "ability", "text": "Ik lees."}, "/v1/seekers/s01/statements"
    ),
    Operation("PUT", STATEMENT, only(428, *OWN_MUNICIPALITY), {"text": "Ik lees."}, "/v1/seekers/s01/statements/0"),
    Operation("DELETE", STATEMENT, only(428, *OWN_MUNICIPALITY), url="/v1/seekers/s01/statements/0"),
    Operation("GET", "/v1/seekers/{id}/objections", only(200, *SEEING_PEOPLE), url="/v1/seekers/s01/objections"),
    Operation("POST", "/v1/seekers/{id}/objections", only(201, "resident"), OBJECTION, "/v1/seekers/s01/objections"),
    Operation("POST", "/v1/seekers/{id}/objections", only(403), OBJECTION, "/v1/seekers/s02/objections"),
    Operation(
        "PUT",
        "/v1/objections/{id}/answer",
        only(404, "client_manager"),
        {"answer": "Ja."},
        f"/v1/objections/{number('x')}/answer",
    ),
    Operation("DELETE", "/v1/seekers/{id}", only(404, "client_manager", "administrator"), url="/v1/seekers/s03"),
    Operation("DELETE", "/v1/sessions/current", dict.fromkeys(ROLES, 204)),
    Operation("DELETE", "/v1/sessions", dict.fromkeys(ROLES, 204)),
]
Entrance = Callable[..., Awaitable[httpx.AsyncClient]]


PLAN = {"startsOn": "2026-11-01", "endsOn": "2026-12-01"}
CONTACT = {"at": "2026-11-20T10:00:00+01:00", "kind": "visit"}
GUIDES, FOLLOWS = ("client_manager",), ("client_manager", "auditor", "resident")
NOTHING = number("nothing")
OPERATIONS += [
    Operation("GET", "/v1/seekers/{id}/plans", only(200, *FOLLOWS), url="/v1/seekers/s01/plans"),
    Operation("GET", "/v1/seekers/{id}/plans", only(404, *FOLLOWS), url="/v1/seekers/s02/plans"),
    Operation("POST", "/v1/seekers/{id}/plans", only(201, *GUIDES), PLAN, "/v1/seekers/s01/plans"),
    Operation("GET", "/v1/plans/{id}", only(404, *FOLLOWS), url=f"/v1/plans/{NOTHING}"),
    Operation("GET", "/v1/plans/{id}/versions", only(404, *FOLLOWS), url=f"/v1/plans/{NOTHING}/versions"),
    Operation("PUT", "/v1/plans/{id}", only(428, *GUIDES), PLAN, f"/v1/plans/{NOTHING}"),
    Operation("GET", "/v1/seekers/{id}/contact-moments", only(200, *FOLLOWS), url="/v1/seekers/s01/contact-moments"),
    Operation("POST", "/v1/seekers/{id}/contact-moments", only(201, *GUIDES), CONTACT, "/v1/seekers/s01/contact-moments"),
    Operation("GET", "/v1/contact-moments/{id}", only(404, *FOLLOWS), url=f"/v1/contact-moments/{NOTHING}"),
    Operation("PUT", "/v1/contact-moments/{id}", only(428, *GUIDES), CONTACT, f"/v1/contact-moments/{NOTHING}"),
    Operation(
        "PUT", "/v1/seekers/{id}/school-leaving", only(204, *GUIDES), {"leavesOn": "2027-07-01"}, "/v1/seekers/s01/school-leaving"
    ),
    Operation("DELETE", "/v1/seekers/{id}/school-leaving", only(204, *GUIDES), url="/v1/seekers/s01/school-leaving"),
    Operation("GET", "/v1/signals", only(200, "client_manager", "auditor")),
    Operation("GET", "/v1/signal-periods", only(200, "client_manager", "auditor", "administrator")),
    Operation("PUT", "/v1/signal-periods", only(428, "administrator"), {"contact": 8, "match": 4, "school": 26}),
    Operation("GET", "/v1/insights", only(400, "client_manager", "auditor", "administrator")),
    Operation("GET", "/v1/processing-records", only(200, "auditor", "resident")),
    Operation("PUT", "/v1/processing-register", only(204, "administrator"), {"address": "urn:passend:verwerking:"}),
]

OFFERING, HANDING_IN = ("account_manager", "employer"), ("client_manager", "account_manager", "administrator")
KEEPING_PEOPLE = ("client_manager", "administrator")
PERSON, PLACE = {"abilities": ["Ik kook."]}, {"kind": "paid", "title": "Kok", "tasks": ["Je kookt."]}
OPERATIONS += [
    Operation("GET", "/v1/seekers", only(200, *SEEING_PEOPLE)),
    Operation("GET", "/v1/seekers/{id}", only(200, *SEEING_PEOPLE), url="/v1/seekers/s01"),
    Operation("GET", "/v1/seekers/{id}", only(404, *SEEING_PEOPLE), url="/v1/seekers/s03"),
    Operation("POST", "/v1/seekers", only(400, *KEEPING_PEOPLE), {}),
    Operation("PUT", "/v1/seekers/{id}", only(428, *KEEPING_PEOPLE), PERSON, "/v1/seekers/s01"),
    Operation("GET", "/v1/opportunities", EVERYONE),
    Operation("GET", "/v1/opportunities/{id}", dict.fromkeys(ROLES, 404), url="/v1/opportunities/w3-place"),
    Operation("POST", "/v1/opportunities", only(400, *OFFERING), {}),
    Operation("PUT", "/v1/opportunities/{id}", only(428, *OFFERING), PLACE, "/v1/opportunities/o001"),
    Operation(
        "PUT", "/v1/opportunities/{id}/status", only(428, *OFFERING), {"status": "closed"}, "/v1/opportunities/o001/status"
    ),
    Operation("POST", "/v1/vacancy-drafts", only(201, *OFFERING), {"text": "Kok. Je kookt voor groepen."}),
    Operation("GET", "/v1/employers", only(200, "account_manager")),
    Operation("GET", "/v1/employers/{id}", only(404, "account_manager"), url=f"/v1/employers/{NOTHING}"),
    Operation("POST", "/v1/employers", only(400, "account_manager"), {}),
    Operation("PUT", "/v1/employers/{id}", only(428, "account_manager"), {"name": "Bakkerij"}, f"/v1/employers/{NOTHING}"),
    Operation("GET", "/v1/imports", only(200, *HANDING_IN)),
    Operation("POST", "/v1/imports", only(400, *HANDING_IN), {}),
    Operation("POST", "/v1/mapping-proposals", only(400, *HANDING_IN), {}),
    Operation("GET", "/v1/imports/{id}", only(404, *HANDING_IN), url=f"/v1/imports/{NOTHING}"),
    Operation("GET", "/v1/imports/{id}/report", only(404, *HANDING_IN), url=f"/v1/imports/{NOTHING}/report"),
    Operation("GET", "/v1/imports/{id}/rejected-rows", only(404, *HANDING_IN), url=f"/v1/imports/{NOTHING}/rejected-rows"),
    Operation("GET", "/v1/sites", only(200, "administrator", "auditor")),
    Operation("POST", "/v1/sites", only(400, "administrator"), {}),
    Operation("DELETE", "/v1/sites/{id}", only(404, "administrator"), url=f"/v1/sites/{NOTHING}"),
    Operation("GET", "/v1/received-vacancies", only(200, "account_manager")),
    Operation("POST", "/v1/widget/estimates", dict.fromkeys(ROLES, 401), {"text": "Je kookt."}),
    Operation("POST", "/v1/widget/vacancies", dict.fromkeys(ROLES, 401), {"text": "Je kookt."}),
]


@pytest.fixture(scope="module")
async def passend(
    module_pools: Pools, encoder: Encoder, gazetteer: Gazetteer, tmp_path_factory: pytest.TempPathFactory
) -> Passend:
    """The world of the role matrix, with three people and three places of the demo set in it; everyone has a password."""
    pools, folder = module_pools, tmp_path_factory.mktemp("access")
    await populate(pools.owner)
    await pools.owner.execute("DELETE FROM session")
    await pools.owner.execute("UPDATE app_user SET password_hash = $1", await passwords.hashed(PASSWORD))
    for seeker, municipality in (("s01", "m1"), ("s02", "m2"), ("s03", "m3")):
        await import_files(pools.owner, encoder, gazetteer, [_rows(folder, "seekers", seeker)], organisation=municipality)
    await import_files(pools.owner, encoder, gazetteer, [_rows(folder, "opportunities", "o001", "o002")], organisation="w1")
    await import_files(
        pools.owner, encoder, gazetteer, [_rows(folder, "opportunities", "o003", called="w3-place")], organisation="w3"
    )
    await pools.owner.execute("DELETE FROM opportunity WHERE id <> ALL ('{o001,o002,w3-place}')")
    await pools.owner.execute("UPDATE opportunity SET id = 'w3-open' WHERE id = 'w3-place'")
    await pools.owner.execute("ALTER TABLE app_user DISABLE TRIGGER user_stays")
    await pools.owner.execute("UPDATE app_user SET seeker_id = 's01' WHERE name = 'resident'")
    await pools.owner.execute("ALTER TABLE app_user ENABLE TRIGGER user_stays")
    await pools.owner.execute("DELETE FROM seeker WHERE id LIKE 'p%'")
    search = await Search.open(pools.engine, encoder.model, encoder.dimension, folder / "snapshots")
    return Passend(pools.owner, pools.app, pools.engine, encoder, search, Weights.read(), gazetteer)


def _rows(folder: Path, file: str, *ids: str, called: str = "") -> Path:
    rows = [json.loads(line) for line in (DEMO / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()]
    chosen = [row | ({"id": called} if called else {}) for row in rows if row["id"] in ids]
    path = folder / f"{'-'.join(ids)}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in chosen), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
async def browser(passend: Passend, module_database_url: str) -> AsyncIterator[Callable[[], httpx.AsyncClient]]:
    """Makes browsers, each with cookies of its own, in front of one application."""
    app = create_app(Settings(database_url=module_database_url))
    app.state.passend, app.state.ready = passend, True
    opened: list[httpx.AsyncClient] = []

    def open_one() -> httpx.AsyncClient:
        opened.append(httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://passend.example"))
        return opened[-1]

    yield open_one
    for one in opened:
        await one.aclose()


@pytest.fixture(scope="module")
async def entrance(browser: Callable[[], httpx.AsyncClient]) -> Entrance:
    """Signs users in; their browser sends the CSRF token with each request."""

    async def enter(user: str, **asked: str) -> httpx.AsyncClient:
        client = browser()
        answer = await client.post("/v1/sessions", json={"email": f"{user}@test.example", "password": PASSWORD, **asked})
        assert answer.status_code == 204, answer.text
        client.headers["X-CSRF-Token"] = (await client.get("/v1/me")).json()["csrf"]
        return client

    return enter


async def ask(client: httpx.AsyncClient, operation: Operation, role: str) -> httpx.Response:
    body = None if operation.body is None else json.loads(json.dumps(operation.body).replace("{role}", role))
    return await client.request(operation.method, operation.url or operation.path, json=body)


@pytest.mark.parametrize("role", ROLES)
async def test_every_operation_gives_each_role_what_it_may_have(entrance: Entrance, role: str) -> None:
    client = await entrance(role)
    for operation in OPERATIONS:
        answer = await ask(client, operation, role)
        assert answer.status_code == operation.roles[role], (operation.method, operation.url or operation.path, answer.text)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
        if operation.method == "DELETE" and operation.path.startswith("/v1/sessions") and answer.status_code == 204:
            assert (await client.get("/v1/me")).status_code == 401
            client = await entrance(role)


async def test_nobody_gets_anything_without_signing_in(browser: Callable[[], httpx.AsyncClient]) -> None:
    for operation in OPERATIONS:
        answer = await ask(browser(), operation, "nobody")
        assert (answer.status_code, answer.headers["content-type"]) == (operation.nobody, "application/problem+json"), operation
        if operation.nobody == 401:
            assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_the_table_above_holds_every_operation_with_statuses_that_openapi_describes(
    browser: Callable[[], httpx.AsyncClient],
) -> None:
    paths = (await browser().get("/v1/openapi.json")).json()["paths"]
    described = {(method.upper(), path): set(one["responses"]) for path, item in paths.items() for method, one in item.items()}
    assert {(one.method, one.path) for one in OPERATIONS} == {key for key in described if not key[1].startswith("/health")}
    for one in OPERATIONS:
        assert {str(status) for status in [*one.roles.values(), one.nobody]} <= described[one.method, one.path], one.path


async def test_lists_hold_the_region_and_the_own_organisation_alone(entrance: Entrance) -> None:
    client = await entrance("administrator")
    names = {one["name"] for one in (await client.get("/v1/organisations")).json()["items"]}
    assert {"m1", "m2", "w1", "e1", "e2"} <= names
    assert not names & {"m3", "w3"}
    users = (await client.get("/v1/users")).json()["items"]
    assert {"client_manager", "auditor"} <= {one["name"] for one in users}
    assert not {"resident", "client_manager_2"} & {one["name"] for one in users}


async def test_candidates_of_another_municipality_are_not_there(entrance: Entrance) -> None:
    for role, people in (("client_manager", {"s01"}), ("account_manager", {"s01", "s02"})):
        answer = (await (await entrance(role)).get("/v1/opportunities/o001/candidates")).json()
        assert {one["seeker"] for one in answer["candidates"]} <= people


async def test_a_receipt_says_who_asked_and_the_auditor_of_their_organisation_finds_it(
    entrance: Entrance, passend: Passend
) -> None:
    client = await entrance("client_manager")
    receipt = (await client.get("/v1/seekers/s01/matches")).json()["receipt"]
    row = await passend.pool.fetchrow("SELECT user_id, organisation_id FROM receipt WHERE id::text = $1", receipt)
    assert tuple(row) == (number("client_manager"), number("m1"))


async def test_a_change_needs_the_csrf_token_and_a_page_of_this_site(entrance: Entrance) -> None:
    client = await entrance("client_manager")
    good, asked = client.headers.pop("X-CSRF-Token"), {"name": "x", "scopes": ["me:read"]}
    for headers, status in [
        ({}, 403),
        ({"X-CSRF-Token": "another"}, 403),
        ({"X-CSRF-Token": "é".encode("latin-1").decode("latin-1")}, 403),
        ({"X-CSRF-Token": good, "Origin": "https://elsewhere.example"}, 403),
        ({"X-CSRF-Token": good, "Origin": "null"}, 403),
        ({"X-CSRF-Token": good, "Sec-Fetch-Site": "cross-site"}, 403),
        ({"X-CSRF-Token": good, "Origin": "https://passend.example", "Sec-Fetch-Site": "same-origin"}, 201),
        ({"X-CSRF-Token": good}, 201),
    ]:
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        assert (await client.post("/v1/api-tokens", json=asked, headers=raw)).status_code == status, headers
    elsewhere = await client.post("/v1/sessions", json={"email": "x", "password": "x"}, headers={"Origin": "https://e.example"})
    assert elsewhere.status_code == 403


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Callable[[], httpx.AsyncClient]) -> None:
    answer = await browser().post("/v1/sessions", json={"email": "AUDITOR@test.example", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-passend=")
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} == set(cookie.split("; ")[1:])


async def test_an_api_token_does_what_its_scopes_say_and_ends_when_revoked(
    entrance: Entrance, browser: Callable[[], httpx.AsyncClient], passend: Passend
) -> None:
    client = await entrance("client_manager")
    made = (await client.post("/v1/api-tokens", json={"name": "koppeling", "scopes": ["matches:read"], "days": 1})).json()
    program = browser()
    program.headers["Authorization"] = f"Bearer {made['token']}"
    for method, path, status in [
        ("GET", "/v1/seekers/s01/matches", 200),
        ("GET", "/v1/seekers/s02/matches", 404),
        ("GET", "/v1/opportunities/o001/candidates", 403),
        ("GET", "/v1/me", 403),
        ("GET", "/v1/api-tokens", 403),
        ("DELETE", "/v1/sessions", 403),
    ]:
        assert (await program.request(method, path)).status_code == status, path
    listed = next(one for one in (await client.get("/v1/api-tokens")).json()["items"] if one["id"] == made["id"])
    assert listed["lastUsedAt"]
    assert "token" not in listed
    assert await passend.pool.fetchval("SELECT count(*) FROM api_token WHERE token_hash = $1", made["token"].encode()) == 0
    assert (await (await entrance("auditor")).delete(f"/v1/api-tokens/{made['id']}")).status_code == 404
    assert (await client.delete(f"/v1/api-tokens/{made['id']}")).status_code == 204
    assert (await program.get("/v1/seekers/s01/matches")).status_code == 401
    await passend.pool.execute("UPDATE api_token SET revoked_at = NULL, expires_at = now() WHERE id::text = $1", made["id"])
    assert (await program.get("/v1/seekers/s01/matches")).status_code == 401


async def test_sign_out_everywhere_ends_the_sessions_of_all_browsers(entrance: Entrance) -> None:
    laptop, phone, other = await entrance("employer"), await entrance("employer"), await entrance("auditor")
    assert (await laptop.delete("/v1/sessions/current")).status_code == 204
    assert [(await one.get("/v1/me")).status_code for one in (laptop, phone)] == [401, 200]
    laptop = await entrance("employer")
    assert (await phone.delete("/v1/sessions")).status_code == 204
    assert [(await one.get("/v1/me")).status_code for one in (laptop, phone, other)] == [401, 401, 200]


@pytest.mark.parametrize("column", ["expires_at = now()", "last_seen_at = now() - interval '61 minutes'"])
async def test_a_session_ends_by_itself(entrance: Entrance, passend: Passend, column: str) -> None:
    client = await entrance("auditor")
    await passend.pool.execute(f"UPDATE session SET {column} WHERE user_id = $1", number("auditor"))
    assert (await client.get("/v1/me")).status_code == 401


async def test_an_administrator_adds_changes_and_signs_out_a_colleague(
    entrance: Entrance, browser: Callable[[], httpx.AsyncClient]
) -> None:
    administrator = await entrance("administrator")
    asked = {"name": "Sam", "email": "sam@test.example", "roles": ["client_manager", "auditor"], "password": PASSWORD}
    sam = (await administrator.post("/v1/users", json=asked)).json()
    assert (await administrator.post("/v1/users", json=asked)).status_code == 409
    assert (
        await administrator.post("/v1/users", json={**asked, "email": "s2@x.example", "roles": ["employer"]})
    ).status_code == 400
    assert (await administrator.post("/v1/users", json={**asked, "email": "s2@x.example", "password": "kort"})).status_code == 400

    at_work = await entrance("sam", role="auditor")
    assert [(await at_work.get("/v1/me")).json()[key] for key in ("role", "roles")] == ["auditor", ["auditor", "client_manager"]]
    changed = await administrator.patch(f"/v1/users/{sam['id']}", json={"roles": ["client_manager"]})
    assert changed.json()["roles"] == ["client_manager"]
    assert (await at_work.get("/v1/me")).status_code == 401
    asked_role = {"email": "sam@test.example", "password": PASSWORD, "role": "auditor"}
    assert (await browser().post("/v1/sessions", json=asked_role)).status_code == 403

    at_work = await entrance("sam")
    assert (await administrator.patch(f"/v1/users/{sam['id']}", json={"active": False})).status_code == 200
    assert (await at_work.get("/v1/me")).status_code == 401
    assert (await browser().post("/v1/sessions", json=asked_role)).status_code == 401


async def test_someone_changes_their_own_password_and_is_signed_out(
    entrance: Entrance, browser: Callable[[], httpx.AsyncClient]
) -> None:
    client = await entrance("employer_2")
    new = {"current": PASSWORD, "new": "een heel ander wachtwoord"}
    assert (await client.put("/v1/me/password", json=new)).status_code == 204
    assert (await client.get("/v1/me")).status_code == 401
    for password, status in ((PASSWORD, 401), (new["new"], 204)):
        answer = await browser().post("/v1/sessions", json={"email": "employer_2@test.example", "password": password})
        assert answer.status_code == status


async def test_a_resident_comes_in_once_by_link_and_code_and_sees_themselves_alone(
    entrance: Entrance, browser: Callable[[], httpx.AsyncClient]
) -> None:
    client_manager = await entrance("client_manager")
    link = (await client_manager.post("/v1/resident-links", json={"seekerId": "s01"})).json()
    wrong = {"token": link["token"], "code": f"{(int(link['code']) + 1) % 1_000_000:06}"}
    right = {"token": link["token"], "code": link["code"]}
    resident = browser()
    assert [(await resident.post("/v1/resident-sessions", json=one)).status_code for one in (wrong, right)] == [401, 204]
    me = (await resident.get("/v1/me")).json()
    assert (me["role"], me["organisation"]["name"]) == ("resident", "m1")
    assert [(await resident.get(f"/v1/seekers/{one}/matches")).status_code for one in ("s01", "s02")] == [200, 404]
    assert (await browser().post("/v1/resident-sessions", json=right)).status_code == 401


async def test_a_link_is_closed_after_five_wrong_codes(entrance: Entrance, browser: Callable[[], httpx.AsyncClient]) -> None:
    link = (await (await entrance("client_manager")).post("/v1/resident-links", json={"seekerId": "s01"})).json()
    codes = [f"{(int(link['code']) + step) % 1_000_000:06}" for step in (1, 2, 3, 4, 5, 0)]
    answers = [(await browser().post("/v1/resident-sessions", json={"token": link["token"], "code": one})) for one in codes]
    assert [answer.status_code for answer in answers] == [401] * 6


@pytest.mark.parametrize("user", ["client_manager_3", "niemand"])
async def test_five_wrong_passwords_lock_an_address_known_or_not_and_each_next_one_waits_twice_as_long(
    browser: Callable[[], httpx.AsyncClient], passend: Passend, user: str
) -> None:
    async def wrong() -> httpx.Response:
        return await browser().post("/v1/sessions", json={"email": f"{user}@test.example", "password": "fout"})

    assert [(await wrong()).status_code for _ in range(6)] == [401] * 5 + [429]
    waits = []
    for _ in range(7):
        waits.append(int((await wrong()).headers["Retry-After"]))
        await passend.pool.execute("UPDATE sign_in_attempt SET locked_until = now()")
        assert (await wrong()).status_code == 401
    longest = [30, 60, 120, 240, 480, 900, 900]
    assert all(most / 2 < wait <= most for wait, most in zip(waits, longest, strict=True)), waits


async def test_tries_at_the_same_time_all_count(browser: Callable[[], httpx.AsyncClient]) -> None:
    asked = {"email": "tegelijk@test.example", "password": "fout"}
    answers = await asyncio.gather(*(browser().post("/v1/sessions", json=asked) for _ in range(9)))
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 4


async def test_the_right_password_within_five_tries_starts_the_count_again(browser: Callable[[], httpx.AsyncClient]) -> None:
    for _ in range(2):
        for password, status in [("fout", 401)] * 3 + [(PASSWORD, 204)]:
            answer = await browser().post("/v1/sessions", json={"email": "client_manager_2@test.example", "password": password})
            assert answer.status_code == status


async def test_who_left_does_not_come_in(browser: Callable[[], httpx.AsyncClient]) -> None:
    assert USERS["left"]
    answer = await browser().post("/v1/sessions", json={"email": "left@test.example", "password": PASSWORD})
    assert answer.status_code == 401
