"""Plans, contact and signals, through the API as each role and in raw SQL."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from embeddings.encoder import Encoder
from matching.scoring import Weights
from service.app import create_app
from service.db.connect import Pools
from service.db.identity import acting
from service.geography import Gazetteer
from service.opening import Passend
from service.search import Search
from service.settings import Settings
from tests.service.callers import caller, encode
from tests.service.world import identity, number, populate

Call = Callable[..., Coroutine[Any, Any, httpx.Response]]
PLAN = {
    "startsOn": "2026-10-01",
    "goals": [
        {"text": "Werk in het groen", "rung": "paid", "steps": [{"text": "Kennismaken bij de kwekerij", "dueOn": "2026-11-01"}]}
    ],
}
CONTACT = {"at": "2026-11-20T10:00:00+01:00", "kind": "conversation", "note": "Samen de plekken bekeken."}


@pytest.fixture(scope="module")
async def app(module_pools: Pools, encoder: Encoder, gazetteer: Gazetteer, home: Path, tmp_path_factory: Any) -> FastAPI:
    await populate(module_pools.owner)
    search = await Search.open(module_pools.engine, encoder.model, encoder.dimension, tmp_path_factory.mktemp("snapshots"))
    app = create_app(Settings(home=home))
    pools = module_pools
    app.state.passend = Passend(pools.owner, pools.app, pools.engine, encoder, search, Weights.read(), gazetteer)
    app.state.ready = True
    return app


@pytest.fixture(autouse=True)
async def nothing_yet(module_pools: Pools, app: FastAPI) -> AsyncIterator[None]:
    yield
    await module_pools.owner.execute("TRUNCATE plan, plan_history, contact_moment, school_leaving, signal_setting, surfacing")


@pytest.fixture
async def call(app: FastAPI, module_pools: Pools) -> Call:
    async def as_user(user: str, method: str, path: str, **more: Any) -> httpx.Response:
        async with await caller(app, module_pools.owner, user) as client:
            return await client.request(method, f"/v1{path}", **more)

    return as_user


async def test_a_plan_is_made_read_changed_and_every_version_kept(call: Call) -> None:
    made = await call("client_manager", "POST", "/seekers/p1/plans", json=PLAN)
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    path = f"/plans/{made.json()['id']}"
    changed = PLAN | {
        "goals": [{"text": "Werk met dieren", "steps": [{"text": "Proefdag", "status": "done", "doneOn": "2026-11-03"}]}]
    }
    answer = await call("client_manager", "PUT", path, json=changed, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    assert answer.json()["goals"][0]["steps"] == [{"text": "Proefdag", "status": "done", "dueOn": None, "doneOn": "2026-11-03"}]
    versions = (await call("resident", "GET", f"{path}/versions")).json()["items"]
    assert [(one["version"], one["goals"][0]["text"]) for one in versions] == [(1, "Werk in het groen"), (2, "Werk met dieren")]
    assert {one["changedBy"] for one in versions} == {str(number("client_manager"))}


async def test_two_editors_notice_each_other(call: Call) -> None:
    path = f"/plans/{(await call('client_manager', 'POST', '/seekers/p1/plans', json=PLAN)).json()['id']}"
    assert (await call("client_manager", "PUT", path, json=PLAN)).status_code == 428
    both = [call("client_manager", "PUT", path, json=PLAN, headers={"If-Match": '"1"'}) for _ in range(2)]
    assert sorted(answer.status_code for answer in await asyncio.gather(*both)) == [200, 412]
    for stale, status in (('"1"', 412), ("*", 400), ('W/"2"', 400), ('"99999999999999999999"', 400)):
        answer = await call("client_manager", "PUT", path, json=PLAN, headers={"If-Match": stale})
        assert answer.status_code == status, stale


async def test_someone_has_one_plan_under_way_at_a_time(call: Call) -> None:
    first = (await call("client_manager", "POST", "/seekers/p1/plans", json=PLAN)).json()
    second = await call("client_manager", "POST", "/seekers/p1/plans", json=PLAN)
    assert (second.status_code, "under way" in second.json()["detail"]) == (409, True)
    ended = PLAN | {"endsOn": "2026-11-01"}
    await call("client_manager", "PUT", f"/plans/{first['id']}", json=ended, headers={"If-Match": '"1"'})
    assert (await call("client_manager", "POST", "/seekers/p1/plans", json=PLAN)).status_code == 201
    page = (await call("client_manager", "GET", "/seekers/p1/plans", params={"limit": 1})).json()
    rest = (await call("client_manager", "GET", "/seekers/p1/plans", params={"limit": 1, "cursor": page["next"]})).json()
    assert [one["endsOn"] for one in (*page["items"], *rest["items"])] == ["2026-11-01", None]


async def test_the_same_key_makes_one_contact_moment_also_at_the_same_time(call: Call, module_pools: Pools) -> None:
    key = {"Idempotency-Key": "een-keer"}
    four = [call("client_manager", "POST", "/seekers/p1/contact-moments", json=CONTACT, headers=key) for _ in range(4)]
    answers = await asyncio.gather(*four)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    other = await call("client_manager", "POST", "/seekers/p1/contact-moments", json=CONTACT | {"note": "Anders"}, headers=key)
    assert other.status_code == 409
    assert await module_pools.owner.fetchval("SELECT count(*) FROM contact_moment") == 1


async def test_contact_comes_latest_first_page_by_page(call: Call) -> None:
    for day in (3, 1, 2):
        await call("client_manager", "POST", "/seekers/p1/contact-moments", json=CONTACT | {"at": f"2026-11-0{day}T09:00:00Z"})
    found, after = [], None
    for _ in range(3):
        query = {"limit": 1, **({"cursor": after} if after else {})}
        page = (await call("resident", "GET", "/seekers/p1/contact-moments", params=query)).json()
        found += [one["at"][:10] for one in page["items"]]
        after = page["next"]
    assert after is None
    assert found == ["2026-11-03", "2026-11-02", "2026-11-01"]
    assert (await call("resident", "GET", "/seekers/p1/contact-moments", params={"cursor": "WyJ4Il0"})).status_code == 400


async def test_who_may_see_and_write_plans_and_contact(call: Call) -> None:
    plan = f"/plans/{(await call('client_manager', 'POST', '/seekers/p1/plans', json=PLAN)).json()['id']}"
    moment = (await call("client_manager", "POST", "/seekers/p1/contact-moments", json=CONTACT)).json()
    expected = {
        "client_manager": (200, 201),
        "resident": (200, 403),
        "auditor": (200, 403),
        "administrator": (403, 403),
        "account_manager": (403, 403),
        "employer": (403, 403),
        "client_manager_2": (404, 404),
    }
    for user, (reads, writes) in expected.items():
        for path in (plan, f"/contact-moments/{moment['id']}", "/seekers/p1/plans", "/seekers/p1/contact-moments"):
            assert (await call(user, "GET", path)).status_code == reads, (user, path)
        assert (await call(user, "POST", "/seekers/p1/contact-moments", json=CONTACT)).status_code == writes, user
        changed = await call(user, "PUT", plan, json=PLAN, headers={"If-Match": '"99"'})
        assert changed.status_code == {201: 412}.get(writes, writes), user
    assert (await call("resident", "GET", "/seekers/p1b/plans")).status_code == 404


@pytest.mark.parametrize("table", ["plan", "plan_history", "contact_moment", "school_leaving", "surfacing", "processing_log"])
async def test_the_database_itself_hides_them_from_others(call: Call, module_pools: Pools, table: str) -> None:
    owner = module_pools.owner
    await call("client_manager", "POST", "/seekers/p1/plans", json=PLAN)
    await call("client_manager", "POST", "/seekers/p1/contact-moments", json=CONTACT)
    await call("client_manager", "PUT", "/seekers/p1/school-leaving", json={"leavesOn": "2027-01-01"})
    await owner.execute("INSERT INTO surfacing VALUES ('p1', 'w1-open', 'matches', '2026-10-01', now())")
    assert await owner.fetchval(f"SELECT count(*) FROM {table}") > 0
    for user in ("account_manager", "employer", "client_manager_2", "client_manager_3", "left"):
        async with acting(module_pools.app, identity(user)) as connection:
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0, user
    async with module_pools.app.acquire() as nobody:
        assert await nobody.fetchval(f"SELECT count(*) FROM {table}") == 0


@pytest.mark.parametrize("table", ["plan_history", "processing_log"])
async def test_history_and_log_cannot_be_changed_not_even_by_the_owner(call: Call, module_pools: Pools, table: str) -> None:
    await call("client_manager", "POST", "/seekers/p1/plans", json=PLAN)
    column = {"plan_history": "starts_on", "processing_log": "name"}[table]
    with pytest.raises(asyncpg.CheckViolationError, match="only ever added to"):
        await module_pools.owner.execute(f"UPDATE {table} SET {column} = {column}")
    for attempt in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", f"INSERT INTO {table} DEFAULT VALUES"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with acting(module_pools.app, identity("client_manager")) as connection:
                await connection.execute(attempt)


async def test_each_signal_names_whom_it_is_about_and_stops_when_it_is_seen_to(call: Call, module_pools: Pools) -> None:
    owner = module_pools.owner
    await owner.execute("UPDATE seeker SET created_at = now() - interval '9 weeks' WHERE id = 'p1'")

    async def signals(**query: Any) -> list[tuple[str, str]]:
        answer = await call("client_manager", "GET", "/signals", params=query)
        assert answer.status_code == 200, answer.text
        return [(one["seeker"], one["signal"]) for one in answer.json()["items"]]

    assert await signals() == [
        *[("p1", signal) for signal in ("never_surfaced", "no_contact", "no_new_match", "no_plan")],
        *[("p1b", signal) for signal in ("never_surfaced", "no_plan")],
    ]
    await call("client_manager", "POST", "/seekers/p1/plans", json=PLAN)
    await call("client_manager", "POST", "/seekers/p1/contact-moments", json=CONTACT | {"at": "2020-01-01T00:00:00Z"})
    assert ("p1", "no_contact") in await signals()
    await owner.execute("UPDATE contact_moment SET at = now() - interval '8 weeks' + interval '1 hour'")
    await owner.execute("INSERT INTO surfacing VALUES ('p1', 'w1-open', 'matches', '2020-01-01', now() - interval '5 weeks')")
    assert await signals() == [("p1", "no_new_match"), ("p1b", "never_surfaced"), ("p1b", "no_plan")]
    await owner.execute("INSERT INTO surfacing VALUES ('p1', 'w1-closed', 'matches', '2026-01-01', now())")
    assert await signals(signal=["no_new_match", "no_plan"]) == [("p1b", "no_plan")]

    for days, expected in ((7 * 26, [("p1", "leaving_school")]), (7 * 26 + 1, []), (-1, [])):
        await owner.execute("INSERT INTO school_leaving VALUES ('p1', current_date + $1::int) ON CONFLICT (seeker_id) DO UPDATE SET leaves_on = excluded.leaves_on", days)  # fmt: skip  # noqa: E501
        assert await signals(signal="leaving_school") == expected, days
    assert await signals(mine=True) == []
    await owner.execute("UPDATE seeker SET client_manager_id = $1 WHERE id = 'p1b'", number("client_manager"))
    assert {seeker for seeker, _ in await signals(mine=True)} == {"p1b"}
    first = (await call("client_manager", "GET", "/signals", params={"limit": 1})).json()
    second = (await call("client_manager", "GET", "/signals", params={"limit": 1, "cursor": first["next"]})).json()
    assert [one["signal"] for one in (*first["items"], *second["items"])] == ["never_surfaced", "no_plan"]


async def test_a_municipality_sets_its_own_periods(call: Call, module_pools: Pools) -> None:
    default = await call("client_manager", "GET", "/signal-periods")
    assert (default.json(), default.headers["etag"]) == ({"contact": 8, "match": 4, "school": 26}, '"0"')
    tighter = {"contact": 2, "match": 1, "school": 52}
    assert (await call("client_manager", "PUT", "/signal-periods", json=tighter, headers={"If-Match": '"0"'})).status_code == 403
    assert (await call("administrator", "PUT", "/signal-periods", json=tighter, headers={"If-Match": '"0"'})).status_code == 200
    assert (await call("administrator", "PUT", "/signal-periods", json=tighter, headers={"If-Match": '"0"'})).status_code == 412
    await module_pools.owner.execute("UPDATE seeker SET created_at = now() - interval '3 weeks' WHERE id = 'p1b'")
    late = (await call("client_manager", "GET", "/signals", params={"signal": "no_contact"})).json()["items"]
    assert "p1b" in [one["seeker"] for one in late]
    assert (await call("client_manager_2", "GET", "/signal-periods")).json()["contact"] == 8


async def test_a_match_run_tells_what_was_surfaced_for_whom_and_is_in_the_log(
    call: Call, module_pools: Pools, encoder: Encoder
) -> None:
    owner = module_pools.owner
    await encode(owner, encoder)
    await owner.execute("TRUNCATE processing_log")
    for _ in range(2):
        places = (await call("client_manager", "GET", "/seekers/p1/matches")).json()["matches"]
    people = (await call("client_manager", "GET", "/opportunities/w1-open/candidates")).json()["candidates"]
    rows = await owner.fetch("SELECT seeker_id, opportunity_id, about FROM surfacing WHERE quarter = quarter_of(now())")
    assert {tuple(row) for row in rows} == {
        *(("p1", place["id"], "matches") for place in places),
        *((person["seeker"], "w1-open", "candidates") for person in people),
    }
    assert {place["fits"] for place in places} == {True}
    assert {person["seeker"] for person in people} == {"p1", "p1b"}
    own = (await call("resident", "GET", "/processing-records")).json()["items"]
    assert [one["name"] for one in own] == ["find places", "find places", "find people"]


async def test_a_place_that_does_not_fit_was_not_surfaced(call: Call, module_pools: Pools, encoder: Encoder) -> None:
    await encode(module_pools.owner, encoder)
    await module_pools.owner.execute("UPDATE seeker SET hours_min = 30, hours_max = 40 WHERE id = 'p1'")
    places = (await call("client_manager", "GET", "/seekers/p1/matches")).json()["matches"]
    assert {place["fits"] for place in places} == {False}
    assert await module_pools.owner.fetchval("SELECT count(*) FROM surfacing") == 0


async def test_every_use_of_someones_data_is_in_their_log_in_the_shape_of_the_standard(call: Call, module_pools: Pools) -> None:
    traceparent = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
    await module_pools.owner.execute("TRUNCATE processing_log")
    await call("client_manager", "POST", "/seekers/p1/plans", json=PLAN, headers=traceparent)
    await call("client_manager", "GET", "/seekers/p1b/contact-moments")
    await call("client_manager", "GET", "/signals", headers=traceparent)

    own = (await call("resident", "GET", "/processing-records")).json()["items"]
    assert [one["name"] for one in own] == ["add plan", "read plan", "read signals"]
    subject = own[0]["attributes"]["dpl.core.data_subject_id"]
    assert {one["attributes"]["dpl.core.data_subject_id"] for one in own} == {subject}
    assert own[0] == {
        "traceId": "0af7651916cd43dd8448eb211c80319c",
        "spanId": own[0]["spanId"],
        "parentSpanId": "b7ad6b7169203331",
        "status": "Ok",
        "name": "add plan",
        "startTime": own[0]["startTime"],
        "endTime": own[0]["endTime"],
        "resource": {
            "attributes": {"service.name": "passend", "service.version": own[0]["resource"]["attributes"]["service.version"]}
        },
        "attributes": {
            "dpl.core.processing_activity_id": "urn:passend:verwerking:plans",
            "dpl.core.data_subject_id": subject,
            "dpl.core.data_subject_id_type": "passend",
        },
    }
    every = (await call("auditor", "GET", "/processing-records")).json()["items"]
    assert len({(one["spanId"], one["name"], one["attributes"]["dpl.core.data_subject_id"]) for one in every}) == len(every)
    assert [one["name"] for one in every].count("read signals") == 2
    about_p1b = (await call("auditor", "GET", "/processing-records", params={"seeker": "p1b"})).json()["items"]
    assert [one["name"] for one in about_p1b] == ["read contact", "read signals"]
    page = (await call("auditor", "GET", "/processing-records", params={"limit": 2})).json()
    rest = (await call("auditor", "GET", "/processing-records", params={"limit": 100, "cursor": page["next"]})).json()
    assert [*page["items"], *rest["items"]] == every
    assert (await call("resident", "GET", "/processing-records", params={"seeker": "p1b"})).json()["items"] == []
    assert (await call("client_manager", "GET", "/processing-records")).status_code == 403

    register = {"address": "https://gemeente.example/verwerkingen/"}
    assert (await call("auditor", "PUT", "/processing-register", json=register)).status_code == 403
    assert (await call("administrator", "PUT", "/processing-register", json=register)).status_code == 204
    await call("client_manager", "GET", "/seekers/p1/plans")
    last = (await call("resident", "GET", "/processing-records")).json()["items"][-1]
    assert last["attributes"]["dpl.core.processing_activity_id"] == "https://gemeente.example/verwerkingen/plans"


async def test_the_log_names_nobody_and_stays_when_someone_is_erased(call: Call, module_pools: Pools) -> None:
    owner = module_pools.owner
    await owner.execute("INSERT INTO seeker SELECT 'gaat-weg', 7, place, postcode4, latitude, longitude, position_exact, max_travel_km, transport, hours_min, hours_max, dayparts, speaking, reading, writing, licences, support_needs, open_to, texts, digest, 9, updated_at, organisation_id FROM seeker WHERE id = 'p1'")  # fmt: skip  # noqa: E501
    await call("client_manager", "POST", "/seekers/gaat-weg/contact-moments", json=CONTACT)
    before = await owner.fetchval("SELECT count(*) FROM processing_log")
    await owner.execute("DELETE FROM seeker WHERE id = 'gaat-weg'")
    log = json.dumps([dict(row) for row in await owner.fetch("SELECT * FROM processing_log")], default=str)
    assert await owner.fetchval("SELECT count(*) FROM processing_log") == before
    assert "gaat-weg" not in log
    assert "bekeken" not in log
    for role in ("auditor", "client_manager"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with acting(module_pools.app, identity(role)) as connection:
                await connection.fetchval("SELECT key FROM processing_key")
