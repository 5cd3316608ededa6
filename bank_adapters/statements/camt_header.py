"""What a camt statement says of itself beside its entries: account, balances, declared totals."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final

from bank_adapters.statements.camt_node import Node
from bank_adapters.statements.camt_texts import ACCOUNT_NUMBERS
from bank_adapters.statements.camt_values import (
    FALSE,
    TRUE,
    read_amount,
    read_amount_text,
    read_currency,
    read_day,
    read_day_text,
    read_sign,
)
from bank_adapters.statements.decoding import excerpt, unreadable
from bank_adapters.statements.draft import FLAG_FOREIGN_CURRENCY, FLAG_GAP, Decimals, DraftBalance
from bank_adapters.statements.proof import DeclaredTotal
from bank_adapters.vocabulary import Direction

_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_COUNT: Final = re.compile(r"[0-9]{1,18}")
_NEVER: Final = -1
_OPENING: Final = ("OPBD", "PRCD")
_CLOSING: Final = ("CLBD",)
_NUMBERS: Final = ("ElctrncSeqNb", "LglSeqNb", "Id")
_INTERIM: Final = "ITBD"
_PAGINATION: Final = "StmtPgntn"
_MADE_AT: Final = "CreDtTm"
_PARTS: Final = frozenset({"Acct", "TxsSummry", _PAGINATION, _MADE_AT, *_NUMBERS})


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderValues:
    """The header once the whole statement is known; see `Page` for the midway balances."""

    account: str
    currency: str
    number: str
    opening: DraftBalance | None
    closing: DraftBalance | None
    flags: tuple[str, ...]
    declared: tuple[DeclaredTotal, ...]
    opens_midway: bool
    closes_midway: bool


class StatementHeader:
    """Keeps the parts of one statement that count, in whatever order they come.

    `made_on` is the day of `CreDtTm`, once it was taken and is a day.
    """

    def __init__(self) -> None:
        self.made_on: date | None = None
        self._parts: dict[str, Node] = {}
        self._balances: dict[str, Node] = {}
        self._interim: list[Node] = []

    def take(self, node: Node) -> None:
        """Keep a part, given once; two balances of the same kind must not differ."""
        if node.name == "Bal":
            self._take_balance(node)
        elif node.name in _PARTS:
            if node.name in self._parts:
                raise unreadable(node.line, f"a second {node.name} in one statement")
            self._parts[node.name] = node
            if node.name == _MADE_AT:
                self.made_on = read_day_text(node.text.strip())

    def _take_balance(self, node: Node) -> None:
        code = _code(node)
        if node.text_at("Tp/SubTp/Cd", "Tp/SubTp/Prtry") not in {"", "INTM"}:
            return  # of a part of the money, such as what is blocked
        if code == _INTERIM:
            self._interim = [*self._interim[:1], node]
        if code not in {*_OPENING, *_CLOSING}:
            return
        known = self._balances.setdefault(code, node)
        if _amount(known) != _amount(node):
            raise unreadable(node.line, f"two different balances Bal {code}")

    def read(self, line: int, currencies: Iterable[str], *, owes_balances: bool) -> HeaderValues:
        """Read the header of a statement that ends at a line, with its entries' currencies."""
        part = self._parts.get("Acct")
        account = part.text_at(*(f"Id/{path}" for path in ACCOUNT_NUMBERS)) if part else ""
        if part is None or not account:
            raise unreadable(line, "the statement that ends here has no account Acct/Id")
        opens_midway, closes_midway = self._page()
        opening = closing = None
        if owes_balances:
            opening = self._balance(_OPENING, self._interim[:1] if opens_midway else [])
            closing = self._balance(_CLOSING, self._interim[-1:] if closes_midway else [])
        found = (balance.currency for balance in (opening, closing) if balance)
        currency = part.text_at("Ccy") or next((text for text in (*found, *currencies)), "")
        if not _CURRENCY.fullmatch(currency):
            raise unreadable(
                line, f"the statement that ends here has no currency: {excerpt(currency)}"
            )
        is_foreign = any(other != currency for other in currencies)
        return HeaderValues(
            account=account,
            currency=currency,
            number=self._number(),
            opening=opening,
            closing=closing,
            flags=tuple(self._flags(is_foreign=is_foreign)),
            declared=tuple(self._declared()),
            opens_midway=opens_midway,
            closes_midway=closes_midway,
        )

    def _page(self) -> tuple[bool, bool]:
        """Return whether other pages of the statement come before and after this one."""
        page = self._parts.get(_PAGINATION)
        if page is None:
            return False, False
        number, is_last = page.text_at("PgNb"), page.text_at("LastPgInd")
        if not _COUNT.fullmatch(number) or is_last not in {*TRUE, *FALSE}:
            raise unreadable(page.line, f"not a page number and its end: {excerpt(number)}")
        return int(number) > 1, is_last in FALSE

    def _flags(self, *, is_foreign: bool) -> Iterator[str]:
        if is_foreign:
            yield FLAG_FOREIGN_CURRENCY
        # What the account had before and what it opens with are one amount, or a day is missing.
        opening, previous = (self._balances.get(code) for code in _OPENING)
        if opening and previous and _amount(opening) != _amount(previous):
            yield FLAG_GAP

    def _number(self) -> str:
        texts = (self._parts[name].text.strip() for name in _NUMBERS if name in self._parts)
        number = next(filter(None, texts), "")
        # Pages share the number of their statement, and each is booked by its own.
        page = self._parts.get(_PAGINATION) if any(self._page()) else None
        return f"{number}/{page.text_at('PgNb')}" if page else number

    def _balance(self, codes: tuple[str, ...], interim: Sequence[Node]) -> DraftBalance | None:
        known = (self._balances[code] for code in codes if code in self._balances)
        node = next(chain(known, interim), None)
        if node is None:
            return None
        where = f"Bal {_code(node)}"
        is_debit = read_sign(node, where) is Direction.DEBIT
        amount, currency = read_amount(node.first("Amt"), node.line, where, is_negative=is_debit)
        return DraftBalance(amount, currency, read_day(node.first("Dt"), where) or _no_date(node))

    def _declared(self) -> Iterator[DeclaredTotal]:
        """Read TxsSummry, a second witness; a count or sum that is none agrees with nothing."""
        summary = self._parts.get("TxsSummry")
        if summary is None:
            return
        for tag, direction in (("", None), ("Cdt", Direction.CREDIT), ("Dbt", Direction.DEBIT)):
            count = summary.text_at(f"Ttl{tag}Ntries/NbOfNtries")
            entries = int(count) if _COUNT.fullmatch(count) else _NEVER
            sum_text = summary.text_at(f"Ttl{tag}Ntries/Sum")
            amount = read_amount_text(sum_text) or Decimals(_NEVER, 0)
            yield DeclaredTotal(direction, entries if count else None, amount if sum_text else None)


def _code(balance: Node) -> str:
    return balance.text_at("Tp/CdOrPrtry/Cd", "Tp/Cd")


def _amount(node: Node) -> tuple[Decimals | str, str, str]:
    text = node.text_at("Amt")
    amount = read_amount_text(text) or text
    is_zero = isinstance(amount, Decimals) and not amount.unscaled  # which has no sign
    return amount, read_currency(node.first("Amt")), "" if is_zero else node.text_at("CdtDbtInd")


def _no_date(node: Node) -> date:
    raise unreadable(node.line, "Bal without a date Dt")
