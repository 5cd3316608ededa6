"""A dossier system gets a key to the API; it is shown once and stored as a hash."""

from payment_service.context import Context
from payment_service.db import people
from payment_service.db.passwords import key_sha256, new_key
from payment_service.domain.identifiers import new_id


async def issue_client_key(context: Context, name: str) -> str:
    """Register a client by a unique name and return its key."""
    now = context.clock()
    key = new_key()
    async with context.database.transaction() as connection:
        await people.insert_client(
            connection,
            {
                "client_id": new_id(now),
                "name": name,
                "key_sha256": key_sha256(key),
                "created_at": now,
            },
        )
    return key
