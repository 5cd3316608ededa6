"""What a camt statement says of itself beside its entries: account, balances, declared totals."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from bank_adapters.statements.camt_node import Node
from bank_adapters.statements.camt_texts import ACCOUNT_NUMBERS
from bank_adapters.statements.camt_values import (
    read_amount,
    read_amount_text,
    read_day,
    read_sign,
)
from bank_adapters.statements.decoding import excerpt, unreadable
from bank_adapters.statements.draft import FLAG_FOREIGN_CURRENCY, DraftBalance
from bank_adapters.statements.proof import DeclaredTotal
from bank_adapters.vocabulary import Direction

_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_COUNT: Final = re.compile(r"[0-9]{1,18}")
_NEVER: Final = -1
_OPENING: Final = ("OPBD", "PRCD")
_CLOSING: Final = ("CLBD",)
_NUMBERS: Final = ("ElctrncSeqNb", "LglSeqNb", "Id")
_PARTS: Final = frozenset({"Acct", "TxsSummry", *_NUMBERS})


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderValues:
    """The header once the whole statement is known."""

    account: str
    currency: str
    number: str
    opening: DraftBalance | None
    closing: DraftBalance | None
    flags: tuple[str, ...]
    declared: tuple[DeclaredTotal, ...]


class StatementHeader:
    """Keeps the parts of one statement that count, in whatever order they come."""

    def __init__(self) -> None:
        self._parts: dict[str, Node] = {}
        self._balances: dict[str, Node] = {}

    def take(self, node: Node) -> None:
        """Keep a part; a second balance of the same kind must not differ from the first."""
        if node.name == "Bal":
            self._take_balance(node)
        elif node.name in _PARTS:
            self._parts.setdefault(node.name, node)

    def _take_balance(self, node: Node) -> None:
        code = _code(node)
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
        opening = self._balance(_OPENING) if owes_balances else None
        closing = self._balance(_CLOSING) if owes_balances else None
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
            flags=(FLAG_FOREIGN_CURRENCY,) if is_foreign else (),
            declared=tuple(self._declared()),
        )

    def _number(self) -> str:
        texts = (self._parts[name].text.strip() for name in _NUMBERS if name in self._parts)
        return next(filter(None, texts), "")

    def _balance(self, codes: tuple[str, ...]) -> DraftBalance | None:
        node = next((self._balances[code] for code in codes if code in self._balances), None)
        if node is None:
            return None
        where = f"Bal {_code(node)}"
        is_debit = read_sign(node, where) is Direction.DEBIT
        amount, currency = read_amount(node.first("Amt"), node.line, where, is_negative=is_debit)
        return DraftBalance(amount, currency, read_day(node.first("Dt"), where) or _no_date(node))

    def _declared(self) -> Iterator[DeclaredTotal]:
        """Read TxsSummry, a second witness; a count that is no number agrees with nothing."""
        summary = self._parts.get("TxsSummry")
        if summary is None:
            return
        for tag, direction in (("Cdt", Direction.CREDIT), ("Dbt", Direction.DEBIT)):
            count = summary.text_at(f"Ttl{tag}Ntries/NbOfNtries")
            entries = int(count) if _COUNT.fullmatch(count) else _NEVER
            amount = read_amount_text(summary.text_at(f"Ttl{tag}Ntries/Sum"))
            yield DeclaredTotal(direction, entries if count else None, amount)


def _code(balance: Node) -> str:
    return balance.text_at("Tp/CdOrPrtry/Cd", "Tp/Cd")


def _amount(node: Node) -> tuple[str, str]:
    return node.text_at("Amt"), node.text_at("CdtDbtInd")


def _no_date(node: Node) -> date:
    raise unreadable(node.line, "Bal without a date Dt")
