"""The RSA-signed credit notice from signature to reading."""

import pytest

from bank_adapters.banks.signed_notice import SignedNotice
from bank_adapters.contract import Algorithm, CallbackRejected, Outcome
from bank_adapters.counterpart.callbacks import sign_notice
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.keys import NOW, key, pem, post, rsa_key

BANK = SignedNotice()
KEYS = [key(Algorithm.RSA_SHA256, pem(rsa_key().public_key()))]
BODY = (
    b'{ "transactionId": "FT1", "accountNumber": "0011", "amount": 1, "currency": "VND",\n'
    b'"direction": "credit", "bookedAt": "2026-11-22T09:30:45Z" }'
)


def test_a_signed_notice_passes_and_the_raw_body_is_its_identity() -> None:
    request = post(BODY, sign_notice(BODY, rsa_key()))
    assert BANK.verify(request, KEYS, NOW) == BODY
    notice = BANK.read(request)
    assert (notice.result, notice.provider_transaction) == (NoticeResult.PAID, "FT1")


def test_a_changed_body_or_a_missing_or_doubled_header_is_rejected() -> None:
    headers = sign_notice(BODY, rsa_key())
    for spoiled in (
        post(BODY.replace(b'"amount": 1', b'"amount": 9'), headers),
        post(BODY + b"\n", headers),
        post(BODY),
        post(BODY, headers + headers),
        post(b" " * 65_537, sign_notice(b" " * 65_537, rsa_key())),
    ):
        with pytest.raises(CallbackRejected):
            BANK.verify(spoiled, KEYS, NOW)


def test_a_depth_bomb_is_rejected_before_it_is_parsed() -> None:
    with pytest.raises(CallbackRejected):
        BANK.verify(post(b"[" * 60_000, [("x-signature", b"AAAA")]), KEYS, NOW)


def test_rejected_is_401() -> None:
    assert BANK.acknowledge(Outcome.REJECTED).status == 401
