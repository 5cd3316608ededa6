"""ZaloPay's orders: the published layout, believed answers, refused ones."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import Algorithm
from bank_adapters.counterpart.gateway import GatewayBooks
from bank_adapters.counterpart.zalopay import ZalopayCounterpart
from bank_adapters.gateways.zalopay import Zalopay
from bank_adapters.gateways.zalopay_signing import ORDER, joined
from bank_adapters.outgoing import AnswerUnreadable, RequestRefused
from bank_adapters.signatures.primitives import hmac_hex
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.gateways.exchanges import (
    Side,
    answered,
    changed,
    merchant,
    order,
    question,
    refund,
)
from tests.bank_adapters.keys import NOW
from tests.bank_adapters.published import gateway_vectors

ZALOPAY = Zalopay()
THEM = ZalopayCounterpart()
SHA256 = Algorithm.HMAC_SHA256_HEX
MATERIAL = b"the-first-key-of-thirty-two-letters:the-second-key-of-so-many-letters"
FIRST_KEY = MATERIAL.split(b":")[0]
US = merchant(SHA256, MATERIAL, "3388", "https://openapi.zalopay.vn")
SIDE = Side(dialect=ZALOPAY, them=THEM, us=US)


def test_the_published_order_is_signed_alike() -> None:
    (vector,) = gateway_vectors(scheme="ZaloPay v2 create order")
    content = joined(ORDER, vector["input"])
    assert content.decode() == vector["string_to_sign"]
    assert hmac_hex(SHA256, content, vector["secret"].encode()) == vector["expected"]


def test_an_order_is_signed_over_its_list_with_the_first_key() -> None:
    told = json.loads(ZALOPAY.order(US, order()).body)
    assert told["mac"] == hmac_hex(SHA256, joined(ORDER, told), FIRST_KEY)
    assert told["app_trans_id"] == "261122_HPFX3F3CZ7GCF001"
    assert (told["app_time"], told["expire_duration_seconds"]) == (1_795_339_845_000, 900)
    assert (told["app_id"], told["amount"]) == (3388, 50_000)
    assert json.loads(told["embed_data"]) == {"redirecturl": order().return_url}


def test_an_order_is_named_by_the_day_in_vietnam() -> None:
    evening = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
    late = order(created_at=evening, expires_at=evening + timedelta(hours=1))
    told = json.loads(ZALOPAY.order(US, late).body)
    assert told["app_trans_id"].startswith("270101_")
    asked = json.loads(ZALOPAY.ask(US, question(ordered_at=evening)).body)
    assert asked["app_trans_id"] == told["app_trans_id"]
    with pytest.raises(ValueError, match="zone"):
        ZALOPAY.ask(US, question(ordered_at=evening.replace(tzinfo=None)))


def test_an_order_is_taken_once() -> None:
    books = GatewayBooks()
    checkout = ZALOPAY.read_order(US, order(), SIDE.send(ZALOPAY.order(US, order()), books))
    assert checkout.url.startswith("https://")
    assert checkout.qr_text
    assert checkout.provider_order
    (taken,) = books.orders.values()
    assert (taken.our_reference, taken.amount_minor) == ("HPFX3F3CZ7GCF001", 50_000)
    assert (taken.merchant, taken.notify_url) == ("3388", order().notify_url)
    with pytest.raises(AnswerUnreadable, match="2/-68"):
        ZALOPAY.read_order(US, order(), SIDE.send(ZALOPAY.order(US, order()), books))


@pytest.mark.parametrize(
    "change",
    [
        {"return_code": 2},
        {"return_code": 3},
        {"return_code": -401},
        {"return_code": True},
        {"return_code": ...},
        {"order_url": "javascript:alert(1)"},
        {"order_url": ...},
        {"sub_return_code": "x"},
    ],
)
def test_answers_to_an_order_that_prove_nothing_are_refused(change: dict[str, object]) -> None:
    good = SIDE.send(ZALOPAY.order(US, order()), GatewayBooks())
    with pytest.raises(AnswerUnreadable):
        ZALOPAY.read_order(US, order(), changed(good, **change))


@pytest.mark.parametrize(
    "change",
    [
        {"amount_minor": 0},
        {"amount_minor": 10**15 + 1},
        {"reference": "a" * 34},
        {"reference": "a|b"},
        {"description": "nộp phí"},
        {"description": "a|b"},
        {"expires_at": NOW + timedelta(seconds=299)},
        {"expires_at": NOW + timedelta(days=31)},
        {"return_url": "https://x.example/a|b"},
        {"notify_url": ""},
    ],
)
def test_an_order_that_zalopay_would_refuse_is_not_written(change: dict[str, object]) -> None:
    with pytest.raises(RequestRefused):
        ZALOPAY.order(US, order(**change))


def test_nothing_is_written_without_a_key_or_an_app() -> None:
    for us in (
        merchant(SHA256, b"", "3388", "https://test"),
        merchant(SHA256, b":second", "3388", "https://test"),
        merchant(SHA256, MATERIAL, "HAIPHONG", "https://test"),
        merchant(SHA256, MATERIAL, "３３８８", "https://test"),
    ):
        with pytest.raises(RequestRefused):
            ZALOPAY.order(us, order())
        with pytest.raises(RequestRefused):
            ZALOPAY.ask(us, question())
        with pytest.raises(RequestRefused):
            ZALOPAY.refund(us, refund())


@given(st.one_of(
    st.binary(max_size=200),
    st.dictionaries(
        st.sampled_from(["return_code", "sub_return_code", "amount", "refund_id"]),
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=9)),
    ).map(lambda fields: json.dumps(fields).encode()),
))  # fmt: skip
def test_whatever_is_answered_raises_only_what_the_contract_names(body: bytes) -> None:
    with pytest.raises(AnswerUnreadable):
        ZALOPAY.read_order(US, order(), answered(body))
    results: list[NoticeResult] = []
    try:
        results.append(ZALOPAY.read_status(US, question(), answered(body)).result)
        results.append(ZALOPAY.read_refund(US, refund(), answered(body)).result)
    except AnswerUnreadable:
        return
    assert NoticeResult.PAID not in results or b"1" in body
