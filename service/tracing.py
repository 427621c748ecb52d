"""Which request belongs to which: W3C trace context, and OpenTelemetry traces where an installation asks for them."""

import contextlib
import re
import secrets
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

from service.errors import BadInput

_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}")


@dataclass(frozen=True, slots=True)
class Trace:
    """One request in the trace that it is part of (W3C Trace Context): 16, 8 and 8 bytes."""

    trace_id: bytes
    span_id: bytes
    parent_span_id: bytes | None = None


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def current() -> Trace:
    """The trace of this request; a new one outside a request."""
    return _current.get() or begin(None)


def begin(traceparent: str | None) -> Trace:
    """Goes on in the caller's trace when the header is one, and starts a new trace otherwise."""
    known = _TRACEPARENT.fullmatch(traceparent or "")
    if known is None:
        return Trace(secrets.token_bytes(16), secrets.token_bytes(8))
    return Trace(bytes.fromhex(known[1]), secrets.token_bytes(8), bytes.fromhex(known[2]))


@contextlib.contextmanager
def within(trace: Trace) -> Iterator[None]:
    """Makes `trace` the current one."""
    token = _current.set(trace)
    try:
        yield
    finally:
        _current.reset(token)


class Spans(Protocol):
    """Where finished requests are reported."""

    def report(self, trace: Trace, method: str, route: str, status: int, start_ns: int, end_ns: int) -> None:
        """Takes one finished request."""

    def close(self) -> None:
        """Sends what is left."""


class NoSpans:
    """Traces are off."""

    def report(self, trace: Trace, method: str, route: str, status: int, start_ns: int, end_ns: int) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


def spans_to(endpoint: str) -> Spans:
    """Where traces go: an OTLP collector, or nowhere when `endpoint` is empty.

    Raises:
        BadInput: traces are asked for, and the packages of the extra `traces` are not there.
    """
    if not endpoint:
        return NoSpans()
    try:
        from service.otlp import OtlpSpans
    except ImportError as missing:
        raise BadInput("PASSEND_TRACES_ENDPOINT needs the extra packages: pip install 'passend[traces]'.") from missing
    return OtlpSpans(endpoint)
