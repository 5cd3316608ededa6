"""The shared step that finds what a notice names: a request that it pays, or what is awaited.

A line of the bank that names what is awaited is that, or is held; a notice does not know which.
"""

import re
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bank_adapters import payment_reference
from bank_adapters.contract import CallbackDialect
from bank_adapters.vocabulary import PaymentNotice
from payment_service.db import attempts, bank_orders, requests
from payment_service.db.endpoints import Endpoint

_WORDS: Final = (re.compile(r"[A-Z0-9]{8,}"), re.compile(r"[A-Z0-9][A-Z0-9._/-]{7,}"))
"""What a key in a memo looks like to the nights, too."""


async def find_request(
    connection: AsyncConnection, endpoint: Endpoint, dialect: CallbackDialect, notice: PaymentNotice
) -> UUID | None:
    """Return the one request that a notice names."""
    if not dialect.is_bank:
        return await attempts.request_of_attempt(
            connection, endpoint.endpoint_id, notice.our_reference or ""
        )
    references = list(payment_reference.find(_told(notice)))
    found = await requests.requests_of_references(connection, endpoint.account_group_id, references)
    return next(iter(found.values())) if len(found) == 1 else None


async def names_awaited(
    connection: AsyncConnection, endpoint: Endpoint, notice: PaymentNotice, *, names_due: bool
) -> bool:
    """Say whether a bank's notice names what its account awaits, or the due of such a transfer.

    Whoever holds the lock of that due may rely on it: a transfer is ordered under it. A key is any
    word that a sender chose, a date too: in the payment of a due it counts with its amount only.
    """
    told = _told(notice)
    found = {word for words in _WORDS for word in words.findall(told.upper())}
    return await bank_orders.is_awaited(
        connection,
        endpoint.account_group_id,
        endpoint.account_id,
        keys=[re.sub(r"[^A-Z0-9]", "", word) for word in found],
        references=list(payment_reference.find(told)),
        paid_minor=notice.amount_minor if names_due else None,
    )


def _told(notice: PaymentNotice) -> str:
    # A virtual account or the bank's own field for our text may name what the memo lost.
    return " ".join((notice.memo, notice.virtual_account, notice.our_reference or ""))
