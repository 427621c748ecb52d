"""What Prometheus reads: numbers about requests, matching, indexes and connections; nothing about anyone."""

import contextlib
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from service.opening import Passend

_MATCHING = {"/v1/seekers/{id}/matches": "matches", "/v1/opportunities/{id}/candidates": "candidates"}
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The numbers of one process, in a registry of their own, so that two applications in one process do not mix."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._requests = Counter("passend_requests", "Answered requests.", ("method", "route", "status"), registry=registry)
        self._request_seconds = Histogram(
            "passend_request_seconds", "From request to answer.", ("method", "route"), buckets=_SECONDS, registry=registry
        )
        self._under_way = Gauge("passend_requests_under_way", "Requests that are being answered.", registry=registry)
        self._match_seconds = Histogram(
            "passend_match_seconds",
            "From asking for the list of a person or place to its answer, receipt included.",
            ("about",),
            buckets=_SECONDS,
            registry=registry,
        )
        self._behind = Gauge(
            "passend_index_behind_revisions", "Changes that an index has not taken over yet.", ("index",), registry=registry
        )
        self._vectors = Gauge("passend_index_vectors", "Vectors in an index of this process.", ("index",), registry=registry)
        self._connections = Gauge("passend_pool_connections", "Database connections.", ("pool", "state"), registry=registry)

    @contextlib.contextmanager
    def request(self) -> Iterator[None]:
        """Counts a request as under way."""
        with self._under_way.track_inprogress():
            yield

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts an answer; `route` is the template of the path, never the path itself."""
        self._requests.labels(method, route, status).inc()
        self._request_seconds.labels(method, route).observe(seconds)
        if status == 200 and route in _MATCHING:
            self._match_seconds.labels(_MATCHING[route]).observe(seconds)

    async def exposition(self, passend: Passend) -> bytes:
        """Everything as Prometheus text, with the state of indexes and connections at this moment."""
        for name, kept in (("places", passend.search.places), ("people", passend.search.people)):
            self._behind.labels(name).set(await kept.behind())
            self._vectors.labels(name).set(len(kept))
        for name, pool in (("owner", passend.pool), ("app", passend.app), ("engine", passend.engine)):
            self._connections.labels(name, "idle").set(pool.get_idle_size())
            self._connections.labels(name, "busy").set(pool.get_size() - pool.get_idle_size())
        return generate_latest(self.registry)
