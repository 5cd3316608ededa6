"""Notices of vietqr.vn: the published example and vector, attacks, replies."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.banks.vietqr_vn import VietqrVn, signed_content
from bank_adapters.contract import (
    Algorithm,
    CallbackRejected,
    CallbackRequest,
    NoticeUnreadable,
    Outcome,
)
from bank_adapters.counterpart.vietqr_vn import VietqrVnCounterpart, sign
from bank_adapters.fields import Fields
from bank_adapters.outgoing import (
    Merchant,
)
from bank_adapters.signatures.primitives import hmac_hex
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from tests.bank_adapters.drawn import SECONDS, TEXTS
from tests.bank_adapters.keys import NOW, key, post
from tests.bank_adapters.published import gateway_vectors

BANK = VietqrVn()
VIETQR = VietqrVnCounterpart()
MATERIAL = b"abcdefghijklmnop0123:customer-hp-user1:a-password-of-20-char"
KEY = key(Algorithm.HMAC_SHA256_HEX, MATERIAL)
MERCHANT = Merchant(code="0362626234", base_url="https://vietqr.example/vqr", key=KEY)
NOTICE = PaymentNotice(
    result=NoticeResult.PAID,
    result_code="C",
    merchant=MERCHANT.code,
    our_reference="HPFEE7K2M9QXW",
    provider_transaction="FT26326000001",
    amount_minor=8000,
    currency="VND",
    paid_at=NOW,
    memo="HPFEE7K2M9QXW",
    account_number=MERCHANT.code,
)
EXAMPLE = {
    "transactionId": "0a4cc317-3af3-4055-bc83-7296adb624bf",
    "transactionTime": "2024-05-1701:53",
    "referencenumber": "0a4cc317-3af3-4055-bc83-7296adb624bf",
    "amount": "100000",
    "content": "Chuyenkhoan",
    "bankAccount": "0362626234",
    "transType": "C",
    "orderId": "0a4cc317-3af3-4055-bc83-7296adb624bf",
    "signature": "241fad517529e1abfef81756f615a6edd0a765846f0e926563ee88540c4a9ef1",
}
"""The example of doc.vietqr.vn, whose secret is the vectors'."""
EXAMPLE_SECRET = b"YWN0aXZlX3NpZ24ga2V5LiBLZWVwIGl0IHNlY3JldCE="


@st.composite
def notices(draw: st.DrawFn) -> PaymentNotice:
    """Draw a credit to a linked account."""
    account_number = draw(st.text("0123456789", min_size=8, max_size=15))
    return PaymentNotice(
        result=NoticeResult.PAID,
        result_code="C",
        merchant=account_number,
        our_reference=draw(st.none() | st.text("HPFE0123456789", min_size=1, max_size=36)),
        provider_transaction=draw(st.text("FT0123456789", min_size=1, max_size=30)),
        amount_minor=draw(st.integers(min_value=1, max_value=9_999_999_999)),
        currency="VND",
        paid_at=draw(SECONDS),
        memo=draw(TEXTS),
        account_number=account_number,
    )


def _changed(**changes: object) -> CallbackRequest:
    fields: dict[str, Any] = json.loads(VIETQR.notify(NOTICE, MATERIAL, NOW).body)
    return post(json.dumps(fields | changes).encode())


def test_the_published_example_verifies_with_its_secret_as_text() -> None:
    request = post(json.dumps(EXAMPLE).encode())
    BANK.verify(request, [key(Algorithm.HMAC_SHA256_HEX, EXAMPLE_SECRET)], NOW)
    notice = BANK.read(request)
    assert (notice.amount_minor, notice.account_number) == (100_000, "0362626234")
    assert notice.paid_at == datetime(2024, 5, 16, 18, 53, tzinfo=UTC)


def test_the_vectors_come_out_as_their_rows_say() -> None:
    (vector,) = gateway_vectors(scheme="vietqr.vn")
    content = signed_content(Fields(vector["input"], CallbackRejected))
    assert content.decode() == vector["string_to_sign"]
    digits = hmac_hex(Algorithm.HMAC_SHA256_HEX, content, vector["secret"].encode())
    assert digits == vector["expected"]
    assert vector["expect_valid"]


@given(notices())
def test_what_is_written_is_read_back(notice: PaymentNotice) -> None:
    request = VIETQR.notify(notice, MATERIAL, NOW)
    assert BANK.verify(request, [KEY], NOW) == request.body
    assert BANK.read(request) == notice


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "9000"},
        {"amount": "80000000000"},
        {"amount": 8000.0},
        {"amount": "０"},
        {"transactionId": "T2"},
        {"transactionTime": "2026-11-22 16:30:46"},
        {"transactionTime": ""},
        {"orderId": "HPFEE7K2M9QXX"},
        {"signature": None},
        {"signature": ""},
        {"signature": "é" * 64},
        {"signature": "a" * 10_000},
    ],
)
def test_a_changed_notice_is_rejected(changes: dict[str, object]) -> None:
    with pytest.raises(CallbackRejected):
        BANK.verify(_changed(**changes), [KEY], NOW)


@pytest.mark.parametrize(
    "changes", [{"bankAccount": "999"}, {"transType": "D"}, {"referencenumber": "FT2"}]
)
def test_what_is_not_signed_can_be_changed_so_that_the_scheme_is_weak(
    changes: dict[str, object],
) -> None:
    honest = VIETQR.notify(NOTICE, MATERIAL, NOW)
    changed = _changed(**changes)
    assert BANK.verify(changed, [KEY], NOW) != BANK.verify(honest, [KEY], NOW)
    assert BANK.scheme.is_weak


def test_digits_can_move_between_joined_fields_into_the_amount() -> None:
    fields = json.loads(_changed().body) | {
        "transactionId": "T1",
        "transactionTime": "1125312845000",
        "orderId": "7HP",
    }
    honest = sign(fields, MATERIAL)
    BANK.verify(honest, [KEY], NOW)
    moved = json.loads(honest.body) | {
        "transactionId": "T10",
        "amount": "80001",
        "transactionTime": "1253128450007",
        "orderId": "HP",
    }
    forged = post(json.dumps(moved).encode())
    assert BANK.verify(forged, [KEY], NOW) != BANK.verify(honest, [KEY], NOW)
    assert BANK.read(forged).amount_minor == 80_001


@pytest.mark.parametrize(
    "changes",
    [
        {"transType": "D"},
        {"transType": None},
        {"bankAccount": ""},
        {"referencenumber": None},
        {"orderId": "a b"},
        {"content": 1},
        {"transactionTime": "2026-02-30 00:00"},
        {"transactionTime": "7953128450001"},
        {"amount": 0},
    ],
)
def test_another_form_is_unreadable(changes: dict[str, object]) -> None:
    with pytest.raises(NoticeUnreadable):
        BANK.read(_changed(**changes))


def test_a_time_may_be_milliseconds_as_text_or_number() -> None:
    for time in ("1795339845000", 1_795_339_845_000):
        assert BANK.read(_changed(transactionTime=time)).paid_at == NOW


def test_two_live_keys_are_both_accepted_and_an_unknown_one_is_not() -> None:
    new = MATERIAL.replace(b"abcd", b"efgh")
    keys = [KEY, key(Algorithm.HMAC_SHA256_HEX, new)]
    for material in (MATERIAL, new):
        BANK.verify(VIETQR.notify(NOTICE, material, NOW), keys, NOW)
    unknown = VIETQR.notify(NOTICE, b"y" * 20 + b":username:password-0123456", NOW)
    with pytest.raises(CallbackRejected):
        BANK.verify(unknown, keys, NOW)


@pytest.mark.parametrize("outcome", Outcome)
def test_only_a_success_carries_the_reference_that_vietqr_looks_for(outcome: Outcome) -> None:
    reply = BANK.reply(_changed(), outcome, [KEY])
    fields = json.loads(reply.body)
    assert fields["error"] == ("object" not in fields) == (fields["errorReason"] != "000")
    assert fields["toastMessage"] == "TFT26326000001"
    assert BANK.acknowledge(outcome).status == reply.status
    assert (reply.status == 503) == (outcome is Outcome.RETRY_LATER)


def test_a_notice_beyond_the_size_is_rejected_though_it_is_signed() -> None:
    with pytest.raises(CallbackRejected, match="bytes"):
        BANK.verify(_changed(content="x" * 65_536), [KEY], NOW)


@given(st.binary(max_size=300))
def test_whatever_comes_only_typed_errors_come_out(body: bytes) -> None:
    with pytest.raises(CallbackRejected):
        BANK.verify(post(body), [KEY], NOW)
    with pytest.raises(NoticeUnreadable):
        BANK.read(post(body))
    assert BANK.reply(post(body), Outcome.UNREADABLE, [KEY]).status == 200
