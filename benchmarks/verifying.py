"""Callbacks verified and read per second, beside the bare primitive over the same bytes."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bank_adapters.contract import Algorithm, CallbackRequest, VerificationKey
from bank_adapters.counterpart.banks import BANKS
from bank_adapters.counterpart.gateways import COUNTERPARTS
from bank_adapters.registry import DIALECTS
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from benchmarks.figures import Figure, compared
from benchmarks.stopwatch import seconds_of
from payment_service.simulation.keys import algorithm_of, exchange, make_material, make_rsa_key

_NOW: Final = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
_URL: Final = "https://phi.example/callbacks/x/y"
_DIGESTS: Final = {Algorithm.HMAC_SHA512_HEX: "sha512", Algorithm.HMAC_SHA1_HEX: "sha1"}
CHANNELS: Final = tuple(code for code in DIALECTS if code in BANKS or code in COUNTERPARTS)


def measure(callbacks: int, repeats: int) -> list[Figure]:
    """Verify and read one notice of each channel again and again."""
    return [_figure(code, callbacks, repeats) for code in CHANNELS]


def _figure(code: str, callbacks: int, repeats: int) -> Figure:
    algorithm = algorithm_of(code)
    registered, held = exchange(code, make_material(code), make_rsa_key())
    request = _request(code, held.encode())
    key = VerificationKey(key_id="k1", algorithm=algorithm, material=registered)
    ours = partial(_verify_and_read, code, request, key)
    bare = _bare(algorithm, held, request.query or request.body)
    speeds = [
        callbacks / seconds_of(partial(_many, work, callbacks), repeats) for work in (ours, bare)
    ]
    return compared(
        f"{code} verified and read", callbacks, speeds[0], "callbacks/s",
        against=f"bare {algorithm}", other=speeds[1],
    )  # fmt: skip


def _many(work: Callable[[], object], count: int) -> None:
    for _ in range(count):
        work()


def _verify_and_read(code: str, request: CallbackRequest, key: VerificationKey) -> None:
    DIALECTS[code].verify(request, [key], _NOW)
    DIALECTS[code].read(request)


def _request(code: str, held: bytes) -> CallbackRequest:
    bank = BANKS.get(code)
    credit_code = bank.credit_code if bank else COUNTERPARTS[code].result_code(NoticeResult.PAID)
    notice = PaymentNotice(
        result=NoticeResult.PAID,
        result_code=credit_code,
        merchant="2554",
        our_reference="HPFX3F3CZ7GCF001",
        provider_transaction="14422574",
        amount_minor=8_000,
        currency="VND",
        paid_at=_NOW,
        memo="HPFX3F3CZ7GCF",
        account_number="1132900001",
    )
    if bank:
        return bank.notify(notice, held, _NOW, _URL)
    return COUNTERPARTS[code].notify(notice, held, _NOW)


def _bare(algorithm: Algorithm, held: str, content: bytes) -> Callable[[], object]:
    """Return one call of the primitive alone, its key and signature at hand."""
    if not held.startswith("-----BEGIN"):
        secret = held.encode()
        if algorithm is Algorithm.SHA256_SECRET_LAST:
            return lambda: hashlib.sha256(content + secret).hexdigest()
        digest = _DIGESTS.get(algorithm, "sha256")
        return lambda: hmac.compare_digest(hmac.digest(secret, content, digest), b"x")
    key = load_pem_private_key(held[held.index("-----BEGIN PRIVATE") :].encode(), None)
    if isinstance(key, Ed25519PrivateKey):
        signed, public = key.sign(content), key.public_key()
        return lambda: public.verify(signed, content)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("neither Ed25519 nor RSA")
    signature, rsa = key.sign(content, padding.PKCS1v15(), hashes.SHA256()), key.public_key()
    return lambda: rsa.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
