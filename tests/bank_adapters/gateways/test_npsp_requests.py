"""What we ask of the payment platform: the published hashes, whole receipt blocks, safe answers."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import Algorithm
from bank_adapters.counterpart.gateway import GatewayBooks
from bank_adapters.counterpart.npsp import PAYMENT_PAGE, NpspCounterpart
from bank_adapters.fields import Fields
from bank_adapters.gateways.bar_joined import bar_joined
from bank_adapters.gateways.npsp import NOTICE_FIELDS
from bank_adapters.gateways.npsp_requests import NpspRequests
from bank_adapters.outgoing import (
    Answer,
    AnswerUnreadable,
    Checkout,
    Merchant,
    Order,
    PaymentStatus,
    RequestRefused,
)
from bank_adapters.signatures.primitives import sha256_secret_last_hex
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.gateways.portal import ORDER, ORDERS, QUESTION, REFUND, changed_answer
from tests.bank_adapters.gateways.test_npsp import MATERIAL
from tests.bank_adapters.keys import NOW, key
from tests.bank_adapters.published import gateway_vectors

REQUESTS = NpspRequests()
OTHER_SIDE = NpspCounterpart()
MERCHANT = Merchant(
    code="HPG",
    base_url="https://lgsp.example.vn/payment",
    key=key(Algorithm.SHA256_SECRET_LAST, MATERIAL),
)
PUBLISHED = Merchant(
    code="HPG",
    base_url="https://lgsp.example.vn/payment",
    key=key(Algorithm.SHA256_SECRET_LAST, b"S3CR3T-DVC-TEST"),
)
PUBLISHED_REFERENCE = "dvcH2411261122000120261122093015"
PUBLISHED_TIME = datetime(2026, 11, 22, 2, 30, 15, tzinfo=UTC)


def _books(result: NoticeResult = NoticeResult.PAID) -> GatewayBooks:
    books = GatewayBooks()
    OTHER_SIDE.answer(REQUESTS.order(MERCHANT, ORDER), books, MATERIAL, NOW)
    books.orders[ORDER.reference].result = result
    books.orders[ORDER.reference].provider_transaction = "PG1"
    return books


def _status(books: GatewayBooks) -> Answer:
    return OTHER_SIDE.answer(REQUESTS.ask(MERCHANT, QUESTION), books, MATERIAL, NOW)


def _resigned(answer: Answer, **changes: object) -> Answer:
    values = json.loads(answer.body) | changes
    content = bar_joined(Fields(values, RequestRefused), NOTICE_FIELDS)
    check_sum = sha256_secret_last_hex(content, MATERIAL.split(b":")[0])
    return changed_answer(answer, **changes, MaXacThuc=check_sum)


def test_the_published_order_comes_out_byte_for_byte() -> None:
    vectors = gateway_vectors(scheme="NPSP payment platform INIT")
    assert len(vectors) == 1
    order = replace(
        ORDER,
        reference=PUBLISHED_REFERENCE,
        description="THANH TOAN HO SO H24.11-261122-0001",
        created_at=PUBLISHED_TIME,
    )
    body = json.loads(REQUESTS.order(PUBLISHED, order).body)
    for vector in vectors:
        assert vector["input"].items() <= body.items()
        assert body["MaXacThuc"] == vector["expected"]


def test_the_published_question_comes_out_byte_for_byte() -> None:
    vectors = gateway_vectors(scheme="NPSP payment platform QUERY")
    assert len(vectors) == 1
    question = replace(QUESTION, our_reference=PUBLISHED_REFERENCE, ordered_at=PUBLISHED_TIME)
    for vector in vectors:
        body = json.loads(REQUESTS.ask(PUBLISHED, question).body)
        assert body == vector["input"] | {"MaXacThuc": vector["expected"]}


def test_times_are_written_with_a_clock_of_twenty_four_hours() -> None:
    """The public client writes `hh`, so its question names another minute than its order."""
    assert json.loads(REQUESTS.order(MERCHANT, ORDER).body)["ThoiGianGD"] == "20261122163045"
    midnight = replace(QUESTION, ordered_at=datetime(2026, 11, 21, 17, 5, tzinfo=UTC))
    assert json.loads(REQUESTS.ask(MERCHANT, midnight).body)["ThoiGianGD"] == "20261122000500"


def test_an_order_carries_the_whole_receipt_block_and_its_hash_does_not_cover_it() -> None:
    """The beneficiary's account is the client's word alone: another one has the same hash."""
    body = json.loads(REQUESTS.order(MERCHANT, ORDER).body)
    account = replace(ORDER.beneficiary, account_number="666")
    other = json.loads(REQUESTS.order(MERCHANT, replace(ORDER, beneficiary=account)).body)
    assert body["ThongTinBienLai"]["TKThuHuong"] == "119000123456"
    assert other["ThongTinBienLai"]["TKThuHuong"] == "666"
    assert body["MaXacThuc"] == other["MaXacThuc"]
    assert body["SoTien"] == "8000"


def test_a_token_goes_into_the_header_and_the_secret_nowhere() -> None:
    request = REQUESTS.order(MERCHANT, ORDER)
    token = ("authorization", "Bearer a-token-of-the-sharing-platform")
    assert token in request.headers
    assert b"a-secret-of-the-platform" not in request.body
    assert all(name != "authorization" for name, _ in REQUESTS.order(PUBLISHED, ORDER).headers)


@pytest.mark.parametrize(
    ("order", "merchant"),
    [
        (replace(ORDER, reference="A" * 51), MERCHANT),
        (replace(ORDER, reference="HPF-1"), MERCHANT),
        (replace(ORDER, reference=""), MERCHANT),
        (replace(ORDER, description="nộp phí"), MERCHANT),
        (replace(ORDER, description="a|b"), MERCHANT),
        (replace(ORDER, client_ip="1|2"), MERCHANT),
        (replace(ORDER, amount_minor=8_001), MERCHANT),
        (replace(ORDER, payer=replace(ORDER.payer, full_name="")), MERCHANT),
        (ORDER, replace(MERCHANT, code="H|G")),
        (ORDER, replace(MERCHANT, key=key(Algorithm.SHA256_SECRET_LAST, b":token"))),
        (ORDER, replace(MERCHANT, key=key(Algorithm.SHA256_SECRET_LAST, "s:tôken".encode()))),
        (ORDER, replace(MERCHANT, key=key(Algorithm.SHA256_SECRET_LAST, b"s:a\r\nb"))),
    ],
)
def test_orders_that_the_platform_cannot_take_are_refused(order: Order, merchant: Merchant) -> None:
    with pytest.raises(RequestRefused):
        REQUESTS.order(merchant, order)


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


def test_an_order_that_was_refused_or_is_another_one_has_no_page() -> None:
    answer = OTHER_SIDE.answer(REQUESTS.order(MERCHANT, ORDER), GatewayBooks(), MATERIAL, NOW)
    inner = json.loads(json.loads(answer.body)["message"])
    for spoiled in (
        changed_answer(answer, error_code="1"),
        changed_answer(answer, error_code=None),
        changed_answer(answer, message=None),
        changed_answer(answer, message=inner),
        changed_answer(answer, message="[]"),
        changed_answer(answer, message=json.dumps(inner | {"MaLoi": "99"})),
        changed_answer(answer, message=json.dumps(inner | {"MaThamChieu": "X"})),
        changed_answer(answer, message=json.dumps(inner | {"UrlThanhToan": "javascript:x"})),
        replace(answer, status=502),
    ):
        with pytest.raises(AnswerUnreadable):
            REQUESTS.read_order(MERCHANT, ORDER, spoiled)


@pytest.mark.parametrize(
    ("result", "result_code"),
    [
        (NoticeResult.PAID, "00/1"),
        (NoticeResult.PENDING, "00/3"),
        (NoticeResult.FAILED, "00/4"),
        (NoticeResult.UNKNOWN, "00/0"),
    ],
)
def test_the_answer_says_what_became_of_the_payment(result: NoticeResult, result_code: str) -> None:
    assert REQUESTS.read_status(MERCHANT, QUESTION, _status(_books(result))) == PaymentStatus(
        result=result,
        result_code=result_code,
        our_reference="HPFX3F3CZ7GCF",
        provider_transaction="PG1",
        amount_minor=8_000,
    )


def test_an_answer_that_is_not_signed_or_about_another_payment_proves_nothing() -> None:
    """The public client computes the checksum of an answer itself and believes it."""
    answer = _status(_books())
    for spoiled in (
        changed_answer(answer, SoTien=9_000),
        changed_answer(answer, MaGiaoDich="PG2"),
        changed_answer(answer, MaXacThuc=None),
        _resigned(answer, MaThamChieu="HPFX3F3CZ7GCG"),
        _resigned(answer, MaDoiTac="HPH"),
        _resigned(answer, MaGiaoDich=""),
        _resigned(answer, MaTienTe="USD"),
        _resigned(answer, SoTien=""),
        _resigned(answer, SoTien="-1"),
        _resigned(answer, TrangThaiGD=["1"]),
        replace(answer, status=500),
        replace(answer, body=answer.body + b" " * 1_048_576),
    ):
        with pytest.raises(AnswerUnreadable):
            REQUESTS.read_status(MERCHANT, QUESTION, spoiled)
    known = replace(QUESTION, provider_transaction="PG2")
    with pytest.raises(AnswerUnreadable, match="another payment"):
        REQUESTS.read_status(MERCHANT, known, answer)


def test_a_question_that_went_wrong_says_nothing_about_the_payment() -> None:
    status = REQUESTS.read_status(MERCHANT, QUESTION, _status(GatewayBooks()))
    assert (status.result, status.result_code, status.amount_minor) == (
        NoticeResult.UNKNOWN,
        "99/",
        None,
    )
    foreign = replace(MERCHANT, key=key(Algorithm.SHA256_SECRET_LAST, b"another"))
    answer = OTHER_SIDE.answer(REQUESTS.ask(foreign, QUESTION), _books(), MATERIAL, NOW)
    with pytest.raises(AnswerUnreadable):
        REQUESTS.read_status(MERCHANT, QUESTION, answer)


def test_a_receipt_is_a_whole_pdf_file_or_an_error() -> None:
    """The public client swallows what goes wrong with a receipt and stores whatever came."""
    request = REQUESTS.ask_receipt(MERCHANT, QUESTION)
    assert json.loads(request.body)["LoaiBanTin"] == "GET_BILL"
    answer = OTHER_SIDE.answer(request, _books(), MATERIAL, NOW)
    assert REQUESTS.read_receipt(answer).startswith(b"%PDF-1.7")
    for spoiled in (
        OTHER_SIDE.answer(request, _books(NoticeResult.FAILED), MATERIAL, NOW),
        replace(answer, status=404),
        replace(answer, body=answer.body[:-8]),
        replace(answer, body=b"<html>" + answer.body),
        replace(answer, body=answer.body + b" " * 1024),
        replace(answer, body=b"%PDF-" + b" " * 1_048_576 + b"%%EOF"),
    ):
        with pytest.raises(AnswerUnreadable):
            REQUESTS.read_receipt(spoiled)


def test_refunds_are_refused_with_their_reason() -> None:
    with pytest.raises(RequestRefused, match="takes no refund orders"):
        REQUESTS.refund(MERCHANT, REFUND)
    with pytest.raises(AnswerUnreadable, match="no refund was asked for"):
        REQUESTS.read_refund(MERCHANT, REFUND, Answer(status=200, body=b"{}"))


@given(st.binary(max_size=200))
def test_random_answers_prove_nothing(body: bytes) -> None:
    answer = Answer(status=200, body=body)
    for read in (
        lambda: REQUESTS.read_order(MERCHANT, ORDER, answer),
        lambda: REQUESTS.read_status(MERCHANT, QUESTION, answer),
        lambda: REQUESTS.read_receipt(answer),
    ):
        with pytest.raises(AnswerUnreadable):
            read()
