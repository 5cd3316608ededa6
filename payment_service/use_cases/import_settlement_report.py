"""A gateway's settlement report arrives: what it kept, what it pays out, and what it never told."""

import contextlib
import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bank_adapters.contract import CallbackRejected
from bank_adapters.gateways.settlement_report import (
    read_settlement_report,
    require_settlement_signature,
)
from bank_adapters.registry import DIALECTS
from bank_adapters.vocabulary import SettlementLine, SettlementReport
from payment_service.context import Context
from payment_service.db import attempts, endpoints, money, reports
from payment_service.db.booking import Booking, canonical_json
from payment_service.db.database import lock
from payment_service.db.endpoints import Endpoint
from payment_service.db.items import NewBreak, NewItem
from payment_service.db.money import NewMoney
from payment_service.db.reports import NewReportLine
from payment_service.domain import posting_rules
from payment_service.domain.chart_of_accounts import Account
from payment_service.domain.errors import Forbidden, Invalid, StateConflict
from payment_service.domain.settlement import DueState, place
from payment_service.use_cases.settle import record_placement
from reconciliation.breaks import BreakCode


async def import_settlement_report(
    context: Context, content: bytes, signature: bytes | None
) -> dict[str, object]:
    """Accept a signed report; the same bytes again change nothing.

    Raises `StatementUnreadable` for a report that does not add up, `Invalid` for a merchant that
    has no address here or a refund nobody ordered, `Forbidden` for a wrong signature,
    `StateConflict` for a batch or transaction that was reported before.
    """
    report = read_settlement_report(content)
    file_sha256 = hashlib.sha256(content).digest()
    now = context.clock()
    try:
        async with context.database.transaction() as connection:
            known = await endpoints.find_endpoints_of_merchant(
                connection, context.sealer, report.merchant, now
            )
            endpoint = _sender_of(known, content, signature, report.merchant)
            await lock(connection, f"settlement:{endpoint.endpoint_id}")
            if await reports.find_report(connection, file_sha256) is None:
                booking = Booking(now=now, account_group_id=endpoint.account_group_id)
                await _accept(connection, booking, endpoint, report, file_sha256)
    except IntegrityError as error:
        raise StateConflict("this batch or one of its transactions was reported before") from error
    return {
        "merchant": report.merchant,
        "batch": report.batch,
        "lines": len(report.lines),
        "gross_minor": report.gross_minor,
        "net_minor": report.net_minor,
    }


def _sender_of(
    known: Sequence[Endpoint], content: bytes, signature: bytes | None, merchant: str
) -> Endpoint:
    """Return the gateway that signed the report; two may call a unit by the same code."""
    gateways = [each for each in known if not DIALECTS[each.channel].is_bank]
    if not gateways:
        raise Invalid(f"no unit is the merchant {merchant[:40]}")
    for endpoint in gateways:
        with contextlib.suppress(CallbackRejected):
            require_settlement_signature(content, (signature or b"").strip(), endpoint.keys)
            return endpoint
    raise Forbidden("the settlement report's signature is not the gateway's")


async def _accept(
    connection: AsyncConnection,
    booking: Booking,
    endpoint: Endpoint,
    report: SettlementReport,
    file_sha256: bytes,
) -> None:
    if report.currency != "VND":
        raise Invalid(f"the report is in {report.currency}, the account in VND")
    if any(line.kind == "refund" for line in report.lines):
        raise Invalid("the report lists a refund that nobody ordered")
    transactions = sorted(line.provider_transaction for line in report.lines)
    for transaction in transactions:
        await lock(connection, f"transaction:{endpoint.endpoint_id}:{transaction}")
    known = await reports.notified_money(connection, endpoint.endpoint_id, transactions)
    report_id = booking.new_id()
    lines = await _lines(connection, booking, endpoint, report, report_id, known)
    cost_minor = report.fee_minor + report.vat_minor
    if cost_minor:
        booking.post(
            ("settlement_costs", str(report_id), endpoint.book, report.settled_on),
            posting_rules.report_accepted(
                endpoint.unit_id, endpoint.endpoint_id, endpoint.account_id, cost_minor
            ),
        )
    _expect(booking, endpoint, report, report_id, "payout", report.batch, report.net_minor)
    _expect(booking, endpoint, report, report_id, "cost_top_up", f"PHI{report.batch}", cost_minor)
    await reports.insert_report(
        connection,
        {
            "report_id": report_id,
            "endpoint_id": endpoint.endpoint_id,
            "batch": report.batch,
            "settled_on": report.settled_on,
            "file_sha256": file_sha256,
            "line_count": len(report.lines),
            "gross_minor": report.gross_minor,
            "fee_minor": report.fee_minor,
            "vat_minor": report.vat_minor,
            "net_minor": report.net_minor,
            "recorded_at": booking.now,
        },
    )
    await booking.write(connection)
    await reports.insert_report_lines(connection, lines)


async def _lines(
    connection: AsyncConnection,
    booking: Booking,
    endpoint: Endpoint,
    report: SettlementReport,
    report_id: Any,
    known: dict[str, Any],
) -> Sequence[NewReportLine]:
    dues = await _lock_unnotified_dues(connection, endpoint, report, known)
    rows = []
    for line in report.lines:
        found = known.get(line.provider_transaction)
        if found is None:
            due = dues.get(line.our_reference)
            money_id = _record_unnotified(booking, endpoint, report, line, due)
        else:
            money_id = found.money_id
            if found.amount_minor != line.gross_minor:
                _break_on_money(
                    booking, endpoint, report, BreakCode.REPORT_AMOUNT, money_id, line,
                    found.amount_minor,
                )  # fmt: skip
        rows.append(
            NewReportLine(
                report_id, line.position, endpoint.endpoint_id, line.provider_transaction,
                line.kind, line.our_reference, line.gross_minor, line.fee_minor, line.vat_minor,
                money_id,
            )
        )  # fmt: skip
    return rows


async def _lock_unnotified_dues(
    connection: AsyncConnection,
    endpoint: Endpoint,
    report: SettlementReport,
    known: dict[str, Any],
) -> dict[str, DueState]:
    """Lock what unnotified money is for, by reference; two attempts of one request share a due."""
    references = [
        line.our_reference for line in report.lines if line.provider_transaction not in known
    ]
    found = await attempts.requests_of_attempts(connection, endpoint.endpoint_id, references)
    dues = await money.lock_dues(connection, list(set(found.values())))
    return {reference: dues[request_id] for reference, request_id in found.items()}


def _record_unnotified(
    booking: Booking,
    endpoint: Endpoint,
    report: SettlementReport,
    line: SettlementLine,
    due: DueState | None,
) -> UUID:
    """Record money that the gateway reports and never notified: the report comes first."""
    is_cancelled = due is not None and due.is_cancelled
    is_closed = due is not None and due.residual_minor == 0
    placement = place(due, line.gross_minor)
    received = NewMoney(
        booking.new_id(), "gateway_report", endpoint.endpoint_id, line.provider_transaction,
        due.unit_id if due else endpoint.unit_id, endpoint.account_id, endpoint.endpoint_id,
        due.request_id if due else None, line.gross_minor, line.our_reference, "", line.paid_at,
        booking.now,
    )  # fmt: skip
    code = BreakCode.UNKNOWN_REFERENCE if due is None else BreakCode.OVERPAID
    if is_cancelled:
        code = BreakCode.REFERENCE_CANCELLED
    elif is_closed:
        code = BreakCode.REFERENCE_CLOSED
    record_placement(
        booking,
        received=received,
        due=due,
        placement=placement,
        reference=due.reference if due else "",
        surplus_code=code,
        details={
            "amount_minor": line.gross_minor,
            "transaction": line.provider_transaction,
            "reference": due.reference if due else line.our_reference,
            "currency": "VND",
        },
        on_day=report.settled_on,
    )
    booking.post(
        ("gateway_report", str(received.money_id), endpoint.book, report.settled_on),
        posting_rules.money_placed(
            Account.GATEWAY_CLEARING, endpoint.endpoint_id, received.unit_id, placement
        ),
    )
    _break_on_money(
        booking, endpoint, report, BreakCode.REPORTED_NO_NOTICE, received.money_id, line, 0
    )
    return received.money_id


def _break_on_money(
    booking: Booking,
    endpoint: Endpoint,
    report: SettlementReport,
    code: BreakCode,
    money_id: Any,
    line: SettlementLine,
    notified_minor: int,
) -> None:
    details = {
        "amount_minor": line.gross_minor,
        "reported_minor": line.gross_minor,
        "expected_minor": notified_minor,
        "transaction": line.provider_transaction,
        "batch": report.batch,
        "currency": "VND",
    }
    booking.breaks.append(
        NewBreak(
            booking.new_id(), code.value, booking.account_group_id, endpoint.unit_id, None, None,
            None, None, money_id, line.gross_minor, canonical_json(details), report.settled_on,
            booking.now, None,
        )
    )  # fmt: skip


def _expect(
    booking: Booking,
    endpoint: Endpoint,
    report: SettlementReport,
    report_id: Any,
    kind: str,
    reference: str,
    amount_minor: int,
) -> None:
    if amount_minor:
        booking.items.append(
            NewItem(
                booking.new_id(), kind, "credit" if amount_minor > 0 else "debit",
                endpoint.unit_id, endpoint.account_group_id, endpoint.account_id, None, None,
                report_id, None, reference, "", abs(amount_minor), abs(amount_minor),
                report.settled_on, report.settled_on,
            )
        )  # fmt: skip
