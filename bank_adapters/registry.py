"""The channels this house understands, listed by hand: code → dialect, and what each offers."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from bank_adapters.banks.bank_codes import (
    CREDIT_CODES,
    UNKNOWN_CODE,
    VIETINBANK_CODES,
    VIETQR_VN_CODES,
)
from bank_adapters.banks.http_signatures import HttpSignaturesBank
from bank_adapters.banks.signed_notice import SignedNotice
from bank_adapters.banks.standard_webhooks import StandardWebhooksBank
from bank_adapters.banks.vietinbank import VietinBank
from bank_adapters.banks.vietqr_vn import VietqrVn
from bank_adapters.contract import Algorithm, CallbackDialect, SignedReply
from bank_adapters.gateways import (
    baokim_codes,
    baokim_requests,
    hyperlogy_codes,
    keypay_codes,
    momo_codes,
    npsp_codes,
    onepay_codes,
    payos_codes,
    sepay_codes,
    viettelpay_codes,
    vnpay_codes,
    zalopay_codes,
)
from bank_adapters.gateways.baokim import Baokim
from bank_adapters.gateways.baokim_requests import COLLECT_MINOR_MAX, COLLECT_MINOR_MIN
from bank_adapters.gateways.hyperlogy import Hyperlogy
from bank_adapters.gateways.keypay import KeyPay
from bank_adapters.gateways.keypay_requests import KeyPayRequests
from bank_adapters.gateways.momo import Momo
from bank_adapters.gateways.npsp import Npsp
from bank_adapters.gateways.npsp_requests import NpspRequests
from bank_adapters.gateways.onepay import Onepay
from bank_adapters.gateways.payos import Payos
from bank_adapters.gateways.sepay import Sepay
from bank_adapters.gateways.viettelpay import ViettelPay
from bank_adapters.gateways.viettelpay_requests import ViettelPayRequests
from bank_adapters.gateways.vnpay import Vnpay
from bank_adapters.gateways.zalopay import Zalopay
from bank_adapters.outgoing import CheckoutDialect, RefundDialect, StatusDialect, TokenDialect
from bank_adapters.signing_keys import WeakKey, load_rsa_private_key, require_strong
from bank_adapters.vocabulary import CodeMeaning

_VNPAY, _MOMO, _ZALOPAY, _PAYOS, _ONEPAY, _SEPAY = (
    Vnpay(), Momo(), Zalopay(), Payos(), Onepay(), Sepay(),
)  # fmt: skip
_VIETTELPAY, _NPSP, _BAOKIM, _VIETINBANK, _VIETQR_VN = (
    ViettelPay(), Npsp(), Baokim(), VietinBank(), VietqrVn(),
)  # fmt: skip
_KEYPAY_REQUESTS, _VIETTELPAY_REQUESTS, _NPSP_REQUESTS = (
    KeyPayRequests(), ViettelPayRequests(), NpspRequests(),
)  # fmt: skip

DIALECTS: Final[Mapping[str, CallbackDialect]] = MappingProxyType(
    {
        "vnpay": _VNPAY,
        "momo": _MOMO,
        "zalopay": _ZALOPAY,
        "payos": _PAYOS,
        "onepay": _ONEPAY,
        "sepay": _SEPAY,
        "keypay": KeyPay(),
        "viettelpay": _VIETTELPAY,
        "npsp": _NPSP,
        "baokim": _BAOKIM,
        "vietinbank": _VIETINBANK,
        "vietqrvn": _VIETQR_VN,
        "hyperlogy": Hyperlogy(),
        "rsabank": SignedNotice(),
        "webhookbank": StandardWebhooksBank(),
        "httpbank": HttpSignaturesBank(),
    }
)
"""Each dialect has no state and may be shared by all threads."""

CHECKOUT_DIALECTS: Final[Mapping[str, CheckoutDialect]] = MappingProxyType(
    {
        "vnpay": _VNPAY,
        "npsp": _NPSP_REQUESTS,
        "momo": _MOMO,
        "zalopay": _ZALOPAY,
        "viettelpay": _VIETTELPAY_REQUESTS,
        "payos": _PAYOS,
        "onepay": _ONEPAY,
        "keypay": _KEYPAY_REQUESTS,
        "baokim": _BAOKIM,
        "sepay": _SEPAY,
    }
)
"""Gateways that take orders, in the order in which citizens see them."""

COLLECTED_MINOR: Final[Mapping[str, range]] = MappingProxyType(
    {"baokim": range(COLLECT_MINOR_MIN, COLLECT_MINOR_MAX + 1)}
)
"""Gateways that refuse orders of other amounts, whatever is asked for."""

ENDS_ORDERS: Final = frozenset({"vnpay", "zalopay", "payos", "baokim"})
"""Gateways that are told when an order of ours ends, and take no money for it afterwards.

The others end it when they like, if ever, and do not say when.
"""

STATUS_DIALECTS: Final[Mapping[str, StatusDialect]] = MappingProxyType(
    {
        "vnpay": _VNPAY,
        "momo": _MOMO,
        "zalopay": _ZALOPAY,
        "payos": _PAYOS,
        "onepay": _ONEPAY,
        "sepay": _SEPAY,
        "keypay": _KEYPAY_REQUESTS,
        "viettelpay": _VIETTELPAY_REQUESTS,
        "npsp": _NPSP_REQUESTS,
        "baokim": _BAOKIM,
        "vietqrvn": _VIETQR_VN,
    }
)
"""Channels that can be asked about one payment; every weak scheme that is used needs one."""

TOKEN_DIALECTS: Final[Mapping[str, TokenDialect]] = MappingProxyType({"vietqrvn": _VIETQR_VN})
"""Channels whose services want a token first."""

REFUND_DIALECTS: Final[Mapping[str, RefundDialect]] = MappingProxyType(
    {
        "vnpay": _VNPAY,
        "momo": _MOMO,
        "zalopay": _ZALOPAY,
        "onepay": _ONEPAY,
        "keypay": _KEYPAY_REQUESTS,
        "viettelpay": _VIETTELPAY_REQUESTS,
    }
)
"""Gateways that send money back on demand; payOS and the national platform do not.

SePay does for company accounts at VietinBank alone, by a number that its webhooks do not carry.
"""

SIGNED_REPLIES: Final[Mapping[str, SignedReply]] = MappingProxyType(
    {
        "viettelpay": _VIETTELPAY,
        "npsp": _NPSP,
        "baokim": _BAOKIM,
        "vietinbank": _VIETINBANK,
        "vietqrvn": _VIETQR_VN,
    }
)
"""Channels whose reply names the request or is signed."""

Explain = Callable[[str], CodeMeaning]


def _read_in(table: Mapping[str, CodeMeaning], unknown: CodeMeaning) -> Explain:
    return lambda result_code: table.get(result_code, unknown)


EXPLANATIONS: Final[Mapping[str, Explain]] = MappingProxyType(
    {
        "vnpay": vnpay_codes.explain,
        "momo": momo_codes.explain,
        "zalopay": zalopay_codes.explain,
        "payos": _read_in(payos_codes.RESULT_CODES, payos_codes.UNKNOWN_CODE),
        "onepay": _read_in(onepay_codes.RESULT_CODES, onepay_codes.UNKNOWN_CODE),
        "sepay": _read_in(sepay_codes.RESULT_CODES, sepay_codes.UNKNOWN_CODE),
        "keypay": keypay_codes.explain,
        "viettelpay": viettelpay_codes.explain,
        "npsp": npsp_codes.explain,
        "baokim": _read_in(baokim_codes.RESPONSE_CODES, baokim_codes.UNKNOWN_CODE),
        "vietinbank": _read_in(VIETINBANK_CODES, UNKNOWN_CODE),
        "vietqrvn": _read_in(VIETQR_VN_CODES, UNKNOWN_CODE),
        "hyperlogy": _read_in(hyperlogy_codes.STATUSES, hyperlogy_codes.UNKNOWN_CODE),
        "rsabank": _read_in(CREDIT_CODES, UNKNOWN_CODE),
        "webhookbank": _read_in(CREDIT_CODES, UNKNOWN_CODE),
        "httpbank": _read_in(CREDIT_CODES, UNKNOWN_CODE),
    }
)
"""What each channel's `result_code` says, in words for officers; any text may be asked about."""

_TEXT: Final = frozenset({Algorithm.HMAC_SHA256_HEX})

ALGORITHMS: Final[Mapping[str, frozenset[Algorithm]]] = MappingProxyType(
    {
        "vnpay": frozenset({Algorithm.HMAC_SHA512_HEX}),
        "momo": _TEXT,
        "zalopay": _TEXT,
        "payos": _TEXT,
        "onepay": frozenset({Algorithm.HMAC_SHA256_HEX_DECODED}),
        "sepay": _TEXT,
        "keypay": _TEXT,
        "viettelpay": frozenset({Algorithm.HMAC_SHA1_HEX}),
        "npsp": frozenset({Algorithm.SHA256_SECRET_LAST}),
        "baokim": frozenset({Algorithm.RSA_SHA1}),
        "vietinbank": frozenset({Algorithm.RSA_SHA256}),
        "vietqrvn": _TEXT,
        "hyperlogy": _TEXT,
        "rsabank": frozenset({Algorithm.RSA_SHA256}),
        "webhookbank": frozenset(
            {Algorithm.STANDARD_WEBHOOKS_HMAC, Algorithm.STANDARD_WEBHOOKS_ED25519}
        ),
        "httpbank": frozenset(
            {
                Algorithm.HTTP_ED25519,
                Algorithm.HTTP_ECDSA_P256_SHA256,
                Algorithm.HTTP_RSA_PSS_SHA512,
                Algorithm.HTTP_RSA_V1_5_SHA256,
                Algorithm.HTTP_HMAC_SHA256,
            }
        ),
    }
)
"""Which keys an endpoint of a channel can use; a key of another kind would never match."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySet:
    """The text secrets that a channel issues together, joined by `:`; the last may be absent.

    `signing` are the places of those that sign; the others are names and passes.
    """

    names: tuple[str, ...]
    least: int
    signing: tuple[int, ...]


KEY_SETS: Final[Mapping[str, KeySet]] = MappingProxyType(
    {
        "momo": KeySet(names=("access key", "secret key"), least=2, signing=(1,)),
        "zalopay": KeySet(names=("key1", "key2"), least=2, signing=(0, 1)),
        "payos": KeySet(names=("client id", "API key", "checksum key"), least=3, signing=(2,)),
        "onepay": KeySet(
            names=("access code", "hash secret", "user", "password"), least=2, signing=(1,)
        ),
        "sepay": KeySet(names=("secret", "API token"), least=1, signing=(0,)),
        "keypay": KeySet(names=("hash key 1", "hash key 2"), least=2, signing=(0, 1)),
        "viettelpay": KeySet(names=("access code", "hash key"), least=2, signing=(1,)),
        "npsp": KeySet(names=("secret", "bearer token"), least=1, signing=(0,)),
        "vietqrvn": KeySet(names=("secret", "user", "password"), least=3, signing=(0,)),
        "hyperlogy": KeySet(names=("access key", "secret key"), least=2, signing=(1,)),
    }
)
"""Channels whose key record holds more than one text."""

SIGNED_BY_US: Final = frozenset({"vietinbank", "baokim"})
"""Channels that want our own RSA signature: our private PEM follows their public one."""

_KEY_TEXT: Final = re.compile(rb"[!-~]{1,4096}")


def require_usable_key(channel: str, algorithm: Algorithm, material: bytes) -> None:
    """Refuse with `WeakKey` a key that the channel does not sign with, or that is too weak."""
    if algorithm not in ALGORITHMS.get(channel, frozenset()):
        raise WeakKey(f"{channel} does not sign with {algorithm}")
    wanted = KEY_SETS.get(channel)
    if wanted is None:
        require_strong(algorithm, material)
        if channel in SIGNED_BY_US:
            load_rsa_private_key(material)
        return
    parts = material.split(b":")
    is_whole = wanted.least <= len(parts) <= len(wanted.names)
    if not is_whole or not all(_KEY_TEXT.fullmatch(part) for part in parts):
        raise WeakKey(f"{channel} wants {', '.join(wanted.names)}, joined by a colon")
    for place in wanted.signing:
        require_strong(algorithm, parts[place])


def require_usable_merchant(channel: str, merchant: str) -> None:
    """Refuse with `RequestRefused` a code of ours under which the channel could take no order."""
    if channel == _BAOKIM.code:
        baokim_requests.require_usable_merchant(merchant)


def takes_amount(channel: str, amount_minor: int) -> bool:
    """Say whether a gateway takes orders of this amount at all."""
    return channel not in COLLECTED_MINOR or amount_minor in COLLECTED_MINOR[channel]
