"""payOS names orders by whole numbers; ours are led into them and back without a table.

A reference is a payment reference, alone or with the number of the attempt in three digits. Its
check symbol says nothing new, so what remains are nine symbols of 31 and an attempt up to 339:
31^9 × 340 numbers, all below 2^53.
"""

import re
from typing import Final

from bank_adapters import payment_reference
from bank_adapters.outgoing import RequestRefused

ORDER_CODE_MAX: Final = 2**53 - 1
"""The largest whole number that JavaScript, and so payOS, counts exactly."""

_ATTEMPTS: Final = 340
_ATTEMPT: Final = re.compile(r"[0-9]{3}")
_RADIX: Final = len(payment_reference.ALPHABET)
_OURS: Final = _RADIX**payment_reference.BODY_LENGTH * _ATTEMPTS
"""Numbers below this are ours; those above stand for nothing."""
_DECIMAL: Final = re.compile(r"[1-9][0-9]{15}")


def payment_reference_of(our_reference: str) -> str:
    """Return the payment reference that an attempt's reference begins with.

    Raises `RequestRefused` when it begins with none.
    """
    reference = our_reference[: payment_reference.LENGTH]
    if not payment_reference.is_valid(reference):
        raise RequestRefused("the order's reference does not begin with a payment reference")
    return reference


def order_code_of(our_reference: str) -> int:
    """Return the number that stands for a reference; `reference_of` leads it back.

    Raises `RequestRefused` for a reference that no number stands for, such as a 340th attempt.
    """
    if _DECIMAL.fullmatch(our_reference) and _OURS <= int(our_reference) <= ORDER_CODE_MAX:
        return int(our_reference)
    reference = payment_reference_of(our_reference)
    digits = our_reference[payment_reference.LENGTH :]
    attempt = int(digits) if _ATTEMPT.fullmatch(digits) else 0
    if digits and not 0 < attempt < _ATTEMPTS:
        raise RequestRefused(f"payOS takes attempts 001 to {_ATTEMPTS - 1} of one payment")
    body = reference[len(payment_reference.PREFIX) : -1]
    number = 0
    for symbol in reversed(body):
        number = number * _RADIX + payment_reference.ALPHABET.index(symbol)
    return number * _ATTEMPTS + attempt


def reference_of(order_code: int) -> str:
    """Return the reference behind a number; one that cannot be ours stays decimal digits."""
    if order_code >= _OURS:
        return str(order_code)
    number, attempt = divmod(order_code, _ATTEMPTS)
    reference = payment_reference.make(number.to_bytes(payment_reference.RANDOM_BYTES_MIN, "big"))
    return f"{reference}{attempt:03}" if attempt else reference
