"""One region with a municipality, an employer and a resident, made as the operator would, with two people and two places."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from service.db import opportunities, revisions, seekers
from service.db.identity import Identity, Role, acting
from service.geography import Gazetteer
from service.imports.reading import read_rows
from service.interchange import Row, SeekerRecord

DEMO = Path(__file__).parent.parent.parent / "service" / "demo"
FEW = {"s01", "s02", "o001", "o002"}
"""Two people and two places of the demo set."""


@dataclass(frozen=True)
class Region:
    """Who there are: the resident is s01, the employer offers o002."""

    client_manager: Identity
    colleague: Identity
    account_manager: Identity
    employer: Identity
    other_employer: Identity
    resident: Identity
    auditor: Identity
    stranger: Identity


async def add_few(owner: asyncpg.Pool, gazetteer: Gazetteer) -> None:
    """The few, without vectors."""
    home = await owner.fetchval("SELECT organisation_id FROM installation")
    rows = [row for name in ("seekers", "opportunities") for row in read_rows(DEMO / f"{name}.jsonl")]
    async with owner.acquire() as connection, connection.transaction():
        await revisions.take_turn(connection)
        for row in rows:
            if isinstance(row, Row) and row.record.id in FEW:
                table = seekers if isinstance(row.record, SeekerRecord) else opportunities
                await table.save(connection, row.record, row.record.to_model(gazetteer), home)


async def settle(owner: asyncpg.Pool, gazetteer: Gazetteer) -> Region:
    """Adds organisations and users around two people and two places."""
    await add_few(owner, gazetteer)
    home = await owner.fetchval("SELECT organisation_id FROM installation")
    wsp = await _organisation(owner, "wsp", "WSP")
    firm = await _organisation(owner, "employer", "Fietsenmaker De Spaak")
    other_firm = await _organisation(owner, "employer", "Bakkerij Korst")
    await owner.execute("INSERT INTO labour_market_region VALUES ('elders', 'Elders')")
    elsewhere = await _organisation(owner, "municipality", "Andere gemeente", "elders")
    await owner.execute("UPDATE opportunity SET employer_id = $1 WHERE id = 'o002'", firm)
    await owner.execute("INSERT INTO seeker_identity VALUES ('s01', 'Noor Voorbeeld', '06-00000000')")
    return Region(
        client_manager=await _user(owner, home, Role.CLIENT_MANAGER, "Kim"),
        colleague=await _user(owner, home, Role.CLIENT_MANAGER, "Lou"),
        account_manager=await _user(owner, wsp, Role.ACCOUNT_MANAGER, "Alex"),
        employer=await _user(owner, firm, Role.EMPLOYER, "Wil"),
        other_employer=await _user(owner, other_firm, Role.EMPLOYER, "Bo"),
        resident=await _user(owner, home, Role.RESIDENT, "Inwoner s01", "s01"),
        auditor=await _user(owner, home, Role.AUDITOR, "Au"),
        stranger=await _user(owner, elsewhere, Role.CLIENT_MANAGER, "Ver"),
    )


async def by(app: asyncpg.Pool, who: Identity, use_case: Callable[..., Awaitable[Any]], *arguments: object) -> Any:
    """Does one thing as this user, on the connection of the web application."""
    async with acting(app, who) as connection:
        return await use_case(connection, *arguments)


async def resident_of(owner: asyncpg.Pool, seeker: str) -> Identity:
    """The user that a person is."""
    home = await owner.fetchval("SELECT organisation_id FROM seeker WHERE id = $1", seeker)
    return await _user(owner, home, Role.RESIDENT, f"Inwoner {seeker}", seeker)


async def _organisation(owner: asyncpg.Pool, kind: str, name: str, region: str = "onbekend") -> UUID:
    return await owner.fetchval(
        "INSERT INTO organisation (kind, name, region_id) VALUES ($1, $2, $3) RETURNING id", kind, name, region
    )


async def _user(owner: asyncpg.Pool, organisation: UUID, role: Role, name: str, seeker: str | None = None) -> Identity:
    user = await owner.fetchval(
        "INSERT INTO app_user (organisation_id, name, seeker_id) VALUES ($1, $2, $3) RETURNING id", organisation, name, seeker
    )
    await owner.execute("INSERT INTO user_role VALUES ($1, $2)", user, role)
    return Identity(user, role, organisation, name)
