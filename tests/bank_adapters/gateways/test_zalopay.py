"""ZaloPay: published callbacks verify, hostile ones are refused."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import (
    CALLBACK_BODY_BYTES_MAX,
    Algorithm,
    CallbackRejected,
    CallbackRequest,
    NoticeUnreadable,
)
from bank_adapters.counterpart.zalopay import sign_zalopay_callback
from bank_adapters.gateways.zalopay import Zalopay
from bank_adapters.signatures.primitives import hmac_hex, require_hmac, require_rsa
from bank_adapters.signing_keys import WeakKey, is_published_test_secret, require_strong
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from tests.bank_adapters.gateways.exchanges import SPOILED
from tests.bank_adapters.keys import NOW, key, pem, post
from tests.bank_adapters.published import gateway_vectors

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
GOOD = sign_zalopay_callback(json.dumps(DATA), MATERIAL)


def _body(**changes: object) -> CallbackRequest:
    return post(json.dumps(json.loads(GOOD.body) | changes).encode())


def test_the_published_callback_verifies_and_is_read() -> None:
    (vector,) = gateway_vectors(scheme="ZaloPay callback")
    live = [key(SHA256, b"the-first-key-is-not-published:" + vector["secret"].encode())]
    body = {"data": vector["input"], "mac": vector["expected"], "type": 1}
    request = post(json.dumps(body).encode())
    assert ZALOPAY.verify(request, live, NOW) == vector["string_to_sign"].encode()
    assert ZALOPAY.read(request) == PaymentNotice(
        result=NoticeResult.PAID,
        result_code="1/1",
        merchant="2554",
        our_reference="000001",
        provider_transaction="261122000000389",
        amount_minor=8_000,
        currency="VND",
        paid_at=datetime(2026, 11, 22, 2, 0, 12, 345_000, tzinfo=UTC),
    )
    with pytest.raises(CallbackRejected):
        ZALOPAY.verify(request, [key(SHA256, vector["secret"].encode() + b":other")], NOW)


def test_every_published_text_is_signed_alike() -> None:
    vectors = [each for each in gateway_vectors(scheme="ZaloPay") if "HMAC" in each["algorithm"]]
    assert len(vectors) == 3
    for vector in vectors:
        content, live = vector["string_to_sign"].encode(), [key(SHA256, vector["secret"].encode())]
        assert hmac_hex(SHA256, content, vector["secret"].encode()) == vector["expected"]
        require_hmac(SHA256, content, vector["expected"].encode(), live)


def test_the_published_rsa_signature_is_right_but_its_key_too_short_to_be_registered() -> None:
    (vector,) = gateway_vectors(scheme="ZaloPay disbursement")
    private = load_der_private_key(base64.b64decode(vector["secret"]), password=None)
    assert isinstance(private, RSAPrivateKey)
    content, signature = vector["string_to_sign"].encode(), vector["expected"].encode()
    made = private.sign(content, padding.PKCS1v15(), hashes.SHA256())
    assert base64.b64encode(made) == signature
    with pytest.raises(InvalidSignature):
        private.public_key().verify(made, content + b"0", padding.PKCS1v15(), hashes.SHA256())
    public = pem(private.public_key())
    with pytest.raises(WeakKey, match="512 bits"):
        require_strong(Algorithm.RSA_SHA256, public)
    with pytest.raises(CallbackRejected):
        require_rsa(Algorithm.RSA_SHA256, content, signature, [key(Algorithm.RSA_SHA256, public)])


def test_keys_are_registered_as_a_pair() -> None:
    require_strong(SHA256, MATERIAL)
    assert is_published_test_secret(b"anything:trMrHtvjo6myautxDUiAcYsVtaeQ8nhf")
    with pytest.raises(WeakKey):
        require_strong(SHA256, MATERIAL.split(b":")[0] + b":")


def test_replays_capitals_and_unsigned_fields_do_not_change_the_message() -> None:
    first = ZALOPAY.verify(GOOD, KEYS, NOW)
    told = json.loads(GOOD.body)
    other = post(
        json.dumps({"type": 2, "x": 1, "mac": told["mac"].upper(), "data": told["data"]}).encode()
    )
    assert ZALOPAY.verify(other, KEYS, NOW + timedelta(days=400)) == first
    assert ZALOPAY.read(other) == ZALOPAY.read(GOOD)


def test_data_is_signed_to_the_letter() -> None:
    spaced = json.dumps(DATA, indent=1)
    ZALOPAY.verify(sign_zalopay_callback(spaced, MATERIAL), KEYS, NOW)
    for changed in (spaced.replace("\n", ""), spaced.replace("50000", "50001"), DATA):
        told = json.loads(sign_zalopay_callback(spaced, MATERIAL).body) | {"data": changed}
        with pytest.raises(CallbackRejected):
            ZALOPAY.verify(post(json.dumps(told).encode()), KEYS, NOW)


def test_another_key_or_algorithm_is_refused() -> None:
    first, second = MATERIAL.split(b":")
    for material in (second + b":" + first, first, second, first + b":", b""):
        with pytest.raises(CallbackRejected):
            ZALOPAY.verify(GOOD, [key(SHA256, material)], NOW)
    for algorithm in set(Algorithm) - {SHA256}:
        with pytest.raises(CallbackRejected):
            ZALOPAY.verify(GOOD, [key(algorithm, MATERIAL)], NOW)
    with pytest.raises(CallbackRejected):
        ZALOPAY.verify(GOOD, [], NOW)
    ZALOPAY.verify(GOOD, [key(SHA256, b"the-next:pair-in-the-rotation"), *KEYS], NOW)


@pytest.mark.parametrize("spoil", SPOILED)
def test_spoiled_signatures_are_refused(spoil: Callable[[str], object]) -> None:
    mac = json.loads(GOOD.body)["mac"]
    with pytest.raises(CallbackRejected):
        ZALOPAY.verify(_body(mac=spoil(mac)), KEYS, NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        GOOD.body[:-1] + b',"data":""}',
        GOOD.body[:-1] + b',"x":"\\ud800"}',
        GOOD.body[:-1] + b',"x":"\\u0000"}',
        GOOD.body.decode().encode("utf-16"),
        b'{"data":"\xff"}',
        b"[" * 60_000,
        b'{"data":' * 8_000,
        GOOD.body + b" " * CALLBACK_BODY_BYTES_MAX,
        b'{"data":' + b"9" * 5_000 + b"}",
    ],
)
def test_bodies_that_are_no_callback_are_refused(body: bytes) -> None:
    with pytest.raises(CallbackRejected):
        ZALOPAY.verify(post(body), KEYS, NOW)


@given(st.binary(max_size=300))
def test_random_bytes_raise_only_what_the_contract_names(body: bytes) -> None:
    with pytest.raises(CallbackRejected):
        ZALOPAY.verify(post(body), KEYS, NOW)
    with pytest.raises(NoticeUnreadable):
        ZALOPAY.read(post(body))


@given(
    st.one_of(
        st.text(max_size=60),
        st.dictionaries(
            st.sampled_from(list(DATA)),
            st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
        ).map(lambda fields: json.dumps(DATA | fields)),
    )
)
def test_any_data_raises_only_what_the_contract_names(data: str) -> None:
    try:
        ZALOPAY.read(_body(data=data))
    except NoticeUnreadable:
        return
