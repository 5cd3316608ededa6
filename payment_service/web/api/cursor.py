"""The place in a list where the next page begins; opaque to callers, checked when it comes back."""

import base64
import re
from datetime import datetime
from typing import Final
from uuid import UUID

from payment_service.domain.errors import Malformed

_CURSOR: Final = re.compile(r"[A-Za-z0-9_-]{20,120}")


def write_cursor(created_at: datetime, request_id: UUID) -> str:
    """Return the cursor behind a record."""
    plain = f"{created_at.isoformat()}/{request_id}".encode("ascii")
    return base64.urlsafe_b64encode(plain).rstrip(b"=").decode("ascii")


def read_cursor(cursor: str) -> tuple[datetime, UUID]:
    """Return the place behind which to go on; raises `Malformed` for what we never wrote."""
    refused = Malformed("this cursor is not one of ours", parameter="cursor")
    if not _CURSOR.fullmatch(cursor):
        raise refused
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        instant, _, identifier = base64.urlsafe_b64decode(padded).decode("ascii").partition("/")
        place = (datetime.fromisoformat(instant), UUID(identifier))
    except ValueError as error:
        raise refused from error
    if place[0].tzinfo is None or write_cursor(*place) != cursor:
        raise refused
    return place
