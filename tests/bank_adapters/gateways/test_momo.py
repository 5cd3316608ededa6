"""MoMo: published notices verify, hostile ones are refused."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import (
    CALLBACK_BODY_BYTES_MAX,
    Algorithm,
    CallbackRejected,
    CallbackRequest,
    NoticeUnreadable,
)
from bank_adapters.counterpart.momo import sign_momo_ipn
from bank_adapters.gateways.momo import Momo
from bank_adapters.gateways.momo_signing import NOTICE, TOKEN
from bank_adapters.signatures.primitives import hmac_hex, require_hmac
from bank_adapters.signing_keys import WeakKey, is_published_test_secret, require_strong
from tests.bank_adapters.gateways.exchanges import SPOILED
from tests.bank_adapters.keys import NOW, key, post
from tests.bank_adapters.published import gateway_vectors

MOMO = Momo()
SHA256 = Algorithm.HMAC_SHA256_HEX
MATERIAL = b"HPACCESSKEY1:a-secret-key-of-thirty-two-letters"
KEYS = [key(SHA256, MATERIAL)]
VALUES: dict[str, str | int] = {
    "partnerCode": "HAIPHONG",
    "orderId": "HPFX3F3CZ7GCF001",
    "requestId": "HPFX3F3CZ7GCF001",
    "amount": 50_000,
    "orderInfo": "Nộp phí hồ sơ",
    "orderType": "momo_wallet",
    "transId": 4_088_878_653,
    "resultCode": 0,
    "message": "Thành công.",
    "payType": "qr",
    "responseTime": 1_721_720_663_942,
    "extraData": "",
}
GOOD = sign_momo_ipn(VALUES, MATERIAL)


def _signed(**changes: object) -> CallbackRequest:
    values = {name: value for name, value in (VALUES | changes).items() if value is not ...}
    return sign_momo_ipn(values, MATERIAL)  # type: ignore[arg-type]  # wrong values are the point


def _body(**changes: object) -> CallbackRequest:
    return post(json.dumps(json.loads(GOOD.body) | changes, ensure_ascii=False).encode())


def test_the_published_notice_verifies_and_is_read() -> None:
    (vector,) = gateway_vectors(scheme="MoMo v2 IPN")
    fields = dict(vector["input"])
    access_key = fields.pop("accessKey")
    live = [key(SHA256, f"{access_key}:{vector['secret']}".encode())]
    request = post(json.dumps(fields | {"signature": vector["expected"]}).encode())
    content = MOMO.verify(request, live, NOW)
    assert f"accessKey={access_key}&{content.decode()}" == vector["string_to_sign"]
    notice = MOMO.read(request)
    assert (notice.amount_minor, notice.our_reference) == (8_000, "H24.11-261122-0001-1")
    # The same notice with its numbers as numbers is the same message.
    numbers = {
        name: int(fields[name]) for name in ("amount", "responseTime", "resultCode", "transId")
    }
    other = post(json.dumps(fields | numbers | {"signature": vector["expected"]}).encode())
    assert MOMO.verify(other, live, NOW) == content
    assert MOMO.read(other) == notice


def test_every_published_text_is_signed_alike() -> None:
    vectors = gateway_vectors(scheme="MoMo")
    assert len(vectors) == 6
    for vector in vectors:
        content, secret = vector["string_to_sign"].encode(), vector["secret"].encode()
        assert hmac_hex(SHA256, content, secret) == vector["expected"]
        require_hmac(SHA256, content, vector["expected"].encode(), [key(SHA256, secret)])
        with pytest.raises(CallbackRejected):
            require_hmac(SHA256, content + b"0", vector["expected"].encode(), [key(SHA256, secret)])


def test_an_old_notice_is_refused() -> None:
    (vector,) = gateway_vectors(scheme="MoMo v1 QR notify")
    material = f"{vector['input']['accessKey']}:{vector['secret']}".encode()
    request = post(json.dumps(vector["input"] | {"signature": vector["expected"]}).encode())
    with pytest.raises(CallbackRejected):
        MOMO.verify(request, [key(SHA256, material)], NOW)


def test_keys_are_registered_as_a_pair() -> None:
    require_strong(SHA256, MATERIAL)
    assert is_published_test_secret(b"F8BBA842ECF85:anything")
    for weak in (b"", b"HPACCESSKEY1:", b"HPACCESSKEY1:short"):
        with pytest.raises(WeakKey):
            require_strong(SHA256, weak)


def test_replays_capitals_and_order_do_not_change_the_message() -> None:
    first = MOMO.verify(GOOD, KEYS, NOW)
    fields = json.loads(GOOD.body)
    turned = dict(reversed(fields.items())) | {"signature": fields["signature"].upper()}
    again = post(b"\xef\xbb\xbf" + json.dumps(turned | {"paymentOption": "momo"}).encode())
    assert MOMO.verify(again, KEYS, NOW + timedelta(days=400)) == first


def test_the_message_stays_the_same_when_keys_are_rolled() -> None:
    new = b"HPACCESSKEY2:the-next-secret-in-the-rotation"
    live = [*KEYS, key(SHA256, new)]
    first = MOMO.verify(GOOD, live, NOW)
    assert MOMO.verify(sign_momo_ipn(VALUES, new), live, NOW) == first
    with pytest.raises(CallbackRejected):
        MOMO.verify(GOOD, live[1:], NOW)


@pytest.mark.parametrize(
    "material",
    [
        b"HPACCESSKEY2:a-secret-key-of-thirty-two-letters",
        b"HPACCESSKEY1:another-secret-key-of-many-letters",
        b"HPACCESSKEY1",
        b"HPACCESSKEY1:",
        b"",
    ],
)
def test_another_half_of_the_pair_is_refused(material: bytes) -> None:
    with pytest.raises(CallbackRejected):
        MOMO.verify(GOOD, [key(SHA256, material)], NOW)


def test_another_algorithm_of_the_key_is_refused() -> None:
    for algorithm in set(Algorithm) - {SHA256}:
        with pytest.raises(CallbackRejected):
            MOMO.verify(GOOD, [key(algorithm, MATERIAL)], NOW)
    with pytest.raises(CallbackRejected):
        MOMO.verify(GOOD, [], NOW)


@pytest.mark.parametrize("spoil", SPOILED)
def test_spoiled_signatures_are_refused(spoil: Callable[[str], object]) -> None:
    signature = json.loads(GOOD.body)["signature"]
    with pytest.raises(CallbackRejected):
        MOMO.verify(_body(signature=spoil(signature)), KEYS, NOW)


@pytest.mark.parametrize(
    "change",
    [{name: 1006} for name in NOTICE]
    + [{name: ""} for name in TOKEN]
    + [{"resultCode": "00"}, {"amount": 50_001}, {"amount": 50_000.0}, {"amount": True}]
    + [{"transId": [1]}, {"message": {"a": 1}}],
)
def test_every_signed_field_is_signed(change: dict[str, object]) -> None:
    with pytest.raises(CallbackRejected):
        MOMO.verify(_body(**change), KEYS, NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        GOOD.body[:-1] + b',"amount":50000}',
        GOOD.body[:-1] + b',"orderInfo":"\\ud800"}',
        GOOD.body.replace(b"Th", b"\xff\xfe"),
        GOOD.body.decode().encode("utf-16"),
        b"[" * 60_000,
        b'{"a":' * 10_000,
        GOOD.body + b" " * CALLBACK_BODY_BYTES_MAX,
        b'{"amount":' + b"9" * 5_000 + b"}",
        b'{"amount":NaN}',
        b'{"amount":1e400}',
    ],
)
def test_bodies_that_are_no_notice_are_refused(body: bytes) -> None:
    with pytest.raises(CallbackRejected):
        MOMO.verify(post(body), KEYS, NOW)


def test_a_text_that_could_be_two_fields_is_refused() -> None:
    genuine = VALUES | {"orderInfo": "phi", "resultCode": 1006}
    content = sign_momo_ipn(genuine, MATERIAL)
    MOMO.verify(content, KEYS, NOW)
    # The same signed text, cut elsewhere: the order would be another one.
    told = json.loads(content.body)
    shifted = told | {"message": f"Thành công.&orderId={told['orderId']}", "orderId": ""}
    with pytest.raises(CallbackRejected):
        MOMO.verify(post(json.dumps(shifted).encode()), KEYS, NOW)
    with pytest.raises(CallbackRejected, match="two fields"):
        sign_momo_ipn(VALUES | {"orderInfo": "x&resultCode=0"}, MATERIAL)
    with pytest.raises(CallbackRejected, match="two fields"):
        sign_momo_ipn(VALUES | {"orderInfo": "x&callbackToken=t"}, MATERIAL)


def test_tokenised_payments_sign_two_more_fields() -> None:
    request = _signed(callbackToken="token", partnerClientId="client@example.vn")
    content = MOMO.verify(request, KEYS, NOW)
    assert b"&callbackToken=token&extraData=" in content
    assert b"&partnerClientId=client@example.vn&partnerCode=HAIPHONG" in content
    told = json.loads(request.body)
    del told["callbackToken"]
    with pytest.raises(CallbackRejected):
        MOMO.verify(post(json.dumps(told).encode()), KEYS, NOW)


def test_missing_and_null_fields_are_signed_as_nothing() -> None:
    first = MOMO.verify(_signed(extraData=..., payType=None), KEYS, NOW)
    assert b"&extraData=&" in first
    assert b"&payType=&" in first


@given(st.binary(max_size=300))
def test_random_bytes_raise_only_what_the_contract_names(body: bytes) -> None:
    with pytest.raises(CallbackRejected):
        MOMO.verify(post(body), KEYS, NOW)
    with pytest.raises(NoticeUnreadable):
        MOMO.read(post(body))


@given(
    st.dictionaries(
        st.sampled_from([*NOTICE, *TOKEN, "signature"]),
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.floats(),
            st.text(max_size=8),
            st.lists(st.integers(), max_size=2),
        ),
    )
)
def test_any_fields_raise_only_what_the_contract_names(fields: dict[str, object]) -> None:
    with pytest.raises(CallbackRejected):
        MOMO.verify(_body(**({"signature": "0" * 64} | fields)), KEYS, NOW)
    try:
        MOMO.read(_body(**fields))
    except NoticeUnreadable:
        return
