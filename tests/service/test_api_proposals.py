"""The story of one proposal through the API alone, as each user, with tokens; and what the API says when something is off."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from matching.scoring import Weights
from service.api.access import Scope
from service.app import create_app
from service.db.connect import Pools
from service.db.identity import Identity
from service.geography import Gazetteer
from service.opening import Passend
from service.search import Search
from service.settings import Settings
from service.use_cases.importing import import_files
from service.use_cases.signing_in import secret_digest
from tests.service.any_encoder import AnyEncoder
from tests.service.people_of_a_region import Region, settle

As = Callable[[Identity], dict[str, str]]


@pytest.fixture
async def region(pools_of_roles: Pools, gazetteer: Gazetteer, few_files: list[Path]) -> Region:
    await import_files(pools_of_roles.owner, AnyEncoder(), gazetteer, few_files)
    region = await settle(pools_of_roles.owner, gazetteer)
    for name in ("client_manager", "account_manager", "employer", "resident", "auditor", "stranger"):
        who = getattr(region, name)
        await pools_of_roles.owner.execute(
            """INSERT INTO api_token (user_id, role, name, token_hash, scopes, expires_at)
               VALUES ($1, $2, 'test', $3, $4, now() + interval '1 hour')""",
            who.user_id,
            who.role,
            secret_digest(str(who.user_id)),
            list(Scope),
        )
    return region


@pytest.fixture
async def client(pools_of_roles: Pools, gazetteer: Gazetteer, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    pools, encoder = pools_of_roles, AnyEncoder()
    search = await Search.open(pools.engine, encoder.model, encoder.dimension, tmp_path / "snapshots")
    app = create_app(Settings(home=tmp_path))
    app.state.passend = Passend(pools.owner, pools.app, pools.engine, encoder, search, Weights.read(), gazetteer)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://passend.test/v1") as client:
        yield client


def token(who: Identity, **headers: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {who.user_id}", **{name.replace("_", "-"): value for name, value in headers.items()}}


async def test_a_proposal_from_match_to_revoked_agreement_with_the_auditor_looking_on(
    client: httpx.AsyncClient, region: Region
) -> None:
    matches = (await client.get("/seekers/s01/matches", headers=token(region.client_manager))).json()
    new = {"seeker": "s01", "opportunity": "o002", "receipt": matches["receipt"]}
    made = await client.post("/proposals", json=new, headers=token(region.client_manager, Idempotency_Key="een"))
    assert (made.status_code, made.json()["state"], made.headers["ETag"]) == (201, "suggested", '"1"')
    again = await client.post("/proposals", json=new, headers=token(region.client_manager, Idempotency_Key="een"))
    assert again.json()["id"] == made.json()["id"]
    where = made.headers["Location"].removeprefix("/v1")

    tag = made.headers["ETag"]
    for who, to in (
        (region.client_manager, "proposed"),
        (region.resident, "agreed"),
        (region.account_manager, "introduced"),
    ):
        assert (await client.get(f"{where}/person", headers=token(region.employer))).status_code == 404
        step = await client.post(f"{where}/steps", json={"to": to}, headers=token(who, If_Match=tag))
        assert (step.status_code, step.json()["state"]) == (201, to), step.text
        tag = step.headers["ETag"]

    seen = (await client.get(f"{where}/person", headers=token(region.employer))).json()
    assert (seen["name"], seen["code"]) == ("Noor Voorbeeld", "s01")
    revoked = await client.delete(f"{where}/agreement", headers=token(region.resident))
    assert (revoked.status_code, revoked.json()["agreed"]) == (200, False)
    assert (await client.get(f"{where}/person", headers=token(region.employer))).json()["name"] is None

    trail = (await client.get(f"{where}/steps", headers=token(region.auditor))).json()["items"]
    assert [(one["toState"], one["byName"]) for one in trail] == [
        ("proposed", "Kim"),
        ("agreed", "Inwoner s01"),
        ("introduced", "Alex"),
    ]
    replayed = (await client.get(f"/receipts/{matches['receipt']}/replay", headers=token(region.auditor))).json()
    assert replayed["identical"]
    assert (await client.get("/receipt-chain", headers=token(region.auditor))).json()["faults"] == []
    shown = (await client.get(f"/receipts/{matches['receipt']}", headers=token(region.auditor))).json()
    assert shown["result"]["seeker"] == "s01"


async def test_what_is_off_is_said_with_status_and_pointer(client: httpx.AsyncClient, region: Region) -> None:
    manager = token(region.client_manager)
    made = await client.post("/proposals", json={"seeker": "s01", "opportunity": "o002"}, headers=manager)
    steps = f"/proposals/{made.json()['id']}/steps"
    for body, headers, status, pointer in (
        ({"to": "proposed"}, {}, 428, None),
        ({"to": "proposed"}, {"If-Match": "1"}, 400, None),
        ({"to": "proposed"}, {"If-Match": '"7"'}, 412, None),
        ({"to": "started"}, {"If-Match": '"1"'}, 409, None),
        ({"to": "nowhere"}, {"If-Match": '"1"'}, 400, "/to"),
        ({"to": "withdrawn"}, {"If-Match": '"1"'}, 400, "/reason"),
        ({"to": "withdrawn", "reason": "other"}, {"If-Match": '"1"'}, 400, "/note"),
        ({"to": "proposed", "on": "2999-01-01"}, {"If-Match": '"1"'}, 400, "/on"),
    ):
        answer = await client.post(steps, json=body, headers=manager | headers)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
        assert [error.get("pointer") for error in answer.json()["errors"]] == ([pointer] if pointer else []), answer.text
    assert (await client.post("/proposals", json={"seeker": "zz", "opportunity": "o002"}, headers=manager)).status_code == 400
    for who, status in ((region.stranger, 404), (region.employer, 404), (region.auditor, 200)):
        assert (await client.get(f"/proposals/{made.json()['id']}", headers=token(who))).status_code == status
    assert (await client.post(steps, json={"to": "proposed"}, headers=token(region.auditor))).status_code == 403
    assert (await client.get("/proposals")).status_code == 401


async def test_lists_come_in_pages_without_gaps(client: httpx.AsyncClient, region: Region) -> None:
    made = set()
    for seeker in ("s01", "s02"):
        for opportunity in ("o001", "o002"):
            body = {"seeker": seeker, "opportunity": opportunity}
            made.add((await client.post("/proposals", json=body, headers=token(region.client_manager))).json()["id"])
    seen, cursor = [], None
    while cursor or not seen:
        page = await client.get(
            "/proposals", params={"limit": 3} | ({"cursor": cursor} if cursor else {}), headers=token(region.auditor)
        )
        seen += [one["id"] for one in page.json()["items"]]
        cursor = page.json()["next"]
    assert (len(seen), set(seen)) == (4, made)
    only = await client.get("/proposals", params={"seeker": "s02", "state": "suggested"}, headers=token(region.auditor))
    assert len(only.json()["items"]) == 2
    assert (await client.get("/proposals?cursor=onzin", headers=token(region.auditor))).status_code == 400


async def test_a_resident_sees_corrects_and_objects_and_is_erased_by_the_municipality(
    client: httpx.AsyncClient, region: Region
) -> None:
    resident, manager = token(region.resident), token(region.client_manager)
    told = await client.get("/seekers/s01/statements", headers=resident)
    corrected = await client.put(
        "/seekers/s01/statements/0", json={"text": "Ik maak klokken."}, headers=resident | {"If-Match": told.headers["ETag"]}
    )
    assert (corrected.status_code, corrected.json()["earlier"][0]["changedBy"]) == (200, "Inwoner s01"), corrected.text
    objection = await client.post(
        "/seekers/s01/objections", json={"text": "Dit past niet bij mij.", "opportunity": "o001"}, headers=resident
    )
    answered = await client.put(f"/objections/{objection.json()['id']}/answer", json={"answer": "Klopt."}, headers=manager)
    assert answered.json()["answeredBy"] == "Kim"
    data = await client.get("/seekers/s01/personal-data", headers=resident)
    assert data.json()["objections"][0]["answer"] == "Klopt."
    page = await client.get("/seekers/s01/personal-data", headers=resident | {"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert "Ik maak klokken." in page.text
    assert (await client.get("/seekers/s01/personal-data", headers=token(region.auditor))).status_code == 403
    assert (await client.delete("/seekers/s01", headers=manager)).status_code == 204
    assert (await client.get("/seekers/s01/statements", headers=manager)).status_code == 404
    assert (await client.get("/me", headers=resident)).status_code == 401
