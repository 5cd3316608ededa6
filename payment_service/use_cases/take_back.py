"""The shared step that works out what a settlement report takes back or adjusts, line by line.

By evidence only: an ordered refund by its reference or its payment, a payment by its number while
its money is whole, a claim by the line that opened it, each with the exact amount. All else stays
in gateway clearing as a claim on the gateway (or of it), under its name. Runs inside the caller's
transaction, which has written the payments of the report and locked the dues.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bank_adapters.vocabulary import SettlementLine, SettlementReport
from payment_service.db import money, reports
from payment_service.db.booking import Booking, canonical_json
from payment_service.db.endpoints import Endpoint
from payment_service.db.items import NewItem
from payment_service.db.reports import NewReportLine
from payment_service.domain import posting_rules
from payment_service.domain.chart_of_accounts import Account
from payment_service.use_cases.settle import record_return
from reconciliation.breaks import BreakCode

_UNDONE_AS = {"refund": BreakCode.REFUND_NOT_ORDERED, "chargeback": BreakCode.CHARGEBACK}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportStep:
    """A report that is being accepted, and what its lines may speak of, locked."""

    booking: Booking
    endpoint: Endpoint
    report: SettlementReport
    report_id: UUID
    payments: dict[str, Any] = field(default_factory=dict)
    orders: list[Any] = field(default_factory=list)
    claims: list[Any] = field(default_factory=list)

    def row(
        self, line: SettlementLine, *, money_id: UUID | None = None, item_id: UUID | None = None
    ) -> NewReportLine:
        """Return a line as it is stored."""
        return NewReportLine(
            self.report_id, line.position, self.endpoint.endpoint_id, line.provider_transaction,
            line.kind, line.our_reference, line.gross_minor, line.fee_minor, line.vat_minor,
            money_id, line.original_transaction, item_id,
        )  # fmt: skip

    def details(self, line: SettlementLine, **others: object) -> str:
        """Return the details of a break about a line."""
        return canonical_json(
            {
                "amount_minor": abs(line.gross_minor),
                "batch": self.report.batch,
                "currency": "VND",
                "original": line.original_transaction,
                "transaction": line.provider_transaction,
            }
            | others
        )

    def open_group(self, line: SettlementLine) -> tuple[UUID, bytes]:
        """Open the match that a line of the report is the evidence of."""
        evidence = {"amount_minor": line.gross_minor, "kind": line.kind}
        evidence |= {"report": str(self.report_id), "transaction": line.provider_transaction}
        return self.booking.open_group("settlement_report", "A", canonical_json(evidence))

    def open_claim(self, line: SettlementLine, code: BreakCode, criterion: str) -> NewReportLine:
        """Keep what nothing explains as a claim, ours on the gateway or the gateway's on us."""
        told = {"adjusted_minor": line.gross_minor, "failed_criterion": criterion}
        details = self.details(line, **told, nearest_miss=[])
        return self.row(line, item_id=self._claim(line, code, -line.gross_minor, details, None))

    def open_difference(
        self, line: SettlementLine, code: BreakCode, money_id: UUID, open_minor: int
    ) -> None:
        """Keep what a report pays too little of a payment, or too much, as a claim."""
        details = self.details(line, expected_minor=open_minor, reported_minor=line.gross_minor)
        self._claim(line, code, open_minor - line.gross_minor, details, money_id)

    def _claim(
        self,
        line: SettlementLine,
        code: BreakCode,
        owed_to_us_minor: int,
        details: str,
        money_id: UUID | None,
    ) -> UUID:
        endpoint, on_day = self.endpoint, self.report.settled_on
        item_id, amount_minor = self.booking.new_id(), abs(owed_to_us_minor)
        self.booking.items.append(
            NewItem(
                item_id, "gateway_claim", "credit" if owed_to_us_minor > 0 else "debit",
                endpoint.unit_id, endpoint.account_group_id, endpoint.account_id, None, money_id,
                self.report_id, None, "", line.provider_transaction, amount_minor, amount_minor,
                on_day, on_day,
            )
        )  # fmt: skip
        self.booking.open_break(
            code, endpoint.unit_id, amount_minor, details, on_day, item_id=item_id
        )
        return item_id


async def take_back(connection: AsyncConnection, step: ReportStep) -> list[NewReportLine]:
    """Work out every line that is not a payment; each is written before the next is looked at."""
    rows = []
    for line in step.report.lines:
        if line.kind == "adjustment":
            rows.append(_adjust(step, line))
        elif line.kind != "payment":
            order, criterion = _order_of(step, line)
            if order is not None:
                rows.append(_pay_order(step, line, order))
            elif criterion:
                rows.append(step.open_claim(line, BreakCode.TAKEN_BACK_UNKNOWN, criterion))
            else:
                rows.append(await _undo_payment(connection, step, line))
                await step.booking.write_rows(connection)
    return rows


def _order_of(step: ReportStep, line: SettlementLine) -> tuple[Any | None, str]:
    """Return the one ordered refund that a line executes, or what an order of its name fails."""
    named = [
        order
        for order in step.orders
        if line.kind == "refund"
        and (
            order.reference == line.our_reference
            or (order.provider_transaction or "") == line.original_transaction != ""
        )
    ]
    exact = [order for order in named if order.residual_minor == -line.gross_minor]
    if len(exact) == 1:
        step.orders.remove(exact[0])
        return exact[0], ""
    return None, ("unique" if exact else "amount") if named else ""


def _pay_order(step: ReportStep, line: SettlementLine, order: Any) -> NewReportLine:
    booking, endpoint = step.booking, step.endpoint
    group_id, evidence = step.open_group(line)
    booking.allocate(group_id, -line.gross_minor, item_id=order.item_id)
    booking.explained_items.append(order.item_id)
    key = ("report_refunds", str(step.report_id), endpoint.book, step.report.settled_on)
    booking.evidence[key].append(evidence)
    booking.post(
        key,
        posting_rules.refund_paid_by_gateway(
            order.unit_id, endpoint.endpoint_id, -line.gross_minor
        ),
    )
    return step.row(line, item_id=order.item_id)


async def _undo_payment(
    connection: AsyncConnection, step: ReportStep, line: SettlementLine
) -> NewReportLine:
    paid = step.payments.get(line.original_transaction)
    if paid is None:
        return step.open_claim(line, BreakCode.TAKEN_BACK_UNKNOWN, "original")
    if paid.amount_minor != -line.gross_minor:
        return step.open_claim(line, BreakCode.TAKEN_BACK_UNKNOWN, "amount")
    returning = await money.find_returning(connection, paid.money_id)
    if not returning.is_whole:
        return step.open_claim(line, BreakCode.TAKEN_BACK_UNKNOWN, "settled")
    dues = await money.lock_dues(connection, [paid.request_id] if paid.request_id else [])
    booking, endpoint = step.booking, step.endpoint
    group_id, evidence = step.open_group(line)
    movements = record_return(
        booking,
        group_id=group_id,
        returning=returning,
        due=dues.get(paid.request_id),
        source=Account.GATEWAY_CLEARING,
        detail=endpoint.endpoint_id,
        on_day=step.report.settled_on,
    )
    back = booking.money[-1]
    key = ("taken_back", str(back.money_id), endpoint.book, step.report.settled_on)
    booking.evidence[key].append(evidence)
    booking.post(key, movements)
    booking.open_break(
        _UNDONE_AS[line.kind], paid.unit_id, back.amount_minor, step.details(line),
        step.report.settled_on, money_id=back.money_id,
    )  # fmt: skip
    return step.row(line, money_id=back.money_id)


def _adjust(step: ReportStep, line: SettlementLine) -> NewReportLine:
    """Close the claim that an adjustment makes good exactly; any other one opens a claim."""
    direction = "credit" if line.gross_minor > 0 else "debit"
    answered = [
        claim
        for claim in step.claims
        if claim.provider_transaction == line.original_transaction
        and (claim.direction, claim.residual_minor) == (direction, abs(line.gross_minor))
    ]
    if len(answered) != 1:
        return step.open_claim(line, BreakCode.REPORT_ADJUSTMENT, "original")
    [claim] = answered
    step.claims.remove(claim)
    group_id, _ = step.open_group(line)
    step.booking.allocate(group_id, claim.residual_minor, item_id=claim.item_id)
    step.booking.explained_items.append(claim.item_id)
    return step.row(line, item_id=claim.item_id)


async def lock_what_it_speaks_of(connection: AsyncConnection, step: ReportStep) -> None:
    """Find and lock orders, payments and claims that the lines may be about."""
    endpoint, lines = step.endpoint, step.report.lines
    originals = [line.original_transaction for line in lines if line.original_transaction]
    references = [line.our_reference for line in lines if line.kind == "refund"]
    step.orders.extend(
        await reports.lock_refund_orders(
            connection, endpoint.endpoint_id, endpoint.account_id, references, originals
        )
    )
    step.claims.extend(await reports.lock_claims(connection, endpoint.endpoint_id, originals))
    step.payments.update(await reports.notified_money(connection, endpoint.endpoint_id, originals))
