"""A gateway's settlement report arrives: what it kept, what it pays out, and what it never told."""

import contextlib
import hashlib
from collections.abc import Sequence
from typing import Any, Final
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
from payment_service.db import attempts, endpoints, gateway_contracts, money, reports
from payment_service.db.booking import Booking, canonical_json
from payment_service.db.database import lock, lock_shared
from payment_service.db.endpoints import Endpoint
from payment_service.db.items import NewItem
from payment_service.db.money import NewMoney
from payment_service.db.reports import NewReportLine
from payment_service.domain import posting_rules
from payment_service.domain.calendar import business_date
from payment_service.domain.chart_of_accounts import Account
from payment_service.domain.errors import Forbidden, Invalid, StateConflict
from payment_service.domain.gateway_contract import FeeCheck, check_fees
from payment_service.domain.settlement import DueState, place
from payment_service.use_cases.settle import record_placement
from payment_service.use_cases.take_back import ReportStep, lock_what_it_speaks_of, take_back
from reconciliation.breaks import BreakCode

_REPORTED_ONCE: Final = (
    "settlement_report_endpoint_id_batch_key",
    "settlement_report_line_endpoint_id_provider_transaction_kin_key",
)
"""The database holds that a batch, and each of its transactions, is reported once."""


async def import_settlement_report(
    context: Context, content: bytes, signature: bytes | None
) -> dict[str, object]:
    """Accept a signed report; the same bytes again change nothing.

    What it takes back or adjusts is booked as it says, explained or not. Raises
    `StatementUnreadable` for a report that does not add up, `Invalid` for a merchant that has no
    address here or a day that is yet to come, `Forbidden` for a wrong signature, `StateConflict`
    for a batch or transaction that was reported before.
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
            await lock_shared(connection, "settlement")
            await lock(connection, f"settlement:{endpoint.endpoint_id}")
            if await reports.find_report(connection, file_sha256) is None:
                booking = Booking(now=now, account_group_id=endpoint.account_group_id)
                await _accept(connection, booking, endpoint, report, file_sha256)
    except IntegrityError as error:
        if not any(name in str(error.orig) for name in _REPORTED_ONCE):
            raise
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
    if report.settled_on > business_date(booking.now, None):
        raise Invalid(f"the report is settled on {report.settled_on}, a day that is yet to come")
    transactions = {line.provider_transaction for line in report.lines}
    transactions |= {line.original_transaction for line in report.lines} - {""}
    for transaction in sorted(transactions):
        await lock(connection, f"transaction:{endpoint.endpoint_id}:{transaction}")
    known = await reports.notified_money(connection, endpoint.endpoint_id, list(transactions))
    dues = await _lock_dues(connection, endpoint, report, known)
    step = ReportStep(booking=booking, endpoint=endpoint, report=report, report_id=booking.new_id())
    fees = check_fees(
        report.lines, await gateway_contracts.contracts_of(connection, endpoint.endpoint_id)
    )
    await reports.insert_report(connection, _record(step, fees, file_sha256))
    listed = [
        known[line.provider_transaction]
        for line in report.lines
        if line.kind == "payment" and line.provider_transaction in known
    ]
    missing = await reports.lock_missing(connection, [each.money_id for each in listed])
    lines = _payments(step, known, dues, missing)
    if len(lines) < len(report.lines):
        await booking.write_rows(connection)
        await lock_what_it_speaks_of(connection, step)
        lines += await take_back(connection, step)
    _book_costs(step, fees)
    await booking.write(connection)
    await reports.insert_report_lines(connection, lines)


def _record(step: ReportStep, fees: FeeCheck, file_sha256: bytes) -> dict[str, Any]:
    report = step.report
    return {
        "report_id": step.report_id,
        "endpoint_id": step.endpoint.endpoint_id,
        "batch": report.batch,
        "settled_on": report.settled_on,
        "file_sha256": file_sha256,
        "line_count": len(report.lines),
        "gross_minor": report.gross_minor,
        "fee_minor": report.fee_minor,
        "vat_minor": report.vat_minor,
        "net_minor": report.net_minor,
        "recorded_at": step.booking.now,
        "fees_checked_count": fees.checked_count,
        "fee_variance_minor": fees.variance_minor,
    }


def _book_costs(step: ReportStep, fees: FeeCheck) -> None:
    """Book what the gateway kept, right or not, and expect the payout and what the unit puts back.

    Costs that differ from the contract are named; nothing is posted beyond what the report says.
    """
    booking, endpoint, report = step.booking, step.endpoint, step.report
    cost_minor = report.fee_minor + report.vat_minor
    if cost_minor:
        booking.post(
            ("settlement_costs", str(step.report_id), endpoint.book, report.settled_on),
            posting_rules.costs_kept(
                endpoint.unit_id, endpoint.endpoint_id, endpoint.account_id, cost_minor
            ),
        )
    _expect(step, "payout", report.batch, report.net_minor)
    _expect(step, "cost_top_up", f"PHI{report.batch}", cost_minor)
    if not fees.variance_minor:
        return
    details = {
        "amount_minor": fees.variance_minor,
        "batch": report.batch,
        "contract": ", ".join(fees.citations),
        "currency": "VND",
        "expected_minor": fees.expected_minor,
        "lines": fees.differing_count,
        "reported_minor": fees.reported_minor,
        "transactions": list(fees.transactions),
    }
    booking.open_break(
        BreakCode.FEE_VARIANCE, endpoint.unit_id, fees.variance_minor, canonical_json(details),
        report.settled_on, report_id=step.report_id,
    )  # fmt: skip


def _payments(
    step: ReportStep,
    known: dict[str, Any],
    dues: dict[str, DueState],
    missing: dict[UUID, Any],
) -> list[NewReportLine]:
    rows = []
    for line in step.report.lines:
        if line.kind != "payment":
            continue
        found = known.get(line.provider_transaction)
        if found is None:
            money_id = _record_unnotified(step, line, dues.get(line.our_reference))
        else:
            money_id = found.money_id
            open_minor = _end_claim(step, line, found, missing.get(money_id))
            is_settled = open_minor != found.amount_minor
            code = BreakCode.REPORTED_SETTLED if is_settled else BreakCode.REPORT_AMOUNT
            if open_minor != line.gross_minor:
                step.open_difference(line, code, money_id, open_minor)
        rows.append(step.row(line, money_id=money_id))
    return rows


def _end_claim(step: ReportStep, line: SettlementLine, paid: Any, claim: Any | None) -> int:
    """Close the claim that a payment was missed for; return what was still open of the payment."""
    if claim is None:
        return int(paid.amount_minor)
    if claim.residual_minor:
        group_id, _ = step.open_group(line)
        step.booking.allocate(group_id, claim.residual_minor, item_id=claim.item_id)
        step.booking.explained_items.append(claim.item_id)
    return int(claim.residual_minor)


async def _lock_dues(
    connection: AsyncConnection,
    endpoint: Endpoint,
    report: SettlementReport,
    known: dict[str, Any],
) -> dict[str, DueState]:
    """Lock the dues of unnotified money and of all that may be taken back; return the former.

    They go by their reference; two attempts of one request share a due.
    """
    references = [
        line.our_reference for line in report.lines if line.provider_transaction not in known
    ]
    found = await attempts.requests_of_attempts(connection, endpoint.endpoint_id, references)
    originals = [known.get(line.original_transaction) for line in report.lines]
    taken_back = {paid.request_id for paid in originals if paid and paid.request_id}
    dues = await money.lock_dues(connection, list({*found.values(), *taken_back}))
    return {reference: dues[request_id] for reference, request_id in found.items()}


def _record_unnotified(step: ReportStep, line: SettlementLine, due: DueState | None) -> UUID:
    """Record money that the gateway reports and never notified: the report comes first."""
    booking, endpoint, report = step.booking, step.endpoint, step.report
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
    booking.open_break(
        BreakCode.REPORTED_NO_NOTICE, endpoint.unit_id, line.gross_minor,
        step.details(line, expected_minor=0, reported_minor=line.gross_minor), report.settled_on,
        money_id=received.money_id,
    )  # fmt: skip
    return received.money_id


def _expect(step: ReportStep, kind: str, reference: str, amount_minor: int) -> None:
    endpoint, settled_on = step.endpoint, step.report.settled_on
    if amount_minor:
        step.booking.items.append(
            NewItem(
                step.booking.new_id(), kind, "credit" if amount_minor > 0 else "debit",
                endpoint.unit_id, endpoint.account_group_id, endpoint.account_id, None, None,
                step.report_id, None, reference, "", abs(amount_minor), abs(amount_minor),
                settled_on, settled_on,
            )
        )  # fmt: skip
