"""Requests signed with HTTP Message Signatures, and ways to spoil them."""

import base64
from collections.abc import Sequence
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bank_adapters.contract import Algorithm, CallbackRejected, CallbackRequest, VerificationKey
from bank_adapters.counterpart.http_messages import PrivateKey, sign_http_message
from bank_adapters.signatures.http_messages import require_http_signature
from tests.bank_adapters.keys import NOW, ed25519_key, pem, rsa_key

SECRET = bytes(range(64))
P256 = ec.derive_private_key(0x1234567890ABCDEF, ec.SECP256R1())


def p256_pem(private: ec.EllipticCurvePrivateKey) -> bytes:
    """Return the public key of a curve key as PEM bytes."""
    return private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


SCHEMES: dict[Algorithm, tuple[PrivateKey, bytes]] = {
    Algorithm.HTTP_ED25519: (ed25519_key(), pem(ed25519_key().public_key())),
    Algorithm.HTTP_ECDSA_P256_SHA256: (P256, p256_pem(P256)),
    Algorithm.HTTP_RSA_PSS_SHA512: (rsa_key(), pem(rsa_key().public_key())),
    Algorithm.HTTP_RSA_V1_5_SHA256: (rsa_key(), pem(rsa_key().public_key())),
    Algorithm.HTTP_HMAC_SHA256: (SECRET, SECRET),
}
LIVE = [
    VerificationKey(key_id="k1", algorithm=algorithm, material=material)
    for algorithm, (_, material) in SCHEMES.items()
]
REQUEST = CallbackRequest(
    method="POST",
    query=b"unit=H24.11&n=1",
    headers=(("content-type", b"application/json"), ("date", b"Sun, 22 Nov 2026 09:30:45 GMT")),
    body=b'{"amount":5000}',
    authority="pay.example.vn",
    path="/callbacks/bank",
)


def signed(
    request: CallbackRequest = REQUEST,
    algorithm: Algorithm = Algorithm.HTTP_ED25519,
    components: Sequence[str] | None = None,
    label: str = "sig1",
) -> CallbackRequest:
    """Return a request that is signed now."""
    return sign_http_message(
        request,
        SCHEMES[algorithm][0],
        created=NOW,
        key_id="k1",
        components=components,
        label=label,
        rsa_algorithm=algorithm,
    )


def with_header(request: CallbackRequest, name: str, value: bytes | None) -> CallbackRequest:
    """Return the request with another value of this header, or without it."""
    headers = [(key, old) for key, old in request.headers if key != name]
    if value is not None:
        headers.append((name, value))
    return replace(request, headers=tuple(headers))


def edited(request: CallbackRequest, name: str, old: bytes, new: bytes) -> CallbackRequest:
    """Return the request with a part of this header replaced, which must be there."""
    value = request.header(name) or b""
    assert old in value
    return with_header(request, name, value.replace(old, new, 1))


def require_refusal(
    request: CallbackRequest, keys: Sequence[VerificationKey] = LIVE, match: str = "."
) -> None:
    """Expect `CallbackRejected`."""
    with pytest.raises(CallbackRejected, match=match):
        require_http_signature(request, keys, NOW)


def signed_over(text: str, base: str) -> CallbackRequest:
    """Return a request with this signature input, and the Ed25519 signature over this base."""
    signature = base64.b64encode(ed25519_key().sign(base.encode()))
    request = with_header(signed(), "signature-input", f"sig1={text}".encode())
    return with_header(request, "signature", b"sig1=:%b:" % signature)
