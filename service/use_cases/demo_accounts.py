"""One account for each role, with a password that everyone knows: only where nobody real has an account."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg

from service import passwords
from service.db import demo_accounts, organisations, users
from service.db.connect import Connection
from service.db.identity import Role

PASSWORD = "welkom-bij-passend"  # noqa: S105 - known to everyone, and only ever given to the accounts below
WSP, EMPLOYER = "Werkgeversservicepunt (demo)", "Rijwielhuis De Gouden Ketting"
RESIDENT_IS = "s01"
ADDRESS = "demo.example"


@dataclass(frozen=True)
class DemoAccount:
    """What is printed about one account."""

    role: Role
    email: str
    name: str
    organisation: str


ACCOUNTS = (
    DemoAccount(Role.CLIENT_MANAGER, f"klantmanager@{ADDRESS}", "Kim Klantmanager (demo)", ""),
    DemoAccount(Role.ACCOUNT_MANAGER, f"accountmanager@{ADDRESS}", "Ali Accountmanager (demo)", WSP),
    DemoAccount(Role.EMPLOYER, f"werkgever@{ADDRESS}", "Wil Werkgever (demo)", EMPLOYER),
    DemoAccount(Role.RESIDENT, f"inwoner@{ADDRESS}", f"Inwoner {RESIDENT_IS}", ""),
    DemoAccount(Role.ADMINISTRATOR, f"beheerder@{ADDRESS}", "Bo Beheerder (demo)", ""),
    DemoAccount(Role.AUDITOR, f"auditor@{ADDRESS}", "Alex Auditor (demo)", ""),
)


async def make_demo_accounts(pool: asyncpg.Pool) -> tuple[DemoAccount, ...]:
    """Makes the accounts, again and again without change; none where somebody else has an account, since that is no demo."""
    async with pool.acquire() as connection, connection.transaction():
        if await demo_accounts.others(connection, ADDRESS):
            return ()
        kept = await passwords.hashed(PASSWORD)
        homes = await _organisations(connection)
        for account in ACCOUNTS:
            resident_is = RESIDENT_IS if account.role is Role.RESIDENT else None
            user = await demo_accounts.keep(
                connection, homes[account.organisation], account.name, account.email, kept, resident_is
            )
            await users.set_roles(connection, user, [account.role])
        await demo_accounts.name_employer(connection, EMPLOYER, homes[EMPLOYER])
    return ACCOUNTS


async def _organisations(connection: Connection) -> dict[str, UUID]:
    own = await organisations.own_municipality(connection)
    region = str(await organisations.region_of(connection, own))
    homes = {"": own}
    for kind, name in (("wsp", WSP), ("employer", EMPLOYER)):
        known = await organisations.with_name_or_id(connection, name)
        homes[name] = known[0] if known else await organisations.add(connection, kind, name, region)
    return homes


async def name_people(pool: asyncpg.Pool, names: Path) -> None:
    """Gives the fictional people their fictional names, and the demo's client manager; where nobody has a name yet."""
    rows = [line.split("\t") for line in names.read_text(encoding="utf-8").splitlines()]
    async with pool.acquire() as connection, connection.transaction():
        await demo_accounts.name_people(connection, rows, ACCOUNTS[0].email)
