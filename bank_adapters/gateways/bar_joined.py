"""Values joined by a bar, as KeyPay and the national payment platform sign them; no keys here."""

import re
from collections.abc import Iterable
from typing import Final

from bank_adapters.fields import Fields
from bank_adapters.gateways.exchange import signed_value

BAR_FREE: Final = re.compile(r"[!-{}~]{1,100}")
"""An identifier that may stand in such a list."""
BAR_FREE_TEXT: Final = re.compile(r"[ -{}~]{1,255}")
"""A text in ASCII that may stand in such a list."""


def bar_joined(fields: Fields, names: Iterable[str]) -> bytes:
    """Return the values of these names, joined; a missing value is empty, a number its digits.

    A value that holds a bar is refused: it could pass for two values.
    """
    return "|".join(_value(fields, name) for name in names).encode()


def _value(fields: Fields, name: str) -> str:
    value = signed_value(fields, name)
    if "|" in value:
        raise fields.refuse(f"{name} holds a bar")
    return value
