"""Credit notices under HTTP Message Signatures, with each of the five algorithms."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bank_adapters.banks.http_signatures import HttpSignaturesBank
from bank_adapters.contract import (
    Algorithm,
    CallbackRejected,
    CallbackRequest,
    NoticeUnreadable,
    VerificationKey,
)
from bank_adapters.counterpart.http_messages import PrivateKey, sign_http_message
from tests.bank_adapters.keys import NOW, WEBHOOK_SECRET, ed25519_key, key, pem, post, rsa_key

BANK = HttpSignaturesBank()
BODY = (
    b'{"transactionId":"FT1","accountNumber":"0011","amount":1,"currency":"VND",'
    b'"direction":"credit","bookedAt":"2026-11-22T09:30:45Z"}'
)
CURVE_KEY = generate_private_key(SECP256R1())
CURVE_PEM = CURVE_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
REQUEST = replace(post(BODY), authority="pay.example", path="/callbacks/httpbank/a")
SIGNERS: dict[Algorithm, tuple[PrivateKey, bytes]] = {
    Algorithm.HTTP_ED25519: (ed25519_key(), pem(ed25519_key().public_key())),
    Algorithm.HTTP_ECDSA_P256_SHA256: (CURVE_KEY, CURVE_PEM),
    Algorithm.HTTP_RSA_PSS_SHA512: (rsa_key(), pem(rsa_key().public_key())),
    Algorithm.HTTP_RSA_V1_5_SHA256: (rsa_key(), pem(rsa_key().public_key())),
    Algorithm.HTTP_HMAC_SHA256: (WEBHOOK_SECRET, WEBHOOK_SECRET),
}


def _signed(
    algorithm: Algorithm = Algorithm.HTTP_ED25519, *, key_id: str = "k1", created: datetime = NOW
) -> CallbackRequest:
    return sign_http_message(
        REQUEST, SIGNERS[algorithm][0], created=created, key_id=key_id, rsa_algorithm=algorithm
    )


def _key(algorithm: Algorithm = Algorithm.HTTP_ED25519) -> VerificationKey:
    return key(algorithm, SIGNERS[algorithm][1])


@pytest.mark.parametrize("algorithm", SIGNERS)
def test_each_algorithm_verifies_with_its_own_key_record_only(algorithm: Algorithm) -> None:
    request = _signed(algorithm)
    assert BODY in BANK.verify(request, [_key(algorithm)], NOW)
    assert BANK.read(request).provider_transaction == "FT1"
    for other in SIGNERS:
        if other is not algorithm:
            with pytest.raises(CallbackRejected):
                BANK.verify(request, [_key(other)], NOW)


def test_a_message_sent_again_later_is_the_same_message() -> None:
    later = NOW + timedelta(days=2)
    again = BANK.verify(_signed(created=later), [_key()], later)
    assert again == BANK.verify(_signed(), [_key()], NOW)


def test_two_live_keys_are_both_accepted_and_an_unknown_one_is_not() -> None:
    new = VerificationKey(
        key_id="k2",
        algorithm=Algorithm.HTTP_ED25519,
        material=pem(ed25519_key(2).public_key()),
    )
    keys = [_key(), new]
    assert BANK.verify(_signed(), keys, NOW)
    request = sign_http_message(REQUEST, ed25519_key(2), created=NOW, key_id="k2")
    assert BANK.verify(request, keys, NOW)
    for stranger in (
        sign_http_message(REQUEST, ed25519_key(3), created=NOW, key_id="k1"),
        sign_http_message(REQUEST, ed25519_key(2), created=NOW, key_id="k1"),
        _signed(key_id="k9"),
    ):
        with pytest.raises(CallbackRejected):
            BANK.verify(stranger, keys, NOW)


def test_what_does_not_cover_body_and_address_or_is_old_is_rejected() -> None:
    good = _signed()
    spoiled = [
        replace(good, body=BODY.replace(b'"amount":1', b'"amount":9')),
        replace(good, path="/callbacks/httpbank/b"),
        replace(good, authority="other.example"),
        replace(good, query=b"a=1"),
        replace(good, headers=good.headers * 2),
        sign_http_message(REQUEST, ed25519_key(), created=NOW, key_id="k1", components=[]),
        sign_http_message(
            REQUEST,
            ed25519_key(),
            created=NOW,
            key_id="k1",
            components=["@method", "@authority", "@path"],
        ),
        _signed(created=NOW - timedelta(seconds=301)),
        _signed(created=NOW + timedelta(seconds=301)),
    ]
    for request in spoiled:
        with pytest.raises(CallbackRejected):
            BANK.verify(request, [_key()], NOW)


def test_a_verified_message_of_another_form_is_unreadable() -> None:
    with pytest.raises(NoticeUnreadable):
        BANK.read(post(b"[]"))
