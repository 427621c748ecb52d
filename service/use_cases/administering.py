"""Organisations and the users in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import asyncpg

from service import passwords
from service.db import organisations, users
from service.db.connect import Connection
from service.db.identity import Identity, Role
from service.errors import BadInput, Conflict, NotFound

Kind = Literal["municipality", "wsp", "employer"]

_CHECKS = (Role.ADMINISTRATOR, Role.AUDITOR)
ROLES: dict[str, tuple[Role, ...]] = {
    "municipality": (Role.CLIENT_MANAGER, Role.ACCOUNT_MANAGER, *_CHECKS),
    "wsp": (Role.ACCOUNT_MANAGER, *_CHECKS),
    "employer": (Role.EMPLOYER, Role.ADMINISTRATOR),
}
"""Which roles users of a kind of organisation can have; the database checks it too (`role_fits`)."""


@dataclass(frozen=True)
class Me:
    """The user who asks."""

    identity: Identity
    roles: list[str]
    organisation: asyncpg.Record


async def me(connection: Connection, identity: Identity) -> Me:
    """Who asks, in which role and which others, from where."""
    user, organisation = (
        await users.one(connection, identity.user_id),
        await organisations.one(connection, identity.organisation_id),
    )
    if user is None or organisation is None:
        raise NotFound("You are not a user here any more.")
    return Me(identity, user["roles"], organisation)


@dataclass(frozen=True)
class Team:
    """An organisation with its users, and the roles that they can have."""

    organisation: asyncpg.Record
    users: Sequence[asyncpg.Record]
    roles: Sequence[Role]


async def team(connection: Connection, identity: Identity) -> Team:
    """The organisation of the administrator who asks, with its users."""
    organisation = await organisations.one(connection, identity.organisation_id)
    assert organisation is not None
    return Team(organisation, await users.of(connection, identity.organisation_id), ROLES[organisation["kind"]])


async def user(connection: Connection, number: UUID) -> asyncpg.Record:
    """One user of the organisation of the administrator who asks.

    Raises:
        NotFound: there is no such user for the one who asks.
    """
    found = await users.one(connection, number)
    if found is None:
        raise NotFound("There is no such user.")
    return found


async def add_employer(connection: Connection, identity: Identity, name: str, number: UUID | None = None) -> asyncpg.Record:
    """Adds an employer to the region of the one who asks.

    Raises:
        Conflict: the region has an employer of that name.
    """
    region = await organisations.region_of(connection, identity.organisation_id)
    return await _added_organisation(connection, "employer", name, str(region), number)


async def add_organisation(pool: asyncpg.Pool, kind: Kind, name: str, region: str, region_name: str | None) -> asyncpg.Record:
    """Adds an organisation for the operator, and its region where that is new.

    Raises:
        Conflict: the region has one of this kind and name.
    """
    async with pool.acquire() as connection, connection.transaction():
        await organisations.keep_region(connection, region, region_name or region.capitalize())
        return await _added_organisation(connection, kind, name, region)


async def _added_organisation(
    connection: Connection, kind: Kind, name: str, region: str, number: UUID | None = None
) -> asyncpg.Record:
    try:
        return await organisations.one(connection, await organisations.add(connection, kind, name, region, number))
    except asyncpg.UniqueViolationError as problem:
        raise Conflict(f"There is an organisation {name!r} of this kind in this region already.") from problem


async def organisation_named(connection: Connection, name_or_id: str) -> UUID:
    """The one organisation of that name or id.

    Raises:
        BadInput: there is none, or there are several.
    """
    found = await organisations.with_name_or_id(connection, name_or_id)
    if len(found) != 1:
        raise BadInput(f"{'Several organisations are' if found else 'No organisation is'} called {name_or_id!r}.")
    return found[0]


async def add_user(
    connection: Connection, organisation: UUID, name: str, email: str, password: str | None, roles: Sequence[Role]
) -> asyncpg.Record:
    """Adds a user; without a password they sign in through the identity provider.

    Raises:
        Conflict: someone has this e-mail address.
        BadInput: a role does not go with the kind of organisation.
    """
    kept = await passwords.hashed(password) if password else None
    try:
        return await users.one(connection, await users.add(connection, organisation, name, email, kept, roles))
    except asyncpg.UniqueViolationError as problem:
        raise Conflict("Someone has this e-mail address already.") from problem
    except asyncpg.CheckViolationError as problem:
        raise BadInput(f"{str(problem).capitalize()}.") from problem


async def change_user(
    connection: Connection,
    user: UUID,
    name: str | None = None,
    email: str | None = None,
    active: bool | None = None,
    password: str | None = None,
    roles: Sequence[Role] | None = None,
) -> asyncpg.Record:
    """Changes what is given. Who is made inactive, or gets another password, is signed out everywhere.

    Raises:
        NotFound: there is no such user for the one who asks.
        Conflict: someone has this e-mail address, or administrators would shut out themselves.
        BadInput: a role does not go with the kind of organisation.
    """
    try:
        if not await users.change(connection, user, name, email, active):
            raise NotFound("There is no such user.")
        if roles is not None:
            await users.set_roles(connection, user, roles)
    except asyncpg.UniqueViolationError as problem:
        raise Conflict("Someone has this e-mail address already.") from problem
    except asyncpg.CheckViolationError as problem:
        raise BadInput(f"{str(problem).capitalize()}.") from problem
    if not await users.may_administer(connection):
        raise Conflict("Somebody else takes away your own role of administrator, or blocks you.")
    if password is not None:
        await users.set_password(connection, user, await passwords.hashed(password))
    return await users.one(connection, user)
