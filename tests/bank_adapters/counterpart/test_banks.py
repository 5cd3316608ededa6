"""What each bank tells, its dialect verifies and reads; another key or address is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bank_adapters import payment_reference
from bank_adapters.contract import Algorithm, CallbackRejected, CallbackRequest, VerificationKey
from bank_adapters.counterpart.banks import ASKED_BANKS, BANKS
from bank_adapters.fields import TIME_NOT_STATED
from bank_adapters.registry import ALGORITHMS, DIALECTS, STATUS_DIALECTS
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from tests.bank_adapters.channels import channel_keys, material_of
from tests.bank_adapters.key_pairs import mirrored, own_key, private_pem
from tests.bank_adapters.keys import NOW, WEBHOOK_SECRET, ed25519_key, pem, rsa_key

URL = "https://phi.example/callbacks/bank/abcdefgh"
REFERENCE = payment_reference.make(bytes(range(16)))
HELD = {
    "rsabank": private_pem(rsa_key()),
    "webhookbank": WEBHOOK_SECRET,
    "httpbank": ed25519_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    "vietinbank": mirrored(),
}
"""What a bank holds where it is not what the service registers."""


def told(channel: str) -> PaymentNotice:
    return PaymentNotice(
        result=NoticeResult.PAID,
        result_code=BANKS[channel].credit_code,
        merchant="1132900001",
        our_reference=REFERENCE,
        provider_transaction="FT26327000001001",
        amount_minor=50_000,
        currency="VND",
        paid_at=NOW.replace(microsecond=0),
        memo=REFERENCE,
        account_number="1132900001",
    )


def held(channel: str) -> bytes:
    return HELD.get(channel) or material_of(channel, next(iter(ALGORITHMS[channel])))


def notify(channel: str, *, later: timedelta = timedelta()) -> CallbackRequest:
    request = BANKS[channel].notify(told(channel), held(channel), NOW + later, URL)
    # The service fills in where it is called; banks that sign no address do not know it.
    return replace(request, authority="phi.example", path="/callbacks/bank/abcdefgh")


def test_every_channel_of_a_bank_has_its_other_side() -> None:
    assert BANKS.keys() == {code for code, dialect in DIALECTS.items() if dialect.is_bank}
    weak = {code for code in BANKS if DIALECTS[code].scheme.is_weak}
    assert ASKED_BANKS.keys() == weak & STATUS_DIALECTS.keys()


@pytest.mark.parametrize("channel", BANKS)
def test_a_notice_is_verified_and_read_back(channel: str) -> None:
    dialect, request = DIALECTS[channel], notify(channel)
    dialect.verify(request, channel_keys(channel), NOW)
    read, sent = dialect.read(request), told(channel)
    assert (read.result, read.result_code) == (NoticeResult.PAID, BANKS[channel].credit_code)
    assert read.amount_minor == sent.amount_minor
    assert read.paid_at in {sent.paid_at, TIME_NOT_STATED}
    assert read.provider_transaction == sent.provider_transaction
    assert (read.account_number or read.virtual_account) == sent.account_number
    named = " ".join((read.memo, read.our_reference or ""))
    assert payment_reference.find(named) == (REFERENCE,)


@pytest.mark.parametrize("channel", BANKS)
def test_a_strangers_key_is_refused(channel: str) -> None:
    stranger = {
        Algorithm.RSA_SHA256: pem(own_key(2).public_key()),
        Algorithm.HTTP_ED25519: pem(ed25519_key(2).public_key()),
        Algorithm.STANDARD_WEBHOOKS_HMAC: bytes(range(40, 72)),
        Algorithm.HMAC_SHA256_HEX: b":".join([b"another-secret-of-the-same-kind"] * 3),
    }
    keys = [
        VerificationKey(key_id="k2", algorithm=algorithm, material=stranger[algorithm])
        for algorithm in ALGORITHMS[channel] & stranger.keys()
    ]
    assert keys
    with pytest.raises(CallbackRejected):
        DIALECTS[channel].verify(notify(channel), keys, NOW)


def test_an_http_signature_holds_at_its_own_address_only() -> None:
    request = replace(notify("httpbank"), authority="other.example")
    with pytest.raises(CallbackRejected):
        DIALECTS["httpbank"].verify(request, channel_keys("httpbank"), NOW)


@pytest.mark.parametrize("channel", sorted(BANKS.keys() - {"vietinbank"}))
def test_a_notice_sent_again_is_the_same_message(channel: str) -> None:
    keys, minute = channel_keys(channel), timedelta(minutes=1)
    first = DIALECTS[channel].verify(notify(channel), keys, NOW)
    second = DIALECTS[channel].verify(notify(channel, later=minute), keys, NOW + minute)
    assert first == second
