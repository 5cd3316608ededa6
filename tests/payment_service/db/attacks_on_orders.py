"""Money taken without the order it is for, matches undone without a return; and how it is done."""

from tests.payment_service.db.attacks_on_resolutions import (
    _APPROVAL,
    _GROUP,
    _MINH,
    _NEW,
    _OF_PAYMENT,
    _OTHER_GROUP,
    _UNMATCH_APPROVED,
    _WAITS,
    _asked,
    _order_of,
    _refunded,
    _undone,
)

_RETURNED = f"""
    INSERT INTO match_group SELECT {_GROUP}, account_group_id, run_id, 'unmatch', 'A', NULL, '{{}}',
      sha256('{{}}'), group_id, now() FROM match_group WHERE group_id = {_OF_PAYMENT};
    INSERT INTO allocation SELECT {_NEW}, {_GROUP}, line_id, item_id, money_id, -amount_minor, now()
      FROM allocation WHERE group_id = {_OF_PAYMENT};
"""
_PAIRED_ALONE = f"""
    INSERT INTO match_group SELECT {_OTHER_GROUP}, account_group_id, run_id, 'reversals', 'A', NULL,
      '{{}}', sha256('{{}}'), NULL, now() FROM match_group WHERE group_id = {_OF_PAYMENT};
    INSERT INTO allocation SELECT {_NEW}, {_OTHER_GROUP}, line_id, NULL, NULL, line.amount_minor,
      now() FROM allocation JOIN statement_line AS line USING (line_id)
      WHERE group_id = {_OF_PAYMENT};
"""
_BOOKED = (
    _asked("book_as_charge", 4_000)
    + f"""
        INSERT INTO resolution (approval_id, unit_id, reason_code, effect)
          SELECT {_APPROVAL}, unit_id, 'bank_advice', '[]' FROM collection_account LIMIT 1;
        INSERT INTO resolution_part (approval_id, position, line_id, line_version, amount_minor)
          SELECT {_APPROVAL}, 1, line_id, version, 4000 FROM statement_line
          WHERE bank_reference = 'FT4';
        UPDATE approval SET decision = 'approved', decided_by = {_MINH}, decided_at = now()
          WHERE approval_id = {_APPROVAL};
        INSERT INTO match_group SELECT {_GROUP}, account_group_id, NULL, 'book_as_charge', 'E',
          NULL, '{{}}', sha256('{{}}'), NULL, now() FROM collection_account LIMIT 1;
        INSERT INTO allocation SELECT {_NEW}, {_GROUP}, line_id, NULL, NULL, 4000, now()
          FROM statement_line WHERE bank_reference = 'FT4';
        INSERT INTO resolved_group VALUES ({_GROUP}, {_APPROVAL});
    """
)


def _interest(amount_minor: int) -> str:
    return f"""
        INSERT INTO item (item_id, kind, direction, unit_id, account_group_id, account_id,
          reference, amount_minor, residual_minor, opened_on, due_on)
        SELECT {_GROUP}, 'interest', 'debit', unit_id, account_group_id, account_id, 'X',
          {amount_minor}, {amount_minor}, '2026-11-23', '2026-11-23' FROM collection_account LIMIT 1
    """


ORDER_ATTACKS: dict[str, tuple[str, str]] = {
    "a match undone by no return": (
        _RETURNED,
        "a match is undone by two people, or by a return that a statement shows",
    ),
    "a match undone by a return that no line shows": (
        _RETURNED + _PAIRED_ALONE,
        "a match is undone by two people, or by a return that a statement shows",
    ),
    "a refund carried out and not ordered": (
        _refunded(_GROUP).replace(_order_of(_GROUP, _WAITS), ""),
        "what is taken is ordered, or asked for, in the same act",
    ),
    "less ordered than was taken": (
        _refunded(_GROUP).replace(
            "part.amount_minor, part.amount_minor,", "part.amount_minor - 1, part.amount_minor - 1,"
        ),
        "what is taken is ordered, or asked for, in the same act",
    ),
    "interest that is kept for nobody": (
        _BOOKED,
        "what is taken is ordered, or asked for, in the same act",
    ),
    "less interest kept than was booked": (
        _BOOKED + _interest(3_999),
        "what is taken is ordered, or asked for, in the same act",
    ),
}

RESOLUTIONS: dict[str, str] = {
    "a refund, carried out and ordered": _refunded(_GROUP),
    "a match undone as approved": _UNMATCH_APPROVED + _undone("-amount_minor", _APPROVAL),
    "interest that is kept": _BOOKED + _interest(4_000),
}
"""What two people may do, of which the attacks leave something out."""
