"""Statement files to measure with, written by the other side's own writer."""

import base64
import secrets
from collections.abc import Sequence
from datetime import date

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from bank_adapters.vocabulary import Balance, Direction, Statement, StatementLine

STRONG_PERCENT = 95
"""How many of a hundred lines name their request in the memo."""


def statement_of(
    account_number: str, opened_on: date, on: date, references: Sequence[str], amount_minor: int
) -> Statement:
    """Return one day's statement: a credit for each reference, most of which name it.

    Every twentieth line comes without its reference, as payers forget it.
    """
    lines = tuple(
        StatementLine(
            position=number,
            source_line=number,
            booking_date=on,
            value_date=on,
            amount_minor=amount_minor,
            direction=Direction.CREDIT,
            bank_reference=f"FT{number:010d}",
            code="NTRF",
            counterparty_name=f"NGUYEN VAN {number}",
            narrative=f"MBVCB.{number}.{_memo(number, reference)}.CT tu 0123456789 toi UBND",
        )
        for number, reference in enumerate(references, start=1)
    )
    return Statement(
        account=account_number,
        currency="VND",
        exponent=0,
        number="1",
        opening=Balance(amount_minor=0, currency="VND", on=opened_on),
        closing=Balance(amount_minor=amount_minor * len(lines), currency="VND", on=on),
        lines=lines,
    )


def _memo(number: int, reference: str) -> str:
    is_strong = number % 100 < STRONG_PERCENT
    return reference if is_strong else f"nop phi {secrets.token_hex(4)}"


def sign(content: bytes, private_key: RSAPrivateKey) -> bytes:
    """Return the detached signature of a file."""
    return base64.b64encode(private_key.sign(content, padding.PKCS1v15(), hashes.SHA256()))
