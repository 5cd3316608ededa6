"""Identifiers: UUIDv7 inside the house, random text for what leaves it."""

import base64
import secrets
from datetime import datetime
from uuid import UUID

_RANDOM_BITS = 0xFFF << 64 | (1 << 62) - 1


def new_id(now: datetime) -> UUID:
    """Return a UUIDv7 (RFC 9562): 48 bits of milliseconds, then random bits."""
    return UUID(bytes=new_ids(now, 1)[0])


def new_ids(now: datetime, count: int) -> list[bytes]:
    """Return the 16 bytes of each of many UUIDv7 of one instant."""
    milliseconds = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    fixed = milliseconds << 80 | 0x7 << 76 | 0b10 << 62
    random_bytes = secrets.token_bytes(count * 16)
    return [
        (fixed | int.from_bytes(random_bytes[at : at + 16]) & _RANDOM_BITS).to_bytes(16)
        for at in range(0, count * 16, 16)
    ]


def new_link_token() -> str:
    """Return 128 random bits as 22 URL-safe characters, for a link that is handed out."""
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode("ascii")
