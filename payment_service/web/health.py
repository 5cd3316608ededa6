"""Whether this process lives, and whether it can do its work."""

from litestar import get

from payment_service.db.migration import require_current_schema
from payment_service.domain.errors import ConfigurationError, Unavailable
from payment_service.web.injected import GivenContext


@get("/healthz", include_in_schema=False)
async def show_health() -> dict[str, str]:
    """Answer as long as the process can."""
    return {"status": "ok"}


@get("/readyz", include_in_schema=False)
async def show_readiness(context: GivenContext) -> dict[str, str]:
    """Answer when the database answers and has the schema that this code needs."""
    try:
        await require_current_schema(context.database)
    except ConfigurationError as error:
        raise Unavailable("the schema is not the one this program needs") from error
    return {"status": "ready"}
