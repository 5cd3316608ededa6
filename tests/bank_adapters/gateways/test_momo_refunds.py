"""MoMo's refunds: made once, never too much, never for another answer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import Algorithm
from bank_adapters.counterpart.momo import MomoCounterpart
from bank_adapters.gateways.momo import Momo
from bank_adapters.outgoing import AnswerUnreadable, RequestRefused
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.gateways.exchanges import (
    Side,
    changed,
    merchant,
    order,
    pay,
    question,
    refund,
)

MOMO = Momo()
THEM = MomoCounterpart()
SHA256 = Algorithm.HMAC_SHA256_HEX
MATERIAL = b"HPACCESSKEY1:a-secret-key-of-thirty-two-letters"
US = merchant(SHA256, MATERIAL, "HAIPHONG", "https://payment.momo.vn")
SIDE = Side(dialect=MOMO, them=THEM, us=US)


@given(amount_minor=st.integers(1_000, 50_000), code=st.integers(1, 99))
def test_a_refund_is_made_once_however_often_it_is_sent(amount_minor: int, code: int) -> None:
    books = SIDE.books()
    pay(books)
    ordered = refund(amount_minor=amount_minor, request_id=f"r{code}")
    answers = {
        MOMO.read_refund(US, ordered, SIDE.send(MOMO.refund(US, ordered), books)).provider_refund
        for _ in range(3)
    }
    assert answers == {"9000000"}
    assert books.orders["HPFX3F3CZ7GCF001"].refunded_minor == amount_minor


def test_a_refund_above_what_is_left_is_not_made() -> None:
    books = SIDE.books()
    pay(books)
    for number, result in ((1, NoticeResult.PAID), (2, NoticeResult.REVIEW)):
        ordered = refund(request_id=f"r{number}", amount_minor=30_000)
        answer = MOMO.read_refund(US, ordered, SIDE.send(MOMO.refund(US, ordered), books))
        assert answer.result is result
    assert books.orders["HPFX3F3CZ7GCF001"].refunded_minor == 30_000
    with pytest.raises(RequestRefused):
        refund(amount_minor=50_001)


def test_a_payment_that_did_not_succeed_is_not_refunded() -> None:
    books = SIDE.books()
    pay(books, NoticeResult.FAILED)
    answer = MOMO.read_refund(US, refund(), SIDE.send(MOMO.refund(US, refund()), books))
    assert (answer.result, answer.result_code) == (NoticeResult.FAILED, "1088")


@pytest.mark.parametrize(
    ("code", "result"),
    [
        (7000, NoticeResult.PENDING),
        (7002, NoticeResult.PENDING),
        (40, NoticeResult.PENDING),
        (41, NoticeResult.PENDING),
        (1080, NoticeResult.FAILED),
        (99, NoticeResult.UNKNOWN),
        (12_345, NoticeResult.UNKNOWN),
    ],
)
def test_refund_codes(code: int, result: NoticeResult) -> None:
    books = SIDE.books()
    pay(books)
    good = SIDE.send(MOMO.refund(US, refund()), books)
    assert MOMO.read_refund(US, refund(), changed(good, resultCode=code)).result is result


@pytest.mark.parametrize(
    "change",
    [{"amount": 1_000}, {"amount": ...}, {"orderId": "HPFX3F3CZ7GCF001"}, {"requestId": "r2"}],
)
def test_an_answer_about_another_refund_is_refused(change: dict[str, object]) -> None:
    books = SIDE.books()
    pay(books)
    good = SIDE.send(MOMO.refund(US, refund()), books)
    with pytest.raises(AnswerUnreadable):
        MOMO.read_refund(US, refund(), changed(good, **change))


@pytest.mark.parametrize(
    "change",
    [
        {"amount_minor": 999},
        {"provider_transaction": "12a"},
        {"provider_transaction": "0"},
        {"request_id": "a&b"},
        {"reason": "hoàn"},
        {"reason": "a&b"},
    ],
)
def test_a_refund_that_momo_would_refuse_is_not_written(change: dict[str, object]) -> None:
    with pytest.raises(RequestRefused):
        MOMO.refund(US, refund(**change))


def test_the_other_side_refuses_a_wrong_signature() -> None:
    books = SIDE.books()
    pay(books)
    other = b"HPACCESSKEY1:another-secret-key-of-many-letters"
    for request in (
        MOMO.order(US, order(reference="R2")),
        MOMO.ask(US, question()),
        MOMO.refund(US, refund()),
    ):
        answer = SIDE.send(request, books, other)
        assert (answer.status, json.loads(answer.body)["resultCode"]) == (400, 13)
    assert list(books.orders) == ["HPFX3F3CZ7GCF001"]
    assert not books.refunds
    with pytest.raises(AnswerUnreadable, match="13"):
        MOMO.read_status(US, question(), SIDE.send(MOMO.ask(US, question()), books, other))
