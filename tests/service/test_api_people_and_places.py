"""People and places through the API alone: listed, added once, changed from the version that was read, opened and closed."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from matching.scoring import Weights
from service.app import create_app
from service.db.connect import Pools
from service.geography import Gazetteer
from service.opening import Passend
from service.search import Search
from service.settings import Settings
from tests.service.any_encoder import AnyEncoder
from tests.service.callers import caller, encode
from tests.service.world import number, populate

Call = Callable[..., Coroutine[Any, Any, httpx.Response]]
PERSON = {
    "abilities": ["Ik repareer al jaren fietsen."],
    "motivations": ["Ik wil onder de mensen zijn."],
    "place": "Doetinchem",
    "maxTravelKm": 15,
    "hoursMax": 24,
    "language": {"speaking": "A2", "reading": "A1"},
    "openTo": ["paid", "volunteering"],
    "name": "Noor Voorbeeld",
    "contact": "06-00000000",
}
PLACE = {
    "kind": "paid",
    "title": "Fietsenmaker",
    "organisation": "De Spaak",
    "tasks": ["Je repareert fietsen."],
    "needs": [{"text": "Je kunt een band plakken.", "must": True, "learnable": True}],
    "place": "Ulft",
    "hoursMax": 24,
    "languageMin": {"speaking": "A2"},
}


@pytest.fixture
async def app(pools_of_roles: Pools, gazetteer: Gazetteer, home: Path, tmp_path: Path) -> FastAPI:
    pools, encoder = pools_of_roles, AnyEncoder()
    await populate(pools.owner)
    await encode(pools.owner, encoder)
    search = await Search.open(pools.engine, encoder.model, encoder.dimension, tmp_path / "snapshots")
    app = create_app(Settings(home=home))
    app.state.passend = Passend(pools.owner, pools.app, pools.engine, encoder, search, Weights.read(), gazetteer)
    return app


@pytest.fixture
async def call(app: FastAPI) -> Call:
    async def as_user(user: str, method: str, path: str, tag: str = "", key: str = "", **more: Any) -> httpx.Response:
        headers = ({"If-Match": tag} if tag else {}) | ({"Idempotency-Key": key} if key else {})
        async with await caller(app, app.state.passend.pool, user) as client:
            return await client.request(method, f"/v1{path}", headers=headers, **more)

    return as_user


async def codes(call: Call, user: str, path: str) -> list[str]:
    """Every id of a list, page by page."""
    found, cursor = [], ""
    while cursor is not None:
        page = (await call(user, "GET", f"{path}{'&' if '?' in path else '?'}limit=2{cursor and f'&cursor={cursor}'}")).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next"]
    return found


async def test_a_person_is_added_once_shown_matched_and_changed(call: Call) -> None:
    made = await call("client_manager", "POST", "/seekers", json=PERSON, key="een")
    assert made.status_code == 201, made.text
    code, shown = made.json()["id"], made.json()
    assert made.headers["Location"] == f"/v1/seekers/{code}"
    assert (
        shown.items()
        >= (PERSON | {"clientManager": "client_manager", "language": PERSON["language"] | {"writing": None}}).items()
    )
    assert (await call("client_manager", "POST", "/seekers", json=PERSON, key="een")).json()["id"] == code
    assert (await call("client_manager", "POST", "/seekers", json=PERSON | {"hoursMax": 30}, key="een")).status_code == 409
    assert (await call("client_manager", "POST", "/seekers", json=PERSON | {"id": code})).status_code == 409
    assert (await call("client_manager", "POST", "/seekers", json=PERSON | {"id": "p2"})).status_code == 409
    assert (await call("client_manager", "GET", f"/seekers/{code}/matches")).json()["considered"] > 0

    other = PERSON | {"abilities": ["Ik maak klokken."], "hoursMax": 32}
    assert (await call("client_manager", "PUT", f"/seekers/{code}", json=other)).status_code == 428
    changed = await call("client_manager", "PUT", f"/seekers/{code}", made.headers["ETag"], json=other)
    assert (changed.status_code, changed.json()["hoursMax"]) == (200, 32)
    sentences = await call("client_manager", "GET", f"/seekers/{code}/statements")
    assert sentences.headers["ETag"] == changed.headers["ETag"]
    assert [one["text"] for one in sentences.json()["earlier"]] == PERSON["abilities"]


async def test_of_two_editors_one_is_told_and_nothing_is_lost(call: Call) -> None:
    for path, user, content in (("/seekers", "client_manager", PERSON), ("/opportunities", "account_manager", PLACE)):
        made = await call(user, "POST", path, json=content)
        where, tag = made.headers["Location"].removeprefix("/v1"), made.headers["ETag"]
        both = await asyncio.gather(*(call(user, "PUT", where, tag, json=content | {"hoursMax": most}) for most in (28, 32)))
        assert sorted(one.status_code for one in both) == [200, 412], [one.text for one in both]
        kept = next(one.json()["hoursMax"] for one in both if one.status_code == 200)
        assert (await call(user, "GET", where)).json()["hoursMax"] == kept
    statements = "/seekers/p1/statements"
    tag = (await call("resident", "GET", statements)).headers["ETag"]
    both = await asyncio.gather(
        call("resident", "POST", statements, tag, json={"kind": "ability", "text": "Ik teken."}),
        call("client_manager", "PUT", "/seekers/p1", tag, json=PERSON),
    )
    assert sorted(one.status_code for one in both)[1] == 412


async def test_people_are_listed_by_filter_and_order_for_those_who_may_see_them(call: Call) -> None:
    new = (await call("client_manager", "POST", "/seekers", json=PERSON)).json()["id"]
    for user, seen in (
        ("client_manager", {"p1", "p1b", new}),
        ("administrator", {"p1", "p1b", new}),
        ("auditor", {"p1", "p1b", new}),
        ("account_manager", {"p1", "p1b", "p2", new}),
        ("resident", {"p1"}),
        ("client_manager_3", {"p3"}),
    ):
        assert set(await codes(call, user, "/seekers")) == seen, user
    assert (await call("employer", "GET", "/seekers")).status_code == 403
    assert await codes(call, "client_manager", "/seekers?place=doetin") == [new]
    assert await codes(call, "client_manager", "/seekers?openTo=volunteering") == [new]
    assert await codes(call, "client_manager", "/seekers?mine=true") == [new]
    ordered = await codes(call, "client_manager", "/seekers?sort=updatedAt")
    assert ordered[-1] == new
    assert await codes(call, "client_manager", "/seekers?sort=-updatedAt") == ordered[::-1]
    assert await codes(call, "client_manager", "/seekers?sort=id") == sorted(ordered)
    by_code = (await call("account_manager", "GET", f"/seekers/{new}")).json()
    assert (by_code["name"], by_code["contact"]) == (None, "")
    assert (await call("client_manager", "GET", "/seekers?sort=name")).json()["errors"][0]["field"] == "query.sort"
    assert (await call("client_manager", "GET", "/seekers?sort=updatedAt&cursor=onzin")).status_code == 400


async def test_only_their_municipality_changes_a_person(call: Call) -> None:
    for user, status in (("account_manager", 403), ("resident", 403), ("client_manager_2", 404), ("auditor", 403)):
        assert (await call(user, "PUT", "/seekers/p1", '"1"', json=PERSON)).status_code == status, user
    assert (await call("administrator", "POST", "/seekers", json=PERSON)).status_code == 403
    nameless = {name: value for name, value in PERSON.items() if name not in {"name", "contact"}}
    added = await call("administrator", "POST", "/seekers", json=nameless)
    assert (added.status_code, added.json()["clientManager"]) == (201, None)


async def test_an_employer_hands_in_a_draft_and_an_account_manager_opens_and_closes_it(call: Call) -> None:
    assert (await call("employer", "POST", "/opportunities", json=PLACE | {"status": "open"})).status_code == 403
    made = await call("employer", "POST", "/opportunities", json=PLACE, key="plek")
    assert (made.status_code, made.json()["status"]) == (201, "draft"), made.text
    assert (await call("employer", "POST", "/opportunities", json=PLACE, key="plek")).json()["id"] == made.json()["id"]
    where = made.headers["Location"].removeprefix("/v1")
    assert (await call("client_manager", "GET", where)).status_code == 404
    assert (await call("employer_2", "GET", where)).status_code == 404
    status = f"{where}/status"
    assert (await call("employer", "PUT", status, made.headers["ETag"], json={"status": "open"})).status_code == 403
    opened = await call("account_manager", "PUT", status, made.headers["ETag"], json={"status": "open"})
    assert (opened.status_code, opened.json()["status"]) == (200, "open")
    assert await matched(call, made.json()["id"])

    changed = await call("employer", "PUT", where, opened.headers["ETag"], json=PLACE | {"title": "Fietsenmaker in opleiding"})
    assert (changed.status_code, changed.json()["status"], changed.json()["title"]) == (200, "draft", "Fietsenmaker in opleiding")
    assert not await matched(call, made.json()["id"])
    assert (await call("account_manager", "PUT", status, opened.headers["ETag"], json={"status": "open"})).status_code == 412
    opened = await call("account_manager", "PUT", status, changed.headers["ETag"], json={"status": "open"})
    closed = await call("employer", "PUT", status, opened.headers["ETag"], json={"status": "closed"})
    assert (closed.status_code, closed.json()["status"]) == (200, "closed")
    assert not await matched(call, made.json()["id"])


async def matched(call: Call, place: str) -> bool:
    """Whether the place is in the list of a person whom everything fits."""
    at_ease = PERSON | {"abilities": PLACE["tasks"], "place": "Ulft", "language": {"speaking": "C1"}}
    new = (await call("client_manager", "POST", "/seekers", json=at_ease, key="op haar gemak")).json()["id"]
    found = (await call("client_manager", "GET", f"/seekers/{new}/matches?limit=100")).json()
    return place in {one["id"] for one in found["matches"]}


async def test_an_account_manager_adds_a_place_of_the_desk_at_an_employer(call: Call, app: FastAPI) -> None:
    made = await call(
        "account_manager", "POST", "/opportunities", json=PLACE | {"status": "open", "employerId": str(number("e1"))}
    )
    assert made.status_code == 201, made.text
    owner = await app.state.passend.pool.fetchval("SELECT organisation_id FROM opportunity WHERE id = $1", made.json()["id"])
    assert owner == number("w1")
    assert made.json()["id"] in await codes(call, "employer", "/opportunities")
    tag, where = made.headers["ETag"], made.headers["Location"].removeprefix("/v1")
    changed = await call("account_manager", "PUT", where, tag, json=PLACE | {"title": "Anders"})
    assert (changed.json()["status"], changed.json()["employerId"]) == ("open", None)
    unknown = await call("account_manager", "POST", "/opportunities", json=PLACE | {"employerId": str(number("m1"))})
    assert [unknown.json()["errors"][0]["pointer"]] == ["/employerId"]
    assert (await call("client_manager", "POST", "/opportunities", json=PLACE)).status_code == 403


async def test_places_are_listed_by_filter_and_order(call: Call) -> None:
    await call("account_manager", "POST", "/opportunities", json=PLACE | {"id": "fiets", "kind": "volunteering"})
    assert await codes(call, "account_manager", "/opportunities?q=spaak") == ["fiets"]
    assert await codes(call, "account_manager", "/opportunities?q=100%25") == []
    assert await codes(call, "account_manager", "/opportunities?kind=volunteering&kind=learning") == ["fiets"]
    assert set(await codes(call, "client_manager", "/opportunities?status=open")) == {"w1-open", "e1-open", "e2-open"}
    assert "m1-draft" in await codes(call, "client_manager", "/opportunities?status=draft")
    newest = await codes(call, "account_manager", "/opportunities?sort=-updatedAt")
    assert newest[0] == "fiets"
    assert newest == (await codes(call, "account_manager", "/opportunities?sort=updatedAt"))[::-1]


@pytest.mark.parametrize(
    ("user", "path", "content", "pointers"),
    [
        ("client_manager", "/seekers", PERSON | {"learning": ["Lassen", "Ik heb schulden."]}, ["/learning/1"]),
        ("client_manager", "/seekers", PERSON | {"contact": "bsn 111222333"}, ["/contact"]),
        ("client_manager", "/seekers", PERSON | {"hoursMax": 99, "openTo": ["dromen"]}, ["/hoursMax", "/openTo/0"]),
        ("client_manager", "/seekers", {"place": "Ulft"}, [""]),
        ("account_manager", "/opportunities", PLACE | {"summary": "Bel 0612345678."}, ["/summary"]),
        ("account_manager", "/opportunities", PLACE | {"needs": [{"text": "Je hebt een uitkering."}]}, ["/needs/0/text"]),
        ("account_manager", "/opportunities", PLACE | {"closesOn": "2020-01-01"}, ["/closesOn"]),
        ("account_manager", "/opportunities", PLACE | {"salary": 1}, ["/salary"]),
        ("account_manager", "/employers", {"name": "Nieuw", "agreements": "Bel 0612345678."}, ["/agreements"]),
    ],
)  # fmt: skip
async def test_what_cannot_be_kept_is_said_with_the_field(
    call: Call, user: str, path: str, content: dict, pointers: list
) -> None:
    answer = await call(user, "POST", path, json=content)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json"), answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == pointers


async def test_a_pasted_vacancy_is_taken_apart_and_can_be_handed_in(call: Call) -> None:
    asked = ["Medewerker kringloop", "Wat ga je doen?\n- Je sorteert kleding.", "Wat vragen wij?\n- Je komt op tijd."]
    text = "\n\n".join([*asked, "16 uur per week in Ulft"])
    draft = (await call("employer", "POST", "/vacancy-drafts", json={"text": text})).json()
    assert draft["vacancy"]["tasks"] == ["Je sorteert kleding."]
    handed_in = await call("employer", "POST", "/opportunities", json=draft["vacancy"])
    assert (handed_in.status_code, handed_in.json()["hoursMax"]) == (201, 16), handed_in.text


async def test_employers_are_kept_by_account_managers_of_the_region(call: Call) -> None:
    content = {
        "name": "Fietsenmaker De Spaak",
        "contactPersons": [{"name": "Wil", "function": "eigenaar", "phone": "0314-123456", "email": "wil@spaak.example"}],
        "support": ["job_coach", "quiet_place"],
        "agreements": "Twee proefplaatsingen per jaar.",
    }
    made = await call("account_manager", "POST", "/employers", json=content, key="spaak")
    assert (made.status_code, made.headers["ETag"]) == (201, '"2"'), made.text
    assert made.json().items() >= content.items()
    assert (await call("account_manager", "POST", "/employers", json=content, key="spaak")).json()["id"] == made.json()["id"]
    assert (await call("account_manager", "POST", "/employers", json=content)).status_code == 409
    where = f"/employers/{made.json()['id']}"
    changed = await call("account_manager", "PUT", where, made.headers["ETag"], json=content | {"name": "De Spaak"})
    assert (changed.status_code, changed.json()["name"]) == (200, "De Spaak")
    assert (await call("account_manager", "PUT", where, made.headers["ETag"], json=content)).status_code == 412
    taken = await call("account_manager", "PUT", where, changed.headers["ETag"], json=content | {"name": "e1"})
    assert taken.status_code == 409
    assert [one["name"] for one in (await call("account_manager", "GET", "/employers?name=spaak")).json()["items"]] == [
        "De Spaak"
    ]
    assert set(await codes(call, "account_manager", "/employers")) == {str(number("e1")), str(number("e2")), made.json()["id"]}
    e1 = (await call("account_manager", "GET", f"/employers/{number('e1')}")).json()
    assert e1["openPlaces"] == 1
    for user in ("client_manager", "employer", "administrator", "auditor", "resident"):
        assert (await call(user, "GET", where)).status_code == 403
