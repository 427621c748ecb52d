"""Who visits a page, and may they: the session of the API, with the CSRF token in the form."""

import base64
import hmac
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path, Request
from starlette.datastructures import FormData

from matching.phrases import Language
from service.api.access import must_be_same_origin, session_token
from service.db.connect import Connection
from service.db.identity import Identity, Role, acting
from service.errors import BadInput, NotAllowed, NotSignedIn
from service.opening import Passend
from service.pages.wording import LANGUAGES
from service.use_cases.signing_in import Caller, caller_of_session

CSRF = "csrf"
LANGUAGE_COOKIE = "language"
MOST_FIELDS = 400


@dataclass(frozen=True)
class Visit:
    """A request for a page by somebody who may see it, in one transaction that sees what they may."""

    request: Request
    identity: Identity
    caller: Caller
    connection: Connection
    passend: Passend
    form: FormData = field(default_factory=FormData)

    @property
    def language(self) -> Language:
        """The language of the page."""
        return language_of(self.request)

    @property
    def role(self) -> Role:
        """In which role."""
        return self.identity.role

    def attempt(self) -> Any:
        """A part of the transaction that can fail alone, so that the page can still be shown."""
        return self.connection.transaction()

    def typed(self, name: str) -> str:
        """What was typed in a field of the form, without blanks around it."""
        return str(self.form.get(name, "")).strip()

    def number(self, name: str) -> UUID | None:
        """The number of a receipt or an organisation in a field of the form; None where there is none."""
        try:
            return UUID(self.typed(name))
        except ValueError:
            return None

    def whole(self, name: str) -> int:
        """A whole number in a field of the form.

        Raises:
            BadInput: it is none.
        """
        text = self.typed(name)
        if not text.isdecimal():
            raise BadInput(f"The field {name} is a whole number.")
        return int(text)

    def choice(self, name: str, among: type[StrEnum]) -> str:
        """One of the values to choose from in a field of the form.

        Raises:
            BadInput: it is another value.
        """
        if self.typed(name) not in set(among):
            raise BadInput(f"The field {name} is one of {', '.join(among)}.")
        return self.typed(name)

    def typed_list(self, name: str) -> list[str]:
        """What was typed or chosen in fields of one name."""
        return [value for one in self.form.getlist(name) if (value := str(one).strip())]


def language_of(request: Request) -> Language:
    """The language that this browser chose; Dutch otherwise."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else "nl"


def visits(*roles: Role) -> Any:
    """A dependency that gives the `Visit` to these roles.

    Raises:
        NotSignedIn: there is no session, or it is over; what was typed is kept for after signing in.
        NotAllowed: another role, or a form that is not from this site.
    """

    async def one_of(request: Request) -> AsyncIterator[Visit]:
        form = request.state.form = await posted(request)
        try:
            who = await _allowed(request, roles, form)
            passend = request.app.state.passend
            async with acting(passend.app, who.identity) as connection:
                yield Visit(request, who.identity, who, connection, passend, form)
        finally:
            await form.close()  # files that were handed in

    return Depends(one_of, scope="function")


async def _allowed(request: Request, roles: Sequence[Role], form: FormData) -> Caller:
    who = await _caller(request)
    if who.identity.role not in roles:
        raise NotAllowed(f"This is not for the role {who.identity.role}.")
    if request.method == "POST":
        must_be_same_origin(request)
        if not _shows(str(form.get(CSRF, "")), who.csrf or ""):
            raise NotAllowed("This form is from another session. Open the page again.")
    return who


async def posted(request: Request) -> FormData:
    """The form that was sent, empty for a request without one."""
    return await request.form(max_fields=MOST_FIELDS) if request.method == "POST" else FormData()


async def _caller(request: Request) -> Caller:
    token = session_token(request)
    if token is None:
        raise NotSignedIn("Sign in first.")
    return await caller_of_session(request.app.state.passend.app, token, request.app.state.settings.session_idle)


def masked(csrf: str) -> str:
    """The CSRF token, different in every page, so that a compressed page does not give it away (BREACH)."""
    plain = csrf.encode()
    mask = secrets.token_bytes(len(plain))
    return base64.urlsafe_b64encode(mask + _xor(mask, plain)).decode()


def _shows(given: str, csrf: str) -> bool:
    try:
        raw = base64.urlsafe_b64decode(given)
    except ValueError:
        return False
    half = len(raw) // 2
    return half > 0 and hmac.compare_digest(_xor(raw[:half], raw[half:]), csrf.encode())


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(left, right, strict=False))


Code = Annotated[str, Path(pattern="^[A-Za-z0-9][A-Za-z0-9._:-]{0,79}$")]
"""The code of a person or a place in an address."""

Staff = Annotated[Visit, visits(Role.CLIENT_MANAGER)]
"""A client manager."""

Employers = Annotated[Visit, visits(Role.ACCOUNT_MANAGER, Role.CLIENT_MANAGER)]
"""Those who know places: account managers, and client managers to look."""

AccountManagers = Annotated[Visit, visits(Role.ACCOUNT_MANAGER)]
"""An account manager."""

AnEmployer = Annotated[Visit, visits(Role.EMPLOYER)]
"""Somebody at an employer, for that employer."""

PlaceKeepers = Annotated[Visit, visits(Role.ACCOUNT_MANAGER, Role.EMPLOYER)]
"""Those who hand in places."""

Residents = Annotated[Visit, visits(Role.RESIDENT)]
"""A resident, on their own page."""

Checkers = Annotated[Visit, visits(Role.ADMINISTRATOR, Role.AUDITOR)]
"""Administrators and auditors."""

Administrators = Annotated[Visit, visits(Role.ADMINISTRATOR)]
"""An administrator."""

Reporters = Annotated[Visit, visits(Role.CLIENT_MANAGER, Role.ADMINISTRATOR, Role.AUDITOR)]
"""Those who see what came of it."""

Importers = Annotated[Visit, visits(Role.ADMINISTRATOR, Role.CLIENT_MANAGER, Role.ACCOUNT_MANAGER)]
"""Those who hand in files."""

Anyone = Annotated[Visit, visits(*Role)]
"""Everybody with a session."""
