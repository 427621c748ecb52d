"""Two regions with organisations, users, people and places, to see who sees what."""

import uuid
from uuid import UUID

import asyncpg

from service.db.identity import Identity, Role

ORGANISATIONS = {  # name: kind, region
    "m1": ("municipality", "achterhoek"),
    "m2": ("municipality", "achterhoek"),
    "w1": ("wsp", "achterhoek"),
    "e1": ("employer", "achterhoek"),
    "e2": ("employer", "achterhoek"),
    "m3": ("municipality", "twente"),
    "w3": ("wsp", "twente"),
}
USERS = {  # name: organisation, role, the person they are
    "client_manager": ("m1", Role.CLIENT_MANAGER, None),
    "account_manager": ("w1", Role.ACCOUNT_MANAGER, None),
    "employer": ("e1", Role.EMPLOYER, None),
    "resident": ("m1", Role.RESIDENT, "p1"),
    "administrator": ("m1", Role.ADMINISTRATOR, None),
    "auditor": ("m1", Role.AUDITOR, None),
    "employers_administrator": ("e1", Role.ADMINISTRATOR, None),
    "client_manager_2": ("m2", Role.CLIENT_MANAGER, None),
    "employer_2": ("e2", Role.EMPLOYER, None),
    "client_manager_3": ("m3", Role.CLIENT_MANAGER, None),
    "left": ("m1", Role.CLIENT_MANAGER, None),
}
PEOPLE = {"p1": "m1", "p1b": "m1", "p2": "m2", "p3": "m3"}
PLACES = {  # name: organisation, employer, status
    "w1-open": ("w1", None, "open"),
    "w1-draft": ("w1", None, "draft"),
    "w1-closed": ("w1", None, "closed"),
    "w1-for-e1": ("w1", "e1", "draft"),
    "m1-draft": ("m1", None, "draft"),
    "m2-draft": ("m2", None, "draft"),
    "e1-open": ("e1", None, "open"),
    "e1-draft": ("e1", None, "draft"),
    "e2-open": ("e2", None, "open"),
    "e2-draft": ("e2", None, "draft"),
    "w3-open": ("w3", None, "open"),
    "w3-draft": ("w3", None, "draft"),
}
JOBS = {  # name: organisation, what rows may be
    "m1-people": ("m1", ["seekers"]),
    "m1-all": ("m1", ["seekers", "opportunities"]),
    "w1-places": ("w1", ["opportunities"]),
    "m2-people": ("m2", ["seekers"]),
}
JOB = """INSERT INTO import_job (id, organisation_id, file_name, request, rows_total, rows_done, status, finished_at, may_add)
    VALUES ($1, $2, $3, '', 1, 1, 'done', now(), $4)"""
SITES = {"site-m1": "m1", "site-w1": "w1", "site-w3": "w3"}
ORIGIN = "https://www.site.example"
LEFT_AT = {"w1-draft": "site-w1", "w3-draft": "site-w3"}  # what employers left in the widget, and where
SEEKER = """INSERT INTO seeker (id, key, place, max_travel_km, transport, hours_min, hours_max, licences, support_needs, open_to,
    texts, digest, revision, organisation_id)
    VALUES ($2, hashtext($2), '', 5, 'bike', 1, 9, '{}', '{}', '{}', '{}', '', nextval('revision'), $1)"""
PLACE = """INSERT INTO opportunity (id, key, kind, title, organisation, place, summary, tasks, needs, offers, hours_min,
    hours_max, licences, support, positions, texts, digest, revision, organisation_id, employer_id, status)
    VALUES ($2, hashtext($2), 'paid', '', '', '', '', '{}', '[]', '', 1, 9, '{}', '{}', 1, '{}', '', nextval('revision'), $1,
    $3, $4)"""
RECEIPT = """INSERT INTO receipt (id, about, subject_id, engine, model, weights, inputs, result, user_id, organisation_id,
    number, previous, hash, inputs_digest, result_digest)
    SELECT $3, 'matches', 'p1', '', '', '', '{}', '{}', $1, $2, head.number + 1, head.hash, '\\x01', '', ''
    FROM passend_receipt_head($2) AS head"""


def number(name: str) -> UUID:
    """The id of what goes by this name in the tests."""
    return uuid.uuid5(uuid.NAMESPACE_OID, name)


NAMES = {number(name): name for name in [*ORGANISATIONS, *USERS, *JOBS, *SITES]}


def site_key(name: str) -> str:
    return f"pk_{name:_<32}"


def identity(user: str, role: Role | None = None) -> Identity:
    organisation, own_role, _ = USERS[user]
    return Identity(number(user), role or own_role, number(organisation), user)


async def populate(owner: asyncpg.Pool) -> None:
    """Fills an empty, migrated database."""
    for region in ("achterhoek", "twente"):
        await owner.execute("INSERT INTO labour_market_region VALUES ($1, $1)", region)
    for name, (kind, region) in ORGANISATIONS.items():
        await owner.execute(
            "INSERT INTO organisation (id, kind, name, region_id) VALUES ($1, $2, $3, $4)", number(name), kind, name, region
        )
    for name, organisation in PEOPLE.items():
        await owner.execute(SEEKER, number(organisation), name)
        await owner.execute("INSERT INTO statement VALUES ($1, 0, 'ability', 'Ik kook.')", name)
        await owner.execute("INSERT INTO seeker_identity VALUES ($1, 'Naam')", name)
        await owner.execute(
            "INSERT INTO resident_link (seeker_id, token_hash, code_hash, expires_at) VALUES ($1, $2, '', now())",
            name,
            name.encode(),
        )
    for name, (organisation, employer, status) in PLACES.items():
        await owner.execute(PLACE, number(organisation), name, employer and number(employer), status)
    for name, (organisation, may_add) in JOBS.items():
        await owner.execute(JOB, number(name), number(organisation), name, may_add)
        await owner.execute("INSERT INTO import_row (job_id, number, line, outcome) VALUES ($1, 0, 1, 'added')", number(name))
        await owner.execute(
            "INSERT INTO import_mapping (organisation_id, columns, mapping) VALUES ($1, '', '{}') ON CONFLICT DO NOTHING",
            number(organisation),
        )
    for name, (organisation, role, person) in USERS.items():
        await _add_user(owner, name, organisation, role, person)
    await owner.execute("UPDATE app_user SET active = false WHERE name = 'left'")
    await _add_sites(owner)


async def _add_sites(owner: asyncpg.Pool) -> None:
    for name, organisation in SITES.items():
        await owner.execute(
            "INSERT INTO site (id, organisation_id, name, key, origins) VALUES ($1, $2, $3, $4, $5)",
            number(name), number(organisation), name, site_key(name), [ORIGIN],
        )  # fmt: skip
    for place, site in LEFT_AT.items():
        await owner.execute("INSERT INTO received_vacancy VALUES ($1, $2, 'Wil', 'wil@test.example')", place, number(site))


async def _add_user(owner: asyncpg.Pool, name: str, organisation: str, role: Role, person: str | None) -> None:
    await owner.execute(
        "INSERT INTO app_user (id, organisation_id, name, email, seeker_id) VALUES ($1, $2, $3, $3 || '@test.example', $4)",
        number(name), number(organisation), name, person,
    )  # fmt: skip
    await owner.execute("INSERT INTO user_role VALUES ($1, $2)", number(name), role)
    await owner.execute(
        "INSERT INTO session VALUES ($1, $2, $3, '', '', now(), now(), now() + interval '1 hour')",
        name.encode(),
        number(name),
        role,
    )
    await owner.execute(
        """INSERT INTO api_token (user_id, role, name, token_hash, scopes, expires_at)
           VALUES ($1, $2, $3, $4, '{}', now() + interval '1 hour')""",
        number(name), role, name, name.encode(),
    )  # fmt: skip
    await owner.execute(RECEIPT, number(name), number(organisation), number(f"receipt of {name}"))
    await owner.execute("INSERT INTO import_upload (user_id, file_name, content) VALUES ($1, 'lijst.csv', 'x')", number(name))
