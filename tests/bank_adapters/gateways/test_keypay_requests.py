"""What we ask of KeyPay: signed with our half of the key, believed only with theirs."""

import json
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import Algorithm
from bank_adapters.counterpart.gateway import GatewayBooks
from bank_adapters.counterpart.keypay import PAYMENT_PAGE, KeyPayCounterpart
from bank_adapters.fields import Fields
from bank_adapters.gateways.bar_joined import bar_joined
from bank_adapters.gateways.keypay_requests import (
    ORDER_PATH,
    QUESTION_FIELDS,
    KeyPayRequests,
)
from bank_adapters.outgoing import (
    Answer,
    AnswerUnreadable,
    Checkout,
    Merchant,
    Order,
    PaymentStatus,
    RequestRefused,
)
from bank_adapters.signatures.primitives import hmac_hex
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.gateways.portal import ORDER, ORDERS, QUESTION, REFUND, changed_answer
from tests.bank_adapters.gateways.test_keypay import MATERIAL
from tests.bank_adapters.keys import NOW, key
from tests.bank_adapters.published import gateway_vectors

REQUESTS = KeyPayRequests()
OTHER_SIDE = KeyPayCounterpart()
MERCHANT = Merchant(
    code="HPG",
    base_url="https://keypay.example.vn/api",
    key=key(Algorithm.HMAC_SHA256_HEX, MATERIAL),
)


def _books(result: NoticeResult = NoticeResult.PAID) -> GatewayBooks:
    books = GatewayBooks()
    OTHER_SIDE.answer(REQUESTS.order(MERCHANT, ORDER), books, MATERIAL, NOW)
    books.orders[ORDER.reference].result = result
    return books


def _status(books: GatewayBooks) -> Answer:
    return OTHER_SIDE.answer(REQUESTS.ask(MERCHANT, QUESTION), books, MATERIAL, NOW)


def test_the_published_checksums_are_those_of_orders_and_questions() -> None:
    vectors = gateway_vectors(scheme="KeyPay v3")
    assert len(vectors) == 2
    for vector in vectors:
        fields = Fields(vector["input"], RequestRefused)
        content = bar_joined(fields, sorted(vector["input"]))
        assert content.decode() == vector["string_to_sign"]
        secret = vector["secret"].encode()
        assert hmac_hex(Algorithm.HMAC_SHA256_HEX, content, secret) == vector["expected"]
    assert list(QUESTION_FIELDS) == sorted(vectors[1]["input"])


def test_an_order_is_signed_with_hash_key_1_and_carries_the_receipt_block() -> None:
    request = REQUESTS.order(MERCHANT, ORDER)
    body = json.loads(request.body)
    assert request.url == f"https://keypay.example.vn/api{ORDER_PATH}"
    assert body["check_sum"] == hmac_hex(
        Algorithm.HMAC_SHA256_HEX,
        b"0|HPG|PAY|8000|HPFX3F3CZ7GCF|3.0",
        MATERIAL.split(b":", maxsplit=1)[0],
    )
    assert body["bill_info"]["TKThuHuong"] == "119000123456"
    assert body["addition_fee"] == "0"
    assert "their-hash-key" not in request.body.decode()


@given(ORDERS)
def test_orders_are_entered_as_they_are_and_lead_to_their_page(order: Order) -> None:
    books = GatewayBooks()
    answer = OTHER_SIDE.answer(REQUESTS.order(MERCHANT, order), books, MATERIAL, NOW)
    page = Checkout(url=PAYMENT_PAGE + order.reference)
    assert REQUESTS.read_order(MERCHANT, order, answer) == page
    taken = books.orders[order.reference]
    assert (taken.merchant, taken.amount_minor, taken.memo) == (
        "HPG",
        order.amount_minor,
        order.description,
    )


@pytest.mark.parametrize(
    "order",
    [
        replace(ORDER, reference="a|b"),
        replace(ORDER, reference=""),
        replace(ORDER, amount_minor=9_000),
        replace(ORDER, return_url="javascript:alert(1)"),
        replace(ORDER, beneficiary=replace(ORDER.beneficiary, account_number="")),
    ],
)
def test_orders_that_keypay_cannot_take_are_refused(order: Order) -> None:
    with pytest.raises(RequestRefused):
        REQUESTS.order(MERCHANT, order)


def test_nothing_is_sent_without_our_half_of_the_key() -> None:
    bare = replace(MERCHANT, key=key(Algorithm.HMAC_SHA256_HEX, b":theirs"))
    with pytest.raises(RequestRefused):
        REQUESTS.order(bare, ORDER)


@pytest.mark.parametrize(
    "result",
    [NoticeResult.PAID, NoticeResult.PENDING, NoticeResult.FAILED, NoticeResult.UNKNOWN],
)
def test_the_answer_says_what_became_of_the_payment(result: NoticeResult) -> None:
    assert REQUESTS.read_status(MERCHANT, QUESTION, _status(_books(result))) == PaymentStatus(
        result=result,
        result_code=OTHER_SIDE.result_code(result),
        our_reference="HPFX3F3CZ7GCF",
        provider_transaction="HPFX3F3CZ7GCF",
        amount_minor=8_000,
    )


def test_an_answer_proves_its_amount_for_its_own_question_only() -> None:
    answer = _status(_books())
    data = json.loads(answer.body)["data"]
    for spoiled in (
        changed_answer(answer, data=data | {"trans_amount": "9000"}),
        changed_answer(answer, data=data | {"client_id": "HPH"}),
        changed_answer(answer, data=data | {"currency_code": "USD"}),
        changed_answer(answer, data=data | {"check_sum": None}),
        changed_answer(answer, data=None),
        changed_answer(answer, error="5"),
        replace(answer, status=500),
        replace(answer, body=answer.body + b" " * 1_048_576),
    ):
        with pytest.raises(AnswerUnreadable):
            REQUESTS.read_status(MERCHANT, QUESTION, spoiled)
    other = replace(QUESTION, our_reference="HPFX3F3CZ7GCG")
    with pytest.raises(AnswerUnreadable):
        REQUESTS.read_status(MERCHANT, other, answer)
    with pytest.raises(AnswerUnreadable):
        REQUESTS.read_status(replace(MERCHANT, code="HPH"), QUESTION, answer)


def test_an_unknown_transaction_and_a_foreign_key_prove_nothing() -> None:
    with pytest.raises(AnswerUnreadable):
        REQUESTS.read_status(MERCHANT, QUESTION, _status(GatewayBooks()))
    foreign = replace(MERCHANT, key=key(Algorithm.HMAC_SHA256_HEX, b"some:thing else"))
    answer = OTHER_SIDE.answer(REQUESTS.ask(foreign, QUESTION), _books(), MATERIAL, NOW)
    with pytest.raises(AnswerUnreadable, match="check_sum invalid"):
        REQUESTS.read_status(MERCHANT, QUESTION, answer)


def test_a_whole_payment_is_sent_back_once_however_often_it_is_ordered() -> None:
    books = _books()
    request = REQUESTS.refund(MERCHANT, REFUND)
    answers = [OTHER_SIDE.answer(request, books, MATERIAL, NOW) for _ in range(2)]
    refunds = [REQUESTS.read_refund(MERCHANT, REFUND, answer) for answer in answers]
    assert refunds[0] == refunds[1]
    assert (refunds[0].result, refunds[0].provider_refund) == (NoticeResult.PAID, "9000000")
    assert books.orders[ORDER.reference].refunded_minor == 8_000


def test_a_part_is_not_sent_back_and_a_refused_refund_is_not_taken_for_settled() -> None:
    with pytest.raises(RequestRefused, match="partial"):
        REQUESTS.refund(MERCHANT, replace(REFUND, amount_minor=1_000))
    with pytest.raises(RequestRefused, match="reason"):
        REQUESTS.refund(MERCHANT, replace(REFUND, reason="a|b"))
    books = _books(NoticeResult.FAILED)
    answer = OTHER_SIDE.answer(REQUESTS.refund(MERCHANT, REFUND), books, MATERIAL, NOW)
    assert REQUESTS.read_refund(MERCHANT, REFUND, answer).result is NoticeResult.UNKNOWN
    other = replace(REFUND, paid_minor=7_000, amount_minor=7_000)
    with pytest.raises(AnswerUnreadable):
        REQUESTS.read_refund(MERCHANT, other, answer)


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


def test_a_payment_page_is_a_web_address() -> None:
    for url in ("javascript:alert(1)", "", "https://a b", None):
        body = json.dumps({"error": "0", "payment_url": url}).encode()
        with pytest.raises(AnswerUnreadable):
            REQUESTS.read_order(MERCHANT, ORDER, Answer(status=200, body=body))
    assert urlsplit(PAYMENT_PAGE).scheme == "https"
