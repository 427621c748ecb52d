"""Turns a template and what it shows into an answer, with the headers of a page."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from matching import phrases
from matching.model import DAYPARTS, LADDER, Level, Support, Transport
from matching.phrases import Language
from matching.wording import number, span
from service import proposals
from service.db.identity import Role
from service.local_time import here
from service.pages import pictures
from service.pages.visiting import Visit, language_of, masked
from service.pages.wording import LANGUAGES, say
from service.render import Json
from service.use_cases.people import UNKNOWN_PLACE

HERE = Path(__file__).parent
STATIC, VENDOR = HERE / "static", HERE / "vendor"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Without a referrer a browser also leaves out where a form comes from.
_HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin", "Vary": "Cookie, HX-Request"}
HOME = {
    Role.CLIENT_MANAGER: "/people",
    Role.ACCOUNT_MANAGER: "/places",
    Role.EMPLOYER: "/own-places",
    Role.RESIDENT: "/my-page",
    Role.ADMINISTRATOR: "/users",
    Role.AUDITOR: "/receipts",
}
_NAVIGATION = {
    Role.CLIENT_MANAGER: ("people", "proposals", "places", "imports", "insights"),
    Role.ACCOUNT_MANAGER: ("places", "pipeline", "employers", "imports"),
    Role.EMPLOYER: ("own-places", "introductions"),
    Role.RESIDENT: ("my-page",),
    Role.ADMINISTRATOR: ("users", "sites", "imports", "insights", "exposure", "receipts", "keeping"),
    Role.AUDITOR: ("receipts", "insights", "exposure", "keeping"),
}


@cache
def asset(path: str) -> str:
    """Address of a file that a page needs; it changes with the file, so that a browser may keep it."""
    file = next((folder / path for folder in (STATIC, VENDOR) if (folder / path).is_file()), None)
    version = hashlib.sha256(file.read_bytes()).hexdigest()[:10] if file else "missing"
    return f"/assets/{version}/{path}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "asset": asset,
        "pictures": pictures,
        "LADDER": LADDER,
        "LEVELS": list(Level),
        "SUPPORT": list(Support),
        "TRANSPORT": list(Transport),
        "DAYPARTS": DAYPARTS,
        "LANGUAGES": LANGUAGES,
        "UNKNOWN_PLACE": UNKNOWN_PLACE,
        "AFTER_AGREEMENT": proposals.AFTER_AGREEMENT,
    }
    environment.filters |= {"number": _number, "by_statement": by_statement}
    return environment


def by_statement(reasons: Sequence[Json]) -> list[tuple[str, list[Json]]]:
    """Each sentence of a person once, with every reason that quotes it, in the order in which they come."""
    found: dict[str, list[Json]] = {}
    for reason in reasons:
        found.setdefault(reason["statement"], []).append(reason)
    return list(found.items())


def address(request: Request) -> str:
    """Path and query of a request, to come back to."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def page(visit: Visit, template: str, status: int = 200, **shown: Any) -> Response:
    """A page for somebody who is signed in."""
    role = visit.identity.role
    mine = {
        "visit": visit,
        "csrf": masked(visit.caller.csrf or ""),
        "navigation": _NAVIGATION.get(role, ()),
        "home": HOME[role],
    }
    return _answer(visit.request, template, status, mine | shown)


def open_page(request: Request, template: str, status: int = 200, **shown: Any) -> Response:
    """A page for anyone."""
    nobody = {"visit": None, "navigation": (), "home": "/"}
    return _answer(request, template, status, nobody | shown)


def _answer(request: Request, template: str, status: int, shown: Mapping[str, Any]) -> Response:
    language = language_of(request)
    words = {
        "t": partial(say, language),
        "rung": lambda one: phrases.RUNGS[str(one)][language],
        "support": lambda one: phrases.SUPPORT[str(one)][language],
        "transport": lambda one: phrases.TRANSPORT[str(one)][language],
        "state": lambda one: getattr(proposals.STATES[proposals.State(one)], language),
        "action": lambda one: getattr(proposals.ACTIONS[proposals.State(one)], language),
        "reason": lambda to, one: getattr(proposals.reason_label(proposals.State(to), one), language),
        "day": partial(_day, language),
        "moment": partial(_moment, language),
        "hours": lambda low, high: span(number(low, language), number(high, language), language),
        "language": language,
        "here": address(request),
        "path": request.url.path,
        "request": request,
    }
    html = _environment().get_template(template).render(words | dict(shown))
    return HTMLResponse(html, status, _HEADERS)


def go_to(path: str) -> Response:
    """Sends the browser on with a fresh request, so that reloading repeats nothing."""
    return RedirectResponse(path, 303)


def is_part(request: Request) -> bool:
    """Whether a script asks for a part of the page that is open."""
    return request.headers.get("hx-request") == "true"


@pass_context
def _number(context: Context, value: float) -> str:
    """At most one decimal, as the language of the page writes it."""
    language: Language = context["language"]
    return number(value, language)


def _day(language: Language, moment: date | str | None) -> str:
    if not moment:
        return ""
    day = here(moment)
    months = say(language, "dates.months").split()
    return f"{day.day} {months[day.month - 1]} {day.year}"


def _moment(language: Language, moment: datetime | str) -> str:
    return f"{_day(language, moment)}, {here(moment):%H:%M}"
