"""What every written statement must fulfil: both balances, and text that survives the journey."""

import re
from typing import Final

from bank_adapters.vocabulary import Balance, Statement

_UNWRITABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def both_balances(statement: Statement) -> tuple[Balance, Balance]:
    """Return opening and closing; a statement without one of them raises `ValueError`."""
    if statement.opening is None or statement.closing is None:
        raise ValueError("a statement for posting states both balances")
    return statement.opening, statement.closing


def clean_text(text: str) -> str:
    """Return a text that every format carries: one line, single blanks, none at its ends."""
    if _UNWRITABLE.search(text) or text != " ".join(text.split()):
        raise ValueError(f"not one line of text with single blanks: {text[:40]!r}")
    return text
