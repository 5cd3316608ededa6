"""ZaloPay: what a callback says, and what we answer to it."""

import json
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import (
    Algorithm,
    CallbackRequest,
    NoticeUnreadable,
    Outcome,
)
from bank_adapters.counterpart.zalopay import ZalopayCounterpart, sign_zalopay_callback
from bank_adapters.gateways.zalopay import Zalopay
from bank_adapters.gateways.zalopay_codes import (
    QUESTION_REFUSED,
    RETURN_CODES,
    SUB_RETURN_CODES,
    UNKNOWN_CODE,
    explain,
)
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from tests.bank_adapters.gateways.exchanges import MOMENTS
from tests.bank_adapters.keys import NOW, key

ZALOPAY = Zalopay()
SHA256 = Algorithm.HMAC_SHA256_HEX
MATERIAL = b"the-first-key-of-thirty-two-letters:the-second-key-of-so-many-letters"
KEYS = [key(SHA256, MATERIAL)]
DATA = {
    "app_id": 3388,
    "app_trans_id": "261122_HPFX3F3CZ7GCF001",
    "app_time": 1_795_312_800_000,
    "app_user": "3388",
    "amount": 50_000,
    "embed_data": "{}",
    "item": "[]",
    "zp_trans_id": 261_122_000_000_389,
    "server_time": 1_795_312_812_345,
}


def _signed(**changes: object) -> CallbackRequest:
    data = {name: value for name, value in (DATA | changes).items() if value is not ...}
    return sign_zalopay_callback(json.dumps(data), MATERIAL)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", 0),
        ("amount", -1),
        ("amount", "50000"),
        ("amount", 50_000.0),
        ("amount", True),
        ("amount", 10**15 + 1),
        ("amount", ...),
        ("server_time", 0),
        ("server_time", "1795312812345"),
        ("server_time", ...),
        ("app_id", "０"),
        ("app_id", 0),
        ("app_id", ...),
        ("app_trans_id", ""),
        ("app_trans_id", 261_122),
        ("app_trans_id", ...),
        ("zp_trans_id", ""),
        ("zp_trans_id", "a b"),
        ("zp_trans_id", ...),
    ],
)
def test_callbacks_that_break_the_contract_are_unreadable(name: str, value: object) -> None:
    request = _signed(**{name: value})
    ZALOPAY.verify(request, KEYS, NOW)
    with pytest.raises(NoticeUnreadable, match=name):
        ZALOPAY.read(request)


@pytest.mark.parametrize(
    "data", ["", "[]", '{"amount":1,"amount":1}', "[" * 30_000, '{"amount":NaN}', "\ufeff"]
)
def test_signed_data_that_is_no_object_is_unreadable(data: str) -> None:
    request = sign_zalopay_callback(data, MATERIAL)
    if data:
        ZALOPAY.verify(request, KEYS, NOW)
    with pytest.raises(NoticeUnreadable):
        ZALOPAY.read(request)


def test_an_order_named_without_a_day_is_read_as_it_is() -> None:
    assert ZALOPAY.read(_signed(app_trans_id="HPF-1")).our_reference == "HPF-1"
    assert ZALOPAY.read(_signed(app_trans_id="261122_261122_A")).our_reference == "261122_A"


def test_a_long_transaction_number_may_be_a_text() -> None:
    assert ZALOPAY.read(_signed(zp_trans_id="26112200000038900001")).provider_transaction == (
        "26112200000038900001"
    )


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (Outcome.RECORDED, 1),
        (Outcome.ALREADY_RECORDED, 2),
        (Outcome.ALREADY_COVERED, 2),
        (Outcome.UNKNOWN_REFERENCE, 1),
        (Outcome.AMOUNT_DIFFERS, 1),
        (Outcome.UNCONFIRMED, 0),
        (Outcome.OTHER_MERCHANT, 0),
        (Outcome.UNREADABLE, 0),
        (Outcome.REJECTED, -1),
        (Outcome.RETRY_LATER, 0),
    ],
)
def test_answers_are_exact(outcome: Outcome, code: int) -> None:
    answer = ZALOPAY.acknowledge(outcome)
    assert (answer.status, answer.content_type) == (200, "application/json")
    assert answer.body.startswith(b'{"return_code":%d,"return_message":"' % code)


def test_every_outcome_has_an_answer() -> None:
    assert all(json.loads(ZALOPAY.acknowledge(outcome).body) for outcome in Outcome)


def test_every_code_has_two_sentences() -> None:
    for meaning in (*RETURN_CODES.values(), *SUB_RETURN_CODES.values(), UNKNOWN_CODE):
        assert meaning.vietnamese.endswith(".")
        assert meaning.english.endswith(".")
    assert all(each.result is not NoticeResult.PAID for each in SUB_RETURN_CODES.values())
    assert explain("") == explain("2/1") == explain("2/-500") == UNKNOWN_CODE
    assert "-500" in QUESTION_REFUSED


@given(
    amount_minor=st.integers(min_value=1, max_value=10**15),
    paid_at=MOMENTS,
    number=st.integers(min_value=1, max_value=10**18 - 1),
    reference=st.from_regex(r"[0-9A-Za-z][0-9A-Za-z._-]{0,32}", fullmatch=True),
)
def test_what_the_counterpart_writes_is_read_back(
    amount_minor: int, paid_at: datetime, number: int, reference: str
) -> None:
    them = ZalopayCounterpart()
    notice = PaymentNotice(
        result=NoticeResult.PAID,
        result_code=them.result_code(NoticeResult.PAID),
        merchant="3388",
        our_reference=reference,
        provider_transaction=str(number),
        amount_minor=amount_minor,
        currency="VND",
        paid_at=paid_at.replace(microsecond=paid_at.microsecond // 1000 * 1000),
    )
    request = them.notify(notice, MATERIAL, NOW)
    ZALOPAY.verify(request, KEYS, NOW)
    assert ZALOPAY.read(request) == notice


def test_the_counterpart_calls_back_for_paid_orders_only() -> None:
    them = ZalopayCounterpart()
    notice = ZALOPAY.read(_signed())
    for result in set(NoticeResult) - {NoticeResult.PAID}:
        with pytest.raises(ValueError, match="paid orders only"):
            them.notify(replace(notice, result=result), MATERIAL, NOW)
