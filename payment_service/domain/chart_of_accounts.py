"""The roles every chart of accounts must fill; the service keeps public money and earns nothing.

Which number of the public accounting chart (circular 24/2024/TT-BTC) fills a role is data.
"""

from enum import StrEnum


class Account(StrEnum):
    """A role in the books; `detail` of a posting says which one of its kind."""

    BANK = "bank"
    """Asset: money on a collection account, as the bank's last proven statement says."""
    GATEWAY_CLEARING = "gateway_clearing"
    """Asset: money a gateway took for us and has not paid out, by gateway and unit."""
    NOTICES_IN_TRANSIT = "notices_in_transit"
    """Asset: credits the bank announced and no statement has shown yet."""
    COSTS_RECOVERABLE = "costs_recoverable"
    """Asset: gateway fees kept back from public money, which the unit has to put back."""
    DUE_FROM_UNITS = "due_from_units"
    """Asset: money of ours that was paid into another unit's account and is on its way."""
    SUSPENSE = "suspense"
    """Liability: money on a statement that nothing explains yet."""
    OPENING_DIFFERENCE = "opening_difference"
    """Liability: what stood on an account before the service kept its books."""
    PART_PAYMENTS_HELD = "part_payments_held"
    """Liability: money towards a request that is not yet covered."""
    FEES_COLLECTED = "fees_collected"
    """Liability: provisional fees, by kind, from the first believed fact until declared."""
    DUE_TO_BUDGET = "due_to_budget"
    """Liability: the budget's share of declared fees, by chapter and sub-item."""
    RETAINED_SHARE = "retained_share"
    """Liability: the share of declared phí that the collecting unit may keep."""
    SURPLUS_TO_RETURN = "surplus_to_return"
    """Liability: money nobody asked for, which goes back to its payer."""
    REFUNDS_PAYABLE = "refunds_payable"
    """Liability: approved refunds that no statement has shown yet."""
    DUE_TO_UNITS = "due_to_units"
    """Liability: money of other units that was paid into our account."""
    TRANSFERS_IN_TRANSIT = "transfers_in_transit"
    """Liability: money in a merged unit's account that is its successor's, until it is moved."""
    INTEREST_DUE = "interest_due"
    """Liability: interest that a bank paid on public money, until it is declared."""

    @property
    def is_asset(self) -> bool:
        """Whether the account grows on the debit side."""
        return self in _ASSETS


_ASSETS = frozenset(
    {
        Account.BANK,
        Account.GATEWAY_CLEARING,
        Account.NOTICES_IN_TRANSIT,
        Account.COSTS_RECOVERABLE,
        Account.DUE_FROM_UNITS,
    }
)
