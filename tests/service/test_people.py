"""People and places, shown, added and changed by those who may."""

import asyncio

import pytest

from service.db.identity import Identity, acting
from service.errors import ChangedMeanwhile, NotFound
from service.geography import Gazetteer
from service.opening import Passend
from service.use_cases import people, places
from service.use_cases.matching import match_person
from service.use_cases.people import NotFine, Person, person_from
from tests.service.people_of_a_region import Region, settle

ROW = {"id": "p-nieuw", "abilities": ["Ik repareer al jaren fietsen"], "place": "Doetinchem", "hours_max": 24}


@pytest.fixture
def passend(few: Passend) -> Passend:
    return few


@pytest.fixture
async def region(passend: Passend, gazetteer: Gazetteer) -> Region:
    return await settle(passend.pool, gazetteer)


async def add(passend: Passend, who: Identity, new: Person) -> None:
    async with acting(passend.app, who) as connection:
        await people.add_person(connection, passend, who, new)


async def change(passend: Passend, who: Identity, changed: Person) -> None:
    async with acting(passend.app, who) as connection:
        await people.change_person(connection, passend, who, changed)


async def shown(passend: Passend, who: Identity, seeker_id: str) -> dict:
    async with acting(passend.app, who) as connection:
        return dict(await people.person(connection, seeker_id))


async def test_who_is_added_is_matched_at_once_and_has_a_client_manager(passend: Passend, region: Region) -> None:
    await add(passend, region.client_manager, person_from(ROW, name="Anna de Vries", contact="via de receptie"))
    found = await shown(passend, region.client_manager, "p-nieuw")
    assert (found["name"], found["client_manager_id"]) == ("Anna de Vries", region.client_manager.user_id)
    assert (await match_person(passend.pool, passend.search, passend.weights, "p-nieuw"))["considered"] > 0


async def test_no_profile_is_read_or_written_without_a_record_of_it(passend: Passend, region: Region) -> None:
    await add(passend, region.client_manager, person_from(ROW))
    await change(passend, region.client_manager, person_from({**ROW, "hours_max": 20}, version=1))
    await shown(passend, region.client_manager, "p-nieuw")
    rows = await passend.pool.fetch("SELECT name, user_id, attributes FROM processing_log ORDER BY number")
    assert [row["name"] for row in rows] == ["add profile", "change profile", "read profile"]
    assert {row["user_id"] for row in rows} == {region.client_manager.user_id}
    assert all(row["attributes"]["dpl.core.processing_activity_id"].endswith("profiles") for row in rows)


async def test_of_two_who_change_a_person_the_second_is_told(passend: Passend, region: Region) -> None:
    await add(passend, region.client_manager, person_from(ROW))
    version = (await shown(passend, region.client_manager, "p-nieuw"))["version"]
    both = [person_from({**ROW, "hours_max": hours}, version=version) for hours in (28, 32)]
    outcomes = await asyncio.gather(*(change(passend, region.client_manager, one) for one in both), return_exceptions=True)
    assert sorted(type(outcome) for outcome in outcomes if outcome) == [ChangedMeanwhile]
    assert (await shown(passend, region.client_manager, "p-nieuw"))["hours_max"] in (28, 32)


async def test_another_municipality_finds_nobody_to_show_or_change(passend: Passend, region: Region) -> None:
    await add(passend, region.client_manager, person_from(ROW))
    with pytest.raises(NotFound):
        await shown(passend, region.stranger, "p-nieuw")
    with pytest.raises(NotFound):
        await change(passend, region.stranger, person_from(ROW, version=1))


def test_what_does_not_belong_in_a_person_is_said_by_field() -> None:
    with pytest.raises(NotFine) as refused:
        person_from({**ROW, "abilities": ["Ik ben depressief geweest", "Ik kan koken"], "hours_max": 24})
    assert "gezondheid" in refused.value.problems["abilities"]
    with pytest.raises(NotFine) as refused:
        person_from({**ROW, "hours_max": 99})
    assert set(refused.value.problems) == {"hours_max"}


async def test_places_are_found_by_their_words_and_shown(passend: Passend, region: Region) -> None:
    async with acting(passend.app, region.client_manager) as connection:
        everything = await places.find_places(connection, "", "", 50)
        wanted = everything[0]
        assert wanted in await places.find_places(connection, wanted.title.upper(), wanted.kind, 50)
        assert not await places.find_places(connection, "100%_", "", 50)
        assert (await places.show_place(connection, wanted.id))["title"] == wanted.title
        found, managers = await places.candidates_of(connection, passend, wanted.id, "nl")
    assert found["opportunity"] == wanted.id
    assert set(managers) <= {one["seeker"] for one in found["candidates"]}
