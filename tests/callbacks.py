"""Sends callbacks as gateways and banks do, to the addresses that the builders open."""

import itertools
from datetime import datetime

import httpx

from bank_adapters.contract import CallbackRequest
from bank_adapters.counterpart.callbacks import (
    sign_notice,
    sign_standard_webhook,
    write_credit_notice,
    write_webhook,
)
from bank_adapters.counterpart.vnpay import sign_vnpay_ipn, vnpay_ipn_fields
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from tests.builders import Opened
from tests.postgres import MONDAY_MORNING

_NUMBERS = itertools.count(1)


def notice(
    opened: Opened,
    *,
    amount_minor: int,
    memo: str = "",
    our_reference: str | None = None,
    transaction: str | None = None,
    result_code: str = "00/00",
    paid_at: datetime = MONDAY_MORNING,
) -> PaymentNotice:
    """Return what the other side says; `result_code` is VNPAY's response and status."""
    is_bank = opened.channel != "vnpay"
    return PaymentNotice(
        result=NoticeResult.PAID,
        result_code="credit" if is_bank else result_code,
        merchant=opened.merchant,
        our_reference=our_reference,
        provider_transaction=transaction or str(14_000_000 + next(_NUMBERS)),
        amount_minor=amount_minor,
        currency="VND",
        paid_at=paid_at,
        memo=memo,
        account_number=opened.account_number if is_bank else "",
    )


def callback(opened: Opened, told: PaymentNotice, sent_at: datetime) -> CallbackRequest:
    """Return the signed request that carries a notice."""
    match opened.channel:
        case "vnpay":
            query = sign_vnpay_ipn(vnpay_ipn_fields(told), opened.secret)
            return CallbackRequest(method="GET", query=query, headers=(), body=b"")
        case "rsabank":
            body = write_credit_notice(told)
            headers = sign_notice(body, opened.private_key)
        case _:
            body = write_webhook(told, sent_at=sent_at)
            headers = sign_standard_webhook(
                body,
                message_id=f"msg_{told.provider_transaction}",
                sent_at=sent_at,
                keys=[opened.secret],
            )
    return CallbackRequest(method="POST", query=b"", headers=headers, body=body)


async def send(
    client: httpx.AsyncClient, opened: Opened, request: CallbackRequest
) -> httpx.Response:
    """Send a callback over HTTP."""
    address = opened.path + ("?" + request.query.decode() if request.query else "")
    headers = [(name.encode("ascii"), value) for name, value in request.headers]
    return await client.request(request.method, address, content=request.body, headers=headers)


async def pay_by_bank(
    client: httpx.AsyncClient, opened: Opened, *, memo: str, amount_minor: int
) -> httpx.Response:
    """Send the bank's notice of one transfer."""
    told = notice(opened, memo=memo, amount_minor=amount_minor)
    return await send(client, opened, callback(opened, told, MONDAY_MORNING))
