"""Credit notices in the envelope of Standard Webhooks."""

from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bank_adapters.banks.standard_webhooks import StandardWebhooksBank
from bank_adapters.contract import Algorithm, CallbackRejected, NoticeUnreadable, VerificationKey
from bank_adapters.counterpart.callbacks import sign_standard_webhook
from tests.bank_adapters.keys import NOW, WEBHOOK_SECRET, ed25519_key, key, pem, post

BANK = StandardWebhooksBank()
DATA = (
    b'{"transactionId":"FT1","accountNumber":"0011","amount":1,"currency":"VND",'
    b'"direction":"credit","bookedAt":"2026-11-22T09:30:45Z"}'
)
BODY = b'{"type":"credit.received","timestamp":"2026-11-22T09:30:45Z","data":' + DATA + b"}"
SIGNERS: list[tuple[bytes | Ed25519PrivateKey, VerificationKey]] = [
    (WEBHOOK_SECRET, key(Algorithm.STANDARD_WEBHOOKS_HMAC, WEBHOOK_SECRET)),
    (ed25519_key(), key(Algorithm.STANDARD_WEBHOOKS_ED25519, pem(ed25519_key().public_key()))),
]


def _verify(
    signer: tuple[bytes | Ed25519PrivateKey, VerificationKey],
    *,
    message_id: str = "msg_1",
    body: bytes = BODY,
    sent_at: datetime = NOW,
    now: datetime = NOW,
) -> bytes:
    headers = sign_standard_webhook(body, message_id=message_id, sent_at=sent_at, keys=[signer[0]])
    return BANK.verify(post(body, headers), [signer[1]], now)


@pytest.mark.parametrize("signer", SIGNERS)
def test_a_message_sent_again_later_is_the_same_message(
    signer: tuple[bytes | Ed25519PrivateKey, VerificationKey],
) -> None:
    first = _verify(signer)
    later = NOW + timedelta(hours=5)
    assert _verify(signer, sent_at=later, now=later) == first == b"msg_1." + BODY
    assert _verify(signer, message_id="msg_2") != first
    assert _verify(signer, body=BODY + b" ") != first
    with pytest.raises(CallbackRejected):
        _verify(signer, now=NOW + timedelta(seconds=301))


def test_the_notice_inside_is_read() -> None:
    notice = BANK.read(post(BODY))
    assert (notice.provider_transaction, notice.amount_minor) == ("FT1", 1)
    assert notice.paid_at == NOW


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"credit.received", b"debit.booked"),
        (b'"type"', b'"kind"'),
        (b'"timestamp":"2026-11-22T09:30:45Z"', b'"timestamp":1'),
        (b'"timestamp":"2026-11-22T09:30:45Z",', b""),
        (DATA, b"[]"),
        (DATA, b"null"),
        (b'"amount":1', b'"amount":1.0'),
        (b'"data"', b'"data":{},"data"'),
    ],
)
def test_another_envelope_is_unreadable(before: bytes, after: bytes) -> None:
    assert before in BODY
    with pytest.raises(NoticeUnreadable):
        BANK.read(post(BODY.replace(before, after, 1)))
