"""SePay: the code to pay by, the question by the bank's reference, and what it cannot do."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import Algorithm
from bank_adapters.counterpart.gateway import GatewayBooks, TakenOrder
from bank_adapters.counterpart.sepay import SepayCounterpart
from bank_adapters.gateways.sepay import Sepay
from bank_adapters.outgoing import (
    Answer,
    AnswerUnreadable,
    Beneficiary,
    CheckoutDialect,
    Merchant,
    Order,
    PaymentStatus,
    Question,
    RefundDialect,
    RefundOrder,
    RequestRefused,
    StatusDialect,
)
from bank_adapters.vietqr import decode
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.gateways.test_sepay import SECRET
from tests.bank_adapters.keys import NOW, key

SEPAY = Sepay()
DIALECTS: tuple[CheckoutDialect, StatusDialect, RefundDialect] = (SEPAY, SEPAY, SEPAY)
MATERIAL = SECRET + b":api-token-0123456789"
MERCHANT = Merchant(
    code="0123499999",
    base_url="https://userapi.sepay.example",
    key=key(Algorithm.HMAC_SHA256_HEX, MATERIAL),
)
REFERENCE = "HPFX3F3CZ7GCF001"
BENEFICIARY = Beneficiary(account_number="0123499999", bank_code="970436")
ORDER = Order(
    reference=REFERENCE,
    amount_minor=50_000,
    description="Nop phi HPFX3F3CZ7GCF",
    created_at=NOW,
    expires_at=NOW + timedelta(minutes=15),
    return_url="https://thanhtoan.example.vn/pay/return",
    notify_url="https://thanhtoan.example.vn/callbacks/sepay/x",
    beneficiary=BENEFICIARY,
)
QUESTION = Question(
    request_id="q1",
    our_reference=REFERENCE,
    ordered_at=NOW,
    asked_at=NOW,
    provider_transaction="FT26326000001",
)
LISTED = {
    "account_number": "0123499999",
    "transfer_type": "in",
    "amount_in": 50_000,
    "amount_out": 0,
    "transaction_content": "HPFX3F3CZ7GCF nop phi",
    "reference_number": "FT26326000001",
}


def _answer(*listed: object, **envelope: object) -> Answer:
    values = {"status": "success", "data": list(listed)} | envelope
    return Answer(status=200, body=json.dumps(values).encode())


def test_an_order_is_a_code_whose_memo_is_the_payment_reference() -> None:
    code = decode(SEPAY.order(MERCHANT, ORDER).qr_text)
    assert (code.bank_bin, code.account_number) == ("970436", "0123499999")
    assert (code.amount_minor, code.purpose) == (50_000, "HPFX3F3CZ7GCF")
    with pytest.raises(AnswerUnreadable):
        SEPAY.read_order(MERCHANT, ORDER, _answer())


@pytest.mark.parametrize(
    "order",
    [
        replace(ORDER, reference="no reference"),
        replace(ORDER, amount_minor=0),
        replace(ORDER, beneficiary=Beneficiary()),
        replace(ORDER, beneficiary=replace(BENEFICIARY, bank_code="VCB")),
    ],
)
def test_orders_that_no_code_can_say_are_refused(order: Order) -> None:
    with pytest.raises(RequestRefused):
        SEPAY.order(MERCHANT, order)


@given(amount_minor=st.integers(min_value=1, max_value=10**15), is_paid=st.booleans())
def test_the_status_of_a_transaction_comes_back(*, amount_minor: int, is_paid: bool) -> None:
    result = NoticeResult.PAID if is_paid else NoticeResult.FAILED
    order = TakenOrder(
        merchant="0123499999",
        our_reference=REFERENCE,
        amount_minor=amount_minor,
        memo="HPFX3F3CZ7GCF nop phi",
        result=result,
        provider_transaction="FT26326000001",
    )
    request = SEPAY.ask(MERCHANT, QUESTION)
    assert request.url.endswith("/v2/transactions?reference_number=FT26326000001&per_page=20")
    books = GatewayBooks(orders={REFERENCE: order})
    answer = SepayCounterpart().answer(request, books, MATERIAL, NOW)
    assert SEPAY.read_status(MERCHANT, QUESTION, answer) == PaymentStatus(
        result=result,
        result_code="in" if is_paid else "out",
        our_reference=REFERENCE,
        provider_transaction="FT26326000001",
        amount_minor=amount_minor,
    )


def test_no_such_transaction_is_a_failure_and_another_reference_is_named() -> None:
    for answer in (_answer(), _answer(LISTED | {"account_number": "1"})):
        status = SEPAY.read_status(MERCHANT, QUESTION, answer)
        assert (status.result, status.result_code) == (NoticeResult.FAILED, "none")
    other = LISTED | {"transaction_content": "khong co ma"}
    assert SEPAY.read_status(MERCHANT, QUESTION, _answer(other)).our_reference == ""


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=200, body=b""),
        Answer(status=401, body=_answer(LISTED).body),
        _answer(LISTED, status="error"),
        _answer(LISTED, data={}),
        _answer(1),
        _answer(LISTED, LISTED),
        _answer(LISTED | {"reference_number": "FT26326000002"}),
        _answer(LISTED, LISTED | {"reference_number": "FT26326000002"}),
        _answer(LISTED | {"reference_number": None}),
        _answer(LISTED | {"transfer_type": None}),
        _answer(LISTED | {"amount_in": "50000.00"}),
        _answer(LISTED | {"amount_in": 0}),
        _answer(LISTED | {"transaction_content": 1}),
    ],
)
def test_answers_that_prove_nothing_are_unreadable(answer: Answer) -> None:
    with pytest.raises(AnswerUnreadable):
        SEPAY.read_status(MERCHANT, QUESTION, answer)


@given(st.binary(max_size=200))
def test_random_answers_raise_nothing_else(body: bytes) -> None:
    with pytest.raises(AnswerUnreadable):
        SEPAY.read_status(MERCHANT, QUESTION, Answer(status=200, body=body))


def test_questions_need_the_banks_reference_and_a_token() -> None:
    for transaction in ("", "sepay:92704", "FT\ud800"):
        with pytest.raises(RequestRefused):
            SEPAY.ask(MERCHANT, replace(QUESTION, provider_transaction=transaction))
    without_token = replace(MERCHANT, key=key(Algorithm.HMAC_SHA256_HEX, SECRET))
    with pytest.raises(RequestRefused, match="API token"):
        SEPAY.ask(without_token, QUESTION)


def test_a_wrong_token_is_refused_by_the_counterpart() -> None:
    request = SEPAY.ask(MERCHANT, QUESTION)
    answer = SepayCounterpart().answer(request, GatewayBooks(), SECRET + b":other", NOW)
    assert answer.status == 401


def test_sepay_moves_no_money() -> None:
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
    with pytest.raises(RequestRefused, match="SePay is not asked to move money"):
        SEPAY.refund(MERCHANT, refund)
    with pytest.raises(AnswerUnreadable):
        SEPAY.read_refund(MERCHANT, refund, _answer())
