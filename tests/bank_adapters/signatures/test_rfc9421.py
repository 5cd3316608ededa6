"""The vectors of RFC 9421, Appendix B, verify; those that cover too little are refused."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bank_adapters.contract import CallbackRejected, CallbackRequest
from bank_adapters.signatures.http_algorithms import signature_matches
from bank_adapters.signatures.http_messages import require_http_signature
from bank_adapters.signatures.signature_base import read_signature_input, signature_base
from tests.bank_adapters.signatures.rfc9421 import (
    CREATED,
    ECC_KEY,
    ED25519_KEY,
    HMAC_KEY,
    INPUTS,
    KEYS,
    REQUEST,
    RESPONSE_BASE,
    RESPONSE_SIGNATURE,
    RSA_PSS_KEY,
    SIGNATURES,
)

THEN = datetime.fromtimestamp(CREATED, UTC)
ALL_KEYS = (RSA_PSS_KEY, ECC_KEY, ED25519_KEY, HMAC_KEY)


def signed(label: str) -> CallbackRequest:
    """Return the request of the document with its signature of this label."""
    signature_input = ("signature-input", f"{label}={INPUTS[label]}".encode())
    signature = ("signature", f"{label}=:{SIGNATURES[label]}:".encode())
    return replace(REQUEST, headers=(*REQUEST.headers, signature_input, signature))


def test_the_signature_base_that_the_document_prints() -> None:
    base = signature_base(REQUEST, read_signature_input(INPUTS["sig-b23"]))
    assert base.decode().splitlines() == [
        '"date": Tue, 20 Apr 2021 02:07:55 GMT',
        '"@method": POST',
        '"@path": /foo',
        '"@query": ?param=Value&Pet=dog',
        '"@authority": example.com',
        '"content-type": application/json',
        f'"content-digest": {(REQUEST.header("content-digest") or b"").decode()}',
        '"content-length": 18',
        f'"@signature-params": {INPUTS["sig-b23"]}',
    ]


@pytest.mark.parametrize("label", INPUTS)
def test_every_request_signature_verifies_over_its_base(label: str) -> None:
    base = signature_base(REQUEST, read_signature_input(INPUTS[label]))
    signature = base64.b64decode(SIGNATURES[label])
    assert [key for key in ALL_KEYS if signature_matches(key, signature, base)] == [KEYS[label]]
    assert not signature_matches(KEYS[label], signature, base + b" ")


def test_the_signature_of_a_response_verifies() -> None:
    signature = base64.b64decode(RESPONSE_SIGNATURE)
    assert signature_matches(ECC_KEY, signature, RESPONSE_BASE)
    assert not signature_matches(ECC_KEY, signature, RESPONSE_BASE + b"\n")


def test_full_coverage_is_accepted_within_five_minutes() -> None:
    request = signed("sig-b23")
    content = b'POST\nhttps://example.com/foo?param=Value&Pet=dog\n{"hello": "world"}'
    for seconds in (-300, 0, 300):
        now = THEN + timedelta(seconds=seconds)
        assert require_http_signature(request, ALL_KEYS, now) == content
    for seconds in (-301, 301):
        with pytest.raises(CallbackRejected, match="too far"):
            require_http_signature(request, ALL_KEYS, THEN + timedelta(seconds=seconds))


@pytest.mark.parametrize("label", ["sig-b21", "sig-b22", "sig-b25", "sig-b26"])
def test_too_little_coverage_is_refused_though_the_signature_is_right(label: str) -> None:
    with pytest.raises(CallbackRejected, match="does not cover"):
        require_http_signature(signed(label), ALL_KEYS, THEN)
