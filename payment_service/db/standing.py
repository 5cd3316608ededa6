"""Where one payment stands: every amount known of it, dated, and the label that follows.

Reads only; the label itself is decided by `reconciliation.labels`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.requests import PaymentRequest
from reconciliation.labels import Facts, Label, label

_PAYMENTS = text("""
    SELECT fact.kind, fact.amount_minor, fact.paid_at, fact.is_notified, fact.is_reported,
           fact.is_collected, report.settled_on AS reported_on,
           (SELECT max(line.booking_date)
            FROM allocation JOIN statement_line AS line USING (line_id)
            WHERE allocation.amount_minor > 0
              AND (allocation.money_id = fact.money_id
                   OR allocation.item_id IN (payout.item_id, notice.item_id))) AS collected_on
    FROM money_fact AS fact
    LEFT JOIN settlement_report_line AS report_line
      ON report_line.money_id = fact.money_id AND report_line.kind = 'payment'
    LEFT JOIN settlement_report AS report USING (report_id)
    LEFT JOIN item AS payout ON payout.report_id = report.report_id AND payout.kind = 'payout'
    LEFT JOIN item AS notice ON notice.money_id = fact.money_id AND notice.kind = 'bank_notice'
    WHERE fact.request_id = :request_id ORDER BY fact.paid_at, fact.money_id
""")

_KEPT = text("""
    SELECT coalesce(sum(residual_minor) FILTER (WHERE kind = 'surplus'), 0)::bigint
             AS surplus_minor,
           coalesce(sum(residual_minor) FILTER (WHERE kind = 'refund'), 0)::bigint
             AS refund_ordered_minor,
           coalesce(sum(amount_minor - residual_minor) FILTER (WHERE kind = 'refund'), 0)::bigint
             AS refunded_minor,
           -- A line that ends what is kept is the bank's: it took a part of a payment back.
           (SELECT coalesce(sum(back.amount_minor), 0)::bigint
            FROM item AS kept JOIN allocation AS back USING (item_id)
            WHERE kept.request_id = :request_id AND kept.kind IN ('surplus', 'part_payment')
              AND back.line_id IS NOT NULL) AS taken_back_minor
    FROM item WHERE request_id = :request_id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One real payment, or one that the bank took back (`returned`), with its dated evidence."""

    kind: str
    amount_minor: int
    paid_at: datetime
    is_notified: bool
    is_reported: bool
    is_collected: bool
    reported_on: date | None
    collected_on: date | None

    @property
    def is_returned(self) -> bool:
        """Whether this is money that left again."""
        return self.kind == "returned"

    @property
    def is_of_gateway(self) -> bool:
        """Whether a gateway took it, which then owes a settlement report."""
        return self.kind in {"gateway_notice", "gateway_report"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of one request's money; amounts in đồng."""

    payments: Sequence[Payment]
    facts: Facts
    label: Label
    refund_ordered_minor: int

    @property
    def received(self) -> list[Payment]:
        """The payments that came in."""
        return [payment for payment in self.payments if not payment.is_returned]


async def standing_of(
    connection: AsyncConnection, request: PaymentRequest, now: datetime
) -> Standing:
    """Return where a request stands at an instant."""
    wanted: dict[str, UUID] = {"request_id": request.request_id}
    payments = [
        Payment(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
        for row in await connection.execute(_PAYMENTS, wanted)
    ]
    kept = (await connection.execute(_KEPT, wanted)).one()
    facts = _facts(payments, request, now, kept)
    return Standing(
        payments=payments,
        facts=facts,
        label=label(_with_implied_facts(facts, payments)),
        refund_ordered_minor=kept.refund_ordered_minor,
    )


def _facts(payments: Sequence[Payment], request: PaymentRequest, now: datetime, kept: Any) -> Facts:
    received = [payment for payment in payments if not payment.is_returned]
    return Facts(
        asked_minor=request.amount_minor,
        notified_minor=sum(each.amount_minor for each in received if each.is_notified),
        reported_minor=sum(each.amount_minor for each in received if each.is_reported),
        collected_minor=sum(each.amount_minor for each in received if each.is_collected),
        returned_minor=kept.taken_back_minor
        + sum(each.amount_minor for each in payments if each.is_returned),
        refunded_minor=kept.refunded_minor,
        surplus_minor=kept.surplus_minor,
        is_cancelled=request.cancelled_at is not None,
        is_expired=now >= request.expires_at,
        is_late=_is_late(payments, request),
        owes_report=any(each.is_of_gateway for each in received),
    )


def _with_implied_facts(facts: Facts, payments: Sequence[Payment]) -> Facts:
    """Return the facts with every stronger one implying the weaker ones.

    A request paid through two channels has facts of different payments: money that one channel
    collected and money that the other notified are a sum only where both count as paid.
    """
    received = [payment for payment in payments if not payment.is_returned]
    return replace(
        facts,
        notified_minor=sum(each.amount_minor for each in received),
        reported_minor=sum(
            each.amount_minor for each in received if each.is_reported or each.is_collected
        ),
    )


def _is_late(payments: Sequence[Payment], request: PaymentRequest) -> bool:
    """Say whether the payment that made the amount whole came after the time to pay."""
    gone = [(payment.paid_at, payment.amount_minor) for payment in payments if payment.is_returned]
    sum_minor = 0
    for payment in payments:
        key = (payment.paid_at, payment.amount_minor)
        if payment.is_returned:
            continue
        if key in gone:
            # The bank took this one back; a return keeps the instant of its payment.
            gone.remove(key)
            continue
        sum_minor += payment.amount_minor
        if sum_minor >= request.amount_minor:
            return payment.paid_at >= request.expires_at
    return False
