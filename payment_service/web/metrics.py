"""Figures for monitoring: requests and callbacks by their result; never their content."""

from typing import Final

from litestar import MediaType, Response, get
from litestar.datastructures import State
from litestar.types import Message, Scope
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

UNMATCHED: Final = "(none)"
"""The route of a request that no route takes: hostile paths must not become labels."""


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "payment_service_requests",
            "HTTP requests answered",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.callbacks = Counter(
            "payment_service_callbacks",
            "Callbacks answered",
            ("channel", "outcome"),
            registry=self.registry,
        )

        self._counted: dict[tuple[str, str], int] = {}

    def count_callback(self, channel: str, outcome: str) -> int:
        """Count one callback and return how many of this kind this process has seen."""
        self.callbacks.labels(channel, outcome).inc()
        count = self._counted.get((channel, outcome), 0) + 1
        self._counted[channel, outcome] = count
        return count

    def text(self) -> bytes:
        """Return all figures; of every worker process when they share a folder for it."""
        registry = CollectorRegistry()
        try:
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library is untyped there
        except ValueError:
            registry = self.registry
        return generate_latest(registry)


async def count_request(message: Message, scope: Scope) -> None:
    """Count an answer under its route."""
    if message["type"] == "http.response.start":
        metrics: Metrics = scope["litestar_app"].state.metrics
        route = scope.get("path_template") or UNMATCHED
        metrics.requests.labels(
            str(route), _known(str(scope.get("method"))), str(message["status"])
        ).inc()


def _known(method: str) -> str:
    return method if method in {"GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE"} else "other"


@get("/metrics", include_in_schema=False, media_type=MediaType.TEXT)
async def show_metrics(state: State) -> Response[bytes]:
    """Return every figure in the text format of Prometheus."""
    return Response(state.metrics.text(), headers={"content-type": CONTENT_TYPE_LATEST})
