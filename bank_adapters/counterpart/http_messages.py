"""Signs requests with HTTP Message Signatures (RFC 9421); for simulations and tests."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from bank_adapters.contract import Algorithm, CallbackRequest
from bank_adapters.signatures.content_digest import CONTENT_DIGEST
from bank_adapters.signatures.http_messages import SIGNATURE, SIGNATURE_INPUT
from bank_adapters.signatures.signature_base import read_signature_input, signature_base

PrivateKey = bytes | Ed25519PrivateKey | EllipticCurvePrivateKey | RSAPrivateKey
"""A raw shared secret or a private key."""


def sign_http_message(
    request: CallbackRequest,
    private_key: PrivateKey,
    *,
    created: datetime,
    key_id: str = "",
    components: Sequence[str] | None = None,
    label: str = "sig1",
    rsa_algorithm: Algorithm = Algorithm.HTTP_RSA_PSS_SHA512,
) -> CallbackRequest:
    """Return the request with its SHA-256 digest and a signature over these components.

    Without components: method, authority, path, query if there is one, and digest. Without
    `key_id` the signature names no key.
    """
    digest = base64.b64encode(hashlib.sha256(request.body).digest())
    whole = _with(request, CONTENT_DIGEST, b"sha-256=:%b:" % digest)
    if components is None:
        query = ["@query"] if request.query else []
        components = ["@method", "@authority", "@path", *query, CONTENT_DIGEST]
    covered = " ".join(f'"{component}"' for component in components)
    named = f';keyid="{key_id}"' if key_id else ""
    text = f"({covered});created={int(created.timestamp())}{named}"
    base = signature_base(whole, read_signature_input(text))
    signature = base64.b64encode(_sign(private_key, base, rsa_algorithm))
    whole = _with(whole, SIGNATURE_INPUT, f"{label}={text}".encode())
    return _with(whole, SIGNATURE, b"%b=:%b:" % (label.encode(), signature))


def _with(request: CallbackRequest, name: str, value: bytes) -> CallbackRequest:
    return replace(request, headers=(*request.headers, (name, value)))


def _sign(key: PrivateKey, base: bytes, rsa_algorithm: Algorithm) -> bytes:
    match key:
        case bytes():
            return hmac.digest(key, base, "sha256")
        case Ed25519PrivateKey():
            return key.sign(base)
        case EllipticCurvePrivateKey():
            r, s = decode_dss_signature(key.sign(base, ECDSA(hashes.SHA256())))
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")
        case _ if rsa_algorithm is Algorithm.HTTP_RSA_V1_5_SHA256:
            return key.sign(base, padding.PKCS1v15(), hashes.SHA256())
        case _:
            salted = padding.PSS(mgf=padding.MGF1(hashes.SHA512()), salt_length=64)
            return key.sign(base, salted, hashes.SHA512())
