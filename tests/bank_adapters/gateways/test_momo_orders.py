"""MoMo's orders: the published layout, believed answers, refused ones."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import Algorithm
from bank_adapters.counterpart.gateway import GatewayBooks
from bank_adapters.counterpart.momo import MomoCounterpart
from bank_adapters.gateways.momo import Momo
from bank_adapters.outgoing import AnswerUnreadable, RequestRefused
from bank_adapters.signatures.primitives import hmac_hex
from tests.bank_adapters.gateways.exchanges import (
    SPOILED,
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

MOMO = Momo()
THEM = MomoCounterpart()
SHA256 = Algorithm.HMAC_SHA256_HEX
MATERIAL = b"HPACCESSKEY1:a-secret-key-of-thirty-two-letters"
US = merchant(SHA256, MATERIAL, "HAIPHONG", "https://payment.momo.vn")
SIDE = Side(dialect=MOMO, them=THEM, us=US)


def test_the_published_order_is_signed_alike() -> None:
    (vector,) = gateway_vectors(scheme="MoMo v2 create")
    fields = vector["input"]
    us = merchant(
        SHA256, f"{fields['accessKey']}:{vector['secret']}".encode(), "MOMO", "https://test"
    )
    # Reference and request id are one with us, so the vector's text is signed with ours in both.
    ordered = order(
        reference="O1",
        amount_minor=8_000,
        description=fields["orderInfo"],
        return_url=fields["redirectUrl"],
        notify_url=fields["ipnUrl"],
    )
    request = MOMO.order(us, ordered)
    text = vector["string_to_sign"].replace("requestId=R1", "requestId=O1")
    told = json.loads(request.body)
    assert told["signature"] == hmac_hex(SHA256, text.encode(), vector["secret"].encode())
    assert (
        hmac_hex(SHA256, vector["string_to_sign"].encode(), vector["secret"].encode())
        == vector["expected"]
    )
    assert (told["amount"], request.url) == (8_000, "https://test/v2/gateway/api/create")


def test_an_order_is_taken_and_a_repeated_one_is_the_same() -> None:
    books = GatewayBooks()
    for _ in range(2):
        checkout = MOMO.read_order(US, order(), SIDE.send(MOMO.order(US, order()), books))
        assert checkout.url.startswith("https://")
        assert checkout.qr_text
    (taken,) = books.orders.values()
    assert (taken.our_reference, taken.amount_minor) == ("HPFX3F3CZ7GCF001", 50_000)
    assert (taken.merchant, taken.notify_url) == ("HAIPHONG", order().notify_url)
    other = order(amount_minor=60_000)
    with pytest.raises(AnswerUnreadable, match="41"):
        MOMO.read_order(US, other, SIDE.send(MOMO.order(US, other), books))


@pytest.mark.parametrize(
    "change",
    [
        {"resultCode": 20},
        {"resultCode": ...},
        {"resultCode": "zero"},
        {"orderId": "another"},
        {"requestId": "another"},
        {"partnerCode": "MOMO"},
        {"amount": 50_001},
        {"amount": "50000"},
        {"amount": ...},
        {"payUrl": "javascript:alert(1)"},
        {"payUrl": ...},
        {"payUrl": "https://evil.example/pay"},
    ],
)
def test_answers_to_an_order_that_prove_nothing_are_refused(change: dict[str, object]) -> None:
    good = SIDE.send(MOMO.order(US, order()), GatewayBooks())
    with pytest.raises(AnswerUnreadable):
        MOMO.read_order(US, order(), changed(good, **change))


def test_the_signature_of_an_answer_is_optional_but_never_wrong() -> None:
    good = SIDE.send(MOMO.order(US, order()), GatewayBooks())
    told = json.loads(good.body)
    MOMO.read_order(US, order(), changed(good, signature=...))
    without_message = "&".join(
        f"{name}={told[name]}"
        for name in (
            "amount", "orderId", "partnerCode", "payUrl", "requestId", "responseTime", "resultCode",
        )
    )  # fmt: skip
    signed = hmac_hex(
        SHA256, f"accessKey=HPACCESSKEY1&{without_message}".encode(), MATERIAL.split(b":")[1]
    )
    MOMO.read_order(US, order(), changed(good, signature=signed))
    for spoil in SPOILED:
        spoiled = spoil(signed)
        if spoiled:
            with pytest.raises(AnswerUnreadable):
                MOMO.read_order(US, order(), changed(good, signature=spoiled))


@pytest.mark.parametrize(
    "change",
    [
        {"amount_minor": 999},
        {"amount_minor": 50_000_001},
        {"reference": "-a"},
        {"reference": "a b"},
        {"reference": "a" * 51},
        {"description": "a&b"},
        {"description": "nộp phí"},
        {"description": ""},
        {"language": "fr"},
        {"notify_url": ""},
        {"return_url": "https://x.example/?orderId=1&orderId=2"},
    ],
)
def test_an_order_that_momo_would_refuse_is_not_written(change: dict[str, object]) -> None:
    with pytest.raises(RequestRefused):
        MOMO.order(US, order(**change))


@pytest.mark.parametrize("material", [b"", b"HPACCESSKEY1", b":", b"HPACCESSKEY1:", b":secret"])
def test_nothing_is_written_without_both_keys(material: bytes) -> None:
    us = merchant(SHA256, material, "HAIPHONG", "https://payment.momo.vn")
    with pytest.raises(RequestRefused):
        MOMO.order(us, order())
    with pytest.raises(RequestRefused):
        MOMO.ask(us, question())
    with pytest.raises(RequestRefused):
        MOMO.refund(us, refund())


@given(st.one_of(
    st.binary(max_size=200),
    st.dictionaries(
        st.sampled_from(["partnerCode", "orderId", "requestId", "resultCode", "amount", "transId"]),
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=9)),
    ).map(lambda fields: json.dumps(fields).encode()),
))  # fmt: skip
def test_whatever_is_answered_raises_only_what_the_contract_names(body: bytes) -> None:
    with pytest.raises(AnswerUnreadable):
        MOMO.read_order(US, order(), answered(body))
    with pytest.raises(AnswerUnreadable):
        MOMO.read_status(US, question(), answered(body))
    with pytest.raises(AnswerUnreadable):
        MOMO.read_refund(US, refund(), answered(body))


def test_an_order_does_not_depend_on_its_hour() -> None:
    later = order(created_at=NOW + timedelta(1), expires_at=NOW + timedelta(2))
    assert MOMO.order(US, later) == MOMO.order(US, order())
