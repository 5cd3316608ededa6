"""Genuine messages of every channel, written as bytes to be changed, and cut out of bytes again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from bank_adapters import payment_reference
from bank_adapters.contract import Algorithm, CallbackDialect, CallbackRequest
from bank_adapters.counterpart.banks import BANKS
from bank_adapters.counterpart.callbacks import sign_standard_webhook
from bank_adapters.counterpart.gateways import COUNTERPARTS
from bank_adapters.counterpart.http_messages import PrivateKey, sign_http_message
from bank_adapters.outgoing import Answer, Beneficiary, Order, Payer, Question, RefundOrder
from bank_adapters.registry import ALGORITHMS, DIALECTS, SIGNED_BY_US
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from tests.bank_adapters.counterpart.test_banks import held
from tests.bank_adapters.key_pairs import mirrored
from tests.bank_adapters.keys import WEBHOOK_SECRET, ed25519_key, rsa_key

NOW: Final = datetime(2026, 11, 22, 2, 30, 45, tzinfo=UTC)
AUTHORITY, PATH = "phi.example", "/callbacks/x/y"
REFERENCE: Final = payment_reference.make(bytes(range(16)))
ORDER: Final = Order(
    reference="HPFX3F3CZ7GCF001",
    amount_minor=80_000,
    description="Nop phi HPFX3F3CZ7GCF",
    created_at=NOW,
    expires_at=NOW + timedelta(minutes=15),
    return_url="https://phi.example/pay/x",
    notify_url="https://phi.example/callbacks/x/y",
    payer=Payer(full_name="Nguyễn Văn A"),
    beneficiary=Beneficiary(
        account_number="1132900001",
        account_name="UBND PHUONG NGO QUYEN",
        bank_code="970436",
        unit_code="11329",
        unit_name="UBND phường Ngô Quyền",
        procedure_code="2.000815",
        procedure_name="Chứng thực bản sao từ bản chính",
        dossier_code="H24.11-261122-0001",
    ),
)
QUESTION: Final = Question(
    request_id="a1",
    our_reference=ORDER.reference,
    provider_transaction="14422574",
    ordered_at=NOW,
    asked_at=NOW,
)
REFUND: Final = RefundOrder(
    request_id="a2",
    our_reference=ORDER.reference,
    provider_transaction="14422574",
    paid_at=NOW,
    paid_minor=80_000,
    amount_minor=80_000,
    reason="Hoan phi",
    ordered_by="ketoan",
    ordered_at=NOW,
)
_HEADERS_MAX: Final = 12
_HTTP_KEYS: Final[dict[Algorithm, PrivateKey]] = {
    Algorithm.HTTP_ECDSA_P256_SHA256: ec.derive_private_key(7, ec.SECP256R1()),
    Algorithm.HTTP_RSA_PSS_SHA512: rsa_key(),
    Algorithm.HTTP_RSA_V1_5_SHA256: rsa_key(),
    Algorithm.HTTP_HMAC_SHA256: WEBHOOK_SECRET,
}
"""What signs for the public keys of `channel_keys`."""


def merchant_of(channel: str) -> str:
    """Return what a channel calls us; ZaloPay wants a number."""
    return "2554" if channel == "zalopay" else "HPG"


def sender_key(channel: str) -> bytes:
    """Return what a channel itself holds of the keys of `channel_keys`."""
    return mirrored() if channel in SIGNED_BY_US else held(channel)


@lru_cache
def genuine(channel: str) -> tuple[CallbackRequest, ...]:
    """Return a well-signed notice for everything that a channel can tell and every kind of key."""
    # What a sender does not know of its address, the service fills in.
    return tuple(replace(each, authority=AUTHORITY, path=PATH) for each in _genuine(channel))


def _genuine(channel: str) -> Iterator[CallbackRequest]:
    material, notice = sender_key(channel), _notice(merchant_of(channel))
    if channel in BANKS:
        bank = BANKS[channel]
        told = replace(notice, result_code=bank.credit_code)
        url = f"https://{AUTHORITY}{PATH}"
        yield (first := bank.notify(told, material, NOW, url))
        yield from _signed_otherwise(channel, first)
    if channel in COUNTERPARTS and not DIALECTS[channel].is_bank:
        gateway = COUNTERPARTS[channel]
        for result in sorted(gateway.notifies):
            told = replace(notice, result=result, result_code=gateway.result_code(result))
            yield gateway.notify(told, material, NOW)


def _notice(merchant: str) -> PaymentNotice:
    return PaymentNotice(
        result=NoticeResult.PAID,
        result_code="",
        merchant=merchant,
        our_reference=ORDER.reference,
        provider_transaction="14422574",
        amount_minor=80_000,
        currency="VND",
        paid_at=NOW.replace(microsecond=0),
        memo=REFERENCE,
        account_number="1132900001",
        virtual_account="900300000000",
    )


def _signed_otherwise(channel: str, first: CallbackRequest) -> Iterator[CallbackRequest]:
    """Yield the message under the other kinds of keys that its channel allows."""
    if Algorithm.STANDARD_WEBHOOKS_ED25519 in ALGORITHMS[channel]:
        headers = sign_standard_webhook(
            first.body, message_id="msg_14422574", sent_at=NOW, keys=[b"x" * 32, ed25519_key()]
        )
        yield replace(first, headers=headers)
    for algorithm in sorted(_HTTP_KEYS.keys() & ALGORITHMS[channel]):
        yield sign_http_message(
            replace(first, headers=first.headers[:1], authority=AUTHORITY, path=PATH),
            _HTTP_KEYS[algorithm],
            created=NOW,
            rsa_algorithm=algorithm,
        )


def written(message: CallbackRequest | Answer) -> bytes:
    """Return headers, one a line, and after an empty line the query or body."""
    head = b"\n".join(name.encode() + b":" + value for name, value in message.headers)
    query = message.query if isinstance(message, CallbackRequest) else b""
    return head + b"\n\n" + (query or message.body)


def request_of(dialect: CallbackDialect, data: bytes) -> CallbackRequest:
    """Cut a callback out of bytes, as `written` lays it out."""
    headers, rest = _cut(data)
    is_query = dialect.method == "GET"
    return CallbackRequest(
        method=dialect.method,
        query=rest if is_query else b"",
        headers=headers,
        body=b"" if is_query else rest,
        authority=AUTHORITY,
        path=PATH,
    )


def answer_of(data: bytes) -> Answer:
    """Cut a gateway's answer out of bytes, as `written` lays it out."""
    headers, rest = _cut(data)
    return Answer(status=200, body=rest, headers=headers)


def _cut(data: bytes) -> tuple[tuple[tuple[str, bytes], ...], bytes]:
    head, _, rest = data.partition(b"\n\n")
    lines = (line.partition(b":") for line in head.split(b"\n", _HEADERS_MAX))
    return tuple((name.decode("latin-1").lower(), value) for name, _, value in lines if name), rest
