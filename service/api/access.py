"""Who asks, and may they: what every operation depends on."""

import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response
from fastapi.security import APIKeyCookie, HTTPBearer

from service.db.connect import Connection
from service.db.identity import Identity, Role, acting
from service.errors import NotAllowed, NotSignedIn
from service.opening import Passend
from service.settings import Settings
from service.use_cases.signing_in import Caller, caller_of_api_token, caller_of_session

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_COOKIE, _INSECURE_COOKIE = "__Host-passend", "passend"
_SESSION = APIKeyCookie(name=_COOKIE, scheme_name="session", description="Changes need X-CSRF-Token.", auto_error=False)
_API_TOKEN = HTTPBearer(scheme_name="apiToken", description="An API token; see /v1/api-tokens.", auto_error=False)


class Scope(StrEnum):
    """What an API token may be used for; never more than the role of its user."""

    ME_READ = "me:read"
    MATCHES_READ = "matches:read"
    CANDIDATES_READ = "candidates:read"
    ORGANISATIONS_READ = "organisations:read"
    ORGANISATIONS_WRITE = "organisations:write"
    USERS_READ = "users:read"
    USERS_WRITE = "users:write"
    PROPOSALS_READ = "proposals:read"
    PROPOSALS_WRITE = "proposals:write"
    SEEKERS_READ = "seekers:read"
    SEEKERS_WRITE = "seekers:write"
    RECEIPTS_READ = "receipts:read"
    RESIDENT_LINKS_WRITE = "resident-links:write"
    PLANS_READ = "plans:read"
    PLANS_WRITE = "plans:write"
    CONTACT_READ = "contact:read"
    CONTACT_WRITE = "contact:write"
    SIGNALS_READ = "signals:read"
    SIGNALS_WRITE = "signals:write"
    INSIGHTS_READ = "insights:read"
    OPPORTUNITIES_READ = "opportunities:read"
    OPPORTUNITIES_WRITE = "opportunities:write"
    EMPLOYERS_READ = "employers:read"
    EMPLOYERS_WRITE = "employers:write"
    IMPORTS_READ = "imports:read"
    IMPORTS_WRITE = "imports:write"
    PROCESSING_READ = "processing:read"
    PROCESSING_WRITE = "processing:write"
    SITES_READ = "sites:read"
    SITES_WRITE = "sites:write"
    RECEIVED_VACANCIES_READ = "received-vacancies:read"


@dataclass(frozen=True)
class Acting:
    """A request that may go on: for whom, and one transaction that sees what they may; committed before the answer goes out."""

    identity: Identity
    caller: Caller
    connection: Connection
    passend: Passend


async def caller(
    request: Request, _cookie: Annotated[Any, Depends(_SESSION)], _token: Annotated[Any, Depends(_API_TOKEN)]
) -> Caller:
    """Who asks, by API token or by session.

    Raises:
        NotSignedIn: by neither.
        NotAllowed: a change with a session from another site, or without its CSRF token.
    """
    pool, settings = request.app.state.passend.app, _settings(request)
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return await caller_of_api_token(pool, token)
    session = session_token(request)
    if session is None:
        raise NotSignedIn("Sign in first, or send an API token.")
    found = await caller_of_session(pool, session, settings.session_idle)
    if request.method not in _SAFE_METHODS:
        must_be_same_origin(request)
        if not hmac.compare_digest(request.headers.get("x-csrf-token", "").encode(), (found.csrf or "").encode()):
            raise NotAllowed("Send the CSRF token of /v1/me in X-CSRF-Token.")
    return found


def requires(*roles: Role, scope: Scope | None = None) -> Any:
    """A dependency that gives `Acting` to these roles; API tokens need the scope, and stay out where there is none."""

    async def one_of(request: Request, who: Annotated[Caller, Depends(caller)]) -> AsyncIterator[Acting]:
        if who.identity.role not in roles:
            raise NotAllowed(f"This is not for the role {who.identity.role}.")
        if who.scopes is not None and scope not in who.scopes:
            raise NotAllowed(f"This needs an API token with the scope {scope}." if scope else "This needs a session.")
        passend = request.app.state.passend
        async with acting(passend.app, who.identity) as connection:
            yield Acting(who.identity, who, connection, passend)

    return Depends(one_of, scope="function")


def must_be_same_origin(request: Request) -> None:
    """Refuses a browser that was sent here by a page of another site.

    Raises:
        NotAllowed: it was.
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "none")
    if site not in {"none", "same-origin"} or (origin is not None and not is_own_origin(request, origin)):
        raise NotAllowed("This request comes from another site.")


def is_own_origin(request: Request, origin: str) -> bool:
    """Whether an origin is where this installation is reached."""
    here = {request.headers.get("host"), urlsplit(_settings(request).public_url).netloc or None}
    return (urlsplit(origin).netloc or origin) in here


def session_token(request: Request) -> str | None:
    """The token in the session cookie."""
    return request.cookies.get(_INSECURE_COOKIE if _settings(request).insecure_cookies else _COOKIE)


def keep_session(request: Request, response: Response, token: str) -> None:
    """Puts a session in the browser, out of reach of scripts and of other sites."""
    insecure = _settings(request).insecure_cookies
    response.set_cookie(_INSECURE_COOKIE if insecure else _COOKIE, token, secure=not insecure, httponly=True, samesite="lax")


def forget_session(request: Request, response: Response) -> None:
    """Takes the session out of the browser."""
    insecure = _settings(request).insecure_cookies
    response.delete_cookie(_INSECURE_COOKIE if insecure else _COOKIE, secure=not insecure, httponly=True, samesite="lax")


def browser_of(request: Request) -> str:
    """What the browser says it is, for the list of sessions."""
    return request.headers.get("user-agent", "")[:200]


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings
