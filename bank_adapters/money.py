"""Money as integer minor units with a currency; nothing here ever touches a float.

Every floor counts money, so it stands on the ground floor.
"""

import re
from dataclasses import dataclass
from typing import Final

AMOUNT_MINOR_MAX: Final = 10**15
"""Largest amount a single record may carry: a quadrillion minor units, inside JSON's safe range."""

_WHOLE: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THOUSANDTHS: Final = "BHD IQD JOD KWD LYD OMR TND"
_EXPONENTS: Final = dict.fromkeys(_WHOLE.split(), 0) | dict.fromkeys(_THOUSANDTHS.split(), 3)
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_DIGITS: Final = re.compile(r"[0-9]{1,15}")


class MoneyError(ValueError):
    """The text is not an amount of money."""


def currency_exponent(currency: str) -> int:
    """Return the number of decimals of a currency (ISO 4217); the đồng has none."""
    if not _CURRENCY.fullmatch(currency):
        raise MoneyError(f"not an ISO 4217 currency code: {currency!r}")
    return _EXPONENTS.get(currency, 2)


def parse_whole_minor(text: str) -> int:
    """Read an amount written as ASCII digits only, such as a gateway's amount field.

    Signs, separators, exponents, blanks and foreign digits raise `MoneyError`; so does zero.
    """
    if not _DIGITS.fullmatch(text):
        raise MoneyError(f"not a whole amount: {text[:40]!r}")
    amount_minor = int(text)
    if not 0 < amount_minor <= AMOUNT_MINOR_MAX:
        raise MoneyError(f"amount out of range: {text[:40]!r}")
    return amount_minor


def format_minor(amount_minor: int, exponent: int) -> str:
    """Write minor units as a plain decimal string, `-1234` with exponent 2 as `-12.34`."""
    sign = "-" if amount_minor < 0 else ""
    digits = str(abs(amount_minor)).rjust(exponent + 1, "0")
    if exponent == 0:
        return sign + digits
    return f"{sign}{digits[:-exponent]}.{digits[-exponent:]}"


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An exact amount in minor units of one currency; refuses floats, booleans and mixing."""

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount_minor) is not int:
            raise MoneyError(f"money is counted in whole minor units, not {self.amount_minor!r}")
        currency_exponent(self.currency)

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.amount_minor - other.amount_minor, self.currency)

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise MoneyError(f"{self.currency} and {other.currency} do not add")

    def __str__(self) -> str:
        return (
            f"{format_minor(self.amount_minor, currency_exponent(self.currency))} {self.currency}"
        )
