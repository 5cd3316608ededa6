"""The other sides of all gateways, listed by hand: code → counterpart."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bank_adapters.counterpart.baokim import BaokimCounterpart
from bank_adapters.counterpart.gateway import GatewayCounterpart
from bank_adapters.counterpart.keypay import KeyPayCounterpart
from bank_adapters.counterpart.momo import MomoCounterpart
from bank_adapters.counterpart.npsp import NpspCounterpart
from bank_adapters.counterpart.onepay import OnepayCounterpart
from bank_adapters.counterpart.payos import PayosCounterpart
from bank_adapters.counterpart.sepay import SepayCounterpart
from bank_adapters.counterpart.viettelpay import ViettelPayCounterpart
from bank_adapters.counterpart.vnpay import VnpayCounterpart
from bank_adapters.counterpart.zalopay import ZalopayCounterpart

COUNTERPARTS: Final[Mapping[str, GatewayCounterpart]] = MappingProxyType(
    {
        each.code: each
        for each in (
            VnpayCounterpart(),
            MomoCounterpart(),
            ZalopayCounterpart(),
            PayosCounterpart(),
            OnepayCounterpart(),
            SepayCounterpart(),
            KeyPayCounterpart(),
            ViettelPayCounterpart(),
            NpspCounterpart(),
            BaokimCounterpart(),
        )
    }
)
"""Each has no state of its own: what a gateway knows stands in its books."""
