"""A genuine callback is stored, raw, before anything in it is acted on."""

import hashlib
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from bank_adapters.contract import CallbackDialect, CallbackRequest, Outcome, VerificationKey
from payment_service.context import Context
from payment_service.db import endpoints, messages
from payment_service.db.booking import canonical_json
from payment_service.domain.errors import NotFound
from payment_service.domain.identifiers import new_id

_PASSES: Final = frozenset({"cookie", "authorization", "proxy-authorization"})
"""Headers that open doors; no contract has its sender sign over one, and nobody reads it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A stored message with the keys of its address; `outcome` is set when it was acted on."""

    message_id: UUID
    outcome: Outcome | None
    keys: tuple[VerificationKey, ...]


async def keep_callback(
    context: Context, dialect: CallbackDialect, slug: str, request: CallbackRequest
) -> Kept:
    """Verify over the raw bytes with the address's keys, then store the message once.

    Raises `NotFound` for an unknown address and `CallbackRejected` for anything that no live key
    of the address signed; neither leaves a trace in the database.
    """
    if not endpoints.is_slug(slug):
        raise NotFound
    now = context.clock()
    async with context.database.transaction() as connection:
        endpoint = await endpoints.find_endpoint(
            connection, context.sealer, dialect.code, slug, now
        )
        if endpoint is None:
            raise NotFound
        content = dialect.verify(request, endpoint.keys, now)
        headers = [
            (name, value.decode("latin-1"))
            for name, value in request.headers
            if name not in _PASSES
        ]
        message_id, outcome = await messages.keep_message(
            connection,
            {
                "message_id": new_id(now),
                "endpoint_id": endpoint.endpoint_id,
                "content_sha256": hashlib.sha256(content).digest(),
                "method": request.method,
                "query": request.query,
                "headers": canonical_json(headers),
                "body": request.body,
                "received_at": now,
            },
        )
    return Kept(
        message_id=message_id,
        outcome=Outcome(outcome) if outcome else None,
        keys=endpoint.keys,
    )
