"""payOS links: what we ask is signed, what is answered is believed only signed and about us."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import AdapterError, Algorithm
from bank_adapters.counterpart.gateway import GatewayBooks
from bank_adapters.counterpart.payos import PayosCounterpart
from bank_adapters.gateways.payos import Payos
from bank_adapters.gateways.payos_order_code import order_code_of
from bank_adapters.gateways.payos_signature import body_content
from bank_adapters.outgoing import (
    Answer,
    AnswerUnreadable,
    CheckoutDialect,
    Merchant,
    Order,
    OutgoingRequest,
    PaymentStatus,
    Question,
    RefundDialect,
    RefundOrder,
    RequestRefused,
    StatusDialect,
)
from bank_adapters.signatures.primitives import hmac_hex
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.gateways.test_payos import CHECKSUM_KEY, MATERIAL
from tests.bank_adapters.keys import NOW, key

PAYOS = Payos()
DIALECTS: tuple[CheckoutDialect, StatusDialect, RefundDialect] = (PAYOS, PAYOS, PAYOS)
MERCHANT = Merchant(
    code="0123456789",
    base_url="https://api-merchant.payos.example",
    key=key(Algorithm.HMAC_SHA256_HEX, MATERIAL),
)
REFERENCE = "HPFX3F3CZ7GCF007"
ORDER = Order(
    reference=REFERENCE,
    amount_minor=50_000,
    description="Nop phi HPFX3F3CZ7GCF",
    created_at=NOW,
    expires_at=NOW + timedelta(minutes=15),
    return_url="https://thanhtoan.example.vn/pay/return?x=1",
    notify_url="https://thanhtoan.example.vn/callbacks/payos/x",
)
QUESTION = Question(request_id="q1", our_reference=REFERENCE, ordered_at=NOW, asked_at=NOW)


def _ordered(books: GatewayBooks) -> tuple[OutgoingRequest, Answer]:
    request = PAYOS.order(MERCHANT, ORDER)
    return request, PayosCounterpart().answer(request, books, MATERIAL, NOW)


def _answer(data: object, **envelope: object) -> Answer:
    signature = ""
    if isinstance(data, dict):
        content = body_content(data, AdapterError)
        signature = hmac_hex(Algorithm.HMAC_SHA256_HEX, content, CHECKSUM_KEY)
    values = {"code": "00", "data": data, "signature": signature} | envelope
    return Answer(status=200, body=json.dumps(values).encode())


LINK = {"orderCode": order_code_of(REFERENCE), "status": "PAID", "amountPaid": 50_000}


def test_an_order_is_taken_once_and_its_page_and_code_come_back() -> None:
    books = GatewayBooks()
    request, answer = _ordered(books)
    assert request.url == "https://api-merchant.payos.example/v2/payment-requests"
    fields = json.loads(request.body)
    assert fields["description"] == "HPFX3F3CZ7GCF"
    assert fields["orderCode"] <= 2**53 - 1
    assert fields["expiredAt"] - NOW.timestamp() == 900
    checkout = PAYOS.read_order(MERCHANT, ORDER, answer)
    assert checkout.url == "https://pay.payos.example/web/link1"
    assert (checkout.qr_text, checkout.provider_order) == ("00020101021238", "link1")
    assert books.orders[REFERENCE].amount_minor == 50_000
    with pytest.raises(AnswerUnreadable, match="tồn tại"):
        PAYOS.read_order(MERCHANT, ORDER, _ordered(books)[1])


@given(
    amount_minor=st.integers(min_value=1, max_value=10**15),
    result=st.sampled_from(NoticeResult),
)
def test_the_status_of_an_order_comes_back(amount_minor: int, result: NoticeResult) -> None:
    books = GatewayBooks()
    request = PAYOS.order(MERCHANT, replace(ORDER, amount_minor=amount_minor))
    PayosCounterpart().answer(request, books, MATERIAL, NOW)
    books.orders[REFERENCE].result = result
    books.orders[REFERENCE].provider_transaction = "FT1"
    answer = PayosCounterpart().answer(PAYOS.ask(MERCHANT, QUESTION), books, MATERIAL, NOW)
    status = PAYOS.read_status(MERCHANT, QUESTION, answer)
    is_paid = result is NoticeResult.PAID
    assert status == PaymentStatus(
        result=result,
        result_code=status.result_code,
        our_reference=REFERENCE,
        provider_transaction="FT1" if is_paid else "",
        amount_minor=amount_minor if is_paid else None,
    )


@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ({}, NoticeResult.PAID),
        ({"amountPaid": 0}, NoticeResult.REVIEW),
        ({"status": "EXPIRED"}, NoticeResult.REVIEW),
        ({"status": "CANCELLED", "amountPaid": 0}, NoticeResult.FAILED),
        ({"status": "PROCESSING", "amountPaid": 0}, NoticeResult.PENDING),
        ({"status": "PROCESSING"}, NoticeResult.REVIEW),
        ({"status": "SOMETHING", "amountPaid": 0}, NoticeResult.UNKNOWN),
        ({"transactions": [{"reference": "A"}, {"reference": "B"}]}, NoticeResult.PAID),
    ],
)
def test_money_on_a_link_that_is_not_paid_is_for_a_person(
    changes: dict[str, object], result: NoticeResult
) -> None:
    status = PAYOS.read_status(MERCHANT, QUESTION, _answer(LINK | changes))
    assert (status.result, status.provider_transaction) == (result, "")


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=200, body=b""),
        Answer(status=500, body=_answer(LINK).body),
        _answer(LINK, code="101", desc="Mã thanh toán không tồn tại"),
        _answer(None),
        _answer({}),
        _answer(LINK, signature=None),
        _answer(LINK, signature="0" * 64),
        _answer(LINK | {"orderCode": 1}),
        _answer(LINK | {"orderCode": None}),
        _answer(LINK | {"amountPaid": -1}),
        _answer(LINK | {"amountPaid": "50000"}),
        _answer(LINK | {"amountPaid": 10**16}),
        _answer(LINK | {"transactions": [{"reference": None}]}),
    ],
)
def test_answers_that_prove_nothing_are_unreadable(answer: Answer) -> None:
    with pytest.raises(AnswerUnreadable):
        PAYOS.read_status(MERCHANT, QUESTION, answer)
    with pytest.raises(AnswerUnreadable):
        PAYOS.read_order(MERCHANT, ORDER, answer)


def test_an_answer_about_another_amount_or_without_https_is_unreadable() -> None:
    taken = {
        "orderCode": order_code_of(REFERENCE),
        "amount": 50_000,
        "checkoutUrl": "https://pay.example/x",
        "qrCode": "",
        "paymentLinkId": "x",
    }
    assert PAYOS.read_order(MERCHANT, ORDER, _answer(taken)).provider_order == "x"
    for changes in (
        {"amount": 5_000},
        {"amount": 500_000},
        {"checkoutUrl": "http://pay.example/x"},
    ):
        with pytest.raises(AnswerUnreadable):
            PAYOS.read_order(MERCHANT, ORDER, _answer(taken | changes))


@given(st.binary(max_size=200))
def test_random_answers_raise_nothing_else(body: bytes) -> None:
    with pytest.raises(AnswerUnreadable):
        PAYOS.read_status(MERCHANT, QUESTION, Answer(status=200, body=body))


def test_orders_that_payos_cannot_represent_are_refused() -> None:
    other_key = key(Algorithm.HMAC_SHA256_HEX, b"client-id")
    for merchant, order in (
        (MERCHANT, replace(ORDER, reference="no reference")),
        (MERCHANT, replace(ORDER, reference="HPFX3F3CZ7GCF340")),
        (replace(MERCHANT, key=other_key), ORDER),
    ):
        with pytest.raises(RequestRefused):
            PAYOS.order(merchant, order)


def test_a_wrong_key_is_refused_by_the_counterpart() -> None:
    stranger = key(Algorithm.HMAC_SHA256_HEX, b"client-id:api-key-0123456789:another key")
    request = PAYOS.order(replace(MERCHANT, key=stranger), ORDER)
    books = GatewayBooks()
    answer = PayosCounterpart().answer(request, books, MATERIAL, NOW)
    assert not books.orders
    with pytest.raises(AnswerUnreadable):
        PAYOS.read_order(MERCHANT, ORDER, answer)
    request = PAYOS.order(replace(MERCHANT, key=replace(stranger, material=b"x:y:z")), ORDER)
    answer = PayosCounterpart().answer(request, books, MATERIAL, NOW)
    assert b'"214"' in answer.body
    answer = PayosCounterpart().answer(PAYOS.ask(MERCHANT, QUESTION), books, MATERIAL, NOW)
    assert b'"101"' in answer.body


def test_payos_sends_nothing_back() -> None:
    refund = RefundOrder(
        request_id="r1",
        our_reference=REFERENCE,
        provider_transaction="FT1",
        paid_at=NOW,
        paid_minor=50_000,
        amount_minor=50_000,
        reason="Nop thua",
        ordered_by="lan",
        ordered_at=NOW,
    )
    with pytest.raises(RequestRefused, match="payOS sends nothing back"):
        PAYOS.refund(MERCHANT, refund)
    with pytest.raises(AnswerUnreadable):
        PAYOS.read_refund(MERCHANT, refund, _answer(LINK))
