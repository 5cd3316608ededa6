"""ISO 20022 camt.052, .053 and .054 as values; the sign of an entry is CdtDbtInd alone.

`RvslInd` marks an entry as a reversal and never turns its sign.
"""

import re
from datetime import date
from typing import Final

from bank_adapters.money import format_minor
from bank_adapters.statements.camt_entry import batch_holds, read_camt_entry
from bank_adapters.statements.camt_tree import Node, TreeStream
from bank_adapters.statements.camt_values import read_amount, read_day, read_sign, read_sum
from bank_adapters.statements.decoding import excerpt, unreadable
from bank_adapters.statements.draft import (
    FLAG_BATCH_SUM,
    FLAG_CONTROL_SUM,
    FLAG_FOREIGN_CURRENCY,
    Decimals,
    DraftBalance,
    DraftLine,
    finish_statement,
    read_decimals,
    with_flags,
)
from bank_adapters.statements.pages import Page, flag_gaps
from bank_adapters.vocabulary import Direction, Statement, StatementFile, StatementLine

_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_OPENING: Final = ("OPBD", "PRCD")
_CLOSING: Final = ("CLBD",)


def read_camt(data: bytes) -> StatementFile:
    """Read every statement of a file; the format is the message's name, `camt.053.001.02`.

    An envelope around `Document` is passed over. Broken XML, a DTD, an unknown version and an
    entry without a date raise `StatementUnreadable`.
    """
    return _Reader().read(data)


class _Reader:
    """Collects what one container holds, and turns it into a statement at its end."""

    def __init__(self) -> None:
        self._stream = TreeStream(self._take, self._end)
        self._statements: list[Statement] = []
        self._start_anew()

    def read(self, data: bytes) -> StatementFile:
        self._stream.parse(data)
        if not self._statements:
            raise unreadable(1, f"no statement in the {self._stream.format} message")
        statements = (
            flag_gaps([Page(statement) for statement in self._statements])
            if self._owes_balances
            else tuple(self._statements)
        )
        return StatementFile(format=self._stream.format, statements=statements)

    @property
    def _owes_balances(self) -> bool:
        return self._stream.format.startswith("camt.053")

    def _start_anew(self) -> None:
        self._header: dict[str, Node] = {}
        self._balances: dict[str, Node] = {}
        self._lines: list[DraftLine] = []
        self._currencies: dict[str, None] = {}
        self._flags: list[str] = []
        self._entries = 0

    def _take(self, node: Node) -> None:
        if node.name == "Ntry":
            self._take_entry(node)
        elif node.name == "Bal":
            self._take_balance(node)
        else:
            self._header.setdefault(node.name, node)

    def _take_entry(self, node: Node) -> None:
        self._entries += 1
        line, currency = read_camt_entry(node, self._entries)
        self._lines.append(line)
        self._currencies[currency] = None
        if not batch_holds(node, line, currency):
            self._flags.append(FLAG_BATCH_SUM)

    def _take_balance(self, node: Node) -> None:
        code = node.text_at("Tp/CdOrPrtry/Cd")
        known = self._balances.setdefault(code, node)
        if known is not node and code in {*_OPENING, *_CLOSING} and _amount(known) != _amount(node):
            raise unreadable(node.line, f"two different balances Bal {code}")

    def _end(self, line: int) -> None:
        account_node = self._header.get("Acct")
        account = account_node.text_at("Id/IBAN", "Id/Othr/Id") if account_node else ""
        if not account:
            raise unreadable(line, "the statement that ends here has no account Acct/Id")
        opening = self._balance(_OPENING) if self._owes_balances else None
        closing = self._balance(_CLOSING) if self._owes_balances else None
        currency = self._currency(line, opening, closing)
        statement = finish_statement(
            account=account,
            currency=currency,
            number=self._number(),
            opening=opening,
            closing=closing,
            lines=self._lines,
            owes_balances=self._owes_balances,
            flags=tuple(self._flags),
        )
        if statement.is_balanced is not True and not self._totals_hold(statement):
            statement = with_flags(statement, FLAG_CONTROL_SUM)
        self._statements.append(statement)
        self._start_anew()

    def _number(self) -> str:
        nodes = (self._header.get(name) for name in ("ElctrncSeqNb", "LglSeqNb", "Id"))
        return next((node.text.strip() for node in nodes if node and node.text.strip()), "")

    def _balance(self, codes: tuple[str, ...]) -> DraftBalance | None:
        node = next((self._balances[code] for code in codes if code in self._balances), None)
        if node is None:
            return None
        where = f"Bal {node.text_at('Tp/CdOrPrtry/Cd')}"
        is_debit = read_sign(node, where) is Direction.DEBIT
        amount, currency = read_amount(node.first("Amt"), node.line, where, is_negative=is_debit)
        return DraftBalance(amount, currency, read_day(node.first("Dt"), where) or _no_date(node))

    def _currency(
        self, line: int, opening: DraftBalance | None, closing: DraftBalance | None
    ) -> str:
        account = self._header["Acct"]
        found = account.text_at("Ccy") or next(
            (balance.currency for balance in (opening, closing) if balance), ""
        )
        found = found or next(iter(self._currencies), "")
        if not _CURRENCY.fullmatch(found):
            raise unreadable(
                line, f"the statement that ends here has no currency: {excerpt(found)}"
            )
        if any(currency != found for currency in self._currencies):
            self._flags.append(FLAG_FOREIGN_CURRENCY)
        return found

    def _totals_hold(self, statement: Statement) -> bool:
        """Compare TxsSummry with the entries; a second witness where no balance proves them."""
        summary = self._header.get("TxsSummry")
        if summary is None:
            return True
        for tag, direction in (("Cdt", Direction.CREDIT), ("Dbt", Direction.DEBIT)):
            lines = [line for line in statement.lines if line.direction is direction]
            count = summary.text_at(f"Ttl{tag}Ntries/NbOfNtries")
            declared = read_sum(summary.text_at(f"Ttl{tag}Ntries/Sum"))
            if count and count.lstrip("0") != str(len(lines)).lstrip("0"):
                return False
            if declared and declared != _sum_of(lines, statement.exponent):
                return False
        return True


def _sum_of(lines: list[StatementLine], exponent: int) -> Decimals:
    return read_decimals(format_minor(sum(line.amount_minor for line in lines), exponent), ".")


def _amount(node: Node) -> tuple[str, str]:
    return node.text_at("Amt"), node.text_at("CdtDbtInd")


def _no_date(node: Node) -> date:
    raise unreadable(node.line, "Bal without a date Dt")
