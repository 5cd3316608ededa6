"""Money as integer minor units of a currency; nothing here ever touches a float.

Every floor counts money, so it stands on the ground floor.
"""

import re
from typing import Final

AMOUNT_MINOR_MAX: Final = 10**15
"""Largest amount a single record may carry: a quadrillion minor units, inside JSON's safe range."""

_WHOLE: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THOUSANDTHS: Final = "BHD IQD JOD KWD LYD OMR TND"
_TEN_THOUSANDTHS: Final = "CLF UYW"
_EXPONENTS: Final = (
    dict.fromkeys(_WHOLE.split(), 0)
    | dict.fromkeys(_THOUSANDTHS.split(), 3)
    | dict.fromkeys(_TEN_THOUSANDTHS.split(), 4)
)
_CURRENCY: Final = re.compile(r"[A-Z]{3}")


class MoneyError(ValueError):
    """A number is no amount of money, or a text no currency."""


def currency_exponent(currency: str) -> int:
    """Return the number of decimals of a currency (ISO 4217); the đồng has none."""
    if not _CURRENCY.fullmatch(currency):
        raise MoneyError(f"not an ISO 4217 currency code: {currency[:40]!r}")
    return _EXPONENTS.get(currency, 2)


def format_minor(amount_minor: int, exponent: int) -> str:
    """Write minor units as a plain decimal string, `-1234` with exponent 2 as `-12.34`."""
    sign = "-" if amount_minor < 0 else ""
    digits = str(abs(amount_minor)).rjust(exponent + 1, "0")
    if exponent == 0:
        return sign + digits
    return f"{sign}{digits[:-exponent]}.{digits[-exponent:]}"
