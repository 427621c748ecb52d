"""What the widget tells and takes: groups alone, only to pages of the site of the key, not too often; and vacancies as drafts."""

import asyncio
import functools
import gzip
import json
import re
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from embeddings.encoder import Encoder
from matching.phrases import SUPPORT
from matching.scoring import Weights
from service.app import create_app
from service.db import sites
from service.db.connect import Pools
from service.geography import Gazetteer
from service.opening import Passend
from service.search import Search
from service.settings import Settings
from service.skill_groups import groups
from service.use_cases.sites import add_site
from tests.service.callers import caller, encode
from tests.service.crowd import CLEANS, GARDENS, PERSON, add_people, remove_people
from tests.service.world import number, populate

PAGE = "https://www.korst.example"
CLEANING = {
    "text": "Schoonmaker\nJe maakt kantoren schoon.\nJe hebt een VOG nodig. 16 tot 24 uur per week.",
    "place": "Doetinchem",
}
Add = Callable[..., Coroutine[Any, Any, None]]
BANDS = (None, 5, 10, 25, 50, 100)
KINDS = ({"licences": ["VOG"], "abilities": [CLEANS, GARDENS]}, {}, {"licences": ["VOG"], "support_needs": ["buddy"]})
WIDGET = Path(__file__).parent.parent.parent / "service" / "widget" / "v1.js"


@pytest.fixture(scope="module")
async def app(module_pools: Pools, encoder: Encoder, gazetteer: Gazetteer, home: Path, tmp_path_factory: Any) -> FastAPI:
    await populate(module_pools.owner)
    await encode(module_pools.owner, encoder)
    search = await Search.open(module_pools.engine, encoder.model, encoder.dimension, tmp_path_factory.mktemp("snapshots"))
    app = create_app(Settings(home=home))
    pools = module_pools
    app.state.passend = Passend(pools.owner, pools.app, pools.engine, encoder, search, Weights.read(), gazetteer)
    app.state.ready = True
    return app


@pytest.fixture(scope="module")
async def site(app: FastAPI, module_pools: Pools) -> asyncpg.Record:
    return await add_site(module_pools.owner, number("w1"), "Bakkerij Korst", [PAGE, "http://localhost:8080"], 100_000, 100_000)


@pytest.fixture
async def add(module_pools: Pools, encoder: Encoder, gazetteer: Gazetteer) -> AsyncIterator[Add]:
    """Adds people; before and after the test there are none of them."""
    await remove_people(module_pools.owner)
    yield functools.partial(add_people, module_pools.owner, encoder, gazetteer)
    await remove_people(module_pools.owner)


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Nobody in particular, on a page of the site."""
    transport = httpx.ASGITransport(app, client=("192.0.2.7", 1234))
    async with httpx.AsyncClient(transport=transport, base_url="https://passend.example", headers={"Origin": PAGE}) as client:
        yield client


async def ask(visitor: httpx.AsyncClient, site: asyncpg.Record, **changes: object) -> dict[str, Any]:
    answer = await visitor.post("/v1/widget/estimates", params={"siteKey": site["key"]}, json=CLEANING | changes)
    assert answer.status_code == 201, answer.text
    return answer.json()


def figures(answer: dict[str, Any]) -> dict[str, int | None]:
    """Every size in an answer, by what it is of."""
    groups_of = {f"{part} {one['name']}": one["atLeast"] for part in ("abilities", "openers", "support") for one in answer[part]}
    return {"people": answer["people"], **groups_of}


# What is told ----------------------------------------------------------------------------------------------------------------


async def test_it_tells_sizes_of_groups_what_they_bring_and_what_opens_it_to_more(
    visitor: httpx.AsyncClient, site: asyncpg.Record, module_pools: Pools, add: Add
) -> None:
    await add([f"crowd-a{n}" for n in range(14)], licences=["VOG"], abilities=[CLEANS, GARDENS])
    await add([f"crowd-b{n}" for n in range(9)])
    await add([f"crowd-c{n}" for n in range(30)], licences=["VOG"], support_needs=["buddy"])
    answer = await ask(visitor, site, language="en")
    assert answer["people"] == 10
    assert {one["name"]: one["atLeast"] for one in answer["abilities"]} == {"cleaning": 10, "working with plants and gardens": 10}
    assert {one["name"]: one["atLeast"] for one in answer["openers"]} == {"Without VOG beforehand": 5}
    assert {one["name"]: one["atLeast"] for one in answer["support"]} == {"a buddy": 25}
    assert answer["read"] == {
        "title": "Schoonmaker", "tasks": ["Je maakt kantoren schoon."], "needs": [], "place": "Doetinchem", "placeKnown": True,
        "hoursMin": 16, "hoursMax": 24, "leftOut": 0,
    }  # fmt: skip


async def test_one_person_more_or_less_moves_no_figure_by_more_than_a_band_and_few_are_never_told(
    visitor: httpx.AsyncClient, site: asyncpg.Record, module_pools: Pools, add: Add
) -> None:
    """People come one by one, each with an ability, a licence to get and a support to arrange in common with others or not."""
    before: dict[str, int | None] = {}
    told = 0
    for count in range(1, 34):
        await add([f"crowd-{count:02}"], **KINDS[count % 3])
        now = figures(await ask(visitor, site))
        for name in before.keys() | now.keys():
            assert abs(BANDS.index(now.get(name)) - BANDS.index(before.get(name))) <= 1, (count, name)
            assert now.get(name) is None or 5 <= now[name] <= (count + 2) // 3 + 1, (count, name)
            told += now.get(name) is not None
        assert now == figures(await ask(visitor, site))
        before = now
    assert told > 40
    for gone in ("crowd-03", "crowd-01", "crowd-02"):
        await remove_people(module_pools.owner, gone)
        now = figures(await ask(visitor, site))
        for name in before.keys() | now.keys():
            assert abs(BANDS.index(now.get(name)) - BANDS.index(before.get(name))) <= 1
        before = now


async def test_an_answer_holds_nothing_of_one_person(
    visitor: httpx.AsyncClient, site: asyncpg.Record, module_pools: Pools, add: Add
) -> None:
    await add([f"crowd-{n}" for n in range(30)], support_needs=["buddy"])
    answer = await ask(visitor, site, text=CLEANING["text"].replace("VOG", "rijbewijs B"))
    closed = {one.nl for one in groups().values()} | {names["nl"] for names in SUPPORT.values()}
    assert {one["name"] for one in [*answer["abilities"], *answer["support"]]} <= closed
    assert {key for one in [*answer["abilities"], *answer["openers"], *answer["support"]] for key in one} <= {"name", "atLeast"}
    assert set(answer) == {"people", "abilities", "openers", "support", "read"}
    written = json.dumps(answer, ensure_ascii=False)
    assert "crowd" not in written
    assert not any(sentence in written for sentence in (*PERSON["abilities"], *PERSON["motivations"], "Ik "))


async def test_the_widget_reads_people_without_code_words_or_organisation(module_pools: Pools, app: FastAPI) -> None:
    columns = {row["column_name"] for row in await module_pools.owner.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'wordless_person'")}  # fmt: skip
    assert not columns & {"id", "organisation_id", "place", "postcode4", "client_manager_id", "digest", "text"}
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await module_pools.app.fetch("SELECT * FROM wordless_person")


async def test_people_of_another_region_do_not_count(
    visitor: httpx.AsyncClient, site: asyncpg.Record, module_pools: Pools, add: Add
) -> None:
    who = [f"crowd-{n}" for n in range(20)]
    await add(who, home=number("m3"), licences=["VOG"])
    assert figures(await ask(visitor, site)) == {"people": None}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"hoursMin": 17, "hoursMax": 23}, {"hoursMin": 18, "hoursMax": 22}),
        ({"text": CLEANING["text"] + " Alleen op maandagochtend."}, {}),
        ({"place": "doetinchem"}, {}),
    ],
)
async def test_small_differences_in_a_question_make_none_in_the_answer(
    visitor: httpx.AsyncClient, site: asyncpg.Record, module_pools: Pools, add: Add,
    one: dict[str, Any], other: dict[str, Any],
) -> None:  # fmt: skip
    """Hours between 16 and 24, and the days, are where people differ; the question does not go there."""
    for hours in range(17, 23):
        ids = [f"crowd-{hours}-{n}" for n in range(4)]
        limits = {
            "hours_min": hours,
            "hours_max": hours,
            "dayparts": ["tue_am", "tue_pm", "wed_am", "wed_pm", "thu_am", "thu_pm"],
        }
        await add(ids, licences=["VOG"], **limits)
    answer = figures(await ask(visitor, site, **one))
    assert answer["people"] == 10
    assert answer == figures(await ask(visitor, site, **other))


async def test_a_place_that_is_not_known_is_said_and_counts_the_region(visitor: httpx.AsyncClient, site: asyncpg.Record) -> None:
    answer = await ask(visitor, site, place="Nergenshuizen")
    assert (answer["read"]["place"], answer["read"]["placeKnown"]) == ("Nergenshuizen", False)
    assert (await ask(visitor, site, text="Je maakt schoon.", place=""))["read"]["place"] is None


async def test_sentences_about_contact_are_left_out_and_counted(visitor: httpx.AsyncClient, site: asyncpg.Record) -> None:
    answer = await ask(visitor, site, text=CLEANING["text"] + "\nBel Piet op 06-12345678. Mail naar piet@korst.example.")
    assert answer["read"]["leftOut"] == 2
    assert "06-" not in json.dumps(answer)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [({"text": "?!"}, "/text"), ({"hoursMin": 30, "hoursMax": 10}, "/hoursMin"), ({"hoursMin": 90}, "/hoursMin")],
)
async def test_what_cannot_be_read_is_pointed_out(
    visitor: httpx.AsyncClient, site: asyncpg.Record, changes: dict[str, Any], pointer: str
) -> None:
    answer = await visitor.post("/v1/widget/estimates", params={"siteKey": site["key"]}, json=CLEANING | changes)
    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (400, [pointer])


# Who may ask -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "origin",
    ["https://korst.example", "http://www.korst.example", "https://www.korst.example:8443", "https://www.korst.example.evil.example",
     "https://WWW.korst.example", "null", "https://evil.example"],
)  # fmt: skip
async def test_only_the_exact_origins_of_the_site_get_an_answer(
    visitor: httpx.AsyncClient, site: asyncpg.Record, origin: str
) -> None:
    answer = await visitor.post(
        "/v1/widget/estimates", params={"siteKey": site["key"]}, json=CLEANING, headers={"Origin": origin}
    )
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["vary"] == "Origin"


async def test_a_page_of_the_site_may_read_the_answer_and_nothing_is_sent_with_credentials(
    visitor: httpx.AsyncClient, site: asyncpg.Record
) -> None:
    answer = await visitor.post("/v1/widget/estimates", params={"siteKey": site["key"]}, json=CLEANING)
    assert (answer.headers["access-control-allow-origin"], answer.headers["vary"]) == (PAGE, "Origin")
    assert "access-control-allow-credentials" not in answer.headers


async def test_our_own_frame_may_ask_and_a_request_without_origin_may_not(
    app: FastAPI, visitor: httpx.AsyncClient, site: asyncpg.Record
) -> None:
    asked: dict[str, Any] = {"params": {"siteKey": site["key"]}, "json": CLEANING}
    own = await visitor.post("/v1/widget/estimates", **asked, headers={"Origin": "https://passend.example"})
    assert (own.status_code, own.headers.get("access-control-allow-origin")) == (201, None)
    del visitor.headers["Origin"]
    assert (await visitor.post("/v1/widget/estimates", **asked)).status_code == 403


async def test_preflight(visitor: httpx.AsyncClient, site: asyncpg.Record) -> None:
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    good = await visitor.options("/v1/widget/estimates", params={"siteKey": site["key"]}, headers=asks)
    assert good.status_code == 204
    assert good.headers["access-control-allow-origin"] == PAGE
    assert good.headers["access-control-allow-methods"] == "POST"
    assert good.headers["access-control-allow-headers"] == "content-type"
    for params, origin in (({"siteKey": site["key"]}, "https://evil.example"), ({"siteKey": "pk_unknown"}, PAGE), ({}, PAGE)):
        refused = await visitor.options("/v1/widget/estimates", params=params, headers=asks | {"Origin": origin})
        assert refused.status_code == 403
        assert "access-control-allow-origin" not in refused.headers


async def test_a_key_that_nobody_has_and_one_that_was_revoked(
    visitor: httpx.AsyncClient, module_pools: Pools, app: FastAPI
) -> None:
    for key in ("pk_unknown", "pk_\x00", ""):
        assert (await visitor.post("/v1/widget/estimates", params={"siteKey": key}, json=CLEANING)).status_code == 401
    gone = await add_site(module_pools.owner, number("w1"), "Weg", [PAGE])
    assert await sites.revoke(module_pools.owner, gone["key"])
    answer = await visitor.post("/v1/widget/estimates", params={"siteKey": gone["key"]}, json=CLEANING)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (403, PAGE)
    assert "does not work any more" in answer.json()["detail"]
    assert (await visitor.get("/widget/frame", params={"site-key": gone["key"]})).status_code == 404


async def test_too_many_questions_of_one_address_and_of_a_whole_site(visitor: httpx.AsyncClient, module_pools: Pools) -> None:
    slow = await add_site(module_pools.owner, number("w1"), "Traag", [PAGE], hourly=24, hourly_address=16)

    async def statuses(address: str, count: int) -> list[int]:
        visitor._transport = httpx.ASGITransport(visitor._transport.app, client=(address, 1))  # type: ignore[attr-defined]
        asked = {"text": "x", "hoursMin": 99}  # counted before it is looked at
        answers = [await visitor.post("/v1/widget/estimates", params={"siteKey": slow["key"]}, json=asked) for _ in range(count)]
        for one in answers:
            if one.status_code == 429:
                assert 0 < int(one.headers["retry-after"]) <= 225
                assert one.headers["access-control-expose-headers"] == "Retry-After"
                assert one.headers["content-type"] == "application/problem+json"
        return [one.status_code for one in answers]

    assert await statuses("192.0.2.1", 5) == [400, 400, 400, 400, 429]  # a quarter of 16
    assert await statuses("192.0.2.2", 3) == [400, 400, 429]  # a quarter of 24 for all together
    kept = await module_pools.owner.fetch("SELECT client FROM site_use WHERE site_id = $1", slow["id"])
    assert not any(b"192.0.2" in row["client"] for row in kept)


async def test_what_is_longer_than_any_vacancy_is_not_read(visitor: httpx.AsyncClient, site: asyncpg.Record) -> None:
    async def endless() -> AsyncIterator[bytes]:
        raise AssertionError("it was read")
        yield b""

    headers = {"Content-Type": "application/json"}
    for much in (b"x" * 200_000, endless()):
        answer = await visitor.post("/v1/widget/estimates", params={"siteKey": site["key"]}, content=much, headers=headers)
        assert (answer.status_code, answer.json()["detail"]) == (400, "This is longer than any vacancy.")
        assert answer.headers["access-control-allow-origin"] == PAGE


async def test_processes_count_together(module_pools: Pools, app: FastAPI) -> None:
    slow = await add_site(module_pools.owner, number("w1"), "Samen", [PAGE], hourly_address=40)
    waits = await asyncio.gather(*[sites.admit(module_pools.app, slow["id"], "192.0.2.1") for _ in range(30)])
    assert sum(not wait for wait in waits) == 10


# What is left ----------------------------------------------------------------------------------------------------------------


def vacancy(**changes: Any) -> dict[str, Any]:
    contact = {"organisation": "Bakkerij Korst", "name": "Wil Bakker", "email": "wil@korst.example", "phone": "0314 123456"}
    return {"id": str(uuid.uuid4()), **CLEANING, "contact": contact, **changes}


async def test_a_vacancy_arrives_as_a_draft_at_the_account_manager_and_at_nobody_else(
    app: FastAPI, module_pools: Pools, visitor: httpx.AsyncClient, site: asyncpg.Record
) -> None:
    left = vacancy()
    for _ in range(2):  # sent again after a lost connection
        answer = await visitor.post("/v1/widget/vacancies", params={"siteKey": site["key"]}, json=left)
        assert (answer.status_code, answer.json()) == (201, {"title": "Schoonmaker", "leftOut": 0})
    for user, count in (("account_manager", 1), ("client_manager", None), ("employer", None), ("administrator", None)):
        async with await caller(app, module_pools.owner, user) as client:
            got = await client.get("/v1/received-vacancies")
            here = [one for one in got.json().get("items", []) if one["site"] == "Bakkerij Korst"]
            assert (len(here) if got.status_code == 200 else None) == count
            if count:
                (one,) = here
                people = await client.get(f"/v1/opportunities/{one['opportunity']}/candidates")
    assert (one["title"], one["place"], one["status"], one["site"]) == ("Schoonmaker", "Doetinchem", "draft", "Bakkerij Korst")
    assert (one["contactName"], one["contactEmail"], one["contactPhone"]) == ("Wil Bakker", "wil@korst.example", "0314 123456")
    assert people.status_code == 200
    kept = await module_pools.owner.fetchrow("SELECT * FROM opportunity WHERE id = $1", one["opportunity"])
    assert (kept["organisation_id"], kept["licences"], kept["hours_min"], kept["latitude"] is None) == (
        number("w1"),
        ["VOG"],
        16,
        False,
    )
    assert json.loads(json.dumps(kept["needs"])) == []


async def test_what_does_not_belong_in_a_vacancy_stays_out(
    app: FastAPI, module_pools: Pools, visitor: httpx.AsyncClient, site: asyncpg.Record
) -> None:
    text = CLEANING["text"] + "\nBel Piet op 06-12345678."
    answer = await visitor.post("/v1/widget/vacancies", params={"siteKey": site["key"]}, json=vacancy(text=text))
    assert (answer.status_code, answer.json()["leftOut"]) == (201, 1)
    contact = vacancy()["contact"] | {"organisation": "Korst, bel 06-12345678"}
    refused = await visitor.post("/v1/widget/vacancies", params={"siteKey": site["key"]}, json=vacancy(contact=contact))
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/contact/organisation")
    assert await module_pools.owner.fetchval("SELECT count(*) FROM opportunity WHERE summary LIKE '%06-%'") == 0


async def test_a_draft_of_the_widget_cannot_be_more_than_that(module_pools: Pools, app: FastAPI, site: asyncpg.Record) -> None:
    record = {"id": "w-x", "kind": "paid", "title": "x", "organisation": "", "place": "", "summary": "", "tasks": [], "needs": [],
              "offers": "", "hours_min": 1, "hours_max": 2, "licences": [], "support": [], "positions": 1, "status": "open",
              "organisation_id": str(number("e2"))}  # fmt: skip
    contact = {"name": "x", "email": "x@y", "phone": ""}
    await module_pools.app.execute("SELECT passend_receive_vacancy($1, 77, $2, $3, '{}', '')", site["id"], record, contact)
    kept = await module_pools.owner.fetchrow("DELETE FROM opportunity WHERE id = 'w-x' RETURNING status, organisation_id")
    assert tuple(kept) == ("draft", number("w1"))
    with pytest.raises(asyncpg.NotNullViolationError):  # no site
        await module_pools.app.execute(
            "SELECT passend_receive_vacancy($1, 78, $2, $3, '{}', '')", number("w1"), record | {"id": "w-y"}, contact
        )


# Its files -------------------------------------------------------------------------------------------------------------------


async def test_the_script_is_small_and_kept_by_browsers(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/widget/v1.js")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert int(answer.headers["content-length"]) == len(gzip.compress(WIDGET.read_bytes(), 9)) < 25_000
    again = await visitor.get("/widget/v1.js", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = await visitor.get("/widget/v1.js", headers={"Accept-Encoding": "identity"})
    assert plain.content == WIDGET.read_bytes()


def test_the_script_does_nothing_that_a_strict_policy_forbids_and_keeps_nothing() -> None:
    written = WIDGET.read_text(encoding="utf-8")
    for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "new Function", ".style.", "localStorage",
                      "sessionStorage", "document.cookie", "indexedDB", "import("):  # fmt: skip
        assert forbidden not in written


def messages() -> Iterator[set[str]]:
    table = WIDGET.read_text(encoding="utf-8").split("const MESSAGES = {")[1].split("\n};")[0]
    for language in table.split("\n  nl: {")[1].split("\n  en: {"):
        yield set(re.findall(r"^    (\w+): ", language, re.MULTILINE))


def test_every_message_is_there_in_dutch_and_english_and_used() -> None:
    dutch, english = messages()
    assert dutch == english
    body = WIDGET.read_text(encoding="utf-8").split("const STYLE")[1]
    shown = set(re.findall(r'"(\w+)"', body)) | {f"{name}Missing" for name in ("text", "organisation", "name", "email")}
    assert dutch <= shown, dutch - shown


@pytest.fixture
async def no_database(app: FastAPI) -> AsyncIterator[None]:
    opened = app.state.passend
    async with asyncpg.create_pool("postgresql://nobody@127.0.0.1:1/gone", min_size=0) as gone:
        app.state.passend = replace(opened, app=gone)
        yield
        app.state.passend = opened


@pytest.mark.usefixtures("no_database")
@pytest.mark.parametrize("path", ["/v1/widget/estimates", "/widget/frame", "/v1/me"])
async def test_where_the_database_is_gone_the_answer_says_to_try_again(visitor: httpx.AsyncClient, path: str) -> None:
    method, key = ("POST" if path.endswith("estimates") else "GET"), "pk_" + "x" * 32
    given = {"siteKey": key, "site-key": key}
    answer = await visitor.request(method, path, params=given, json=CLEANING, headers={"Authorization": "Bearer something"})
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "1"), answer.text
    assert answer.json()["detail"].endswith("Try again in a moment.")


async def test_the_frame_can_be_framed_by_pages_of_the_site_alone(visitor: httpx.AsyncClient, site: asyncpg.Record) -> None:
    answer = await visitor.get("/widget/frame", params={"site-key": site["key"], "lang": "en"})
    assert answer.headers["content-security-policy"].endswith(f"frame-ancestors {PAGE} http://localhost:8080")
    assert "x-frame-options" not in answer.headers
    assert f'<passend-match site-key="{site["key"]}" lang="en">' in answer.text
    assert (await visitor.get("/widget/frame", params={"site-key": '"><script>'})).status_code == 400
    assert (await visitor.get("/widget/frame", params={"site-key": "pk_" + "x" * 32})).status_code == 404
