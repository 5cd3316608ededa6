"""Writes a payload for a transfer to an account; what does not fit is refused, never shortened."""

import re
from typing import Final

from bank_adapters.vietqr.faults import Fault, VietQrError
from bank_adapters.vietqr.layout import (
    ACCOUNT,
    AMOUNT_DIGITS_MAX,
    BILL_NUMBER_LENGTH_MAX,
    BIN,
    CRC_HEADER,
    DONG,
    METHOD_CODES,
    NAPAS_GUID,
    PURPOSE_LENGTH_MAX,
    TO_ACCOUNT,
    VERSION,
    VIETNAM,
    Method,
    crc_of,
)

_PURPOSE: Final = re.compile(f"[ -~]{{1,{PURPOSE_LENGTH_MAX}}}")
_BILL_NUMBER: Final = re.compile(f"[A-Za-z0-9-]{{1,{BILL_NUMBER_LENGTH_MAX}}}")


def encode(
    *,
    bank_bin: str,
    account_number: str,
    amount_minor: int | None,
    purpose: str | None,
    bill_number: str | None = None,
    method: Method | None = None,
) -> str:
    """Return the payload of a transfer to an account or virtual account, in ASCII.

    Without a method the code is dynamic with an amount and static without one. `VietQrError` names
    the first value that does not fit; nothing is shortened or folded here. The longest template is
    63 characters, so every length fits its two digits.
    """
    _require(BIN, bank_bin, Fault.BIN, "38-01-00", "must be 6 digits")
    _require(ACCOUNT, account_number, Fault.ACCOUNT, "38-01-01", "must be 1 to 19 letters, digits")
    if method is None:
        method = Method.STATIC if amount_minor is None else Method.DYNAMIC
    beneficiary = _field("00", bank_bin) + _field("01", account_number)
    account = _field("00", NAPAS_GUID) + _field("01", beneficiary) + _field("02", TO_ACCOUNT)
    payload = (
        _field("00", VERSION)
        + _field("01", METHOD_CODES.get(method, ""))
        + _field("38", account)
        + _field("53", DONG)
        + _field("54", _amount(amount_minor))
        + _field("58", VIETNAM)
        + _field("62", _additional(purpose, bill_number))
        + CRC_HEADER
    )
    return payload + crc_of(payload)


def _additional(purpose: str | None, bill_number: str | None) -> str:
    text = ""
    if bill_number is not None:
        sentence = f"must be 1 to {BILL_NUMBER_LENGTH_MAX} letters, digits or hyphens"
        _require(_BILL_NUMBER, bill_number, Fault.BILL_NUMBER, "62-01", sentence)
        text += _field("01", bill_number)
    if purpose is not None:
        sentence = f"must be 1 to {PURPOSE_LENGTH_MAX} characters of printable ASCII"
        _require(_PURPOSE, purpose, Fault.PURPOSE, "62-08", sentence)
        text += _field("08", purpose)
    return text


def _amount(amount_minor: int | None) -> str:
    if amount_minor is None:
        return ""
    if type(amount_minor) is not int or not 0 < amount_minor < 10**AMOUNT_DIGITS_MAX:
        # The number is not shown: Python refuses to write out one of thousands of digits.
        sentence = f"must be a whole number of 1 to {AMOUNT_DIGITS_MAX} digits and not zero"
        raise VietQrError(Fault.AMOUNT, sentence, path="54")
    return str(amount_minor)


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02}{value}" if value else ""


def _require(pattern: re.Pattern[str], value: str, fault: Fault, path: str, sentence: str) -> None:
    if not pattern.fullmatch(value):
        raise VietQrError(fault, f"{sentence}: {value[:40]!r}", path=path)
