"""Figures for monitoring: requests and callbacks by their result, open breaks by their age.

Never their content, nor any sum of money.
"""

from collections import Counter as Counts
from collections.abc import Iterable
from typing import Final

from litestar import MediaType, Response, get
from litestar.datastructures import State
from litestar.types import Message, Scope
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from payment_service.db.break_ages import AgedBreaks, aged_breaks
from payment_service.domain.calendar import business_date
from payment_service.domain.errors import Unavailable
from payment_service.web.injected import GivenContext

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
        """Return what was counted; by every worker process when they share a folder for it."""
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


class OpenBreaks:
    """The open breaks as gauges: read when asked for, the same whichever process answers."""

    def __init__(self, groups: Iterable[AgedBreaks]) -> None:
        self._by_age: Counts[tuple[str, str]] = Counts()
        self._overdue: Counts[str] = Counts()
        for group in groups:
            self._by_age[group.code, group.age.bucket] += group.breaks
            self._overdue[group.code] += group.breaks if group.age.is_overdue else 0

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Return the gauges: by code and age in business days, and how many are overdue."""
        by_age = GaugeMetricFamily(
            "payment_service_open_breaks",
            "Open breaks by age in business days",
            labels=("code", "age"),
        )
        for labels, breaks in sorted(self._by_age.items()):
            by_age.add_metric(labels, breaks)
        overdue = GaugeMetricFamily(
            "payment_service_overdue_breaks", "Open breaks past their due day", labels=("code",)
        )
        for code, breaks in sorted(self._overdue.items()):
            overdue.add_metric((code,), breaks)
        return by_age, overdue

    def text(self) -> bytes:
        """Return both gauges."""
        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry)


@get("/metrics", include_in_schema=False, media_type=MediaType.TEXT)
async def show_metrics(state: State, context: GivenContext) -> Response[bytes]:
    """Return every figure in the text format of Prometheus; without the database, what it can."""
    counted: bytes = state.metrics.text()
    try:
        async with context.database.read_only() as connection:
            groups = await aged_breaks(connection, business_date(context.clock(), None))
    except Unavailable:
        groups = []
    return Response(
        counted + OpenBreaks(groups).text(), headers={"content-type": CONTENT_TYPE_LATEST}
    )
