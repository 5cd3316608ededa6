"""Amounts, days and signs of camt messages, by their schema's own rules; refuses all else."""

import re
from datetime import date
from functools import lru_cache
from typing import Final

from bank_adapters.statements.camt_node import Node
from bank_adapters.statements.decoding import excerpt, unreadable
from bank_adapters.statements.draft import Decimals, read_decimals
from bank_adapters.vocabulary import Direction

TRUE: Final = frozenset({"true", "1"})
FALSE: Final = frozenset({"false", "0"})
DIRECTIONS: Final = {"CRDT": Direction.CREDIT, "DBIT": Direction.DEBIT}

_AMOUNT: Final = re.compile(r"[0-9]{1,18}(?:\.[0-9]{0,5})?|\.[0-9]{1,5}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_DAY: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}(?:\.[0-9]+)?)?"
    r"(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?"
)


@lru_cache(maxsize=4096)
def read_amount_text(text: str) -> Decimals | None:
    """Read a plain decimal; None for a sign, an exponent, a blank inside or anything else."""
    return read_decimals(text, ".") if _AMOUNT.fullmatch(text) else None


@lru_cache(maxsize=4096)
def read_day_text(text: str) -> date | None:
    """Read a date or an instant as the day the bank wrote, in the bank's own zone; else None."""
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def read_currency(amount: Node | None) -> str:
    """Read the currency of an `Amt` element; empty when it has none."""
    currency = amount.attributes.get("Ccy", "") if amount else ""
    return currency if _CURRENCY.fullmatch(currency) else ""


def read_amount(
    node: Node | None, line: int, where: str, *, is_negative: bool = False
) -> tuple[Decimals, str]:
    """Read an `Amt` element with its currency."""
    text = node.text.strip() if node else ""
    amount = read_amount_text(text)
    if node is None or amount is None:
        raise unreadable(line, f"{where} has no amount Amt: {excerpt(text)}")
    currency = read_currency(node)
    if not currency:
        raise unreadable(node.line, f"{where} has an amount without a currency Ccy")
    return amount._replace(unscaled=-amount.unscaled) if is_negative else amount, currency


def read_sign(node: Node, where: str) -> Direction:
    """Read `CdtDbtInd`."""
    direction = DIRECTIONS.get(node.text_at("CdtDbtInd"))
    if direction is None:
        raise unreadable(node.line, f"{where} has no CdtDbtInd of CRDT or DBIT")
    return direction


def read_day(node: Node | None, where: str) -> date | None:
    """Read a `Dt` or `DtTm` choice; None when there is none, or it is empty."""
    text = node.text_at("Dt", "DtTm") if node else ""
    if node is None or not text:
        return None
    day = read_day_text(text)
    if day is None:
        raise unreadable(node.line, f"{where} has an impossible date {excerpt(text)}")
    return day
