"""The trail of acts that give somebody power over money; insert only."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.booking import canonical_json
from payment_service.db.database import insert_rows
from payment_service.domain.identifiers import new_id

_EVENT = {
    "event_id": "uuid",
    "at": "timestamptz",
    "actor": "text",
    "act": "text",
    "subject": "text",
    "details": "jsonb",
}


async def record_act(
    connection: AsyncConnection,
    now: datetime,
    actor: str,
    act: str,
    subject: str,
    details: dict[str, object],
) -> None:
    """Record an act in the transaction that does it; secrets never belong in `details`."""
    row = (new_id(now), now, actor, act, subject, canonical_json(details))
    await insert_rows(connection, "audit_event", _EVENT, [row])
