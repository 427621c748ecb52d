"""Traces over OTLP; imported only where an installation asks for them (the extra `traces`)."""

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from service import ENGINE_VERSION
from service.tracing import Trace

_RESOURCE = Resource({"service.name": "passend", "service.version": ENGINE_VERSION})
_SAMPLED = TraceFlags(TraceFlags.SAMPLED)


class OtlpSpans:
    """Sends each request as a span with the template of its path, its method and its status: nobody's code, no query, no body.

    Args:
        endpoint: URL of the collector, such as `http://127.0.0.1:4318/v1/traces`.
        exporter: where spans go instead.
    """

    def __init__(self, endpoint: str, exporter: SpanExporter | None = None) -> None:
        self._processor = BatchSpanProcessor(exporter or OTLPSpanExporter(endpoint=endpoint))

    def report(self, trace: Trace, method: str, route: str, status: int, start_ns: int, end_ns: int) -> None:
        """Puts a finished request in the queue; never waits for the collector."""
        parent = trace.parent_span_id and _context(trace.trace_id, trace.parent_span_id, remote=True)
        self._processor.on_end(
            ReadableSpan(
                name=f"{method} {route}",
                context=_context(trace.trace_id, trace.span_id),
                parent=parent or None,
                resource=_RESOURCE,
                attributes={"http.request.method": method, "http.route": route, "http.response.status_code": status},
                kind=SpanKind.SERVER,
                status=Status(StatusCode.ERROR if status >= 500 else StatusCode.UNSET),
                start_time=start_ns,
                end_time=end_ns,
            )
        )

    def close(self) -> None:
        """Sends what is left, at most five seconds."""
        self._processor.force_flush(5_000)
        self._processor.shutdown()  # type: ignore[no-untyped-call]


def _context(trace_id: bytes, span_id: bytes, remote: bool = False) -> SpanContext:
    return SpanContext(int.from_bytes(trace_id), int.from_bytes(span_id), remote, _SAMPLED)
