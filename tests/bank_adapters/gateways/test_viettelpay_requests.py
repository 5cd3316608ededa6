"""What we ask of ViettelPay: every layout signed by the one rule, answers believed when signed."""

import json
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import Algorithm
from bank_adapters.counterpart.gateway import GatewayBooks
from bank_adapters.counterpart.viettelpay import ViettelPayCounterpart
from bank_adapters.gateways.viettelpay_requests import ViettelPayRequests
from bank_adapters.gateways.viettelpay_signature import check_sum
from bank_adapters.outgoing import (
    Answer,
    AnswerUnreadable,
    Merchant,
    Order,
    OutgoingRequest,
    PaymentStatus,
    RequestRefused,
)
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.gateways.portal import ORDER, ORDERS, QUESTION, REFUND, changed_answer
from tests.bank_adapters.gateways.test_viettelpay import MATERIAL
from tests.bank_adapters.keys import NOW, key

REQUESTS = ViettelPayRequests()
OTHER_SIDE = ViettelPayCounterpart()
MERCHANT = Merchant(
    code="HPG",
    base_url="https://viettelpay.example.vn/PaymentGateway",
    key=key(Algorithm.HMAC_SHA1_HEX, MATERIAL),
)
PAID_REFUND = replace(REFUND, provider_transaction="9911")


def _visit(order: Order, books: GatewayBooks) -> Answer:
    address = OutgoingRequest(method="GET", url=REQUESTS.order(MERCHANT, order).url)
    return OTHER_SIDE.answer(address, books, MATERIAL, NOW)


def _books(result: NoticeResult = NoticeResult.PAID) -> GatewayBooks:
    books = GatewayBooks()
    _visit(ORDER, books)
    books.orders[ORDER.reference].result = result
    books.orders[ORDER.reference].provider_transaction = "9911"
    return books


def _status(books: GatewayBooks) -> Answer:
    return OTHER_SIDE.answer(REQUESTS.ask(MERCHANT, QUESTION), books, MATERIAL, NOW)


def _resigned(answer: Answer, **changes: str) -> Answer:
    values = json.loads(answer.body) | changes
    values.pop("check_sum")
    return changed_answer(answer, **changes, check_sum=check_sum(values, MATERIAL))


def test_a_checkout_address_is_signed_over_what_the_public_clients_sign() -> None:
    url = urlsplit(REQUESTS.order(MERCHANT, ORDER).url)
    fields = dict(parse_qsl(url.query, strict_parsing=True))
    assert url.path == "/PaymentGateway/payment"
    signed = {
        "billcode": "HPFX3F3CZ7GCF",
        "command": "PAYMENT",
        "merchant_code": "HPG",
        "order_id": "HPFX3F3CZ7GCF",
        "trans_amount": "8000",
        "version": "2.0",
    }
    assert signed.items() <= fields.items()
    assert fields["check_sum"] == check_sum(signed, MATERIAL)
    assert "access_code" not in fields


@given(ORDERS)
def test_orders_are_entered_as_they_are(order: Order) -> None:
    books = GatewayBooks()
    answer = _visit(order, books)
    taken = books.orders[order.reference]
    assert (taken.merchant, taken.amount_minor, taken.memo) == (
        "HPG",
        order.amount_minor,
        order.description,
    )
    with pytest.raises(AnswerUnreadable):
        REQUESTS.read_order(MERCHANT, order, answer)


@pytest.mark.parametrize(
    ("order", "merchant"),
    [
        (replace(ORDER, reference="a b"), MERCHANT),
        (replace(ORDER, description="nộp phí"), MERCHANT),
        (replace(ORDER, return_url="ftp://x"), MERCHANT),
        (ORDER, replace(MERCHANT, key=key(Algorithm.HMAC_SHA1_HEX, b"only-one-part"))),
        (ORDER, replace(MERCHANT, key=key(Algorithm.HMAC_SHA1_HEX, b":secret"))),
    ],
)
def test_orders_that_cannot_be_signed_or_taken_are_refused(
    order: Order, merchant: Merchant
) -> None:
    with pytest.raises(RequestRefused):
        REQUESTS.order(merchant, order)


@pytest.mark.parametrize("result", sorted(NoticeResult))
def test_the_answer_says_what_became_of_the_payment(result: NoticeResult) -> None:
    assert REQUESTS.read_status(MERCHANT, QUESTION, _status(_books(result))) == PaymentStatus(
        result=result,
        result_code=OTHER_SIDE.result_code(result),
        our_reference="HPFX3F3CZ7GCF",
        provider_transaction="9911",
        amount_minor=8_000,
    )


def test_an_answer_that_is_not_signed_or_about_another_order_proves_nothing() -> None:
    answer = _status(_books())
    for spoiled in (
        changed_answer(answer, trans_amount="9000"),
        changed_answer(answer, payment_status="0"),
        changed_answer(answer, check_sum=None),
        changed_answer(answer, payment_status=["1"]),
        _resigned(answer, order_id="HPFX3F3CZ7GCG"),
        _resigned(answer, merchant_code="HPH"),
        _resigned(answer, vt_transaction_id=""),
        _resigned(answer, trans_amount="-1"),
        replace(answer, status=500),
        replace(answer, body=answer.body + b" " * 1_048_576),
    ):
        with pytest.raises(AnswerUnreadable):
            REQUESTS.read_status(MERCHANT, QUESTION, spoiled)
    known = replace(QUESTION, provider_transaction="9912")
    with pytest.raises(AnswerUnreadable, match="another payment"):
        REQUESTS.read_status(MERCHANT, known, answer)


def test_an_answer_without_an_amount_does_not_invent_one() -> None:
    answer = _resigned(_status(_books()), trans_amount="")
    status = REQUESTS.read_status(MERCHANT, QUESTION, answer)
    assert (status.result, status.amount_minor) == (NoticeResult.PAID, None)


def test_an_unknown_order_is_undecided_and_a_foreign_key_proves_nothing() -> None:
    status = REQUESTS.read_status(MERCHANT, QUESTION, _status(GatewayBooks()))
    assert (status.result, status.result_code) == (NoticeResult.UNKNOWN, "M01/")
    foreign = replace(MERCHANT, key=key(Algorithm.HMAC_SHA1_HEX, b"some:thing else"))
    answer = OTHER_SIDE.answer(REQUESTS.ask(foreign, QUESTION), _books(), MATERIAL, NOW)
    with pytest.raises(AnswerUnreadable):
        REQUESTS.read_status(MERCHANT, QUESTION, answer)


def test_a_whole_payment_is_sent_back_once_however_often_it_is_ordered() -> None:
    books = _books()
    request = REQUESTS.refund(MERCHANT, PAID_REFUND)
    answers = [OTHER_SIDE.answer(request, books, MATERIAL, NOW) for _ in range(2)]
    refunds = [REQUESTS.read_refund(MERCHANT, PAID_REFUND, answer) for answer in answers]
    assert refunds[0] == refunds[1]
    assert (refunds[0].result, refunds[0].provider_refund) == (NoticeResult.PAID, "9000000")
    assert books.orders[ORDER.reference].refunded_minor == 8_000


def test_a_part_is_not_sent_back_and_a_refused_refund_is_not_taken_for_settled() -> None:
    with pytest.raises(RequestRefused, match="partial"):
        REQUESTS.refund(MERCHANT, replace(PAID_REFUND, amount_minor=1_000))
    with pytest.raises(RequestRefused, match="reason"):
        REQUESTS.refund(MERCHANT, replace(PAID_REFUND, reason="nộp hai lần"))
    request = REQUESTS.refund(MERCHANT, PAID_REFUND)
    answer = OTHER_SIDE.answer(request, _books(NoticeResult.FAILED), MATERIAL, NOW)
    assert REQUESTS.read_refund(MERCHANT, PAID_REFUND, answer).result is NoticeResult.UNKNOWN


@given(st.binary(max_size=200))
def test_random_answers_prove_nothing(body: bytes) -> None:
    answer = Answer(status=200, body=body)
    for read in (
        lambda: REQUESTS.read_order(MERCHANT, ORDER, answer),
        lambda: REQUESTS.read_status(MERCHANT, QUESTION, answer),
        lambda: REQUESTS.read_refund(MERCHANT, REFUND, answer),
    ):
        with pytest.raises(AnswerUnreadable):
            read()
