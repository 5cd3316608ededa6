"""Virtual accounts and look-ups of payments at Baokim, against its other side."""

import json
import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import Algorithm
from bank_adapters.counterpart import baokim as other_side
from bank_adapters.counterpart.gateway import GatewayBooks
from bank_adapters.gateways.baokim_codes import RESPONSE_CODES
from bank_adapters.gateways.baokim_requests import (
    order_id,
    require_usable_merchant,
    split_order_id,
    update,
)
from bank_adapters.outgoing import (
    Answer,
    AnswerUnreadable,
    Beneficiary,
    Merchant,
    Order,
    OutgoingRequest,
    Question,
    RequestRefused,
)
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.gateways.test_baokim import BAOKIM, GATEWAY, KEY, MIRROR, NOTICE
from tests.bank_adapters.keys import NOW, key, pem, rsa_key

MERCHANT = Merchant(code="HPC", base_url="https://baokim.example/pay", key=KEY)
ORDER = Order(
    reference="HPFEE7K2M9QXW001",
    amount_minor=50_000,
    description="Le phi",
    created_at=NOW,
    expires_at=NOW + timedelta(hours=1),
    return_url="https://pay.example/r",
    notify_url="https://pay.example/n",
    beneficiary=Beneficiary(account_name="UBND PHUONG HONG BANG"),
)
QUESTION = Question(
    request_id="Q1",
    our_reference=ORDER.reference,
    ordered_at=NOW,
    asked_at=NOW,
    provider_transaction=NOTICE.provider_transaction,
)


def _answer(request: OutgoingRequest, books: GatewayBooks) -> Answer:
    return BAOKIM.answer(request, books, MIRROR, NOW)


def _paid_books() -> GatewayBooks:
    books = GatewayBooks()
    _answer(GATEWAY.order(MERCHANT, ORDER), books)
    taken = books.orders[ORDER.reference]
    taken.result, taken.paid_at = NoticeResult.PAID, NOW
    taken.provider_transaction = NOTICE.provider_transaction
    return books


def test_an_account_takes_exactly_the_amount_and_can_be_changed() -> None:
    books = GatewayBooks()
    request = GATEWAY.order(MERCHANT, ORDER)
    asked = json.loads(request.body)
    assert asked["CollectAmountMin"] == asked["CollectAmountMax"] == 50_000
    assert asked["OrderId"] == "HPC.HPFEE7K2M9QXW001"
    assert (asked["Operation"], asked["ExpireDate"]) == (9001, "2026-11-22 17:30:45")
    checkout = GATEWAY.read_order(MERCHANT, ORDER, _answer(request, books))
    assert checkout.provider_order == books.orders[ORDER.reference].provider_order
    assert checkout.qr_text == f"QR{checkout.provider_order}"
    assert checkout.account_number == checkout.provider_order
    assert (checkout.account_name, checkout.bank_name) == ("UBND PHUONG HONG BANG", "BVBank")
    dearer = replace(ORDER, amount_minor=60_000)
    changed = update(MERCHANT, dearer, checkout.provider_order)
    assert json.loads(changed.body)["Operation"] == 9002
    assert GATEWAY.read_order(MERCHANT, dearer, _answer(changed, books)) == checkout
    assert books.orders[ORDER.reference].amount_minor == 60_000


@pytest.mark.parametrize(
    "order",
    [
        replace(ORDER, amount_minor=9_999),
        replace(ORDER, amount_minor=100_000_001),
        replace(ORDER, beneficiary=Beneficiary()),
        replace(ORDER, beneficiary=Beneficiary(account_name="***")),
        replace(ORDER, expires_at=NOW),
        replace(ORDER, reference="HPFEE7K2M9QXW001234567"),
    ],
)
def test_what_baokim_would_refuse_is_not_sent(order: Order) -> None:
    with pytest.raises(RequestRefused):
        GATEWAY.order(MERCHANT, order)


@pytest.mark.parametrize(
    ("holder", "sent"),
    [
        ("Ủy ban nhân dân phường Ngô Quyền", "Uy ban nhan dan phuong Ngo Quyen"),
        ("Đội Thuế số 3 – Hải Phòng (thu hộ)", "Doi Thue so 3 Hai Phong thu ho"),
        ("Trung tâm phục vụ hành chính công thành phố Hải Phòng",
         "Trung tam phuc vu hanh chinh cong thanh pho Hai Ph"),
        ("UBND & Co. 1-2", "UBND & Co. 1-2"),
    ],
)  # fmt: skip
def test_the_accounts_name_is_sent_without_diacritics(holder: str, sent: str) -> None:
    order = replace(ORDER, beneficiary=Beneficiary(account_name=holder))
    assert json.loads(GATEWAY.order(MERCHANT, order).body)["AccName"] == sent


def test_a_decomposed_name_is_the_same_name() -> None:
    names = [unicodedata.normalize(form, "Phường Đồ Sơn") for form in ("NFC", "NFD")]
    orders = [replace(ORDER, beneficiary=Beneficiary(account_name=name)) for name in names]
    assert {json.loads(GATEWAY.order(MERCHANT, each).body)["AccName"] for each in orders} == {
        "Phuong Do Son"
    }


def test_an_account_that_nobody_can_pay_into_is_no_account() -> None:
    answer = _answer(GATEWAY.order(MERCHANT, ORDER), GatewayBooks())
    fields = json.loads(answer.body)
    bank = fields["AccountInfo"]["BANK"]
    bank |= {"Qr": None, "QrPath": "https://baokim.example/qr.png"}
    checkout = GATEWAY.read_order(MERCHANT, ORDER, _sealed(json.dumps(fields).encode()))
    assert (checkout.url, checkout.qr_text, checkout.bank_name) == ("", "", "BVBank")
    bank |= {"BankShortName": None, "BankName": ""}
    with pytest.raises(AnswerUnreadable):
        GATEWAY.read_order(MERCHANT, ORDER, _sealed(json.dumps(fields).encode()))


def test_our_longest_reference_fits_beside_the_longest_merchant() -> None:
    require_usable_merchant("HPNGOQUY")
    assert len(order_id("HPNGOQUY", ORDER.reference)) == 25
    for merchant in ("HPNGOQUYE", "HP.NGO", "", "HP 1", "A|B", "é", "HP\n1"):
        with pytest.raises(RequestRefused):
            require_usable_merchant(merchant)


def test_a_merchant_with_a_full_stop_could_be_mistaken() -> None:
    with pytest.raises(RequestRefused):
        order_id("H.P", "1")
    assert split_order_id("HPC.A.1") == ("HPC", "A.1")
    assert split_order_id("trans1") == ("", "trans1")


def test_a_payment_is_confirmed_by_baokims_books() -> None:
    answer = _answer(GATEWAY.ask(MERCHANT, QUESTION), _paid_books())
    status = GATEWAY.read_status(MERCHANT, QUESTION, answer)
    assert status.result is NoticeResult.PAID
    assert (status.our_reference, status.amount_minor) == (ORDER.reference, 50_000)
    assert status.provider_transaction == NOTICE.provider_transaction


def test_a_payment_that_baokim_does_not_know_yet_is_pending() -> None:
    answer = _answer(GATEWAY.ask(MERCHANT, QUESTION), GatewayBooks())
    status = GATEWAY.read_status(MERCHANT, QUESTION, answer)
    assert (status.result, status.result_code) == (NoticeResult.PENDING, "114")
    with pytest.raises(RequestRefused):
        GATEWAY.ask(MERCHANT, replace(QUESTION, provider_transaction=""))


@pytest.mark.parametrize("code", ["99", "101", "102", "104", "120", "777"])
def test_an_answer_about_the_question_says_nothing_of_the_payment(code: str) -> None:
    body = json.dumps({"PartnerCode": "HPC", "ResponseCode": int(code)}).encode()
    with pytest.raises(AnswerUnreadable):
        GATEWAY.read_status(MERCHANT, QUESTION, _sealed(body))


def _sealed(body: bytes) -> Answer:
    return other_side._signed(json.loads(body), MIRROR)  # noqa: SLF001  signs any answer


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("PartnerCode",), "OTHER"),
        (("OrderId",), "OTHER.HPFEE7K2M9QXW001"),
        (("TransactionList", "TransIdPartner"), "BK2"),
        (("TransactionList", "TransAmount"), 50_000.5),
        (("TransactionList",), []),
    ],
)
def test_a_signed_answer_about_something_else_proves_nothing(
    path: tuple[str, ...], value: object
) -> None:
    fields = json.loads(_answer(GATEWAY.ask(MERCHANT, QUESTION), _paid_books()).body)
    inner = fields
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    with pytest.raises(AnswerUnreadable):
        GATEWAY.read_status(MERCHANT, QUESTION, _sealed(json.dumps(fields).encode()))


def test_an_unsigned_or_changed_answer_proves_nothing() -> None:
    answer = _answer(GATEWAY.ask(MERCHANT, QUESTION), _paid_books())
    for spoiled in (
        replace(answer, headers=()),
        replace(answer, headers=answer.headers * 2),
        replace(answer, body=answer.body + b" "),
        replace(answer, status=500),
        replace(answer, body=b" " * (1024 * 1024 + 1)),
    ):
        with pytest.raises(AnswerUnreadable):
            GATEWAY.read_status(MERCHANT, QUESTION, spoiled)


def test_an_account_of_another_order_or_a_signed_answer_beyond_the_size_is_refused() -> None:
    fields = json.loads(_answer(GATEWAY.order(MERCHANT, ORDER), GatewayBooks()).body)
    good = GATEWAY.read_order(MERCHANT, ORDER, _sealed(json.dumps(fields).encode()))
    assert good.provider_order == fields["AccountInfo"]["BANK"]["AccNo"]
    for change in ({"OrderId": "HPC.HPFEE7K2M9QXW002"}, {"padding": "x" * 1024 * 1024}):
        with pytest.raises(AnswerUnreadable):
            GATEWAY.read_order(MERCHANT, ORDER, _sealed(json.dumps(fields | change).encode()))


def test_without_our_private_key_nothing_is_asked() -> None:
    public_only = key(Algorithm.RSA_SHA1, pem(rsa_key().public_key()))
    with pytest.raises(RequestRefused):
        GATEWAY.ask(replace(MERCHANT, key=public_only), QUESTION)


def test_baokim_refuses_a_request_that_we_did_not_sign() -> None:
    request = replace(GATEWAY.order(MERCHANT, ORDER), headers=(("signature", "AAAA"),))
    with pytest.raises(AnswerUnreadable, match="120"):
        GATEWAY.read_order(MERCHANT, ORDER, _answer(request, GatewayBooks()))


def test_every_code_has_both_sentences_and_a_timeout_is_unknown() -> None:
    assert {"200", "11", "99", *map(str, range(101, 123))} == set(RESPONSE_CODES)
    assert all(row.vietnamese and row.english for row in RESPONSE_CODES.values())
    assert RESPONSE_CODES["99"].result is NoticeResult.UNKNOWN
    paid = [code for code, row in RESPONSE_CODES.items() if row.result is NoticeResult.PAID]
    assert paid == ["200"]


@given(st.binary(max_size=300))
def test_whatever_is_answered_only_typed_errors_come_out(body: bytes) -> None:
    with pytest.raises(AnswerUnreadable):
        GATEWAY.read_status(MERCHANT, QUESTION, Answer(status=200, body=body))
    with pytest.raises(AnswerUnreadable):
        GATEWAY.read_order(MERCHANT, ORDER, Answer(status=200, body=body))


@given(
    st.dictionaries(
        st.sampled_from(["PartnerCode", "ResponseCode", "OrderId", "AccountInfo"]),
        st.none() | st.integers() | st.text() | st.just({"BANK": {"AccNo": "1"}}),
    )
)
def test_whatever_is_signed_as_an_answer_only_typed_errors_come_out(
    values: dict[str, object],
) -> None:
    answer = _sealed(json.dumps(values).encode())
    with pytest.raises(AnswerUnreadable):
        GATEWAY.read_order(MERCHANT, ORDER, answer)
