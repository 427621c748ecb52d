"""Around every request: security headers, one log line, numbers for Prometheus, and the trace it belongs to."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import problem
from service.metrics import Metrics
from service.tracing import Spans, Trace, begin, within

log = logging.getLogger(__name__)

POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}
_NOT_FRAMED = b"frame-ancestors 'none'"


@dataclass
class _Answer:
    status: int = 500
    started: bool = False


class Observed:
    """Wraps the application; an error that nobody expected is logged without its words and answered with a problem document.

    Args:
        version: goes out as `API-Version` (NLGov API Design Rules, /core/version-header).
        sorry: how to answer a request that failed; where it gives nothing, with a problem document.
    """

    def __init__(
        self,
        app: ASGIApp,
        version: str,
        metrics: Metrics,
        spans: Spans,
        sorry: Callable[[Scope], ASGIApp | None] = lambda _: None,
    ) -> None:
        self._app = app
        self._sorry = sorry
        self._headers = _HEADERS | {"API-Version": version}
        self._metrics = metrics
        self._spans = spans

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trace = begin(_header(scope, b"traceparent"))
        answer, start, start_ns = _Answer(), time.perf_counter(), time.time_ns()
        with within(trace), self._metrics.request():
            await self._answer(scope, receive, send, answer)
        seconds = time.perf_counter() - start
        self._report(scope, trace, answer.status, seconds, start_ns)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, answer: _Answer) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.started, answer.status = True, message["status"]
                message["headers"] = [*message["headers"], *self._missing(message["headers"])]
            await send(message)

        try:
            await self._app(scope, receive, with_headers)
        except Exception:
            log.exception("an error that was not expected")
            answer.status = 500
            if answer.started:
                raise
            sorry = self._sorry(scope) or problem(
                500, "Something went wrong here. It was written down; try again, or tell whoever runs this installation."
            )
            await sorry(scope, receive, with_headers)

    def _missing(self, given: Any) -> list[tuple[bytes, bytes]]:
        known = {name.lower(): value for name, value in given}
        if _NOT_FRAMED not in known.get(b"content-security-policy", _NOT_FRAMED):
            known[b"x-frame-options"] = b""  # old browsers would take it before the policy, which lets some pages frame it
        wanted = [(name.lower().encode(), value.encode()) for name, value in self._headers.items()]
        return [(name, value) for name, value in wanted if name not in known]

    def _report(self, scope: Scope, trace: Trace, status: int, seconds: float, start_ns: int) -> None:
        method, route = scope["method"], _route(scope)
        self._metrics.answered(method, route, status, seconds)
        self._spans.report(trace, method, route, status, start_ns, time.time_ns())
        log.info(
            "answered",
            extra={
                "method": method,
                "route": route,
                "status": status,
                "milliseconds": round(seconds * 1000, 1),
                "trace_id": trace.trace_id.hex(),
                "span_id": trace.span_id.hex(),
            },
        )


def _route(scope: Scope) -> str:
    """The template of the path, such as `/v1/seekers/{id}/matches`; never the path, which names a person."""
    template = getattr(scope.get("route"), "path", None)
    if not template:
        return "none"
    below = template.split("/")[1:]
    prefix = scope["path"].split("/")[: -len(below)]  # a route knows only its part below the prefix of its router
    return "/".join([*prefix, *below])


def _header(scope: Scope, wanted: bytes) -> str | None:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == wanted), None)
