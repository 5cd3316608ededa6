"""Which acts the pages of a break and a line offer: what its rule allows, and what fits it now."""

from typing import Any, Final

from payment_service.db.staff_breaks import Break
from payment_service.domain.resolution import AWAITED, Act
from payment_service.use_cases.settle_item import EXPECTED
from payment_service.use_cases.write_off import WRITTEN_OFF
from reconciliation.breaks import BREAK_RULES, RETURNS, BreakCode, Resolution

_UNDOABLE: Final = frozenset(
    {
        "bank_rules",
        "write_off",
        "book_as_charge",
        "pair_lines",
        "reversals",
        "refund_ordered",
        "move_to_unit",
        "settle_item",
    }
)
_KEPT: Final = frozenset({"surplus", "part_payment"})


def offered(one: Break, line: Any, item: Any, role: str, *, is_newest: bool) -> list[Act]:
    """Return what this person may propose about a break now.

    `is_newest`: its object had no other break since.
    """
    if role == "auditor":
        return []
    if one.closed_at is not None:
        return [Act.REOPEN] if one.closed_reason == "answered" and is_newest else []
    allowed = BREAK_RULES[BreakCode(one.code)].resolutions
    kind = item.kind if item is not None and item.residual_minor > 0 else ""
    is_credit = line is not None and line.direction == "credit"
    suits = {
        Act.MATCH_BY_HAND: line is not None,
        Act.MOVE_TO_UNIT: kind == "surplus" or is_credit,
        Act.REFUND: kind in _KEPT or is_credit,
        Act.WRITE_OFF: kind in WRITTEN_OFF or is_credit,
        Act.SETTLE_ITEM: kind in EXPECTED or line is not None,
        Act.BOOK_AS_CHARGE: line is not None and not (is_credit and one.code in RETURNS),
        Act.PAIR_LINES: line is not None,
        Act.ANSWER: line is None and item is None,
    }
    return [act for act, fits in suits.items() if fits and Resolution(act.value) in allowed]


def is_undoable(match: Any) -> bool:
    """Say whether people may undo a match: a payment of a due, or an act of people."""
    is_act = match.pass_name in _UNDOABLE or (
        match.pass_name == Act.MATCH_BY_HAND and match.item_kind in AWAITED
    )
    return is_movable(match) or (match.reversed_at is None and match.reverses is None and is_act)


def is_movable(match: Any) -> bool:
    """Say whether a match is a payment of a due, which people may give to another request."""
    return match.reversed_at is None and match.reverses is None and match.item_kind == "due"
