"""SePay: the published webhook verifies, stale and spoiled ones do not, replies are exact."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import (
    Algorithm,
    CallbackDialect,
    CallbackRejected,
    CallbackRequest,
    NoticeUnreadable,
)
from bank_adapters.gateways.sepay import Sepay
from bank_adapters.signatures.primitives import hmac_hex
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from tests.bank_adapters.keys import NOW, key, post
from tests.bank_adapters.published import gateway_vectors

SEPAY: CallbackDialect = Sepay()
SECRET = b"whsec-0123456789abcdef0123456789"
KEYS = [key(Algorithm.HMAC_SHA256_HEX, SECRET + b":api-token-0123456789")]
FIELDS: dict[str, Any] = {
    "id": 92704,
    "gateway": "Vietcombank",
    "transactionDate": "2026-11-22 16:30:45",
    "accountNumber": "0123499999",
    "subAccount": None,
    "code": None,
    "content": "MBVCB.1234567890.HPFX3F3CZ7GCF.CT tu 0123456789 NGUYEN VAN A",
    "transferType": "in",
    "transferAmount": 8000,
    "accumulated": 19_077_000,
    "referenceCode": "MBVCB.1234567890",
    "description": "",
}
BODY = json.dumps(FIELDS).encode()
TIMESTAMP = str(int(NOW.timestamp())).encode()


def _signature(body: bytes, timestamp: bytes) -> bytes:
    content = timestamp + b"." + body
    return b"sha256=" + hmac_hex(Algorithm.HMAC_SHA256_HEX, content, SECRET).encode()


def _request(
    body: bytes = BODY, timestamp: bytes = TIMESTAMP, signature: bytes | None = None
) -> CallbackRequest:
    signature = _signature(body, timestamp) if signature is None else signature
    headers = (("x-sepay-timestamp", timestamp), ("x-sepay-signature", signature))
    return post(body, headers)


def test_the_published_webhook_verifies_and_is_read() -> None:
    (vector,) = gateway_vectors(scheme="SePay")
    body, timestamp = vector["input"]["raw_body"].encode(), vector["input"]["timestamp"]
    request = _request(body, timestamp.encode(), vector["expected"].encode())
    live = [key(Algorithm.HMAC_SHA256_HEX, vector["secret"].encode())]
    sent_at = datetime.fromtimestamp(int(timestamp), UTC)
    assert SEPAY.verify(request, live, sent_at) == body
    assert SEPAY.read(request) == PaymentNotice(
        result=NoticeResult.PAID,
        result_code="in",
        merchant="0123499999",
        our_reference=None,
        provider_transaction="MBVCB.1234567890",
        amount_minor=8_000,
        currency="VND",
        paid_at=datetime(2026, 11, 22, 2, 30, 45, tzinfo=UTC),
        memo=("MBVCB.1234567890.HPFEE7K2M9QXW.CT tu 0123456789 NGUYEN VAN A toi 0123499999"),
        account_number="0123499999",
    )


def test_two_deliveries_are_one_message() -> None:
    later = NOW + timedelta(minutes=33)
    again = _request(timestamp=str(int(later.timestamp())).encode())
    assert SEPAY.verify(_request(), KEYS, NOW) == SEPAY.verify(again, KEYS, later) == BODY


@pytest.mark.parametrize("seconds", [-301, -300, 0, 300, 301])
def test_a_webhook_is_fresh_for_five_minutes_either_way(seconds: int) -> None:
    now = NOW + timedelta(seconds=seconds)
    if abs(seconds) <= 300:
        assert SEPAY.verify(_request(), KEYS, now) == BODY
    else:
        with pytest.raises(CallbackRejected, match="too far from now"):
            SEPAY.verify(_request(), KEYS, now)


DIGITS = _signature(BODY, TIMESTAMP).removeprefix(b"sha256=")


def test_capital_digits_are_the_same_signature() -> None:
    SEPAY.verify(_request(signature=b"sha256=" + DIGITS.upper()), KEYS, NOW)


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        DIGITS,
        b"sha256:" + DIGITS,
        b"SHA256=" + DIGITS,
        b"sha512=" + DIGITS,
        b"sha256= " + DIGITS,
        b"sha256=" + DIGITS[:-1],
        b"sha256=" + DIGITS + b"0",
        b"sha256=" + DIGITS[:-1] + b" ",
        b"sha256=0x" + DIGITS[2:],
        b"sha256=" + "é".encode() * 32,
        b"sha256=" + b"0" * 64,
        b"sha256=" + b"0" * 65_000,
        b"sha256=sha256=" + DIGITS,
    ],
)
def test_spoiled_signatures_are_rejected(signature: bytes) -> None:
    with pytest.raises(CallbackRejected):
        SEPAY.verify(_request(signature=signature), KEYS, NOW)


@pytest.mark.parametrize("timestamp", [b"", b"0", b"-1", b"1e9", TIMESTAMP + b".0", b"9" * 12])
def test_spoiled_time_stamps_are_rejected(timestamp: bytes) -> None:
    with pytest.raises(CallbackRejected):
        SEPAY.verify(_request(timestamp=timestamp), KEYS, NOW)


def test_missing_doubled_and_other_headers_are_rejected() -> None:
    stamp, signature = _request().headers
    doubled = (stamp, signature, ("x-sepay-signature", b"sha256=" + b"0" * 64))
    api_key_alone = (("authorization", b"Apikey " + SECRET),)
    for headers in ((), (stamp,), (signature,), doubled, api_key_alone):
        with pytest.raises(CallbackRejected):
            SEPAY.verify(post(BODY, headers), KEYS, NOW)


def test_another_body_time_or_key_is_rejected() -> None:
    signature = _signature(BODY, TIMESTAMP)
    later = str(int(TIMESTAMP) + 1).encode()
    for request in (
        _request(body=BODY + b" ", signature=signature),
        _request(body=BODY.replace(b"8000", b"9000"), signature=signature),
        _request(timestamp=later, signature=signature),
        _request(body=b" " * 65_537),
    ):
        with pytest.raises(CallbackRejected):
            SEPAY.verify(request, KEYS, NOW)
    for material in (b"", b":" + SECRET, SECRET + b"0"):
        with pytest.raises(CallbackRejected):
            SEPAY.verify(_request(), [key(Algorithm.HMAC_SHA256_HEX, material)], NOW)


@given(st.integers(min_value=0, max_value=7), st.integers(min_value=0, max_value=10_000))
def test_no_flipped_bit_of_the_body_is_believed(bit: int, place: int) -> None:
    body = bytearray(BODY)
    body[place % len(body)] ^= 1 << bit
    with pytest.raises(CallbackRejected):
        SEPAY.verify(_request(bytes(body), signature=_signature(BODY, TIMESTAMP)), KEYS, NOW)


@given(st.binary(max_size=300), st.binary(max_size=80), st.binary(max_size=20))
def test_random_bytes_raise_only_what_the_contract_names(
    body: bytes, signature: bytes, timestamp: bytes
) -> None:
    for request in (_request(body, timestamp, signature), _request(body, TIMESTAMP, signature)):
        with pytest.raises(CallbackRejected):
            SEPAY.verify(request, KEYS, NOW)
    assert SEPAY.verify(_request(body), KEYS, NOW) == body
    with pytest.raises(NoticeUnreadable):
        SEPAY.read(post(body))
