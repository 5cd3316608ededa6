"""VNPAY's queries: the published layout, believed answers, refused ones."""

import json
from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import Algorithm
from bank_adapters.counterpart.gateway import GatewayBooks
from bank_adapters.counterpart.vnpay import VnpayCounterpart
from bank_adapters.fields import VIETNAM_TIME
from bank_adapters.gateways.vnpay import Vnpay
from bank_adapters.gateways.vnpay_requests import services_url
from bank_adapters.gateways.vnpay_signing import (
    QUERY_ANSWER,
    QUERY_REQUEST,
    REFUND_ANSWER,
    joined,
)
from bank_adapters.outgoing import (
    ANSWER_BYTES_MAX,
    Answer,
    AnswerUnreadable,
)
from bank_adapters.signatures.primitives import hmac_hex
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.gateways.exchanges import (
    SPOILED,
    Side,
    answered,
    merchant,
    pay,
    question,
    refund,
)
from tests.bank_adapters.keys import NOW, VNPAY_SECRET
from tests.bank_adapters.published import gateway_vectors

VNPAY = Vnpay()
THEM = VnpayCounterpart()
PAGE = "https://sandbox.vnpayment.vn/paymentv2/vpcpay.html"
US = merchant(Algorithm.HMAC_SHA512_HEX, VNPAY_SECRET, "HAIPHONG", PAGE)
SIDE = Side(dialect=VNPAY, them=THEM, us=US)
PAID_ANSWER = {
    "vnp_ResponseId": "R1",
    "vnp_Command": "querydr",
    "vnp_ResponseCode": "00",
    "vnp_Message": "Thành công",
    "vnp_TmnCode": "HAIPHONG",
    "vnp_TxnRef": "HPFX3F3CZ7GCF001",
    "vnp_Amount": "5000000",
    "vnp_BankCode": "NCB",
    "vnp_PayDate": "20261122163145",
    "vnp_TransactionNo": "14422574",
    "vnp_TransactionType": "01",
    "vnp_TransactionStatus": "00",
    "vnp_OrderInfo": "Nop phi",
}


def _signed(fields: Mapping[str, object], *, secret: bytes = VNPAY_SECRET) -> Answer:
    names = QUERY_ANSWER if fields.get("vnp_Command") == "querydr" else REFUND_ANSWER
    texts = {name: "" if value is None else str(value) for name, value in fields.items()}
    signature = hmac_hex(Algorithm.HMAC_SHA512_HEX, joined(names, texts), secret)
    return answered(json.dumps({**fields, "vnp_SecureHash": signature}).encode())


def _vector(scheme: str) -> tuple[dict[str, str], str, bytes]:
    (vector,) = gateway_vectors(scheme=scheme)
    return vector["input"], vector["expected"], vector["secret"].encode()


def test_the_published_query_is_written_to_the_letter() -> None:
    fields, signature, secret = _vector("VNPAY querydr request")
    asked = question(
        request_id=fields["vnp_RequestId"],
        our_reference=fields["vnp_TxnRef"],
        ordered_at=NOW.replace(hour=9, minute=30, second=15, tzinfo=VIETNAM_TIME),
        asked_at=NOW.replace(hour=10, minute=0, second=0, tzinfo=VIETNAM_TIME),
    )
    us = merchant(Algorithm.HMAC_SHA512_HEX, secret, fields["vnp_TmnCode"], PAGE)
    request = VNPAY.ask(us, asked)
    assert json.loads(request.body) == fields | {"vnp_SecureHash": signature}
    assert request.url == "https://sandbox.vnpayment.vn/merchant_webapi/api/transaction"
    assert (request.method, tuple(fields)) == ("POST", QUERY_REQUEST)


def test_live_queries_go_to_a_host_of_their_own() -> None:
    live = services_url("https://pay.vnpay.vn/vpcpay.html")
    assert live == "https://merchant.vnpay.vn/merchant_webapi/api/transaction"


@pytest.mark.parametrize("result", list(NoticeResult))
def test_what_the_books_say_is_read_back(result: NoticeResult) -> None:
    books = SIDE.books()
    pay(books, result)
    status = VNPAY.read_status(US, question(), SIDE.send(VNPAY.ask(US, question()), books))
    assert (status.result, status.our_reference) == (result, "HPFX3F3CZ7GCF001")
    assert (status.amount_minor, status.provider_transaction) == (50_000, "14422574")


def test_an_order_of_another_moment_or_none_is_not_found() -> None:
    tomorrow = question(ordered_at=NOW + timedelta(1))
    for books, asked in ((SIDE.books(), tomorrow), (GatewayBooks(), question())):
        status = VNPAY.read_status(US, asked, SIDE.send(VNPAY.ask(US, asked), books))
        assert (status.result, status.result_code) == (NoticeResult.FAILED, "91/")
        assert status.amount_minor is None


def test_numbers_in_an_answer_are_signed_as_their_digits_and_missing_fields_as_nothing() -> None:
    fields = PAID_ANSWER | {"vnp_Amount": 5_000_000, "vnp_BankCode": None, "vnp_TransactionNo": 7}
    status = VNPAY.read_status(US, question(), _signed(fields))
    assert (status.amount_minor, status.provider_transaction) == (50_000, "7")


def test_a_refund_found_instead_of_the_payment_goes_to_a_person() -> None:
    status = VNPAY.read_status(US, question(), _signed(PAID_ANSWER | {"vnp_TransactionType": "02"}))
    assert status.result is NoticeResult.REVIEW


@pytest.mark.parametrize(
    "change",
    [
        {"vnp_TxnRef": "HPFX3F3CZ7GCF002"},
        {"vnp_TmnCode": "ANOTHER1"},
        {"vnp_Command": "refund"},
        {"vnp_Amount": "5000001"},
        {"vnp_Amount": "0"},
        {"vnp_Amount": None},
        {"vnp_TransactionNo": "0"},
        {"vnp_TransactionNo": "14422575"},
        {"vnp_ResponseCode": "94"},
        {"vnp_ResponseCode": "97"},
        {"vnp_ResponseCode": "99"},
        {"vnp_Message": "a|b"},
        {"vnp_TransactionStatus": ["00"]},
        {"vnp_TransactionStatus": True},
    ],
)
def test_signed_answers_that_prove_nothing_are_refused(change: dict[str, object]) -> None:
    asked = question(provider_transaction="14422574")
    with pytest.raises(AnswerUnreadable):
        VNPAY.read_status(US, asked, _signed(PAID_ANSWER | change))


def test_a_changed_or_badly_signed_answer_is_refused() -> None:
    good = _signed(PAID_ANSWER)
    VNPAY.read_status(US, question(), good)
    signature = json.loads(good.body)["vnp_SecureHash"]
    spoiled = [
        Answer(status=200, body=good.body.replace(b'"00"', b'"02"', 1)),
        Answer(status=200, body=good.body.replace(b"5000000", b"9000000")),
        Answer(status=500, body=good.body),
        Answer(status=302, body=good.body),
        Answer(status=200, body=good.body + b" " * ANSWER_BYTES_MAX),
        _signed(PAID_ANSWER, secret=b"another merchant secret"),
        answered(json.dumps(PAID_ANSWER).encode()),
        answered(json.dumps(PAID_ANSWER | {"vnp_ResponseCode": "91"}).encode()),
        *(
            answered(json.dumps(PAID_ANSWER | {"vnp_SecureHash": spoil(signature)}).encode())
            for spoil in SPOILED
        ),
    ]
    for answer in spoiled:
        with pytest.raises(AnswerUnreadable):
            VNPAY.read_status(US, question(), answer)


@given(st.one_of(st.binary(max_size=200), st.dictionaries(
    st.sampled_from([*QUERY_ANSWER, "vnp_SecureHash"]),
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=9)),
).map(lambda fields: json.dumps(fields).encode())))  # fmt: skip
def test_whatever_is_answered_raises_only_what_the_contract_names(body: bytes) -> None:
    with pytest.raises(AnswerUnreadable):
        VNPAY.read_status(US, question(), answered(body))
    with pytest.raises(AnswerUnreadable):
        VNPAY.read_refund(US, refund(), answered(body))
