"""Several organisations on one installation, and the accounts of the demo."""

from pathlib import Path

import asyncpg
import pytest

from service.db.connect import Pools
from service.db.identity import Identity, Role, acting
from service.errors import BadInput, Conflict
from service.opening import Passend
from service.use_cases import administering, signing_in
from service.use_cases.demo_accounts import ACCOUNTS, PASSWORD, make_demo_accounts
from service.use_cases.importing import import_files
from tests.service.world import PLACE, SEEKER

PERSON = '{"id": "a", "abilities": ["Ik kook."]}\n'
DAY = signing_in.LINK_LIFETIME


@pytest.fixture
def person(tmp_path: Path) -> Path:
    path = tmp_path / "people.jsonl"
    path.write_text(PERSON, encoding="utf-8")
    return path


async def test_a_person_of_one_municipality_is_not_taken_over_by_an_import_of_another(passend: Passend, person: Path) -> None:
    asked = (passend.pool, passend.encoder, passend.gazetteer, [person])
    added = await administering.add_organisation(passend.pool, "municipality", "Gemeente Verderop", "verderop", None)
    await import_files(*asked, organisation="Gemeente Verderop")
    person.write_text(PERSON.replace("kook", "bak"), encoding="utf-8")
    refused = await import_files(*asked)
    assert [(error.field, "andere organisatie" in error.message) for error in refused.errors] == [("id", True)]
    with pytest.raises(BadInput, match="No organisation is called 'Nergens'"):
        await import_files(*asked, organisation="Nergens")
    row = await passend.pool.fetchrow("SELECT organisation_id, text FROM seeker JOIN statement ON seeker_id = id")
    assert tuple(row) == (added["id"], "Ik kook.")
    await import_files(*asked, organisation=str(added["id"]))
    assert await passend.pool.fetchval("SELECT version FROM seeker") == 2


async def test_an_organisation_has_one_name_in_its_region(pools_of_roles: Pools) -> None:
    for region in ("achterhoek", "twente"):
        await administering.add_organisation(pools_of_roles.owner, "employer", "Bakker Bart", region, None)
    with pytest.raises(Conflict, match="Bakker Bart"):
        await administering.add_organisation(pools_of_roles.owner, "employer", "Bakker Bart", "twente", None)
    with pytest.raises(BadInput, match="Several"):
        await administering.organisation_named(pools_of_roles.owner, "Bakker Bart")


@pytest.fixture
async def demo(pools_of_roles: Pools) -> Pools:
    own = await pools_of_roles.owner.fetchval("SELECT organisation_id FROM installation")
    await pools_of_roles.owner.execute(SEEKER, own, "s01")
    await pools_of_roles.owner.execute(PLACE, own, "o002", None, "open")
    await pools_of_roles.owner.execute("UPDATE opportunity SET organisation = 'Rijwielhuis De Gouden Ketting'")
    return pools_of_roles


async def seen(demo: Pools, email: str, table: str) -> int:
    token = await signing_in.sign_in_with_password(demo.app, email, PASSWORD, None, "", DAY)
    who = await signing_in.caller_of_session(demo.app, token, DAY)
    async with acting(demo.app, who.identity) as connection:
        return await connection.fetchval(f"SELECT count(*) FROM {table}")


async def test_every_demo_account_signs_in_with_its_role_and_making_them_again_changes_nothing(demo: Pools) -> None:
    assert await make_demo_accounts(demo.owner) == ACCOUNTS
    people = {account.role: await seen(demo, account.email, "seeker") for account in ACCOUNTS}
    assert people == dict.fromkeys(Role, 1) | {Role.EMPLOYER: 0}
    assert await seen(demo, "werkgever@demo.example", "opportunity") == 1
    assert await make_demo_accounts(demo.owner) == ACCOUNTS
    assert await demo.owner.fetchval("SELECT count(*) FROM app_user") == len(ACCOUNTS)


async def test_there_are_no_demo_accounts_where_somebody_real_has_one(demo: Pools) -> None:
    async with demo.owner.acquire() as connection:
        home = await connection.fetchval("SELECT organisation_id FROM installation")
        added = await administering.add_user(connection, home, "Bo", "bo@gemeente.example", PASSWORD, [Role.ADMINISTRATOR])
    assert await make_demo_accounts(demo.owner) == ()
    assert await demo.owner.fetchval("SELECT count(*) FROM app_user") == 1
    who = Identity(added["id"], Role.ADMINISTRATOR, home, "Bo")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with acting(demo.app, who) as connection:
            await connection.fetchval("SELECT password_hash FROM app_user")
