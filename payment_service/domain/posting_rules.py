"""Event → movements on the accounts; one small function for each event, nothing else posts.

A movement is positive for debit and negative for credit.
"""

from uuid import UUID

from payment_service.domain.chart_of_accounts import Account
from payment_service.domain.journal import Movement
from payment_service.domain.settlement import Placement


def account_opened(unit_id: UUID, account_id: UUID, opening_minor: int) -> list[Movement]:
    """Open an account's books: Dr bank / Cr opening difference."""
    return [
        (Account.BANK, unit_id, str(account_id), opening_minor),
        (Account.OPENING_DIFFERENCE, unit_id, str(account_id), -opening_minor),
    ]


def money_placed(
    source: Account, detail: UUID | str, unit_id: UUID, placement: Placement
) -> list[Movement]:
    """Believed money: Dr its source / Cr fees collected, part payments held, or surplus.

    The source is gateway clearing, notices in transit, for a bank line suspense, and for one in
    another unit's account due from units.
    """
    received_minor = placement.taken_minor + placement.surplus_minor
    movements: list[Movement] = [(source, unit_id, str(detail), received_minor)]
    movements += [
        (Account.FEES_COLLECTED, unit_id, fee_kind, -amount_minor)
        for fee_kind, amount_minor in placement.fees
    ]
    movements += [
        (Account.PART_PAYMENTS_HELD, unit_id, "", -placement.held_minor),
        (Account.PART_PAYMENTS_HELD, unit_id, "", placement.released_minor),
        (Account.SURPLUS_TO_RETURN, unit_id, "", -placement.surplus_minor),
    ]
    return [movement for movement in movements if movement[3]]


def money_returned(
    source: Account,
    detail: UUID | str,
    unit_id: UUID,
    undone: Placement,
    returned_minor: int,
    surplus_minor: int,
) -> list[Movement]:
    """Money the bank took back: the reverse of `money_placed`, today.

    Dr fees collected, part payments held, surplus / Cr its source; what stays of a request that
    was covered goes back to part payments held.
    """
    movements: list[Movement] = [
        (Account.FEES_COLLECTED, unit_id, fee_kind, amount_minor)
        for fee_kind, amount_minor in undone.fees
    ]
    movements += [
        (Account.PART_PAYMENTS_HELD, unit_id, "", undone.released_minor),
        (Account.PART_PAYMENTS_HELD, unit_id, "", -undone.held_minor),
        (Account.SURPLUS_TO_RETURN, unit_id, "", surplus_minor),
        (source, unit_id, str(detail), -returned_minor),
    ]
    return [movement for movement in movements if movement[3]]


def statement_booked(
    unit_id: UUID, account_id: UUID, credit_minor: int, debit_minor: int
) -> list[Movement]:
    """Book a statement's day: Dr bank / Cr suspense for credits, the reverse for debits."""
    detail = str(account_id)
    movements: list[Movement] = [
        (Account.BANK, unit_id, detail, credit_minor),
        (Account.SUSPENSE, unit_id, detail, -credit_minor),
        (Account.SUSPENSE, unit_id, detail, debit_minor),
        (Account.BANK, unit_id, detail, -debit_minor),
    ]
    return [movement for movement in movements if movement[3]]


_CLEARED_BY_LINE = {
    "bank_notice": Account.NOTICES_IN_TRANSIT,
    "payout": Account.GATEWAY_CLEARING,
    "gateway_claim": Account.GATEWAY_CLEARING,
    "cost_top_up": Account.COSTS_RECOVERABLE,
    "refund": Account.REFUNDS_PAYABLE,
    "surplus": Account.SURPLUS_TO_RETURN,
    "part_payment": Account.PART_PAYMENTS_HELD,
}
_OF_UNIT = ("refund", "unit_transfer", "surplus", "part_payment")
_TRANSFERS = {"credit": Account.DUE_FROM_UNITS, "debit": Account.DUE_TO_UNITS}


def line_matched(
    kind: str,
    direction: str,
    unit_id: UUID,
    account_id: UUID,
    amount_minor: int,
    *,
    item_unit_id: UUID,
    endpoint_id: UUID | None = None,
) -> list[Movement]:
    """Match a line to an item: suspense against what the item stood for.

    A credit line: Dr suspense / Cr notices in transit, gateway clearing (of `endpoint_id`), costs
    recoverable or due from units. A debit line (a refund, a negative payout, a transfer to a unit,
    what is kept of money that it took back): Dr that account / Cr suspense. A negative amount
    undoes it. In the account of a unit that was merged, the item may be its successor's.
    """
    signed_minor = amount_minor if direction == "credit" else -amount_minor
    cleared = _TRANSFERS[direction] if kind == "unit_transfer" else _CLEARED_BY_LINE[kind]
    of_gateway = dict.fromkeys(("payout", "gateway_claim"), str(endpoint_id or ""))
    of_unit = of_gateway | dict.fromkeys(_OF_UNIT, "")
    detail = of_unit.get(kind, str(account_id))
    return [
        (Account.SUSPENSE, unit_id, str(account_id), signed_minor),
        (cleared, item_unit_id, detail, -signed_minor),
        *_of_successor(unit_id, item_unit_id, signed_minor),
    ]


def _of_successor(unit_id: UUID, successor_id: UUID, signed_minor: int) -> list[Movement]:
    """Owe money in the account of a merged unit to its successor, until the balance goes there."""
    if unit_id == successor_id:
        return []
    return [
        (Account.TRANSFERS_IN_TRANSIT, unit_id, "", -signed_minor),
        (Account.TRANSFERS_IN_TRANSIT, successor_id, "", signed_minor),
    ]


def costs_kept(
    unit_id: UUID, endpoint_id: UUID | str, account_id: UUID, cost_minor: int
) -> list[Movement]:
    """Book what a gateway kept, by its report (fee + VAT) or for good: the unit puts it back.

    Dr costs recoverable / Cr gateway clearing. A negative amount undoes it.
    """
    return [
        (Account.COSTS_RECOVERABLE, unit_id, str(account_id), cost_minor),
        (Account.GATEWAY_CLEARING, unit_id, str(endpoint_id), -cost_minor),
    ]


def refund_paid_by_gateway(unit_id: UUID, endpoint_id: UUID, amount_minor: int) -> list[Movement]:
    """See an ordered refund in a gateway's report: Dr refunds payable / Cr gateway clearing."""
    return [
        (Account.REFUNDS_PAYABLE, unit_id, "", amount_minor),
        (Account.GATEWAY_CLEARING, unit_id, str(endpoint_id), -amount_minor),
    ]


def refund_approved(
    source: Account, detail: str, unit_id: UUID, amount_minor: int
) -> list[Movement]:
    """Order money back: Dr suspense, surplus or part payments held / Cr refunds payable.

    A negative amount undoes it.
    """
    return [
        (source, unit_id, detail, amount_minor),
        (Account.REFUNDS_PAYABLE, unit_id, "", -amount_minor),
    ]


def handed_over(source: Account, detail: str, unit_id: UUID, amount_minor: int) -> list[Movement]:
    """Owe money to the unit it was meant for: Dr suspense or surplus / Cr due to units.

    A negative amount undoes it. The other unit posts `money_placed` from due from units.
    """
    return [
        (source, unit_id, detail, amount_minor),
        (Account.DUE_TO_UNITS, unit_id, "", -amount_minor),
    ]


def fees_declared(
    unit_id: UUID, fee_kind: str, budget_line: str, amount_minor: int, retained_permille: int
) -> list[Movement]:
    """Split declared fees: Dr fees collected / Cr due to the budget + retained share.

    The rounding remainder goes to the budget. A negative amount (returned after an earlier
    declaration) posts the reverse.
    """
    retained_minor = abs(amount_minor) * retained_permille // 1000
    if amount_minor < 0:
        retained_minor = -retained_minor
    movements: list[Movement] = [
        (Account.FEES_COLLECTED, unit_id, fee_kind, amount_minor),
        (Account.DUE_TO_BUDGET, unit_id, budget_line, -(amount_minor - retained_minor)),
        (Account.RETAINED_SHARE, unit_id, fee_kind, -retained_minor),
    ]
    return [movement for movement in movements if movement[3]]


def written_off(
    source: Account, detail: str, unit_id: UUID, budget_line: str, amount_minor: int
) -> list[Movement]:
    """Give what nobody explains to the budget.

    Dr suspense, surplus or gateway clearing / Cr due to the budget.

    A negative amount undoes it.
    """
    return [
        (source, unit_id, detail, amount_minor),
        (Account.DUE_TO_BUDGET, unit_id, budget_line, -amount_minor),
    ]


def charge_booked(
    direction: str, unit_id: UUID, account_id: UUID, amount_minor: int
) -> list[Movement]:
    """Book a bank's own line: a debit Dr costs recoverable / Cr suspense; a credit is interest.

    Interest: Dr suspense / Cr interest due. A negative amount undoes it.
    """
    detail = str(account_id)
    if direction == "debit":
        return [
            (Account.COSTS_RECOVERABLE, unit_id, detail, amount_minor),
            (Account.SUSPENSE, unit_id, detail, -amount_minor),
        ]
    return [
        (Account.SUSPENSE, unit_id, detail, amount_minor),
        (Account.INTEREST_DUE, unit_id, detail, -amount_minor),
    ]
