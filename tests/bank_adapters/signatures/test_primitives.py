"""Signatures: right ones pass, all others are `CallbackRejected` and never another error."""

import base64
import hmac
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import Algorithm, CallbackRejected
from bank_adapters.signatures.primitives import (
    hmac_hex,
    require_hmac,
    require_rsa,
    require_sha256_secret_last,
    require_size,
)
from tests.bank_adapters.keys import ED25519_KEY, WEBHOOK_KEY, key, pem, post, rsa_key
from tests.bank_adapters.published import gateway_vectors

CONTENT = b"vnp_Amount=1000000&vnp_TxnRef=1"
SECRET = b"a secret of sixteen or more"
HMAC_KEY = key(Algorithm.HMAC_SHA512_HEX, SECRET)
RSA_KEY = key(Algorithm.RSA_SHA256, pem(rsa_key().public_key()))
EVERY_KEY = (HMAC_KEY, RSA_KEY, WEBHOOK_KEY, ED25519_KEY)


def test_hmac_accepts_either_case_and_any_live_key() -> None:
    signature = hmac_hex(Algorithm.HMAC_SHA512_HEX, CONTENT, SECRET)
    other = key(Algorithm.HMAC_SHA512_HEX, b"the next secret in rotation")
    require_hmac(Algorithm.HMAC_SHA512_HEX, CONTENT, signature.encode(), [HMAC_KEY])
    require_hmac(Algorithm.HMAC_SHA512_HEX, CONTENT, signature.upper().encode(), [other, HMAC_KEY])


def test_the_published_primitive_vector() -> None:
    require_hmac(
        Algorithm.HMAC_SHA512_HEX,
        b"data",
        b"6274071d33dec2728a2a1c903697fc1210b3252221c3d137e12d9f1ae5c8ed53"
        b"e05e692b05a9eefff289667e2387c0fc0bd8a3d9bd7000782730c856a77a77d5",
        [key(Algorithm.HMAC_SHA512_HEX, b"secret")],
    )


def test_published_string_vectors() -> None:
    vectors = gateway_vectors(scheme="VNPAY")
    current = [vector for vector in vectors if vector["algorithm"] == "HMAC-SHA512"]
    assert len(current) == 7
    for vector in current:
        live = [key(Algorithm.HMAC_SHA512_HEX, vector["secret"].encode())]
        content = vector["string_to_sign"].encode()
        if vector["expect_valid"]:
            require_hmac(Algorithm.HMAC_SHA512_HEX, content, vector["expected"].encode(), live)
        else:
            with pytest.raises(CallbackRejected):
                require_hmac(Algorithm.HMAC_SHA512_HEX, content, vector["expected"].encode(), live)


def test_old_md5_hashes_are_refused() -> None:
    for vector in gateway_vectors(scheme="VNPAY 2.0 legacy"):
        live = [key(Algorithm.HMAC_SHA512_HEX, vector["secret"].encode())]
        with pytest.raises(CallbackRejected):
            require_hmac(
                Algorithm.HMAC_SHA512_HEX,
                vector["string_to_sign"].encode(),
                vector["expected"].encode(),
                live,
            )


def _good_hex() -> bytes:
    return hmac_hex(Algorithm.HMAC_SHA512_HEX, CONTENT, SECRET).encode()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: None,
        lambda _: b"",
        lambda good: bytes([good[0] ^ 1]) + good[1:],
        lambda good: good[:-1],
        lambda good: good + b"\n",
        lambda good: b" " + good[1:],
        lambda good: b"0x" + good[2:],
        lambda good: good[:64] + b" " + good[64:],
        lambda good: "é".encode() + good[2:],
        lambda good: "０".encode() + good[3:],
        lambda good: good * 8192,
    ],
)
def test_spoiled_hex_is_refused(spoil: Callable[[bytes], bytes | None]) -> None:
    with pytest.raises(CallbackRejected):
        require_hmac(Algorithm.HMAC_SHA512_HEX, CONTENT, spoil(_good_hex()), [HMAC_KEY])


def test_a_right_signature_of_other_content_or_under_another_key_kind_is_refused() -> None:
    with pytest.raises(CallbackRejected):
        require_hmac(Algorithm.HMAC_SHA512_HEX, CONTENT + b"0", _good_hex(), [HMAC_KEY])
    with pytest.raises(CallbackRejected):
        require_hmac(
            Algorithm.HMAC_SHA512_HEX, CONTENT, _good_hex(), [key(Algorithm.RSA_SHA256, SECRET)]
        )
    with pytest.raises(CallbackRejected):
        require_hmac(Algorithm.HMAC_SHA512_HEX, CONTENT, _good_hex(), [])
    empty = hmac.digest(b"", CONTENT, "sha512").hex().encode()
    with pytest.raises(CallbackRejected):
        require_hmac(
            Algorithm.HMAC_SHA512_HEX, CONTENT, empty, [key(Algorithm.HMAC_SHA512_HEX, b"")]
        )


def _rsa_signature(bits: int = 2048, exponent: int = 65537) -> bytes:
    signature = rsa_key(bits, exponent).sign(CONTENT, padding.PKCS1v15(), hashes.SHA256())
    return base64.b64encode(signature)


def test_rsa_accepts_its_own_signature() -> None:
    require_rsa(Algorithm.RSA_SHA256, CONTENT, _rsa_signature(), [RSA_KEY])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: None,
        lambda _: b"",
        lambda good: good.rstrip(b"="),
        lambda good: good + b"=",
        lambda good: good[:8] + b"\n" + good[8:],
        lambda good: good[:8] + b"-_" + good[10:],
        lambda good: good + b"AAAA",
        lambda good: "é".encode() + good[2:],
        lambda _: base64.b64encode(b"short"),
        lambda good: good * 4096,
    ],
)
def test_spoiled_base64_is_refused(spoil: Callable[[bytes], bytes | None]) -> None:
    with pytest.raises(CallbackRejected):
        require_rsa(Algorithm.RSA_SHA256, CONTENT, spoil(_rsa_signature()), [RSA_KEY])


def test_rsa_refuses_other_content_other_digests_and_weak_keys() -> None:
    with pytest.raises(CallbackRejected):
        require_rsa(Algorithm.RSA_SHA256, CONTENT + b" ", _rsa_signature(), [RSA_KEY])
    with_sha1 = rsa_key().sign(CONTENT, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303  refused
    with pytest.raises(CallbackRejected):
        require_rsa(Algorithm.RSA_SHA256, CONTENT, base64.b64encode(with_sha1), [RSA_KEY])
    for bits, exponent in ((1024, 65537), (2048, 3)):
        weak = key(Algorithm.RSA_SHA256, pem(rsa_key(bits, exponent).public_key()))
        with pytest.raises(CallbackRejected):
            require_rsa(Algorithm.RSA_SHA256, CONTENT, _rsa_signature(bits, exponent), [weak])
    with pytest.raises(CallbackRejected):
        require_rsa(
            Algorithm.RSA_SHA256, CONTENT, _rsa_signature(), [key(Algorithm.RSA_SHA256, b"no PEM")]
        )


def test_size_is_refused_first() -> None:
    require_size(post(b"x" * 65_536))
    with pytest.raises(CallbackRejected):
        require_size(post(b"x" * 65_537))


@given(st.binary(max_size=300), st.binary(max_size=300), st.binary(max_size=60))
def test_random_bytes_raise_nothing_else(content: bytes, signature: bytes, material: bytes) -> None:
    random_keys = [key(algorithm, material) for algorithm in Algorithm]
    every = [*random_keys, *EVERY_KEY]
    for algorithm in (
        Algorithm.HMAC_SHA512_HEX,
        Algorithm.HMAC_SHA256_HEX,
        Algorithm.HMAC_SHA256_HEX_DECODED,
        Algorithm.HMAC_SHA1_HEX,
    ):
        with pytest.raises(CallbackRejected):
            require_hmac(algorithm, content, signature, every)
    for algorithm in (Algorithm.RSA_SHA256, Algorithm.RSA_SHA1):
        with pytest.raises(CallbackRejected):
            require_rsa(algorithm, content, signature, every)
    with pytest.raises(CallbackRejected):
        require_sha256_secret_last(content, signature, every)
