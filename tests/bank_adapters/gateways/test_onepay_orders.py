"""OnePay orders, queries and refunds: signed both ways, each answer about what was asked."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import Algorithm
from bank_adapters.counterpart.gateway import GatewayBooks
from bank_adapters.counterpart.onepay import OnepayCounterpart
from bank_adapters.gateways.onepay import Onepay
from bank_adapters.gateways.onepay_signing import canonical
from bank_adapters.outgoing import (
    Answer,
    AnswerUnreadable,
    CheckoutDialect,
    Merchant,
    Order,
    OutgoingRequest,
    PaymentStatus,
    Question,
    RefundAnswer,
    RefundDialect,
    RefundOrder,
    RequestRefused,
    StatusDialect,
)
from bank_adapters.signatures.primitives import hmac_hex
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.gateways.test_onepay import MATERIAL, SECRET
from tests.bank_adapters.keys import NOW, key

ONEPAY = Onepay()
DIALECTS: tuple[CheckoutDialect, StatusDialect, RefundDialect] = (ONEPAY, ONEPAY, ONEPAY)
FULL_MATERIAL = MATERIAL + b":op01:op123456"
MERCHANT = Merchant(
    code="HAIPHONG",
    base_url="https://onepay.example",
    key=key(Algorithm.HMAC_SHA256_HEX_DECODED, FULL_MATERIAL),
)
REFERENCE = "HPFX3F3CZ7GCF001"
ORDER = Order(
    reference=REFERENCE,
    amount_minor=50_000,
    description="Nop phi HPFX3F3CZ7GCF",
    created_at=NOW,
    expires_at=NOW + timedelta(minutes=15),
    return_url="https://thanhtoan.example.vn/pay/return?x=1&y=2",
    notify_url="https://thanhtoan.example.vn/callbacks/onepay/x",
    client_ip="203.0.113.7",
)
QUESTION = Question(request_id="q1", our_reference=REFERENCE, ordered_at=NOW, asked_at=NOW)
REFUND = RefundOrder(
    request_id="R0001",
    our_reference=REFERENCE,
    provider_transaction="PAY-1",
    paid_at=NOW,
    paid_minor=50_000,
    amount_minor=20_000,
    reason="Nop thua",
    ordered_by="lan.nguyen",
    ordered_at=NOW,
)


def _signed(fields: dict[str, str]) -> Answer:
    signature = hmac_hex(Algorithm.HMAC_SHA256_HEX_DECODED, canonical(fields), SECRET).upper()
    return Answer(status=200, body=urlencode(fields | {"vpc_SecureHash": signature}).encode())


def _books(amount_minor: int = 50_000) -> GatewayBooks:
    books = GatewayBooks()
    order = replace(ORDER, amount_minor=amount_minor)
    url = ONEPAY.order(MERCHANT, order).url
    OnepayCounterpart().answer(OutgoingRequest(method="GET", url=url), books, FULL_MATERIAL, NOW)
    return books


def test_the_address_says_the_order_and_signs_it() -> None:
    checkout = ONEPAY.order(MERCHANT, ORDER)
    parts = urlsplit(checkout.url)
    assert (parts.netloc, parts.path) == ("onepay.example", "/paygate/vpcpay.op")
    fields = dict(parse_qsl(parts.query, strict_parsing=True))
    assert fields["vpc_Amount"] == "5000000"
    assert fields["vpc_AccessCode"] == "6BEB2546"
    assert (fields["vpc_Locale"], fields["vpc_Currency"]) == ("vn", "VND")
    assert fields["vpc_ReturnURL"] == ORDER.return_url
    assert fields["vpc_CallbackURL"] == ORDER.notify_url
    signature = fields.pop("vpc_SecureHash")
    assert signature == signature.upper()
    assert b"Title" not in canonical(fields)
    expected = hmac_hex(Algorithm.HMAC_SHA256_HEX_DECODED, canonical(fields), SECRET)
    assert signature.lower() == expected
    with pytest.raises(AnswerUnreadable):
        ONEPAY.read_order(MERCHANT, ORDER, Answer(status=200, body=b""))


@given(
    amount_minor=st.integers(min_value=1, max_value=10**13),
    result=st.sampled_from(NoticeResult),
)
def test_the_status_of_an_order_comes_back(amount_minor: int, result: NoticeResult) -> None:
    books = _books(amount_minor)
    books.orders[REFERENCE].result = result
    books.orders[REFERENCE].provider_transaction = "PAY-1"
    request = ONEPAY.ask(MERCHANT, QUESTION)
    answer = OnepayCounterpart().answer(request, books, FULL_MATERIAL, NOW)
    assert ONEPAY.read_status(MERCHANT, QUESTION, answer) == PaymentStatus(
        result=result,
        result_code=OnepayCounterpart().result_code(result),
        our_reference=REFERENCE,
        provider_transaction="PAY-1",
        amount_minor=amount_minor,
    )


def test_a_payment_that_onepay_does_not_know_has_failed() -> None:
    request = ONEPAY.ask(MERCHANT, QUESTION)
    assert b"vpc_User=op01&vpc_Password=op123456" in request.body
    answer = OnepayCounterpart().answer(request, GatewayBooks(), FULL_MATERIAL, NOW)
    status = ONEPAY.read_status(MERCHANT, QUESTION, answer)
    assert (status.result, status.result_code) == (NoticeResult.FAILED, "N")
    assert (status.provider_transaction, status.amount_minor) == ("", None)


def test_money_goes_back_once_for_a_request_and_never_more_than_was_paid() -> None:
    books = _books()
    books.orders[REFERENCE].result = NoticeResult.PAID
    for _ in range(2):
        request = ONEPAY.refund(MERCHANT, REFUND)
        answer = OnepayCounterpart().answer(request, books, FULL_MATERIAL, NOW)
        assert ONEPAY.read_refund(MERCHANT, REFUND, answer) == RefundAnswer(
            result=NoticeResult.PAID,
            result_code="0",
            message="Approved",
            provider_refund="9000000",
        )
    assert books.orders[REFERENCE].refunded_minor == 20_000
    again = replace(REFUND, request_id="R0002", amount_minor=50_000)
    answer = OnepayCounterpart().answer(ONEPAY.refund(MERCHANT, again), books, FULL_MATERIAL, NOW)
    assert ONEPAY.read_refund(MERCHANT, again, answer).result is NoticeResult.FAILED


ANSWERED = {
    "vpc_DRExists": "Y",
    "vpc_MerchTxnRef": REFERENCE,
    "vpc_Amount": "5000000",
    "vpc_TransactionNo": "PAY-1",
    "vpc_TxnResponseCode": "0",
}


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=200, body=b""),
        Answer(status=503, body=_signed(ANSWERED).body),
        Answer(status=200, body=urlencode(ANSWERED).encode()),
        Answer(status=200, body=_signed(ANSWERED).body.replace(b"5000000", b"9000000")),
        Answer(status=200, body=_signed(ANSWERED).body + b"&vpc_Amount=5000000"),
        Answer(status=200, body="é".encode()),
        _signed(ANSWERED | {"vpc_MerchTxnRef": "HPFX3F3CZ7GCF002"}),
        _signed(ANSWERED | {"vpc_Amount": "5000001"}),
        _signed(ANSWERED | {"vpc_TxnResponseCode": ""}),
        _signed(ANSWERED | {"vpc_TransactionNo": ""}),
        _signed(ANSWERED | {"vpc_Message": "x&vpc_TxnResponseCode=0"}),
    ],
)
def test_answers_that_prove_nothing_are_unreadable(answer: Answer) -> None:
    with pytest.raises(AnswerUnreadable):
        ONEPAY.read_status(MERCHANT, QUESTION, answer)
    with pytest.raises(AnswerUnreadable):
        ONEPAY.read_refund(MERCHANT, REFUND, answer)


def test_an_answer_about_another_payment_or_amount_is_refused() -> None:
    known = replace(QUESTION, provider_transaction="PAY-2")
    assert ONEPAY.read_status(MERCHANT, QUESTION, _signed(ANSWERED)).result is NoticeResult.PAID
    with pytest.raises(AnswerUnreadable, match="another payment"):
        ONEPAY.read_status(MERCHANT, known, _signed(ANSWERED))
    told = ANSWERED | {"vpc_MerchTxnRef": "R0001", "vpc_Amount": "2000000"}
    assert ONEPAY.read_refund(MERCHANT, REFUND, _signed(told)).result is NoticeResult.PAID
    with pytest.raises(AnswerUnreadable, match="amount of this refund"):
        ONEPAY.read_refund(MERCHANT, REFUND, _signed(told | {"vpc_Amount": "2000100"}))


def test_a_line_end_after_an_answer_does_not_matter() -> None:
    answer = Answer(status=200, body=_signed(ANSWERED).body + b"\r\n")
    assert ONEPAY.read_status(MERCHANT, QUESTION, answer).amount_minor == 50_000


@given(st.binary(max_size=200))
def test_random_answers_raise_nothing_else(body: bytes) -> None:
    with pytest.raises(AnswerUnreadable):
        ONEPAY.read_status(MERCHANT, QUESTION, Answer(status=200, body=body))


@pytest.mark.parametrize(
    "order",
    [
        replace(ORDER, amount_minor=0),
        replace(ORDER, amount_minor=10**13 + 1),
        replace(ORDER, description="nộp phí"),
        replace(ORDER, description="x" * 33),
        replace(ORDER, description="x&vpc_Amount=1"),
        replace(ORDER, description=""),
        replace(ORDER, reference="a b"),
        replace(ORDER, reference="x" * 41),
        replace(ORDER, client_ip="203.0.113.7&vpc_Amount=1"),
        replace(ORDER, client_ip="é"),
        replace(ORDER, return_url="javascript:alert(1)"),
        replace(ORDER, return_url="https://x/\ud800"),
        replace(ORDER, notify_url=""),
    ],
)
def test_orders_that_onepay_would_refuse_are_not_made(order: Order) -> None:
    with pytest.raises(RequestRefused):
        ONEPAY.order(MERCHANT, order)


@pytest.mark.parametrize("material", [b"", b"code", b"code:not hex", b"co de:" + SECRET])
def test_a_key_that_cannot_sign_is_refused(material: bytes) -> None:
    broken = replace(MERCHANT, key=key(Algorithm.HMAC_SHA256_HEX_DECODED, material))
    with pytest.raises(RequestRefused):
        ONEPAY.order(broken, ORDER)


def test_queries_need_a_user_and_refunds_an_officer() -> None:
    without_user = replace(MERCHANT, key=key(Algorithm.HMAC_SHA256_HEX_DECODED, MATERIAL))
    assert ONEPAY.order(without_user, ORDER).url
    with pytest.raises(RequestRefused, match="user for status queries"):
        ONEPAY.ask(without_user, QUESTION)
    with pytest.raises(RequestRefused, match="officer"):
        ONEPAY.refund(MERCHANT, replace(REFUND, ordered_by=""))


def test_a_wrong_signature_is_refused_by_the_counterpart() -> None:
    request = ONEPAY.ask(MERCHANT, QUESTION)
    forged = replace(request, body=request.body.replace(b"op123456", b"op123457"))
    answer = OnepayCounterpart().answer(forged, _books(), FULL_MATERIAL, NOW)
    assert answer.status == 400
