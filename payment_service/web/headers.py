"""What every answer carries: the number of the request and the headers that protect browsers."""

from typing import Any, Final
from uuid import uuid4

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

REQUEST_ID: Final = "x-request-id"
SECURITY_HEADERS: Final = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
        "frame-ancestors 'none'; form-action 'self' https:"
    ),
}
STRICT_TRANSPORT: Final = "max-age=31536000; includeSubDomains"


def request_id_of(scope: Any) -> str:
    """Return the number of a request, drawn on first use; one that came in is not believed."""
    state: dict[str, Any] = scope["state"]
    return str(state.setdefault("request_id", uuid4().hex))


async def protect(message: Message, scope: Scope) -> None:
    """Add the headers to an answer; a header that the handler set itself stays."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)
    headers[REQUEST_ID] = request_id_of(scope)
    if scope["litestar_app"].state.context.public_url.startswith("https://"):
        headers["strict-transport-security"] = STRICT_TRANSPORT
