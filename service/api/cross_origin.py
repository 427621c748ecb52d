"""Requests of the widget from pages of other sites: answered to the origins of the site of the key, and to no other (CORS)."""

from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.access import is_own_origin
from service.api.problems import TRY_AGAIN, problem, try_again
from service.db import sites
from service.db.sites import Site

PREFIX = "/v1/widget/"
KEY = "siteKey"
MOST_BYTES = 128_000
"""Of a request. Anyone can send one, so a longer one is not even read."""

_PREFLIGHT = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "content-type",
    "Access-Control-Max-Age": "600",
}


@dataclass(frozen=True)
class Visit:
    """From where a request of the widget comes.

    Attributes:
        site: of the key; None when no site has it.
        from_elsewhere: the origin of another site's page, if it is one of this site's; it gets to read the answer.
        allowed: whether the page may ask with this key: a page of the site, or our own frame.
    """

    site: Site | None
    from_elsewhere: str | None
    allowed: bool


class CrossOrigin:
    """Wraps the application; says with each answer to the widget which page may read it, and answers preflights."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        try:
            visit = await _visit(Request(scope))
        except TRY_AGAIN:
            await try_again()(scope, receive, send)
            return
        scope.setdefault("state", {})["visit"] = visit

        async def with_origin(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Origin")
                if visit.from_elsewhere:
                    headers["Access-Control-Allow-Origin"] = visit.from_elsewhere
                    headers["Access-Control-Expose-Headers"] = "Retry-After"
            await send(message)

        await self._answer_for(visit, scope)(scope, receive, with_origin)

    def _answer_for(self, visit: Visit, scope: Scope) -> ASGIApp:
        headers = Headers(scope=scope)
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            return _preflight(visit)
        if "transfer-encoding" in headers or int(headers.get("content-length", "0")) > MOST_BYTES:
            return problem(400, "This is longer than any vacancy.")
        return self._app


async def _visit(request: Request) -> Visit:
    key = parse_qs(request.url.query).get(KEY, [""])[0]
    site = await sites.with_key(request.app.state.passend.app, key) if "\x00" not in key else None
    origin = request.headers.get("origin", "")
    known = site is not None and origin in site.origins
    return Visit(site, origin if known else None, known or (origin != "" and is_own_origin(request, origin)))


def _preflight(visit: Visit) -> Response:
    if visit.from_elsewhere is None:
        return problem(403, "This page is not one of the site of this key.")
    return Response(status_code=204, headers=_PREFLIGHT)
