"""Signing in through the identity provider of the organisation: it says who someone is and which roles they have."""

import secrets
from collections.abc import Mapping
from uuid import UUID

import asyncpg

from service.db import sign_in
from service.db.identity import Role
from service.errors import NotAllowed, NotFound, NotSignedIn
from service.oidc import Claims, Provider
from service.settings import Settings
from service.use_cases.signing_in import open_session, secret_digest


async def begin(pool: asyncpg.Pool, settings: Settings) -> tuple[str, str]:
    """Where to send someone who signs in, and the state that their browser keeps.

    Raises:
        NotFound: there is no identity provider here.
        ProviderUnusable: it cannot be reached.
    """
    if not settings.oidc_issuer:
        raise NotFound("There is no identity provider here. Sign in with a local account.")
    state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
    url = await Provider.of(settings).sign_in_url(state, nonce, verifier)
    await sign_in.begin_oidc(pool, secret_digest(state), nonce, verifier)
    return url, state


async def finish(pool: asyncpg.Pool, settings: Settings, code: str, state: str, kept_state: str | None, agent: str) -> str:
    """Opens a session for who came back; returns its token.

    Raises:
        NotSignedIn: this browser did not begin here, or more than ten minutes ago.
        NotAllowed: the provider gives them no role here, or they are not known here.
        ProviderUnusable: what the provider says cannot be trusted.
    """
    nonce, verifier = await sign_in.finish_oidc(pool, secret_digest(state))
    if nonce is None or verifier is None or kept_state is None or not secrets.compare_digest(kept_state.encode(), state.encode()):
        raise NotSignedIn("Begin again: this sign-in did not begin in this browser, or took more than ten minutes.")
    claims = await Provider.of(settings).claims(code, nonce, verifier)
    roles = roles_in(claims, settings.oidc_roles_claim, settings.oidc_roles)
    if not roles:
        raise NotAllowed("Your organisation gives you no role in Passend. Ask your administrator.")
    user = await _user(pool, settings, claims, roles)
    return await open_session(pool, user, None, agent, settings.session_lifetime)


async def _user(pool: asyncpg.Pool, settings: Settings, claims: Claims, roles: list[Role]) -> UUID:
    email = claims.get("email") if claims.get("email_verified") is True else None
    name = str(claims.get("name") or email or "Naam onbekend")
    subject = f"{settings.oidc_issuer} {claims['sub']}"
    user = await sign_in.oidc_user(pool, subject, email, name, [role.value for role in roles], settings.oidc_organisation)
    if user is None:
        raise NotAllowed("You are not a user of Passend yet. Ask your administrator to add your e-mail address.")
    return user


def roles_in(claims: Claims, claim: str, names: Mapping[str, str]) -> list[Role]:
    """The roles that a claim gives; `names` says which role a value means, where it is not the name of one.

    A resident never comes in this way, and values that mean nothing here are left.
    """
    given = claims.get(claim, [])
    values = given.split() if isinstance(given, str) else given if isinstance(given, list) else []
    meant = {names.get(value, value) for value in values if isinstance(value, str)}
    return [role for role in Role if role.value in meant and role is not Role.RESIDENT]
