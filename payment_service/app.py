"""The web application: routes, errors, headers, and the context they work with.

`application` is what each worker process of the server opens; tests give `create_app` a context.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from payment_service.composition import open_context
from payment_service.context import Context
from payment_service.db.migration import require_current_schema
from payment_service.processes import end_with, listen_for_stop
from payment_service.settings import read_settings
from payment_service.web.api.authentication import KnownKeys
from payment_service.web.api.payment_requests import PAYMENT_REQUESTS
from payment_service.web.body import require_plain_path
from payment_service.web.callbacks import receive_callback
from payment_service.web.citizen.routes import ROUTES as CITIZEN_ROUTES
from payment_service.web.errors import answer_error
from payment_service.web.headers import protect
from payment_service.web.health import show_health, show_readiness
from payment_service.web.injected import CONTEXT
from payment_service.web.metrics import Metrics, count_request, show_metrics
from payment_service.web.staff.routes import ROUTES as STAFF_ROUTES

OPENAPI = OpenAPIConfig(
    title="Payment service",
    version="1",
    description="Ask for public fees and follow them until the money is in the bank.",
    path="/api/v1",
    render_plugins=[JsonRenderPlugin()],
    components=Components(
        security_schemes={"clientKey": SecurityScheme(type="http", scheme="bearer")}
    ),
)


def create_app(context: Context | None = None) -> Litestar:
    """Return the application, over this context or over one it opens from the settings.

    Opening raises `ConfigurationError` when the schema is not the one this code needs.
    """

    @asynccontextmanager
    async def opened(app: Litestar) -> AsyncIterator[None]:
        if context is not None:
            await require_current_schema(context.database)
            yield
            return
        end_with()
        async with open_context(read_settings()) as own:
            await require_current_schema(own.database)
            app.state.context = own
            listen_for_stop()
            yield

    app = Litestar(
        route_handlers=[
            PAYMENT_REQUESTS,
            receive_callback,
            show_health,
            show_readiness,
            show_metrics,
            *CITIZEN_ROUTES,
            *STAFF_ROUTES,
        ],
        lifespan=[opened],
        dependencies=CONTEXT,
        exception_handlers={Exception: answer_error},
        before_request=require_plain_path,
        before_send=[protect, count_request],
        openapi_config=OPENAPI,
        logging_config=None,
    )
    app.state.context = context
    app.state.metrics = Metrics()
    app.state.known_keys = KnownKeys()
    return app


def application() -> Litestar:
    """Return the application of a worker process, which writes one JSON line an event."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(),
    )
    return create_app()
