"""ZaloPay's queries: believed answers, and those that prove nothing."""

import json
from datetime import timedelta

import pytest

from bank_adapters.contract import Algorithm
from bank_adapters.counterpart.gateway import GatewayBooks
from bank_adapters.counterpart.zalopay import ZalopayCounterpart
from bank_adapters.gateways.zalopay import Zalopay
from bank_adapters.gateways.zalopay_codes import QUESTION_REFUSED
from bank_adapters.outgoing import AnswerUnreadable
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.gateways.exchanges import (
    Side,
    changed,
    merchant,
    pay,
    question,
)
from tests.bank_adapters.keys import NOW
from tests.bank_adapters.published import gateway_vectors

ZALOPAY = Zalopay()
THEM = ZalopayCounterpart()
SHA256 = Algorithm.HMAC_SHA256_HEX
MATERIAL = b"the-first-key-of-thirty-two-letters:the-second-key-of-so-many-letters"
US = merchant(SHA256, MATERIAL, "3388", "https://openapi.zalopay.vn")
SIDE = Side(dialect=ZALOPAY, them=THEM, us=US)


def test_the_published_query_is_written_to_the_letter() -> None:
    (vector,) = gateway_vectors(scheme="ZaloPay v2 query")
    us = merchant(SHA256, f"{vector['secret']}:other".encode(), "2554", "https://test")
    request = ZALOPAY.ask(us, question(our_reference="000001"))
    told = json.loads(request.body)
    expected = vector["input"] | {"app_id": 2554, "mac": vector["expected"]}
    assert (told, request.url) == (expected, "https://test/v2/query")


@pytest.mark.parametrize("result", list(NoticeResult))
def test_what_the_books_say_is_read_back(result: NoticeResult) -> None:
    books = SIDE.books()
    pay(books, result)
    status = ZALOPAY.read_status(US, question(), SIDE.send(ZALOPAY.ask(US, question()), books))
    assert (status.result, status.our_reference) == (result, "HPFX3F3CZ7GCF001")
    is_paid = result is NoticeResult.PAID
    assert status.amount_minor == (50_000 if is_paid else None)
    assert status.provider_transaction == ("14422574" if is_paid else "")


def test_an_order_of_another_day_or_none_is_not_found() -> None:
    asked = question(ordered_at=NOW + timedelta(1))
    for books in (SIDE.books(), GatewayBooks()):
        status = ZALOPAY.read_status(US, asked, SIDE.send(ZALOPAY.ask(US, asked), books))
        assert (status.result, status.result_code) == (NoticeResult.FAILED, "2/-101")


@pytest.mark.parametrize(
    "change",
    [{"return_code": 2, "sub_return_code": int(code)} for code in sorted(QUESTION_REFUSED)]
    + [{"return_code": int(code)} for code in sorted(QUESTION_REFUSED)]
    + [
        {"amount": 0},
        {"amount": "50000"},
        {"amount": ...},
        {"zp_trans_id": ...},
        {"zp_trans_id": ""},
        {"zp_trans_id": 14_422_575},
        {"return_code": ...},
        {"return_code": "one"},
    ],
)
def test_answers_to_a_query_that_prove_nothing_are_refused(change: dict[str, object]) -> None:
    books = SIDE.books()
    pay(books)
    asked = question(provider_transaction="14422574")
    good = SIDE.send(ZALOPAY.ask(US, asked), books)
    ZALOPAY.read_status(US, asked, good)
    with pytest.raises(AnswerUnreadable):
        ZALOPAY.read_status(US, asked, changed(good, **change))


@pytest.mark.parametrize(
    ("return_code", "sub_return_code", "result"),
    [
        (1, 1, NoticeResult.PAID),
        (3, ..., NoticeResult.PENDING),
        (3, -1, NoticeResult.PENDING),
        (2, -54, NoticeResult.FAILED),
        (2, -63, NoticeResult.PENDING),
        (2, -217, NoticeResult.REVIEW),
        (2, -1331, NoticeResult.FAILED),
        (2, -77, NoticeResult.UNKNOWN),
        (2, ..., NoticeResult.UNKNOWN),
        (7, 1, NoticeResult.UNKNOWN),
    ],
)
def test_both_codes_decide(return_code: int, sub_return_code: object, result: NoticeResult) -> None:
    books = SIDE.books()
    pay(books)
    good = SIDE.send(ZALOPAY.ask(US, question()), books)
    told = changed(good, return_code=return_code, sub_return_code=sub_return_code)
    assert ZALOPAY.read_status(US, question(), told).result is result
