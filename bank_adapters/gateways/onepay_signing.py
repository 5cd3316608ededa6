"""The text that OnePay signs, and what notices and answers of version 2 have in common.

What is registered is `accessCode:secret` or `accessCode:secret:user:password`.
"""

import re
from collections.abc import Mapping
from typing import Final

from bank_adapters.contract import Algorithm
from bank_adapters.fields import Fields
from bank_adapters.gateways.raw_pairs import join_pairs
from bank_adapters.vocabulary import NoticeResult

ALGORITHM: Final = Algorithm.HMAC_SHA256_HEX_DECODED
SECURE_HASH: Final = "vpc_SecureHash"
AMOUNT_FACTOR: Final = 100
"""OnePay writes đồng times one hundred."""
ACCESS_CODE, SECRET, USER, PASSWORD = range(4)
"""Places in the material."""
CODE: Final = re.compile(r"[0-9A-Z?]{1,4}")

_TRANSACTION: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def canonical(fields: Mapping[str, str]) -> bytes:
    """Return the text that OnePay signs: non-empty `vpc_` and `user_` fields by name, raw."""
    return join_pairs(
        (name, value)
        for name, value in sorted(fields.items())
        if value and name.startswith(("vpc_", "user_")) and name != SECURE_HASH
    )


def read_amount(fields: Fields) -> int:
    """Return `vpc_Amount` in đồng."""
    return fields.amount_minor("vpc_Amount", factor=AMOUNT_FACTOR, as_text=True)


def read_transaction(fields: Fields, result: NoticeResult) -> str:
    """Return OnePay's number; empty where there is none, which is refused for a payment."""
    name = "vpc_TransactionNo"
    is_required = result is NoticeResult.PAID
    if not is_required and fields.values.get(name, "0") in {"", "0"}:
        return ""
    return fields.text(name, _TRANSACTION)
