"""Amounts, days and signs of camt messages, by their schema's own rules; refuses all else."""

import contextlib
import re
from datetime import date
from typing import Final

from bank_adapters.statements.camt_tree import Node
from bank_adapters.statements.decoding import excerpt, unreadable
from bank_adapters.statements.draft import Decimals, read_decimals
from bank_adapters.vocabulary import Direction

_AMOUNT: Final = re.compile(r"[0-9]{1,18}(?:\.[0-9]{0,5})?|\.[0-9]{1,5}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T.*|Z|[+-][0-9:]{5})?")
_DIRECTIONS: Final = {"CRDT": Direction.CREDIT, "DBIT": Direction.DEBIT}


def read_amount(
    node: Node | None, line: int, where: str, *, is_negative: bool = False
) -> tuple[Decimals, str]:
    """Read an `Amt` element with its currency; a sign, an exponent or a blank inside is refused."""
    text = node.text.strip() if node else ""
    if node is None or not _AMOUNT.fullmatch(text):
        raise unreadable(line, f"{where} has no amount Amt: {excerpt(text)}")
    currency = node.attributes.get("Ccy", "")
    if not _CURRENCY.fullmatch(currency):
        raise unreadable(node.line, f"{where} has an amount without a currency Ccy")
    return read_decimals(text, ".", is_negative=is_negative), currency


def read_sum(text: str) -> Decimals | None:
    """Read a declared sum, which has no currency; None when it is not a plain decimal."""
    return read_decimals(text, ".") if _AMOUNT.fullmatch(text) else None


def read_sign(node: Node, where: str) -> Direction:
    """Read `CdtDbtInd`."""
    direction = _DIRECTIONS.get(node.text_at("CdtDbtInd"))
    if direction is None:
        raise unreadable(node.line, f"{where} has no CdtDbtInd of CRDT or DBIT")
    return direction


def read_day(node: Node | None, where: str) -> date | None:
    """Read a `Dt` or `DtTm` choice as the day the bank wrote, in the bank's own zone."""
    text = node.text_at("Dt", "DtTm") if node else ""
    if node is None or not text:
        return None
    match = _DAY.fullmatch(text)
    if match is not None:
        with contextlib.suppress(ValueError):
            return date(int(match[1]), int(match[2]), int(match[3]))
    raise unreadable(node.line, f"{where} has an impossible date {excerpt(text)}")
