"""ZaloPay's refunds: made once, never too much, never for another answer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import Algorithm
from bank_adapters.counterpart.zalopay import ZalopayCounterpart
from bank_adapters.gateways.zalopay import Zalopay
from bank_adapters.gateways.zalopay_signing import REFUND, joined
from bank_adapters.outgoing import RequestRefused
from bank_adapters.signatures.primitives import hmac_hex
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

ZALOPAY = Zalopay()
THEM = ZalopayCounterpart()
SHA256 = Algorithm.HMAC_SHA256_HEX
MATERIAL = b"the-first-key-of-thirty-two-letters:the-second-key-of-so-many-letters"
FIRST_KEY = MATERIAL.split(b":")[0]
US = merchant(SHA256, MATERIAL, "3388", "https://openapi.zalopay.vn")
SIDE = Side(dialect=ZALOPAY, them=THEM, us=US)


@given(amount_minor=st.integers(1, 50_000), number=st.integers(1, 10**20))
def test_a_refund_is_made_once_however_often_it_is_sent(amount_minor: int, number: int) -> None:
    books = SIDE.books()
    pay(books)
    ordered = refund(amount_minor=amount_minor, request_id=f"r{number}")
    results = [
        ZALOPAY.read_refund(US, ordered, SIDE.send(ZALOPAY.refund(US, ordered), books)).result
        for _ in range(3)
    ]
    assert results == [NoticeResult.PAID, NoticeResult.PENDING, NoticeResult.PENDING]
    assert books.orders["HPFX3F3CZ7GCF001"].refunded_minor == amount_minor


def test_a_refund_is_signed_and_named_by_its_day() -> None:
    told = json.loads(ZALOPAY.refund(US, refund()).body)
    assert told["m_refund_id"] == "261123_3388_refund0001"
    assert told["mac"] == hmac_hex(SHA256, joined(REFUND, told), FIRST_KEY)


def test_a_refund_above_what_is_left_is_not_made() -> None:
    books = SIDE.books()
    pay(books)
    for number, result in ((1, NoticeResult.PAID), (2, NoticeResult.FAILED)):
        ordered = refund(request_id=f"r{number}", amount_minor=30_000)
        answer = ZALOPAY.read_refund(US, ordered, SIDE.send(ZALOPAY.refund(US, ordered), books))
        assert answer.result is result
    assert books.orders["HPFX3F3CZ7GCF001"].refunded_minor == 30_000


@pytest.mark.parametrize(
    ("change", "result"),
    [
        ({"return_code": 3}, NoticeResult.PENDING),
        ({"return_code": 2, "sub_return_code": 0}, NoticeResult.FAILED),
        ({"return_code": 2, "sub_return_code": -13}, NoticeResult.FAILED),
        ({"return_code": 2, "sub_return_code": -500}, NoticeResult.UNKNOWN),
        ({"return_code": -500}, NoticeResult.UNKNOWN),
        ({"return_code": -402}, NoticeResult.FAILED),
    ],
)
def test_refund_codes(change: dict[str, object], result: NoticeResult) -> None:
    books = SIDE.books()
    pay(books)
    good = SIDE.send(ZALOPAY.refund(US, refund()), books)
    assert ZALOPAY.read_refund(US, refund(), good).provider_refund == "9000000"
    assert ZALOPAY.read_refund(US, refund(), changed(good, **change)).result is result


@pytest.mark.parametrize(
    "change",
    [
        {"request_id": "a_b"},
        {"request_id": "a" * 33},
        {"provider_transaction": ""},
        {"provider_transaction": "1|2"},
        {"reason": "a|b"},
        {"reason": "a" * 101},
        {"reason": "hoàn"},
    ],
)
def test_a_refund_that_zalopay_would_refuse_is_not_written(change: dict[str, object]) -> None:
    with pytest.raises(RequestRefused):
        ZALOPAY.refund(US, refund(**change))


def test_the_other_side_refuses_a_wrong_signature_and_never_calls_back_a_failure() -> None:
    books = SIDE.books()
    pay(books)
    other = b"another-first-key-of-many-letters:" + MATERIAL.split(b":")[1]
    for request in (
        ZALOPAY.order(US, order(reference="R2")),
        ZALOPAY.ask(US, question()),
        ZALOPAY.refund(US, refund()),
    ):
        told = json.loads(SIDE.send(request, books, other).body)
        assert (told["return_code"], told["sub_return_code"]) == (2, -402)
    assert list(books.orders) == ["HPFX3F3CZ7GCF001"]
    assert not books.refunds
