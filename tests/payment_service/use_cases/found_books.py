"""What the real books say, in the words of `expected_books`."""

from typing import Any
from uuid import UUID

from tests.payment_service.use_cases.days import balances
from tests.payment_service.use_cases.expected_books import ExpectedBooks
from tests.payment_service.use_cases.expected_records import Line, Match, Payment, Refund
from tests.payment_service.use_cases.towns import Town

Asked = list[dict[str, Any]]
_KEYED = """
    (SELECT money.*, coalesce(line.bank_reference, money.provider_transaction) AS key
     FROM money LEFT JOIN statement_line AS line ON money.kind = 'bank_line'
       AND line.line_id::text = split_part(money.provider_transaction, ':', 1)
     WHERE money.money_id NOT IN (SELECT money_id FROM money_retraction)) AS money
"""
"""Money with the bank's or the gateway's own key."""


async def read(town: Town, asked: Asked) -> dict[str, Any]:
    """Return balances, what is open of lines, dues and refunds, and what is held or surplus."""
    found = await balances(town.context)
    declared = [found.pop(name, 0) for name in ("due_to_budget", "retained_share")]
    if sum(declared):
        found["declared"] = sum(declared)
    places = {each["request_id"]: number for number, each in enumerate(asked)}
    lines = await town.rows("""
        SELECT bank_reference, residual_minor, coalesce(break_case.code, '') AS code
        FROM statement_line AS line LEFT JOIN break_case
          ON break_case.line_id = line.line_id AND closed_at IS NULL
    """)
    dues = await town.rows("""
        SELECT due.request_id::text, due.residual_minor, due.is_cancelled,
          (SELECT coalesce(sum(part.residual_minor), 0)::bigint FROM item AS part
           WHERE part.request_id = due.request_id AND part.kind = 'part_payment') AS held_minor
        FROM item AS due WHERE kind = 'due'
    """)
    refunds = await town.rows("""
        SELECT reference, residual_minor FROM item WHERE kind = 'refund' ORDER BY reference
    """)
    surplus = await town.rows(f"""
        SELECT money.key, item.residual_minor FROM item JOIN {_KEYED} USING (money_id)
        WHERE item.kind = 'surplus' AND residual_minor > 0 ORDER BY 1, 2
    """)
    return {
        "balances": found,
        "lines": {row.bank_reference: (row.residual_minor, row.code) for row in lines},
        "requests": {places[row.request_id]: tuple(row)[1:] for row in dues},
        "refunds": [tuple(row) for row in refunds],
        "surplus": [tuple(row) for row in surplus],
    }


def told(expected: ExpectedBooks) -> dict[str, Any]:
    """Return the same of the expected books."""
    return {
        "balances": expected.balances(),
        "lines": {each.key: (each.left_minor, each.code) for each in expected.lines},
        "requests": {
            each.number: (
                each.amount_minor - each.paid_minor,
                each.is_cancelled,
                0 if each.is_covered else each.paid_minor,
            )
            for each in expected.requests
        },
        "refunds": sorted(
            (each.reference, each.amount_minor * each.is_open) for each in expected.refunds
        ),
        "surplus": sorted(
            (each.key, each.surplus_minor) for each in expected.payments if each.surplus_minor
        ),
    }


async def orders(town: Town) -> dict[str, tuple[str, ...]]:
    """Return how the lines follow each other: by day, content and occurrence."""
    rows = await town.rows("SELECT bank_reference, booking_date, content_key::text, occurrence"
                           " FROM statement_line")  # fmt: skip
    return {row[0]: (row[1].isoformat(), row[2], f"{row[3]:09}") for row in rows}


def _request_id(payment: Payment, asked: Asked) -> UUID | None:
    return UUID(asked[payment.request.number]["request_id"]) if payment.request else None


async def group_of(town: Town, line: Line, match: Match, asked: Asked) -> UUID:
    """Return the one live match of a line that is meant."""
    request_id = _request_id(match.payment, asked) if match.payment else None
    found: UUID = await town.value(
        """
        SELECT DISTINCT group_id FROM allocation JOIN match_group USING (group_id)
        JOIN statement_line AS line USING (line_id)
        LEFT JOIN item ON item.item_id = allocation.item_id
        WHERE bank_reference = :key AND reverses IS NULL AND NOT EXISTS (
            SELECT FROM match_group AS undoing WHERE undoing.reverses = allocation.group_id)
          AND (item.kind = 'due') IS NOT DISTINCT FROM CAST(:is_payment AS boolean)
          AND (CAST(:request_id AS uuid) IS NULL OR item.request_id = :request_id)
          AND (item.item_id IS NULL) = :is_of_line_alone
        """,
        key=line.key,
        request_id=request_id,
        is_payment=True if match.payment else False if match.kind in {"notice", "refund"} else None,
        is_of_line_alone=match.kind in {"pair", "write_off", "charge", "refund_ordered"},
    )
    return found


async def surplus_of(town: Town, payment: Payment, asked: Asked) -> Any:
    """Return the open surplus of a payment."""
    [row] = await town.rows(
        f"""
        SELECT item.item_id, item.version FROM item JOIN {_KEYED} USING (money_id)
        WHERE item.kind = 'surplus' AND residual_minor > 0 AND money.key = :key
          AND money.request_id IS NOT DISTINCT FROM CAST(:request_id AS uuid)
          AND residual_minor = :minor
        """,
        key=payment.key,
        request_id=_request_id(payment, asked),
        minor=payment.surplus_minor,
    )
    return row


async def surplus_write_off_of(town: Town, payment: Payment, asked: Asked) -> UUID:
    """Return the live match that wrote a payment's surplus off."""
    found: UUID = await town.value(
        f"""
        SELECT group_id FROM allocation JOIN match_group USING (group_id)
        JOIN item USING (item_id) JOIN {_KEYED} ON money.money_id = item.money_id
        WHERE item.kind = 'surplus' AND money.key = :key AND pass_name = 'write_off'
          AND money.request_id IS NOT DISTINCT FROM CAST(:request_id AS uuid)
          AND NOT EXISTS (
            SELECT FROM match_group AS undoing WHERE undoing.reverses = allocation.group_id)
        """,
        key=payment.key,
        request_id=_request_id(payment, asked),
    )
    return found


async def part_payments(town: Town) -> list[Any]:
    """Return the open part payments, each with the money it stands for."""
    return await town.rows(f"""
        SELECT item_id, item.request_id::text, residual_minor, money.key,
               money.amount_minor AS paid_minor
        FROM item LEFT JOIN {_KEYED} ON money.money_id = item.money_id
        WHERE item.kind = 'part_payment' AND residual_minor > 0 ORDER BY item_id
    """)


async def last_refund(town: Town) -> str:
    """Return the reference of the refund that was ordered last."""
    found: str = await town.value(
        "SELECT reference FROM item WHERE kind = 'refund' ORDER BY item_id DESC LIMIT 1"
    )
    return found


async def order_of(town: Town, refund: Refund) -> UUID:
    """Return the match that ordered a refund: the order bears its id."""
    found: UUID = await town.value(
        "SELECT item_id FROM item WHERE kind = 'refund' AND reference = :reference",
        reference=refund.reference,
    )
    return found
