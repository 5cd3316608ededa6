"""VNPAY's refunds: the published layout, made once, never too much."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import Algorithm
from bank_adapters.counterpart.vnpay import VnpayCounterpart
from bank_adapters.fields import VIETNAM_TIME
from bank_adapters.gateways.vnpay import Vnpay
from bank_adapters.gateways.vnpay_codes import REFUND_CODES, REFUND_STATUSES
from bank_adapters.gateways.vnpay_signing import (
    QUERY_ANSWER,
    REFUND_ANSWER,
    REFUND_REQUEST,
    joined,
)
from bank_adapters.outgoing import (
    Answer,
    AnswerUnreadable,
    OutgoingRequest,
    RefundOrder,
    RequestRefused,
)
from bank_adapters.signatures.primitives import hmac_hex
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.gateways.exchanges import (
    Side,
    answered,
    merchant,
    order,
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
REFUND_TAKEN: dict[str, object] = {
    "vnp_ResponseId": "R1",
    "vnp_Command": "refund",
    "vnp_ResponseCode": "00",
    "vnp_Message": "Thành công",
    "vnp_TmnCode": "HAIPHONG",
    "vnp_TxnRef": "HPFX3F3CZ7GCF001",
    "vnp_Amount": "5000000",
    "vnp_BankCode": "NCB",
    "vnp_PayDate": "20261122163145",
    "vnp_TransactionNo": "9000000",
    "vnp_TransactionType": "02",
    "vnp_TransactionStatus": "06",
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


def test_the_published_refund_is_written_to_the_letter() -> None:
    fields, signature, secret = _vector("VNPAY refund request")
    ordered = refund(
        request_id=fields["vnp_RequestId"],
        our_reference=fields["vnp_TxnRef"],
        provider_transaction=fields["vnp_TransactionNo"],
        payment_ordered_at=NOW.replace(hour=9, minute=30, second=15, tzinfo=VIETNAM_TIME),
        amount_minor=8_000,
        ordered_at=NOW.replace(day=23, hour=10, minute=0, second=0, tzinfo=VIETNAM_TIME),
    )
    us = merchant(Algorithm.HMAC_SHA512_HEX, secret, fields["vnp_TmnCode"], PAGE)
    assert json.loads(VNPAY.refund(us, ordered).body) == fields | {"vnp_SecureHash": signature}
    assert tuple(fields) == REFUND_REQUEST


def test_a_refund_is_taken_once_and_a_repeated_one_is_pending() -> None:
    books = SIDE.books()
    pay(books)
    first = VNPAY.read_refund(US, refund(), SIDE.send(VNPAY.refund(US, refund()), books))
    assert (first.result, first.provider_refund) == (NoticeResult.PAID, "9000000")
    again = VNPAY.read_refund(US, refund(), SIDE.send(VNPAY.refund(US, refund()), books))
    assert (again.result, again.result_code) == (NoticeResult.PENDING, "94/")
    assert books.orders["HPFX3F3CZ7GCF001"].refunded_minor == 50_000


def test_a_payment_is_found_by_the_date_of_its_order_and_not_by_the_pay_date() -> None:
    books = SIDE.books()
    pay(books)
    written = json.loads(VNPAY.refund(US, refund()).body)
    assert written["vnp_TransactionDate"] == books.orders["HPFX3F3CZ7GCF001"].provider_order
    undated = refund(payment_ordered_at=None)
    answer = VNPAY.read_refund(US, undated, SIDE.send(VNPAY.refund(US, undated), books))
    assert (answer.result, answer.result_code) == (NoticeResult.FAILED, "91/")
    assert books.orders["HPFX3F3CZ7GCF001"].refunded_minor == 0


def test_a_refund_above_what_is_left_is_not_made() -> None:
    books = SIDE.books()
    pay(books)
    for number, result in ((1, NoticeResult.PAID), (2, NoticeResult.UNKNOWN)):
        ordered = refund(request_id=f"r{number}", amount_minor=30_000)
        answer = VNPAY.read_refund(US, ordered, SIDE.send(VNPAY.refund(US, ordered), books))
        assert answer.result is result
    with pytest.raises(RequestRefused):
        refund(amount_minor=50_001)


def test_a_payment_that_did_not_succeed_is_not_refunded() -> None:
    books = SIDE.books()
    pay(books, NoticeResult.FAILED)
    answer = VNPAY.read_refund(US, refund(), SIDE.send(VNPAY.refund(US, refund()), books))
    assert (answer.result, answer.result_code) == (NoticeResult.FAILED, "95/")


@pytest.mark.parametrize("code", ["02", "03", "91", "94", "95", "97", "99", "77"])
def test_refund_codes(code: str) -> None:
    refused: dict[str, object] = {
        "vnp_ResponseCode": code,
        "vnp_TransactionStatus": None,
        "vnp_Amount": None,
    }
    answer = VNPAY.read_refund(US, refund(), _signed(REFUND_TAKEN | refused))
    expected = {"94": NoticeResult.PENDING, "99": NoticeResult.UNKNOWN, "77": NoticeResult.UNKNOWN}
    assert answer.result is expected.get(code, NoticeResult.FAILED)


@pytest.mark.parametrize(
    ("status", "result"),
    [
        ("00", NoticeResult.PAID),
        ("05", NoticeResult.PENDING),
        ("06", NoticeResult.PAID),
        ("09", NoticeResult.FAILED),
        ("01", NoticeResult.UNKNOWN),
        ("", NoticeResult.UNKNOWN),
    ],
)
def test_refund_statuses(status: str, result: NoticeResult) -> None:
    answer = VNPAY.read_refund(
        US, refund(), _signed(REFUND_TAKEN | {"vnp_TransactionStatus": status})
    )
    assert answer.result is result


def test_an_answer_about_another_amount_is_refused() -> None:
    with pytest.raises(AnswerUnreadable):
        VNPAY.read_refund(US, refund(), _signed(REFUND_TAKEN | {"vnp_Amount": "100"}))


@given(
    amount_minor=st.integers(1, 50_000), request_id=st.from_regex(r"[a-z0-9]{1,32}", fullmatch=True)
)
def test_any_refund_is_read_back(amount_minor: int, request_id: str) -> None:
    books = SIDE.books()
    pay(books)
    ordered: RefundOrder = refund(request_id=request_id, amount_minor=amount_minor)
    request = VNPAY.refund(US, ordered)
    kind = json.loads(request.body)["vnp_TransactionType"]
    assert kind == ("02" if amount_minor == 50_000 else "03")
    assert VNPAY.read_refund(US, ordered, SIDE.send(request, books)).result is NoticeResult.PAID
    assert books.orders["HPFX3F3CZ7GCF001"].refunded_minor == amount_minor


@pytest.mark.parametrize(
    "change",
    [
        {"request_id": "a-b"},
        {"request_id": "a" * 33},
        {"provider_transaction": "1|2"},
        {"reason": "a|b"},
        {"reason": "hoàn phí"},
        {"ordered_by": "a|b"},
        {"our_reference": "a|b"},
    ],
)
def test_a_refund_that_vnpay_would_refuse_is_not_written(change: dict[str, object]) -> None:
    with pytest.raises(RequestRefused):
        VNPAY.refund(US, refund(**change))


def test_the_other_side_refuses_a_wrong_signature() -> None:
    books = SIDE.books()
    request = VNPAY.ask(US, question())
    forged = OutgoingRequest(
        method="POST", url=request.url, body=request.body.replace(b"GCF001", b"GCF002")
    )
    assert json.loads(SIDE.send(forged, books).body)["vnp_ResponseCode"] == "97"
    address = VNPAY.order(US, order()).url.replace("5000000", "1000000")
    assert SIDE.send(OutgoingRequest(method="GET", url=address), books).status == 400


def test_every_refund_code_has_two_sentences() -> None:
    for meaning in (*REFUND_CODES.values(), *REFUND_STATUSES.values()):
        assert meaning.vietnamese.endswith(".")
        assert meaning.english.endswith(".")
