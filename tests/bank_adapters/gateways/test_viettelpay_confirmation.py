"""ViettelPay's question before a QR payment: both sides sign the amount, neither sends it."""

import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import AdapterError, Algorithm, CallbackRejected, NoticeUnreadable
from bank_adapters.counterpart.gateway import TakenOrder
from bank_adapters.counterpart.viettelpay import ViettelPayCounterpart
from bank_adapters.gateways.viettelpay_confirmation import (
    Confirmation,
    answer_confirmation,
    read_confirmation,
    require_agreed,
)
from bank_adapters.gateways.viettelpay_signature import check_sum
from tests.bank_adapters.gateways.portal import AMOUNTS, REFERENCES
from tests.bank_adapters.gateways.test_viettelpay import KEYS, MATERIAL
from tests.bank_adapters.keys import key, post
from tests.bank_adapters.published import gateway_vectors


def test_the_published_question_is_agreed_on_at_its_amount_only() -> None:
    vectors = gateway_vectors(scheme="ViettelPay")
    assert len(vectors) == 1
    for vector in vectors:
        fields = vector["input"]
        material = f"{fields['access_code']}:{vector['secret']}".encode()
        live = key(Algorithm.HMAC_SHA1_HEX, material)
        sent = {name: fields[name] for name in ("billcode", "merchant_code", "order_id")}
        body = urlencode(sent | {"check_sum": vector["expected"]}).encode()
        question = read_confirmation(post(body))
        assert require_agreed(question, 8_000, [live]) is live
        for amount_minor in (7_999, 8_001, 80_000):
            with pytest.raises(CallbackRejected):
                require_agreed(question, amount_minor, [live])


@given(reference=REFERENCES, amount_minor=AMOUNTS)
def test_what_the_counterpart_asks_is_read_and_agreed_on(reference: str, amount_minor: int) -> None:
    order = TakenOrder(merchant="HPG", our_reference=reference, amount_minor=amount_minor)
    question = read_confirmation(ViettelPayCounterpart().confirm(order, MATERIAL))
    assert (question.our_reference, question.merchant) == (reference, "HPG")
    assert require_agreed(question, amount_minor, KEYS) is KEYS[0]


def test_the_reply_is_signed_and_tells_an_amount_only_when_agreed() -> None:
    order = TakenOrder(merchant="HPG", our_reference="HPFX", amount_minor=8_000)
    question = read_confirmation(ViettelPayCounterpart().confirm(order, MATERIAL))
    for confirmation in Confirmation:
        reply = answer_confirmation(question, confirmation, 8_000, KEYS[0])
        said = json.loads(reply.body)
        amount_minor = 8_000 if confirmation is Confirmation.AGREED else 0
        signed = {
            "billcode": "HPFX",
            "error_code": confirmation.value,
            "merchant_code": "HPG",
            "order_id": "HPFX",
            "trans_amount": str(amount_minor),
        }
        assert said == signed | {
            "trans_amount": amount_minor,
            "check_sum": check_sum(signed, MATERIAL),
        }
        assert reply.status == 200


@given(st.binary(max_size=200))
def test_random_bytes_raise_only_what_the_contract_names(body: bytes) -> None:
    with pytest.raises(AdapterError) as raised:
        read_confirmation(post(body))
    assert raised.type in {CallbackRejected, NoticeUnreadable}
