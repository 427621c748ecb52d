"""Who sees and changes what, in raw SQL on the connection of the web application: role × resource × action × own and other."""

import contextlib
import itertools
from dataclasses import dataclass

import asyncpg
import pytest

from service.db import organisations
from service.db.connect import Pools
from service.db.identity import Identity, Role, acting
from tests.service.world import (
    JOBS,
    LEFT_AT,
    NAMES,
    ORGANISATIONS,
    PEOPLE,
    PLACE,
    PLACES,
    RECEIPT,
    SEEKER,
    SITES,
    USERS,
    identity,
    number,
    populate,
)

ACTORS = ("client_manager", "account_manager", "employer", "resident", "administrator", "auditor", "employers_administrator")
STAFF = set(USERS) - {"resident", "left"}
IN_REGION = STAFF - {"client_manager_3"}
OWN_USERS = {"client_manager", "administrator", "auditor", "left"}


@dataclass(frozen=True)
class Resource:
    """How one table is read and changed, row by row: `$1` is the row, or where a new one is put."""

    read: str
    insert: str = ""
    update: str = ""
    delete: str = ""
    rows: tuple[str, ...] = ()
    into: tuple[str, ...] = ()


RESOURCES = {
    "seeker": Resource(
        "SELECT id FROM seeker",
        SEEKER.replace("$2", "'new'"),
        "UPDATE seeker SET place = 'elders' WHERE id = $1",
        "DELETE FROM seeker WHERE id = $1",
        tuple(PEOPLE),
        tuple(ORGANISATIONS),
    ),
    "statement": Resource(
        "SELECT seeker_id FROM statement",
        "INSERT INTO statement VALUES ($1, 7, 'ability', 'Ik bak.')",
        "UPDATE statement SET text = 'Ik lees.' WHERE seeker_id = $1",
        "DELETE FROM statement WHERE seeker_id = $1",
        tuple(PEOPLE),
        tuple(PEOPLE),
    ),
    "seeker_identity": Resource(
        "SELECT seeker_id FROM seeker_identity",
        "INSERT INTO seeker_identity VALUES ($1, 'Iemand') ON CONFLICT DO NOTHING",
        "UPDATE seeker_identity SET name = 'Iemand' WHERE seeker_id = $1",
        "DELETE FROM seeker_identity WHERE seeker_id = $1",
        tuple(PEOPLE),
        tuple(PEOPLE),
    ),
    "opportunity": Resource(
        "SELECT id FROM opportunity",
        PLACE.replace("$2", "'new'").replace("$3", "NULL").replace("$4", "'draft'"),
        "UPDATE opportunity SET title = 'Anders' WHERE id = $1",
        "DELETE FROM opportunity WHERE id = $1",
        tuple(PLACES),
        tuple(ORGANISATIONS),
    ),
    "organisation": Resource(
        "SELECT id FROM organisation",
        "INSERT INTO organisation (kind, name, region_id) VALUES ('employer', 'new', $1)",
        "UPDATE organisation SET name = 'Anders' WHERE id = $1",
        "DELETE FROM organisation WHERE id = $1",
        tuple(ORGANISATIONS),
        ("achterhoek", "twente"),
    ),
    "app_user": Resource(
        "SELECT id FROM app_user",
        "INSERT INTO app_user (organisation_id, name) VALUES ($1, 'new')",
        "UPDATE app_user SET active = false, password_hash = '' WHERE id = $1",
        "DELETE FROM app_user WHERE id = $1",
        tuple(USERS),
        tuple(ORGANISATIONS),
    ),
    "user_role": Resource(
        "SELECT user_id FROM user_role",
        "INSERT INTO user_role VALUES ($1, 'account_manager')",
        "UPDATE user_role SET role = 'auditor' WHERE user_id = $1",
        "DELETE FROM user_role WHERE user_id = $1",
        tuple(USERS),
        ("client_manager", "auditor", "client_manager_2", "client_manager_3"),
    ),
    "colleague": Resource("SELECT id FROM colleague"),
    "receipt": Resource(
        "SELECT user_id FROM receipt",
        RECEIPT.replace("$3", "gen_random_uuid()").replace("$2", "(SELECT passend_user_organisation())"),
        "UPDATE receipt SET result = '{}' WHERE user_id = $1",
        "DELETE FROM receipt WHERE user_id = $1",
        tuple(USERS),
        tuple(USERS),
    ),
    "session": Resource(
        "SELECT user_id FROM session",
        "INSERT INTO session (token_hash, user_id, role, csrf, expires_at) VALUES ('x', $1, 'auditor', '', now())",
        "UPDATE session SET expires_at = now() WHERE user_id = $1",
        "DELETE FROM session WHERE user_id = $1",
        tuple(USERS),
        tuple(USERS),
    ),
    "api_token": Resource(
        "SELECT user_id FROM api_token",
        "INSERT INTO api_token (name, token_hash, scopes, expires_at) VALUES ($1, 'x', '{}', now())",
        "UPDATE api_token SET revoked_at = now() WHERE user_id = $1",
        "DELETE FROM api_token WHERE user_id = $1",
        tuple(USERS),
        ("oneself",),
    ),
    "site": Resource(
        "SELECT id FROM site",
        "INSERT INTO site (organisation_id, name, key, origins) VALUES ($1, 'new', 'pk_' || repeat('n', 32), '{https://a.example}')",
        "UPDATE site SET revoked_at = now() WHERE id = $1",
        "DELETE FROM site WHERE id = $1",
        tuple(SITES),
        tuple(ORGANISATIONS),
    ),
    "received_vacancy": Resource(
        "SELECT opportunity_id FROM received_vacancy",
        """INSERT INTO received_vacancy (opportunity_id, site_id, contact_name, contact_email)
           SELECT $1, id, 'Wil', 'wil@test.example' FROM site LIMIT 1""",
        "UPDATE received_vacancy SET contact_name = 'Anders' WHERE opportunity_id = $1",
        "DELETE FROM received_vacancy WHERE opportunity_id = $1",
        tuple(LEFT_AT),
        tuple(PLACES),
    ),
    "resident_link": Resource(
        "SELECT seeker_id FROM resident_link",
        "INSERT INTO resident_link (seeker_id, token_hash, code_hash, expires_at) VALUES ($1, 'x', 'x', now())",
        "UPDATE resident_link SET used_at = NULL WHERE seeker_id = $1",
        "DELETE FROM resident_link WHERE seeker_id = $1",
        tuple(PEOPLE),
        tuple(PEOPLE),
    ),
    "import_job": Resource(
        "SELECT id FROM import_job",
        "INSERT INTO import_job (organisation_id, file_name, source, request, rows_total) VALUES ($1, 'new', 'x', 'x', 1)",
        "UPDATE import_job SET updated_at = now() WHERE id = $1",
        "DELETE FROM import_job WHERE id = $1",
        tuple(JOBS),
        tuple(ORGANISATIONS),
    ),
    "import_row": Resource(
        "SELECT job_id FROM import_row",
        "INSERT INTO import_row (job_id, number, line, outcome) VALUES ($1, 9, 9, 'added')",
        "UPDATE import_row SET outcome = 'updated' WHERE job_id = $1",
        "DELETE FROM import_row WHERE job_id = $1",
        tuple(JOBS),
        tuple(JOBS),
    ),
    "import_mapping": Resource(
        "SELECT organisation_id FROM import_mapping",
        "INSERT INTO import_mapping (organisation_id, columns, mapping) VALUES ($1, 'new', '{}')",
        "UPDATE import_mapping SET mapping = '[]' WHERE organisation_id = $1",
        "DELETE FROM import_mapping WHERE organisation_id = $1",
        ("m1", "m2", "w1"),
        tuple(ORGANISATIONS),
    ),
    "import_upload": Resource(
        "SELECT user_id FROM import_upload",
        "INSERT INTO import_upload (file_name, content) VALUES ($1, 'x')",
        "UPDATE import_upload SET file_name = 'anders' WHERE user_id = $1",
        "DELETE FROM import_upload WHERE user_id = $1",
        tuple(USERS),
        ("oneself",),
    ),
    "employer_relation": Resource(
        "SELECT employer_id FROM employer_relation",
        "INSERT INTO employer_relation (employer_id) VALUES ($1) ON CONFLICT DO NOTHING",
        "UPDATE employer_relation SET agreements = 'Anders' WHERE employer_id = $1",
        "DELETE FROM employer_relation WHERE employer_id = $1",
        ("e1", "e2"),
        ("e1", "e2"),
    ),
}


@dataclass(frozen=True)
class May:
    """Names of the rows that may be read, changed and removed, and of where new ones may go."""

    read: frozenset[str] = frozenset()
    insert: frozenset[str] = frozenset()
    update: frozenset[str] = frozenset()
    delete: frozenset[str] = frozenset()


def may(read="", insert="", update="", delete="") -> May:
    return May(*(frozenset(names.split() if isinstance(names, str) else names) for names in (read, insert, update, delete)))


OPEN = "w1-open e1-open e2-open"
OF_REGION = "w1-open w1-draft w1-closed w1-for-e1 m1-draft m2-draft e1-open e1-draft e2-open e2-draft"
REGION = "m1 m2 w1 e1 e2"
READS_PEOPLE = {"seeker": may("p1 p1b"), "statement": may("p1 p1b")}
WRITES_PEOPLE = {
    "seeker": may("p1 p1b", "m1", "p1 p1b", "p1 p1b"),
    "statement": may("p1 p1b", "p1 p1b", "p1 p1b", "p1 p1b"),
}


def imports(organisation: str, jobs: str) -> dict[str, May]:
    """What goes with handing in files for this organisation and seeing these jobs."""
    return {
        "import_job": may(jobs, organisation, jobs, jobs),
        "import_row": may(jobs),
        "import_mapping": may(organisation, organisation, organisation),
    }


EXPECTED = {
    "client_manager": WRITES_PEOPLE
    | imports("m1", "m1-people")
    | {
        "seeker_identity": may("p1 p1b", "p1 p1b", "p1 p1b", "p1 p1b"),
        "opportunity": may(f"{OPEN} w1-closed m1-draft"),
        "organisation": may(REGION),
        "colleague": may(IN_REGION),
        "resident_link": may("p1 p1b", "p1 p1b"),
    },
    "account_manager": imports("w1", "w1-places")
    | {
        "employer_relation": may("e1 e2", "", "e1 e2"),
        "seeker": may("p1 p1b p2"),
        "statement": may("p1 p1b p2"),
        "opportunity": may(OF_REGION, REGION, OF_REGION, OF_REGION),
        "site": may("site-m1 site-w1"),
        "received_vacancy": may("w1-draft", "", "", "w1-draft"),
        "organisation": may(REGION, "achterhoek", "e1 e2"),
        "colleague": may(IN_REGION),
    },
    "employer": {
        "opportunity": may("e1-open e1-draft w1-for-e1", "e1", "e1-draft", "e1-open e1-draft"),
        "organisation": may(REGION),
        "colleague": may("employer employers_administrator account_manager"),
    },
    "resident": {
        "seeker": may("p1"),
        "statement": may("p1", "p1", "p1", "p1"),
        "seeker_identity": may("p1"),
        "opportunity": may(OPEN),
        "organisation": may(REGION),
        "colleague": may("client_manager"),
        "receipt": may(set(USERS), "resident"),
    },
    "administrator": WRITES_PEOPLE
    | imports("m1", "m1-people m1-all")
    | {
        "opportunity": may(f"{OPEN} w1-closed m1-draft"),
        "organisation": may(REGION, "achterhoek", "m1"),
        "site": may("site-m1", "m1", "site-m1"),
        "app_user": may(OWN_USERS, "m1", OWN_USERS),
        "user_role": may(OWN_USERS, "client_manager auditor", "", OWN_USERS),
        "colleague": may(IN_REGION),
        "receipt": may(OWN_USERS | {"resident"}, "administrator"),
    },
    "auditor": READS_PEOPLE
    | {
        "opportunity": may(f"{OPEN} w1-closed m1-draft"),
        "organisation": may(REGION),
        "site": may("site-m1"),
        "colleague": may(IN_REGION),
        "receipt": may(OWN_USERS | {"resident"}, "auditor"),
    },
    "employers_administrator": {
        "opportunity": may("e1-open e1-draft w1-for-e1"),
        "organisation": may(REGION, "", "e1"),
        "app_user": may("employer employers_administrator", "e1", "employer employers_administrator"),
        "user_role": may("employer employers_administrator", "", "", "employer employers_administrator"),
        "colleague": may("employer employers_administrator account_manager"),
        "receipt": may("employer employers_administrator", "employers_administrator"),
    },
}


def expected(actor: str, resource: str) -> May:
    """What the table above says; where it says nothing, one's own account and receipts, and else nothing at all."""
    own = {
        "app_user": may(actor),
        "user_role": may(actor),
        "receipt": may(actor, actor),
        "session": may(actor, "", "", actor),
        "api_token": may(actor, "oneself", actor),
    }
    if "import_job" in EXPECTED[actor]:
        own["import_upload"] = may(actor, "oneself", "", actor)
    return EXPECTED[actor].get(resource, own.get(resource, may()))


class Undo(Exception):
    pass


@pytest.fixture(scope="module")
async def app(module_pools: Pools) -> asyncpg.Pool:
    await populate(module_pools.owner)
    return module_pools.app


async def rows_seen(app: asyncpg.Pool, who: Identity, resource: Resource) -> frozenset[str]:
    async with acting(app, who) as connection:
        rows = await connection.fetch(resource.read)
    return frozenset(NAMES.get(row[0], row[0]) for row in rows)


async def allowed(app: asyncpg.Pool, who: Identity, statement: str, target: str, numbered: bool) -> bool:
    """Whether a statement would change something; it is undone."""
    done = ""
    with contextlib.suppress(Undo, asyncpg.InsufficientPrivilegeError):
        async with acting(app, who) as connection:
            done = await connection.execute(statement, number(target) if numbered else target)
            raise Undo
    return done not in {"", "UPDATE 0", "DELETE 0"}


def takes_numbers(names: tuple[str, ...]) -> bool:
    return set(names) <= set(NAMES.values())


@pytest.mark.parametrize(("actor", "name"), list(itertools.product(ACTORS, RESOURCES)))
async def test_what_a_role_may_do_with_a_resource_is_this_and_no_more(app: asyncpg.Pool, actor: str, name: str) -> None:
    resource, who, says = RESOURCES[name], identity(actor), expected(actor, name)
    found = {"read": await rows_seen(app, who, resource)}
    for action, targets in (("insert", resource.into), ("update", resource.rows), ("delete", resource.rows)):
        found[action] = frozenset(
            [one for one in targets if await allowed(app, who, getattr(resource, action), one, takes_numbers(targets))]
        )
    assert May(**found) == says


@pytest.mark.parametrize("actor", ACTORS)
async def test_a_search_looks_at_everything_that_the_policies_show(app: asyncpg.Pool, module_pools: Pools, actor: str) -> None:
    for table, whose in (("seeker", organisations.of_people), ("opportunity", organisations.of_places)):
        async with acting(app, identity(actor)) as connection:
            shown = {row["organisation_id"] for row in await connection.fetch(f"SELECT organisation_id FROM {table}")}
            looked_at = await whose(connection)
        assert shown <= looked_at
        assert await whose(module_pools.owner) is None


@pytest.mark.parametrize("name", RESOURCES)
async def test_without_a_user_or_with_a_role_that_one_does_not_have_there_is_nothing(app: asyncpg.Pool, name: str) -> None:
    resource = RESOURCES[name]
    assert await app.fetch(resource.read) == []
    for liar in (identity("client_manager", Role.ADMINISTRATOR), identity("employer", Role.ACCOUNT_MANAGER), identity("left")):
        assert await rows_seen(app, liar, resource) == frozenset()
        for action, targets in (("insert", resource.into), ("update", resource.rows), ("delete", resource.rows)):
            for one in targets:
                assert not await allowed(app, liar, getattr(resource, action), one, takes_numbers(targets)), (action, one)


async def test_a_user_is_forgotten_when_the_transaction_ends(app: asyncpg.Pool) -> None:
    async with app.acquire() as connection:
        async with connection.transaction():
            await connection.execute(
                "SELECT set_config('passend.user_id', $1, true), set_config('passend.role', 'auditor', true)",
                str(number("auditor")),
            )
            assert await connection.fetchval("SELECT count(*) FROM seeker") == 2
        assert await connection.fetchval("SELECT count(*) FROM seeker") == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE seeker SET organisation_id = $1 WHERE id = 'p1'",
        "INSERT INTO statement VALUES ('p2', 9, 'ability', 'x')",
    ],
)
async def test_nobody_moves_a_person_to_another_municipality(app: asyncpg.Pool, statement: str) -> None:
    arguments = [number("m2")] if "$1" in statement else []
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with acting(app, identity("client_manager")) as connection:
            await connection.execute(statement, *arguments)


async def test_an_employer_hands_in_drafts_and_an_open_place_that_they_change_is_a_draft_again(app: asyncpg.Pool) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with acting(app, identity("employer")) as connection:
            await connection.execute(PLACE, number("e1"), "new", None, "open")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with acting(app, identity("employer")) as connection:
            await connection.execute(PLACE, number("e1"), "new", number("e2"), "draft")
    with contextlib.suppress(Undo):
        async with acting(app, identity("employer")) as connection:
            status = await connection.execute("UPDATE opportunity SET title = 'Anders', status = 'draft' WHERE id = 'e1-open'")
            raise Undo
    assert status == "UPDATE 1"


@pytest.mark.parametrize(
    ("user", "role"),
    [("employer", "account_manager"), ("employer", "client_manager"), ("account_manager", "client_manager"),
     ("client_manager", "resident"), ("client_manager", "employer"), ("resident", "auditor")],
)  # fmt: skip
async def test_a_role_has_to_go_with_the_organisation_also_for_the_operator(
    app: asyncpg.Pool, module_pools: Pools, user: str, role: str
) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="does not go with"):
        await module_pools.owner.execute("INSERT INTO user_role VALUES ($1, $2)", number(user), role)


@pytest.mark.parametrize("column", ["password_hash", "oidc_subject"])
async def test_nobody_reads_hashes(app: asyncpg.Pool, column: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with acting(app, identity("administrator")) as connection:
            await connection.fetch(f"SELECT {column} FROM app_user")


async def test_a_resident_retells_themselves_and_nobody_else_does(app: asyncpg.Pool, module_pools: Pools) -> None:
    for actor, version in (("resident", 2), ("client_manager", None), ("employer", None)):
        async with acting(app, identity(actor)) as connection:
            assert await connection.fetchval("SELECT passend_retell('p1', '{}')") == version
    assert await module_pools.owner.fetchval("SELECT version FROM seeker WHERE id = 'p1'") == 2


@pytest.mark.parametrize("actor", ACTORS)
async def test_what_was_removed_is_for_the_indexes_alone(app: asyncpg.Pool, module_pools: Pools, actor: str) -> None:
    change = "INSERT INTO removal (from_table, key) VALUES ('seeker', 1)"
    for statement in ("SELECT * FROM removal", change, "UPDATE removal SET key = 2", "DELETE FROM removal"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with acting(app, identity(actor)) as connection:
                await connection.execute(statement)
    assert await module_pools.engine.fetch("SELECT key FROM removal") == []
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await module_pools.engine.execute(change)


async def test_the_role_of_the_indexes_reads_no_name_and_changes_no_person(app: asyncpg.Pool, module_pools: Pools) -> None:
    engine = module_pools.engine
    assert await engine.fetchval("SELECT count(*) FROM seeker") == len(PEOPLE)
    for table in ("seeker_identity", "app_user", "user_role", "session", "receipt", "resident_link", "organisation", "colleague"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await engine.fetch(f"SELECT * FROM {table}")
    for statement in ("UPDATE seeker SET place = ''", "DELETE FROM statement", "UPDATE embedding SET digest = ''"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await engine.execute(statement)


async def test_every_table_that_a_role_can_touch_has_policies_and_the_roles_are_bound_by_them(
    app: asyncpg.Pool, module_pools: Pools
) -> None:
    unguarded = await module_pools.owner.fetch(
        """SELECT DISTINCT relname FROM pg_class JOIN information_schema.column_privileges ON table_name = relname
           WHERE grantee IN ('passend_app', 'passend_engine', 'PUBLIC') AND table_schema = 'public'
           AND relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT relrowsecurity"""
    )
    assert unguarded == []
    roles = await module_pools.owner.fetch(
        """SELECT rolname FROM pg_roles WHERE rolname IN ('passend_app', 'passend_engine') AND NOT rolsuper AND NOT rolbypassrls
           AND NOT EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid)"""
    )
    assert len(roles) == 2


async def test_periods_are_set_by_an_administrator_of_the_own_municipality_alone(app: asyncpg.Pool, module_pools: Pools) -> None:
    longer = "UPDATE retention SET keep = '3 months' WHERE category = $1"
    assert not await allowed(app, identity("administrator"), longer, "receipt", numbered=False)
    await module_pools.owner.execute("UPDATE installation SET organisation_id = $1", number("m1"))
    setters = [actor for actor in ACTORS if await allowed(app, identity(actor), longer, "receipt", numbered=False)]
    assert setters == ["administrator"]


async def test_no_function_that_works_as_the_owner_is_open_to_everyone(app: asyncpg.Pool, module_pools: Pools) -> None:
    open_to_all = await module_pools.owner.fetch(
        """SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace
           AND (has_function_privilege('passend_engine', oid, 'EXECUTE') OR proconfig IS NULL)"""
    )
    assert open_to_all == []
