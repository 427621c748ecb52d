"""Who needs attention first, and handing people over."""

from datetime import date

import asyncpg
import pytest

from service.db.connect import Pools
from service.db.identity import Identity
from service.errors import BadInput
from service.geography import Gazetteer
from service.use_cases import attention, keeping_contact, planning, suggesting
from service.use_cases.attention import Attention, Wanted, in_sight
from service.use_cases.planning import Plan
from service.use_cases.proposing import Suggestion
from tests.service.people_of_a_region import Region, by, settle


@pytest.fixture
async def app(pools_of_roles: Pools) -> asyncpg.Pool:
    return pools_of_roles.app


@pytest.fixture
async def region(pools_of_roles: Pools, gazetteer: Gazetteer) -> Region:
    return await settle(pools_of_roles.owner, gazetteer)


async def seen(app: asyncpg.Pool, who: Identity, **wanted: object) -> dict[str, list[Attention]]:
    found = await by(app, who, in_sight, who.organisation_id, Wanted(**wanted))
    return {row.id: list(whys) for row, whys in found.people}


async def test_who_waits_comes_first_and_what_is_done_is_asked_no_more(app: asyncpg.Pool, region: Region) -> None:
    kim = region.client_manager
    assert await seen(app, kim) == {one: [Attention.NO_PLAN, Attention.NEVER_SURFACED] for one in ("s01", "s02")}
    await by(app, kim, suggesting.propose, kim.role, Suggestion("s02", "o001"), "Dit past bij je.")
    await by(app, kim, planning.add_plan, "s02", Plan(date.today(), None, []), None)
    await by(app, kim, keeping_contact.set_school_leaving, "s01", date.today())
    found = await seen(app, kim)
    assert list(found) == ["s02", "s01"]
    assert found["s02"] == [Attention.WAITING, Attention.NEVER_SURFACED]
    assert found["s01"][0] is Attention.LEAVING_SCHOOL
    assert list(await seen(app, kim, attention=Attention.NO_PLAN)) == ["s01"]


async def test_search_in_names_and_sentences_takes_signs_as_they_are(app: asyncpg.Pool, region: Region) -> None:
    kim = region.client_manager
    assert list(await seen(app, kim, words="noor voor")) == ["s01"]
    assert list(await seen(app, kim, words="SCHOONMOEDER")) == ["s02"]
    assert await seen(app, kim, words="%") == {}
    assert await seen(app, region.stranger) == {}


async def test_people_are_handed_over_and_taken_back(app: asyncpg.Pool, region: Region) -> None:
    kim, lou = region.client_manager, region.colleague
    before = await by(app, kim, attention.hand_over, ["s01", "s02"], lou.user_id)
    assert before == {"s01": None, "s02": None}
    assert set(await seen(app, lou, only_mine=True)) == {"s01", "s02"}
    await by(app, lou, attention.hand_over, ["s02"], kim.user_id)
    assert await by(app, kim, attention.take_back, lou.user_id, before) == 1
    assert await seen(app, lou, only_mine=True) == {}
    assert set(await seen(app, kim, only_mine=True)) == {"s02"}


async def test_nobody_is_handed_to_outsiders(app: asyncpg.Pool, region: Region) -> None:
    kim = region.client_manager
    for outsider in (region.stranger, region.account_manager):
        with pytest.raises(BadInput):
            await by(app, kim, attention.hand_over, ["s01"], outsider.user_id)
    with pytest.raises(BadInput):
        await by(app, kim, attention.hand_over, [], kim.user_id)
    await by(app, kim, attention.hand_over, ["s01"], kim.user_id)
    assert await by(app, kim, attention.take_back, kim.user_id, {"s01": region.stranger.user_id}) == 0
