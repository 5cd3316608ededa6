"""What a kept callback means: money recorded as it is, applied, posted, or a named break."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bank_adapters.contract import CallbackDialect, NoticeUnreadable, Outcome
from bank_adapters.fields import TIME_NOT_STATED
from bank_adapters.registry import DIALECTS, STATUS_DIALECTS
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from payment_service.context import Context
from payment_service.db import endpoints, items, messages, money
from payment_service.db.booking import Booking, canonical_json
from payment_service.db.database import lock, lock_shared
from payment_service.db.endpoints import Endpoint
from payment_service.db.items import NewItem
from payment_service.db.messages import BANK_LINE, KeptMessage
from payment_service.db.money import NewMoney
from payment_service.domain import posting_rules
from payment_service.domain.calendar import business_date
from payment_service.domain.chart_of_accounts import Account
from payment_service.domain.errors import NotFound
from payment_service.domain.settlement import DueState, Placement, place
from payment_service.domain.weak_notice import weigh
from payment_service.use_cases.find_named import find_request, names_awaited
from payment_service.use_cases.settle import record_placement
from reconciliation.breaks import BreakCode

_AHEAD_MAX = timedelta(days=1)
"""A payment dated further ahead of its notice happened when the notice came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome of a message; a break code opens a break on the message itself."""

    outcome: Outcome
    code: BreakCode | None = None
    details: dict[str, object] | None = None
    money_id: UUID | None = None


async def act_on_callback(context: Context, message_id: UUID) -> Outcome:
    """Act once on a kept message and return what became of it; again: the same outcome.

    Everything happens in one transaction under the locks of the message and of the provider's
    transaction, so that copies and racing messages are told the truth.
    """
    now = context.clock()
    async with context.database.transaction() as connection:
        await lock(connection, f"message:{message_id}")
        message = await messages.find_message(connection, message_id)
        if message is None:
            raise NotFound
        if message.outcome:
            return Outcome(message.outcome)
        endpoint = await endpoints.find_endpoint_by_id(
            connection, context.sealer, message.endpoint_id, now
        )
        if endpoint is None:
            raise NotFound
        booking = Booking(now=now, account_group_id=endpoint.account_group_id)
        verdict = await _judge(connection, booking, endpoint, message)
        on_day = business_date(message.received_at, None)
        if verdict.code:
            booking.open_break(
                verdict.code,
                endpoint.unit_id,
                int(str((verdict.details or {}).get("amount_minor", 0))),
                canonical_json(verdict.details or {}),
                on_day,
                message_id=message_id,
            )
        await booking.write(connection)
        await messages.insert_outcome(
            connection,
            {
                "message_id": message_id,
                "outcome": verdict.outcome.value,
                "details": canonical_json(verdict.details or {}),
                "money_id": verdict.money_id,
                "acted_at": now,
            },
        )
    return verdict.outcome


async def _judge(
    connection: AsyncConnection, booking: Booking, endpoint: Endpoint, message: KeptMessage
) -> Verdict:
    dialect = DIALECTS[endpoint.channel]
    try:
        notice = dialect.read(message.request)
    except NoticeUnreadable as error:
        return Verdict(
            outcome=Outcome.UNREADABLE,
            code=BreakCode.UNREADABLE_NOTICE,
            details={"reason": str(error)},
        )
    if notice.paid_at == TIME_NOT_STATED or notice.paid_at > message.received_at + _AHEAD_MAX:
        notice = replace(notice, paid_at=message.received_at)
    details: dict[str, object] = {
        "amount_minor": notice.amount_minor,
        "transaction": notice.provider_transaction,
        "result_code": notice.result_code,
    }
    # A bank's channel that tells of virtual accounts alone names no account of ours.
    names_account = dialect.is_bank and notice.account_number is not None
    expected = endpoint.account_number if names_account else endpoint.merchant
    found = notice.account_number if names_account else notice.merchant
    if found != expected:
        details |= {"found_merchant": found, "expected_merchant": expected}
        return Verdict(
            outcome=Outcome.OTHER_MERCHANT, code=BreakCode.OTHER_MERCHANT, details=details
        )
    if notice.currency != "VND":
        details |= {"reason": f"currency {notice.currency}"}
        return Verdict(
            outcome=Outcome.UNREADABLE, code=BreakCode.UNREADABLE_NOTICE, details=details
        )
    if dialect.scheme.is_weak or notice.result is NoticeResult.PENDING:
        answer = await messages.last_status_answer(connection, message.message_id)
        believed = weigh(notice, answer, waited=booking.now - message.received_at)
        details |= {"asked_code": answer.result_code if answer else ""}
        if believed is None:
            return _unconfirmed(dialect, notice, details)
        notice = believed
    return await _judge_money(connection, booking, endpoint, dialect, message, notice, details)


def _unconfirmed(
    dialect: CallbackDialect, notice: PaymentNotice, details: dict[str, object]
) -> Verdict:
    can_be_asked = dialect.code in STATUS_DIALECTS
    if not dialect.is_bank or can_be_asked or notice.result is not NoticeResult.PAID:
        return Verdict(
            outcome=Outcome.UNCONFIRMED, code=BreakCode.UNCONFIRMED_NOTICE, details=details
        )
    # Only the statement can prove it; `prove_notices` opens the break when that stays silent.
    return Verdict(outcome=Outcome.UNCONFIRMED, details=details | {"failed_criterion": BANK_LINE})


async def _judge_money(
    connection: AsyncConnection,
    booking: Booking,
    endpoint: Endpoint,
    dialect: CallbackDialect,
    message: KeptMessage,
    notice: PaymentNotice,
    details: dict[str, object],
) -> Verdict:
    source_id = _source_id(endpoint, dialect)
    await lock(connection, f"transaction:{source_id}:{notice.provider_transaction}")
    known = await money.find_money(connection, source_id, notice.provider_transaction)
    if known:
        verdict = _judge_again(notice, known[0].amount_minor, details)
        if known[0].kind != "gateway_report" or notice.result is not NoticeResult.PAID:
            return verdict
        # The report came first. Notified with another amount, the money has that name instead.
        missing, money_id = BreakCode.REPORTED_NO_NOTICE, known[0].money_id
        reason = "renamed" if verdict.code else "explained"
        await items.close_money_breaks(connection, missing, [money_id], booking.now, reason)
        return verdict if verdict.code else replace(verdict, money_id=money_id)
    if notice.result is not NoticeResult.PAID:
        code = {
            NoticeResult.REVIEW: BreakCode.CALLBACK_REVIEW,
            NoticeResult.UNKNOWN: BreakCode.CALLBACK_UNKNOWN_CODE,
        }.get(notice.result)
        return Verdict(outcome=Outcome.RECORDED, code=code, details=details)
    if dialect.is_bank:
        # Else a statement could book this money after the look for its line and before our commit.
        await lock_shared(connection, f"account:{endpoint.account_id}")
        line = await items.lock_line_of_notice(
            connection, endpoint.account_id, notice.provider_transaction, notice.amount_minor
        )
        # Matched in whole or, by people, in part: this credit is in the books already.
        if line is not None and line.residual_minor < line.amount_minor:
            return _judge_again(notice, line.amount_minor, details)
        if line is not None:
            await items.touch_line(connection, line.line_id)
    return await _record(connection, booking, endpoint, dialect, message, notice, details)


def _source_id(endpoint: Endpoint, dialect: CallbackDialect) -> UUID:
    # Two channels of one bank may announce the same credit: the account is what they share.
    return endpoint.account_id if dialect.is_bank else endpoint.endpoint_id


def _judge_again(notice: PaymentNotice, known_minor: int, details: dict[str, object]) -> Verdict:
    if notice.result is NoticeResult.PAID and notice.amount_minor == known_minor:
        return Verdict(outcome=Outcome.ALREADY_RECORDED, details=details)
    details |= {"expected_minor": known_minor}
    outcome = (
        Outcome.AMOUNT_DIFFERS if notice.result is NoticeResult.PAID else Outcome.ALREADY_RECORDED
    )
    return Verdict(outcome=outcome, code=BreakCode.CONFLICTING_DUPLICATE, details=details)


async def _record(
    connection: AsyncConnection,
    booking: Booking,
    endpoint: Endpoint,
    dialect: CallbackDialect,
    message: KeptMessage,
    notice: PaymentNotice,
    details: dict[str, object],
) -> Verdict:
    request_id = await find_request(connection, endpoint, dialect, notice)
    due = None
    if request_id is not None:
        due = (await money.lock_dues(connection, [request_id]))[request_id]
    on_day = business_date(notice.paid_at, None)
    if dialect.is_bank and await names_awaited(
        connection, endpoint, notice, names_due=due is not None
    ):
        # Its line alone says what it is; `prove_notices` opens the break when that stays away.
        told = {"reference": notice.provider_transaction, "since_on": on_day.isoformat()}
        details |= {"currency": "VND", "failed_criterion": BANK_LINE}
        return Verdict(outcome=Outcome.RECORDED, details=details | told)
    open_minor = 0 if due is None or due.is_cancelled else due.residual_minor
    placement = place(due, notice.amount_minor)
    received = NewMoney(
        money_id=booking.new_id(),
        kind="bank_notice" if dialect.is_bank else "gateway_notice",
        source_id=_source_id(endpoint, dialect),
        provider_transaction=notice.provider_transaction,
        unit_id=due.unit_id if due else endpoint.unit_id,
        account_id=endpoint.account_id,
        endpoint_id=endpoint.endpoint_id,
        request_id=request_id,
        amount_minor=notice.amount_minor,
        memo=notice.memo,
        payer_account=notice.payer_account,
        paid_at=notice.paid_at,
        recorded_at=booking.now,
    )
    outcome, code = _outcome(due, open_minor, notice.amount_minor)
    record_placement(
        booking,
        received=received,
        due=due,
        placement=placement,
        reference=due.reference if due else "",
        surplus_code=code,
        details=details
        | {"reference": due.reference if due else notice.our_reference or notice.memo},
        on_day=on_day,
    )
    _post_and_expect(booking, endpoint, dialect, received, placement, message, on_day)
    return Verdict(outcome=outcome, details=details, money_id=received.money_id)


def _outcome(due: DueState | None, open_minor: int, amount_minor: int) -> tuple[Outcome, BreakCode]:
    if due is None:
        return Outcome.UNKNOWN_REFERENCE, BreakCode.UNKNOWN_REFERENCE
    if due.is_cancelled:
        return Outcome.ALREADY_COVERED, BreakCode.REFERENCE_CANCELLED
    if open_minor == 0:
        return Outcome.ALREADY_COVERED, BreakCode.REFERENCE_CLOSED
    if amount_minor != open_minor:
        return Outcome.AMOUNT_DIFFERS, BreakCode.OVERPAID
    return Outcome.RECORDED, BreakCode.OVERPAID


def _post_and_expect(
    booking: Booking,
    endpoint: Endpoint,
    dialect: CallbackDialect,
    received: NewMoney,
    placement: Placement,
    message: KeptMessage,
    on_day: date,
) -> None:
    source = Account.NOTICES_IN_TRANSIT if dialect.is_bank else Account.GATEWAY_CLEARING
    detail = endpoint.account_id if dialect.is_bank else endpoint.endpoint_id
    book = f"account:{endpoint.account_id}" if dialect.is_bank else endpoint.book
    booking.post(
        (received.kind, str(message.message_id), book, on_day),
        posting_rules.money_placed(source, detail, received.unit_id, placement),
    )
    if dialect.is_bank:
        booking.items.append(
            NewItem(
                booking.new_id(), "bank_notice", "credit", received.unit_id,
                booking.account_group_id, endpoint.account_id, received.request_id,
                received.money_id, None, None, "", received.provider_transaction,
                received.amount_minor, received.amount_minor, on_day, on_day,
            )
        )  # fmt: skip
