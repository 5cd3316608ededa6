"""How each bank signs a credit notice, listed by hand: channel → bank; for simulations and tests.

`material` is what the bank itself holds: a private key as PEM or the shared secret; where both
sides sign, our public key stands before the bank's private one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Protocol
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bank_adapters.banks.credit_notice import RESULT_CODE
from bank_adapters.banks.vietqr_vn import CREDIT
from bank_adapters.contract import CallbackRequest
from bank_adapters.counterpart import hyperlogy, vietinbank
from bank_adapters.counterpart.callbacks import (
    sign_notice,
    sign_standard_webhook,
    write_credit_notice,
    write_webhook,
)
from bank_adapters.counterpart.http_messages import sign_http_message
from bank_adapters.counterpart.payos import PayosCounterpart
from bank_adapters.counterpart.sepay import SepayCounterpart
from bank_adapters.counterpart.vietqr_vn import VietqrVnCounterpart
from bank_adapters.gateways.payos_codes import SUCCESS
from bank_adapters.gateways.sepay_codes import INCOMING
from bank_adapters.vocabulary import PaymentNotice


class NotifyAt(Protocol):
    """Writes and signs a notice that is sent to an address of the service."""

    def __call__(
        self, notice: PaymentNotice, material: bytes, sent_at: datetime, url: str
    ) -> CallbackRequest:
        """Return the request; a notice sent again carries a newer time where that is signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankCounterpart:
    """The other side of one channel that tells of money on an account.

    Every notice may name the account as merchant and hold our reference; a bank that has no field
    for the latter leaves it out.
    """

    credit_code: str
    """The `result_code` of a credit."""
    notify: NotifyAt


def _anywhere(
    notify: Callable[[PaymentNotice, bytes, datetime], CallbackRequest],
) -> NotifyAt:
    def told(
        notice: PaymentNotice, material: bytes, sent_at: datetime, url: str
    ) -> CallbackRequest:
        del url  # this bank signs no address
        return notify(notice, material, sent_at)

    return told


@lru_cache(maxsize=64)
def _private_key(material: bytes) -> PrivateKeyTypes:
    # Loading an RSA key checks it at length.
    return load_pem_private_key(material, None)


def _rsa(notice: PaymentNotice, material: bytes, sent_at: datetime) -> CallbackRequest:
    del sent_at
    body = write_credit_notice(notice)
    key = _private_key(material)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("this bank signs with RSA")
    headers = sign_notice(body, key)
    return CallbackRequest(method="POST", query=b"", headers=headers, body=body)


def _webhook(notice: PaymentNotice, material: bytes, sent_at: datetime) -> CallbackRequest:
    body = write_webhook(notice, sent_at=notice.paid_at)
    message_id = f"msg_{notice.provider_transaction}"
    headers = sign_standard_webhook(body, message_id=message_id, sent_at=sent_at, keys=[material])
    return CallbackRequest(method="POST", query=b"", headers=headers, body=body)


def _http(notice: PaymentNotice, material: bytes, sent_at: datetime, url: str) -> CallbackRequest:
    key = _private_key(material)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("this bank signs with Ed25519")
    address = urlsplit(url)
    request = CallbackRequest(
        method="POST",
        query=b"",
        headers=(("content-type", b"application/json"),),
        body=write_credit_notice(notice),
        authority=address.netloc,
        path=address.path,
    )
    return sign_http_message(request, key, created=sent_at)


_VIETQR_VN: Final = VietqrVnCounterpart()

BANKS: Final[Mapping[str, BankCounterpart]] = MappingProxyType(
    {
        "rsabank": BankCounterpart(credit_code=RESULT_CODE, notify=_anywhere(_rsa)),
        "webhookbank": BankCounterpart(credit_code=RESULT_CODE, notify=_anywhere(_webhook)),
        "httpbank": BankCounterpart(credit_code=RESULT_CODE, notify=_http),
        "sepay": BankCounterpart(credit_code=INCOMING, notify=_anywhere(SepayCounterpart().notify)),
        "payos": BankCounterpart(credit_code=SUCCESS, notify=_anywhere(PayosCounterpart().notify)),
        "vietinbank": BankCounterpart(credit_code="1", notify=_anywhere(vietinbank.notify)),
        "vietqrvn": BankCounterpart(credit_code=CREDIT, notify=_anywhere(_VIETQR_VN.notify)),
        "hyperlogy": BankCounterpart(credit_code="0", notify=_anywhere(hyperlogy.notify)),
    }
)
"""Every channel whose notices speak of money that is on an account already."""

ASKED_BANKS: Final[Mapping[str, VietqrVnCounterpart]] = MappingProxyType({"vietqrvn": _VIETQR_VN})
"""Those whose notices prove too little and that answer when they are asked."""
