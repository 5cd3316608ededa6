"""The proof of a statement while it streams: sums as batches pass, and the verdict at its end.

Every dialect finishes its statements here, so that the proof and its flags mean the same for all.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import compress, repeat
from operator import is_
from typing import Final, NamedTuple

from bank_adapters.money import AMOUNT_MINOR_MAX, currency_exponent
from bank_adapters.statements.batches import (
    FileSummary,
    LineBatch,
    StatementStream,
    StatementSummary,
)
from bank_adapters.statements.decoding import excerpt, unreadable
from bank_adapters.statements.draft import (
    FLAG_CONTROL_SUM,
    FLAG_DECLARED_TOTALS,
    FLAG_UNBALANCED,
    FLAG_UNPROVEN,
    FLAG_VALUE_DATE_BASIS,
    FLAG_VND_FRACTION,
    Decimals,
    DraftBalance,
)
from bank_adapters.vocabulary import (
    Balance,
    Direction,
    EntryStatus,
    Statement,
    StatementFile,
    StatementLine,
)

EXPONENT_MAX: Final = 5
"""No dialect reads an amount with more decimals, and no currency has more."""
NAME_CHARACTERS_MAX: Final = 256
"""No bank writes a longer reference, number or account; all are looked up, so they have an end."""
_VND_FRACTION_EXPONENT: Final = 2
_REFERENCE_COLUMNS: Final = (
    "bank_references",
    "end_to_end_references",
    "returned_references",
    "batch_references",
)


class DeclaredTotal(NamedTuple):
    """What a file says of its entries of one direction, of any status; None where it is silent.

    Without a direction it speaks of both, and its amount is their sum, not their difference.
    """

    direction: Direction | None
    entries: int | None
    amount: Decimals | None

    def of(self, amounts: Mapping[Direction, int]) -> int:
        """Return that of the amounts or counts per direction of which it speaks."""
        return sum(amounts.values()) if self.direction is None else amounts[self.direction]


class StatementProof:
    """The running sums of one statement; its memory grows with its value dates only."""

    def __init__(self) -> None:
        self._exponent = 0
        self._entries = 0
        self._counts = dict.fromkeys(Direction, 0)
        self._sums = dict.fromkeys(Direction, 0)
        self._booked_sums = dict.fromkeys(Direction, 0)
        self._net_by_value_date: dict[date, int] = {}
        self._first_line_over: dict[int, int] = {}

    def add(self, batch: LineBatch) -> None:
        """Count a batch.

        Its exponent must not exceed what the statement's amounts or currency need, nor
        `EXPONENT_MAX`; it holds no entry of zero. A reference beyond `NAME_CHARACTERS_MAX` raises
        `StatementUnreadable`.
        """
        _require_short_references(batch)
        self._rescale(batch.exponent)
        self._note_range(batch)
        factor = 10 ** (self._exponent - batch.exponent)
        amounts = batch.amounts_minor
        is_credit = list(map(is_, batch.directions, repeat(Direction.CREDIT)))
        count, credit = sum(is_credit), sum(compress(amounts, is_credit))
        debit = sum(amounts) - credit
        self._counts[Direction.CREDIT] += count
        self._counts[Direction.DEBIT] += len(amounts) - count
        self._sums[Direction.CREDIT] += credit * factor
        self._sums[Direction.DEBIT] += debit * factor
        days = batch.value_dates
        if batch.statuses.count(EntryStatus.BOOKED) != len(amounts):
            is_booked = list(map(is_, batch.statuses, repeat(EntryStatus.BOOKED)))
            amounts = list(compress(amounts, is_booked))
            is_credit = list(compress(is_credit, is_booked))
            days = list(compress(days, is_booked))
            credit = sum(compress(amounts, is_credit))
            debit = sum(amounts) - credit
        self._entries += len(amounts)
        self._booked_sums[Direction.CREDIT] += credit * factor
        self._booked_sums[Direction.DEBIT] += debit * factor
        nets = self._net_by_value_date
        if days and days.count(days[0]) == len(days):
            nets[days[0]] = nets.get(days[0], 0) + (credit - debit) * factor
            return
        for day, amount, is_in in zip(days, amounts, is_credit, strict=True):
            nets[day] = nets.get(day, 0) + (amount if is_in else -amount) * factor

    def finish(
        self,
        *,
        account: str,
        currency: str,
        number: str,
        line: int = 1,
        opening: DraftBalance | None,
        closing: DraftBalance | None,
        owes_balances: bool,
        flags: Iterable[str] = (),
        declared: Iterable[DeclaredTotal] = (),
    ) -> StatementSummary:
        """Give all amounts one exponent and add the flags of the proof.

        An amount or balance beyond `AMOUNT_MINOR_MAX` raises `StatementUnreadable`, and so does a
        name beyond `NAME_CHARACTERS_MAX`; `line` is where the file says so. The declared totals are
        a second witness: balances do not see a credit and a debit of one amount that are both lost.
        """
        _require_short_names(account, number, line)
        is_fraction_of_dong = self._settle_exponent(currency, opening, closing, line)
        if self._exponent in self._first_line_over:
            raise unreadable(
                self._first_line_over[self._exponent], "the amount of the entry is out of range"
            )
        opens, closes = self._balance(opening, line), self._balance(closing, line)
        is_balanced = None
        found = [*flags, FLAG_VND_FRACTION] if is_fraction_of_dong else [*flags]
        if opens is not None and closes is not None:
            is_balanced = closes.amount_minor == opens.amount_minor + self._movement_minor()
            if not is_balanced:
                by_value_date = opens.amount_minor + self._movement_minor(closes.on)
                holds = by_value_date == closes.amount_minor
                found.append(FLAG_VALUE_DATE_BASIS if holds else FLAG_UNBALANCED)
        elif owes_balances:
            found.append(FLAG_UNPROVEN)
        if not all(self._holds(total) for total in declared):
            found.append(FLAG_DECLARED_TOTALS if is_balanced else FLAG_CONTROL_SUM)
        return StatementSummary(
            account=account,
            currency=currency,
            exponent=self._exponent,
            number=number,
            opening=opens,
            closing=closes,
            entries=self._entries,
            credit_minor=self._booked_sums[Direction.CREDIT],
            debit_minor=self._booked_sums[Direction.DEBIT],
            is_balanced=is_balanced,
            flags=tuple(dict.fromkeys(found)),
        )

    def _rescale(self, exponent: int) -> None:
        if exponent <= self._exponent:
            return
        factor = 10 ** (exponent - self._exponent)
        self._exponent = exponent
        for sums in (self._sums, self._booked_sums):
            sums.update({key: amount * factor for key, amount in sums.items()})
        nets = self._net_by_value_date
        nets.update({day: amount * factor for day, amount in nets.items()})

    def _note_range(self, batch: LineBatch) -> None:
        # Which amount is too great is known once the last exponent is: one line is kept for each.
        greatest = max(batch.amounts_minor)
        for exponent in range(batch.exponent, EXPONENT_MAX + 1):
            limit = AMOUNT_MINOR_MAX // 10 ** (exponent - batch.exponent)
            if greatest > limit and exponent not in self._first_line_over:
                self._first_line_over[exponent] = next(
                    line
                    for line, amount in zip(batch.source_lines, batch.amounts_minor, strict=True)
                    if amount > limit
                )

    def _settle_exponent(
        self,
        currency: str,
        opening: DraftBalance | None,
        closing: DraftBalance | None,
        line: int,
    ) -> bool:
        """Bring the sums to the statement's exponent; return whether a đồng has a fraction."""
        scale = self._exponent
        for balance in (opening, closing):
            if balance is None:
                continue
            if balance.currency != currency:
                raise unreadable(
                    line, f"a balance in {balance.currency} in a statement of {currency}"
                )
            scale = max(scale, balance.amount.scale)
        exponent = currency_exponent(currency)
        is_fraction_of_dong = currency == "VND" and scale > exponent
        self._rescale(max(scale, _VND_FRACTION_EXPONENT if is_fraction_of_dong else exponent))
        return is_fraction_of_dong

    def _balance(self, balance: DraftBalance | None, line: int) -> Balance | None:
        if balance is None:
            return None
        amount_minor = balance.amount.minor(self._exponent)
        if abs(amount_minor) > AMOUNT_MINOR_MAX:
            raise unreadable(line, f"the balance of {balance.on} is out of range")
        return Balance(
            amount_minor=amount_minor,
            currency=balance.currency,
            on=balance.on,
        )

    def _movement_minor(self, last: date = date.max) -> int:
        return sum(amount for day, amount in self._net_by_value_date.items() if day <= last)

    def _holds(self, total: DeclaredTotal) -> bool:
        if total.entries is not None and total.entries != total.of(self._counts):
            return False
        amount = total.amount
        return amount is None or (
            amount.scale <= self._exponent and amount.minor(self._exponent) == total.of(self._sums)
        )


def _require_short_names(account: str, number: str, line: int) -> None:
    for name, text in (("account", account), ("number", number)):
        if len(text) > NAME_CHARACTERS_MAX:
            raise unreadable(
                line,
                f"the {name} of a statement is longer than {NAME_CHARACTERS_MAX} characters: "
                f"{excerpt(text)}",
            )


def _require_short_references(batch: LineBatch) -> None:
    for name in _REFERENCE_COLUMNS:
        column = getattr(batch, name)
        if max(map(len, column)) > NAME_CHARACTERS_MAX:
            line, text = next(
                (line, text)
                for line, text in zip(batch.source_lines, column, strict=True)
                if len(text) > NAME_CHARACTERS_MAX
            )
            raise unreadable(
                line, f"a reference longer than {NAME_CHARACTERS_MAX} characters: {excerpt(text)}"
            )


def collect(stream: StatementStream) -> StatementFile:
    """Read a stream to its end and return the whole file as values; holds it all in memory."""
    batches: dict[int, list[LineBatch]] = {}
    for item in stream:
        if isinstance(item, FileSummary):
            return StatementFile(
                format=item.format,
                statements=tuple(
                    _statement(summary, batches.pop(index, []))
                    for index, summary in enumerate(item.statements)
                ),
            )
        batches.setdefault(item.statement, []).append(item)
    raise ValueError("a stream of statements ends with its FileSummary")


def _statement(summary: StatementSummary, batches: Iterable[LineBatch]) -> Statement:
    return Statement(
        account=summary.account,
        currency=summary.currency,
        exponent=summary.exponent,
        number=summary.number,
        opening=summary.opening,
        closing=summary.closing,
        lines=tuple(_lines(batches, summary.exponent)),
        flags=summary.flags,
    )


def _lines(batches: Iterable[LineBatch], exponent: int) -> Iterator[StatementLine]:
    position = 1
    for batch in batches:
        yield from batch.lines(first_position=position, exponent=exponent)
        position += len(batch)
