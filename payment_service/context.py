"""What every use case is given: records, keys, time, and the address the world knows us by."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bank_adapters.outgoing import Answer, OutgoingRequest
from payment_service.db.database import Database
from payment_service.db.sealing import Sealer

Clock = Callable[[], datetime]
"""Returns the present instant, aware, in UTC."""

Send = Callable[[OutgoingRequest], Awaitable[Answer]]
"""Sends one request to a gateway or raises `GatewayUnavailable`; never awaited in a transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The parts that composition chose; passed as the first argument, never looked up."""

    database: Database
    sealer: Sealer
    clock: Clock
    send: Send
    public_url: str
    pick_up_folder: Path
    allow_test_keys: bool
