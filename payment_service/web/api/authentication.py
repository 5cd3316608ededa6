"""Who calls the API: `Authorization: Bearer <key>`, looked up by its hash."""

import asyncio
import re
from typing import Any, Final
from uuid import UUID

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from payment_service.context import Context
from payment_service.db import people
from payment_service.db.passwords import key_sha256
from payment_service.domain.errors import Unauthenticated

KNOWN_SECONDS: Final = 3.0
"""How long a key that was right is believed without asking again; a revoked one ends by then."""
_KNOWN_MAX: Final = 1000
_BEARER: Final = re.compile(r"bearer +([A-Za-z0-9_\-]{20,200})", re.IGNORECASE)


class KnownKeys:
    """The keys that were right in the last seconds, of this process."""

    def __init__(self) -> None:
        self._clients: dict[bytes, tuple[UUID, float]] = {}

    async def client_of(self, context: Context, key: str) -> UUID | None:
        """Return the client of a key, or None when no live key is this one."""
        hashed = key_sha256(key)
        seconds = asyncio.get_running_loop().time()
        known = self._clients.get(hashed)
        if known is not None and seconds < known[1]:
            return known[0]
        async with context.database.read_only() as connection:
            client_id = await people.find_client_id(connection, hashed)
        if len(self._clients) >= _KNOWN_MAX:
            self._clients.clear()
        self._clients.pop(hashed, None)
        if client_id is not None:
            self._clients[hashed] = (client_id, seconds + KNOWN_SECONDS)
        return client_id


async def require_client(
    connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler
) -> None:
    """Let only callers with a live key pass; missing, unknown and revoked are told the same."""
    state = connection.app.state
    given = connection.headers.getall("authorization", [])
    bearer = _BEARER.fullmatch(given[0].strip()) if len(given) == 1 else None
    client_id = await state.known_keys.client_of(state.context, bearer[1]) if bearer else None
    if client_id is None:
        raise Unauthenticated("a live key is needed: Authorization: Bearer <key>")
    connection.scope["auth"] = client_id
