"""Plays one unit's day against the use cases: notices, statements and nights, as bytes."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from sqlalchemy import text

from bank_adapters.contract import CallbackRequest, Outcome
from bank_adapters.counterpart.callbacks import sign_notice, write_credit_notice
from bank_adapters.counterpart.statements import write_mt940
from bank_adapters.counterpart.vnpay import sign_vnpay_ipn, vnpay_ipn_fields
from bank_adapters.registry import DIALECTS
from bank_adapters.vocabulary import (
    Balance,
    Direction,
    NoticeResult,
    PaymentNotice,
    Statement,
    StatementLine,
)
from payment_service.context import Context
from payment_service.db import invariants, journal, nights
from payment_service.use_cases.act_on_callback import act_on_callback
from payment_service.use_cases.keep_callback import keep_callback
from tests.builders import OPENED_ON, Opened


def line(
    amount_minor: int,
    narrative: str,
    on: date,
    *,
    reference: str = "",
    direction: Direction = Direction.CREDIT,
    end_to_end: str = "",
    returned: str = "",
) -> StatementLine:
    """Return one booked line; its position is given when the statement is written."""
    return StatementLine(
        position=1,
        source_line=1,
        booking_date=on,
        value_date=on,
        amount_minor=amount_minor,
        direction=direction,
        narrative=narrative,
        bank_reference=reference,
        end_to_end_reference=end_to_end,
        returned_reference=returned,
    )


@dataclass(slots=True, kw_only=True)
class Bank:
    """The bank's side of one account: keeps the balance, writes and signs statements."""

    opened: Opened
    balance_minor: int = 0
    last_on: date = OPENED_ON
    number: int = 0
    written: list[bytes] = field(default_factory=list)

    def statement(self, on: date, lines: list[StatementLine]) -> tuple[bytes, bytes]:
        """Write the next statement and its detached signature."""
        self.number += 1
        opening = Balance(amount_minor=self.balance_minor, currency="VND", on=self.last_on)
        for each in lines:
            sign = 1 if each.direction is Direction.CREDIT else -1
            self.balance_minor += sign * each.amount_minor
        self.last_on = on
        content = write_mt940(
            Statement(
                account=self.opened.account_number,
                currency="VND",
                exponent=0,
                number=str(self.number),
                opening=opening,
                closing=Balance(amount_minor=self.balance_minor, currency="VND", on=on),
                lines=tuple(lines),
            )
        )
        self.written.append(content)
        return content, self.sign(content)

    def sign(self, content: bytes) -> bytes:
        """Return the detached signature of a file."""
        signature = self.opened.private_key.sign(content, padding.PKCS1v15(), hashes.SHA256())
        return base64.b64encode(signature)


def at(day: date, hour: int = 9) -> datetime:
    """Return an hour of a Vietnamese day."""
    return datetime.combine(day, time(hour), UTC) - timedelta(hours=7)


async def deliver(context: Context, opened: Opened, request: CallbackRequest) -> Outcome:
    """Keep and act on a callback as the door does."""
    kept = await keep_callback(context, DIALECTS[opened.channel], opened.slug, request)
    return kept.outcome or await act_on_callback(context, kept.message_id)


def vnpay_ipn(
    opened: Opened, reference: str, amount_minor: int, transaction: str, on: date, code: str = "00"
) -> CallbackRequest:
    """Return a signed VNPAY notice."""
    fields = vnpay_ipn_fields(
        PaymentNotice(
            result=NoticeResult.PAID,
            result_code="00/00",
            merchant=opened.merchant,
            our_reference=reference,
            provider_transaction=transaction,
            amount_minor=amount_minor,
            currency="VND",
            paid_at=at(on),
        )
    )
    if code != "00":
        fields |= {"vnp_ResponseCode": code, "vnp_TransactionStatus": "02"}
    query = sign_vnpay_ipn(fields, opened.secret)
    return CallbackRequest(method="GET", query=query, headers=(), body=b"")


def bank_notice(
    opened: Opened, memo: str, amount_minor: int, transaction: str, on: date
) -> CallbackRequest:
    """Return a signed credit notice of the bank."""
    body = write_credit_notice(
        PaymentNotice(
            result=NoticeResult.PAID,
            result_code="credit",
            merchant=opened.account_number,
            our_reference=None,
            provider_transaction=transaction,
            amount_minor=amount_minor,
            currency="VND",
            paid_at=at(on),
            memo=memo,
            account_number=opened.account_number,
        )
    )
    headers = sign_notice(body, opened.private_key)
    return CallbackRequest(method="POST", query=b"", headers=tuple(headers), body=body)


async def broken(context: Context) -> dict[str, int]:
    """Return the broken invariants."""
    async with context.database.read_only(snapshot=True) as connection:
        return await invariants.broken_invariants(connection)


async def balances(context: Context) -> dict[str, int]:
    """Return the balance of each account of the chart: debit less credit, zeros left out."""
    found: dict[str, int] = {}
    async with context.database.read_only() as connection:
        for row in await journal.balances(connection):
            found[row.account] = found.get(row.account, 0) + row.balance_minor
    return {account: minor for account, minor in found.items() if minor}


async def open_break_codes(context: Context) -> list[str]:
    """Return the codes of the open breaks, sorted."""
    async with context.database.read_only() as connection:
        rows = await connection.execute(
            text("SELECT code FROM break_case WHERE closed_at IS NULL ORDER BY code")
        )
        return [row.code for row in rows]


async def only_group(context: Context) -> list[UUID]:
    """Return the account groups with a live account."""
    async with context.database.read_only() as connection:
        return await nights.account_groups(connection)
