"""Identifiers: UUIDv7 inside the house, random text for what leaves it."""

import base64
import secrets
from datetime import datetime
from uuid import UUID


def new_id(now: datetime) -> UUID:
    """Return a UUIDv7 (RFC 9562): 48 bits of milliseconds, then random bits."""
    milliseconds = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    random_bits = secrets.randbits(74)
    value = milliseconds << 80 | 0x7 << 76 | (random_bits >> 62) << 64 | 0b10 << 62
    return UUID(int=value | random_bits & ((1 << 62) - 1))


def new_link_token() -> str:
    """Return 128 random bits as 22 URL-safe characters, for a link that is handed out."""
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode("ascii")
