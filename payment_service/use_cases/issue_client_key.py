"""A dossier system gets a key to the API; it is shown once and stored as a hash."""

from sqlalchemy.exc import IntegrityError

from payment_service.context import Context
from payment_service.db import people
from payment_service.db.audit import record_act
from payment_service.db.passwords import key_sha256, new_key
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.identifiers import new_id


async def issue_client_key(context: Context, name: str) -> str:
    """Register a client and return its key.

    Raises `Invalid` without a name and `StateConflict` for one that is taken.
    """
    if not name.strip() or "\0" in name:
        raise Invalid("a client needs a name", field="name")
    now = context.clock()
    key = new_key()
    values = {
        "client_id": new_id(now),
        "name": name.strip(),
        "key_sha256": key_sha256(key),
        "created_at": now,
    }
    try:
        async with context.database.transaction() as connection:
            await people.insert_client(connection, values)
            await record_act(connection, now, "operator", "issue_client_key", name, {})
    except IntegrityError as error:
        raise StateConflict("a client of this name has a key already") from error
    return key
