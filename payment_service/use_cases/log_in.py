"""An officer logs in: one session for a fresh random token, known only by its hash."""

import asyncio
from datetime import timedelta

from payment_service.context import Context
from payment_service.db import people
from payment_service.db.passwords import key_sha256, new_key, password_fits
from payment_service.domain.errors import TooManyRequests, Unauthenticated

SESSION_HOURS = 10
FAILED_LOGINS_MAX = 10
FAILED_LOGINS_MINUTES = 15


async def log_in(context: Context, username: str, password: str, source_address: str) -> str:
    """Return the token of a new session.

    Raises `Unauthenticated`, the same for an unknown name and a wrong password, and
    `TooManyRequests` for an address with too many failures; a colleague elsewhere is not locked.
    """
    now = context.clock()
    if not people.is_username(username):
        username = ""  # nobody's
    async with context.database.read_only() as connection:
        since = now - timedelta(minutes=FAILED_LOGINS_MINUTES)
        failed = await people.count_login_attempts(connection, source_address, since)
        person = await people.find_person(connection, username)
    if failed >= FAILED_LOGINS_MAX:
        raise TooManyRequests
    # Argon2 is slow on purpose: beside the event loop, so that a flood stalls no callback.
    known_hash = person.password_hash if person else None
    is_right = await asyncio.to_thread(password_fits, known_hash, password)
    token = new_key()
    async with context.database.transaction() as connection:
        if person is not None and is_right:
            await people.insert_session(
                connection,
                {
                    "token_sha256": key_sha256(token),
                    "person_id": person.person_id,
                    "form_token": new_key(),
                    "now": now,
                    "expires_at": now + timedelta(hours=SESSION_HOURS),
                },
            )
            return token
        await people.record_login_attempt(connection, username, source_address, now)
    raise Unauthenticated("user name or password is wrong")
