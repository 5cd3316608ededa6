"""What a contract lets a gateway keep of a line, and how a report's costs differ from that.

Whole đồng throughout; it decides no posting.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from bank_adapters.vocabulary import SettlementLine
from payment_service.domain.calendar import VIETNAM

Rounding = Literal["down", "half_up", "up"]
_PPM: Final = 1_000_000
_PERMILLE: Final = 1_000
NAMED_MAX: Final = 5
"""As many transactions are named where costs differ; the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """Rate and fixed part of one kind of line, with VAT on their sum, from a day to a day."""

    line_kind: str
    rate_ppm: int
    fixed_minor: int
    vat_permille: int
    rounding: Rounding
    citation: str
    verified: bool
    valid_from: date
    valid_to: date | None

    def fee_and_vat(self, gross_minor: int) -> tuple[int, int]:
        """Return the fee on an amount and the VAT on that fee, each rounded to the đồng."""
        fee_minor = self.fixed_minor + self._rounded(abs(gross_minor) * self.rate_ppm, _PPM)
        return fee_minor, self._rounded(fee_minor * self.vat_permille, _PERMILLE)

    def _rounded(self, numerator: int, denominator: int) -> int:
        added = {"down": 0, "half_up": denominator // 2, "up": denominator - 1}[self.rounding]
        return (numerator + added) // denominator


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeCheck:
    """How the costs of a report's lines compare with its contracts; lines without one are left out.

    An adjustment under any contract costs nothing.

    `variance_minor` adds up the differences of fee and of VAT, each without its sign: two lines
    that are wrong against each other are wrong. `transactions` names the first that differ.
    """

    checked_count: int = 0
    reported_minor: int = 0
    expected_minor: int = 0
    variance_minor: int = 0
    differing_count: int = 0
    transactions: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()


def contract_of(line: SettlementLine, contracts: Sequence[Contract]) -> Contract | None:
    """Return the contract of a line's kind that began last by its day in Vietnam, unless it ended.

    An earlier one does not come back when a later one ends.
    """
    on = _day_of(line)
    last = _begun_last(on, [each for each in contracts if each.line_kind == line.kind])
    return None if last is None or (last.valid_to is not None and last.valid_to < on) else last


def _day_of(line: SettlementLine) -> date:
    return line.paid_at.astimezone(VIETNAM).date()


def _begun_last(on: date, contracts: Sequence[Contract]) -> Contract | None:
    begun = [each for each in contracts if each.valid_from <= on]
    return max(begun, key=lambda each: each.valid_from, default=None)


def _costs_of(
    line: SettlementLine, contracts: Sequence[Contract]
) -> tuple[Contract, tuple[int, int]] | None:
    """Return the contract that a line is held against, with its fee and VAT."""
    if line.kind == "adjustment":
        # No contract has a price for it: money moved back and forth is not work to pay for.
        contract = _begun_last(_day_of(line), contracts)
        return None if contract is None else (contract, (0, 0))
    contract = contract_of(line, contracts)
    return None if contract is None else (contract, contract.fee_and_vat(line.gross_minor))


def check_fees(lines: Sequence[SettlementLine], contracts: Sequence[Contract]) -> FeeCheck:
    """Hold the costs of each line against the contract of its kind and day."""
    reported_minor = expected_minor = variance_minor = checked_count = 0
    differing = []
    citations = set()
    for line in lines:
        found = _costs_of(line, contracts)
        if found is None:
            continue
        contract, (fee_minor, vat_minor) = found
        difference_minor = abs(line.fee_minor - fee_minor) + abs(line.vat_minor - vat_minor)
        checked_count += 1
        reported_minor += line.fee_minor + line.vat_minor
        expected_minor += fee_minor + vat_minor
        variance_minor += difference_minor
        if difference_minor:
            differing.append(line.provider_transaction)
            citations.add(contract.citation)
    return FeeCheck(
        checked_count=checked_count,
        reported_minor=reported_minor,
        expected_minor=expected_minor,
        variance_minor=variance_minor,
        differing_count=len(differing),
        transactions=tuple(differing[:NAMED_MAX]),
        citations=tuple(sorted(citations)),
    )
