"""The details of a batch entry as one running sum; must not hold the details themselves."""

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.camt_node import Node
from bank_adapters.statements.camt_values import read_amount, read_sign
from bank_adapters.vocabulary import Direction

_EXPONENT = 5


class DetailSum:
    """Adds up the `TxDtls` of one entry as they pass; says nothing for fewer than two.

    A detail without an amount, or in another currency than its entry, ends the sum: the details
    then do not say what they add up to. A broken amount is a fault only when the sum is asked for.
    """

    __slots__ = ("_currency", "_fault", "_is_silent", "_signed", "_unsigned", "count")

    def __init__(self) -> None:
        self.count = 0
        self._currency = ""
        self._fault: StatementUnreadable | None = None
        self._is_silent = False
        self._unsigned = 0
        self._signed = dict.fromkeys(Direction, 0)

    def add(self, detail: Node) -> None:
        """Count one detail."""
        self.count += 1
        if self._fault or self._is_silent:
            return
        amount = detail.first("Amt") or detail.first("AmtDtls/TxAmt/Amt")
        currency = amount.attributes.get("Ccy", "") if amount else ""
        if self.count == 1:
            self._currency = currency
        if amount is None or currency != self._currency:
            self._is_silent = True
            return
        try:
            value, _ = read_amount(amount, amount.line, "TxDtls")
            minor = value.minor(_EXPONENT)
            if detail.first("CdtDbtInd") is None:
                self._unsigned += minor
            else:
                self._signed[read_sign(detail, "TxDtls")] += minor
        except StatementUnreadable as fault:
            self._fault = fault

    def holds(self, amount_minor: int, currency: str, direction: Direction) -> bool:
        """Return whether the details add up to their entry, in units of 10^-5."""
        if self.count < 2 or currency != self._currency:  # noqa: PLR2004  one detail is no batch
            return True
        if self._fault:
            raise self._fault
        same, all_signed = self._signed[direction], sum(self._signed.values())
        return self._is_silent or self._unsigned + 2 * same - all_signed == amount_minor
