"""The channels this house understands, listed by hand: code → dialect."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bank_adapters.banks.signed_notice import SignedNotice
from bank_adapters.banks.standard_webhooks import StandardWebhooksBank
from bank_adapters.contract import Algorithm, CallbackDialect
from bank_adapters.gateways.vnpay import Vnpay

DIALECTS: Final[Mapping[str, CallbackDialect]] = MappingProxyType(
    {
        "vnpay": Vnpay(),
        "rsabank": SignedNotice(),
        "webhookbank": StandardWebhooksBank(),
    }
)
"""Each dialect has no state and may be shared by all threads."""

ALGORITHMS: Final[Mapping[str, frozenset[Algorithm]]] = MappingProxyType(
    {
        "vnpay": frozenset({Algorithm.HMAC_SHA512_HEX}),
        "rsabank": frozenset({Algorithm.RSA_SHA256}),
        "webhookbank": frozenset(
            {Algorithm.STANDARD_WEBHOOKS_HMAC, Algorithm.STANDARD_WEBHOOKS_ED25519}
        ),
    }
)
"""Which keys an endpoint of a channel can use; a key of another kind would never match."""
