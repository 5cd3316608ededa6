"""I7: clearing, payables and transits are each what their open items, or open facts, add up to."""

from typing import Final

from payment_service.db.invariant import Invariant, compare


def _open_items(kind: str, key: str) -> str:
    return f"""
        SELECT {key}::text AS key, residual_minor AS amount_minor FROM item WHERE kind = '{kind}'
    """


OPEN_ITEM_INVARIANTS: Final = (
    compare(
        "I7-clearing",
        "Gateway clearing is what was notified and not reported, open payouts and open claims.",
        "gateway_clearing",
        "detail",
        """SELECT money.endpoint_id::text AS key, money.amount_minor FROM money_fact AS money
           WHERE kind IN ('gateway_notice', 'gateway_report') AND NOT is_reported
             AND NOT EXISTS (SELECT FROM item AS claim WHERE claim.money_id = money.money_id
                             AND claim.kind = 'gateway_claim')
           UNION ALL
           SELECT coalesce(report.endpoint_id, paid.endpoint_id)::text, CASE item.direction
             WHEN 'credit' THEN item.residual_minor ELSE -item.residual_minor END
           FROM item LEFT JOIN settlement_report AS report USING (report_id)
           LEFT JOIN money AS paid ON paid.money_id = item.money_id
           WHERE item.kind IN ('payout', 'gateway_claim')""",
        1,
    ),
    compare(
        "I7-notices",
        "Notices in transit are the bank notices that no line has shown.",
        "notices_in_transit",
        "unit_id::text || ':' || detail",
        _open_items("bank_notice", "unit_id::text || ':' || account_id"),
        1,
    ),
    compare(
        "I7-costs",
        "Costs recoverable are the gateway costs that the unit has not put back.",
        "costs_recoverable",
        "detail",
        _open_items("cost_top_up", "account_id"),
        1,
    ),
    compare(
        "I7-held",
        "Part payments held are the open part payments.",
        "part_payments_held",
        "unit_id::text",
        _open_items("part_payment", "unit_id"),
        -1,
    ),
    compare(
        "I7-surplus",
        "Surplus to return is the open surplus.",
        "surplus_to_return",
        "unit_id::text",
        _open_items("surplus", "unit_id"),
        -1,
    ),
    compare(
        "I7-refunds",
        "Refunds payable are the ordered refunds that no line has shown.",
        "refunds_payable",
        "unit_id::text",
        _open_items("refund", "unit_id"),
        -1,
    ),
    compare(
        "I7-due-to-units",
        "Due to units is the money of other units that no line has shown leaving.",
        "due_to_units",
        "unit_id::text",
        _open_items("unit_transfer", "unit_id") + " AND direction = 'debit'",
        -1,
    ),
    compare(
        "I7-due-from-units",
        "Due from units is the money in other units' accounts that no line has shown coming.",
        "due_from_units",
        "unit_id::text",
        _open_items("unit_transfer", "unit_id") + " AND direction = 'credit'",
        1,
    ),
    Invariant(
        name="I7-transfers",
        sentence="What one unit owes another, the other expects: two sides of one amount.",
        query="""
            SELECT reference FROM item WHERE kind = 'unit_transfer' GROUP BY reference
            HAVING count(*) <> 2 OR count(DISTINCT direction) <> 2
              OR count(DISTINCT unit_id) <> 2 OR min(amount_minor) <> max(amount_minor)
        """,
    ),
    Invariant(
        name="I7-transit",
        sentence="What lies in the accounts of merged units is their successor's, to the đồng.",
        query="""
            SELECT account_group_id FROM posting JOIN unit USING (unit_id)
            WHERE account = 'transfers_in_transit' GROUP BY account_group_id
            HAVING sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END) <> 0
        """,
    ),
    compare(
        "I7-interest",
        "Interest due is the open interest.",
        "interest_due",
        "detail",
        _open_items("interest", "account_id"),
        -1,
    ),
    compare(
        "I7-fees",
        "Fees collected are the applications to covered requests that were not declared.",
        "fees_collected",
        "unit_id::text || ':' || detail",
        """SELECT due.unit_id::text || ':' || line.fee_kind AS key, application.amount_minor
           FROM application JOIN request_line AS line USING (line_id)
           JOIN item AS due ON due.request_id = application.request_id AND due.kind = 'due'
           WHERE due.residual_minor = 0
           UNION ALL
           SELECT due.unit_id::text || ':' || line.fee_kind, -declared.amount_minor
           FROM application JOIN declared_application AS declared USING (application_id)
           JOIN request_line AS line USING (line_id)
           JOIN item AS due ON due.request_id = application.request_id AND due.kind = 'due'""",
        -1,
    ),
)
