"""MoMo's queries: believed answers, and those that prove nothing."""

import pytest

from bank_adapters.contract import Algorithm
from bank_adapters.counterpart.gateway import GatewayBooks
from bank_adapters.counterpart.momo import MomoCounterpart
from bank_adapters.gateways.momo import Momo
from bank_adapters.gateways.momo_codes import QUESTION_REFUSED
from bank_adapters.outgoing import AnswerUnreadable
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.gateways.exchanges import (
    Side,
    changed,
    merchant,
    pay,
    question,
)

MOMO = Momo()
THEM = MomoCounterpart()
SHA256 = Algorithm.HMAC_SHA256_HEX
MATERIAL = b"HPACCESSKEY1:a-secret-key-of-thirty-two-letters"
US = merchant(SHA256, MATERIAL, "HAIPHONG", "https://payment.momo.vn")
SIDE = Side(dialect=MOMO, them=THEM, us=US)


@pytest.mark.parametrize("result", list(NoticeResult))
def test_what_the_books_say_is_read_back(result: NoticeResult) -> None:
    books = SIDE.books()
    pay(books, result)
    status = MOMO.read_status(US, question(), SIDE.send(MOMO.ask(US, question()), books))
    assert (status.result, status.our_reference) == (result, "HPFX3F3CZ7GCF001")
    assert (status.amount_minor, status.provider_transaction) == (50_000, "14422574")


def test_an_order_that_momo_does_not_know_has_failed() -> None:
    answer = SIDE.send(MOMO.ask(US, question()), GatewayBooks())
    status = MOMO.read_status(US, question(), answer)
    assert (status.result, status.result_code) == (NoticeResult.FAILED, "42")
    assert status.amount_minor is None


def test_a_refunded_payment_goes_to_a_person() -> None:
    books = SIDE.books()
    pay(books)
    good = SIDE.send(MOMO.ask(US, question()), books)
    assert MOMO.read_status(US, question(), good).result is NoticeResult.PAID
    empty = changed(good, refundTrans=[])
    assert MOMO.read_status(US, question(), empty).result is NoticeResult.PAID
    refunded = changed(good, refundTrans=[{"amount": 50_000, "resultCode": 0}])
    assert MOMO.read_status(US, question(), refunded).result is NoticeResult.REVIEW


@pytest.mark.parametrize(
    "change",
    [{"resultCode": int(code)} for code in sorted(QUESTION_REFUSED)]
    + [
        {"orderId": "another"},
        {"requestId": "another"},
        {"partnerCode": "MOMO"},
        {"partnerCode": ...},
        {"amount": 0},
        {"amount": ...},
        {"amount": "50000"},
        {"amount": 50_000.5},
        {"transId": 0},
        {"transId": ...},
        {"transId": 14_422_575},
        {"resultCode": True},
    ],
)
def test_answers_to_a_query_that_prove_nothing_are_refused(change: dict[str, object]) -> None:
    books = SIDE.books()
    pay(books)
    asked = question(provider_transaction="14422574")
    good = SIDE.send(MOMO.ask(US, asked), books)
    MOMO.read_status(US, asked, good)
    with pytest.raises(AnswerUnreadable):
        MOMO.read_status(US, asked, changed(good, **change))
