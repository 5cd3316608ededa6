"""What a VietQR payload says, and the limits and codes that writing and reading share."""

import binascii
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

NAPAS_GUID: Final = "A000000727"
TO_ACCOUNT: Final = "QRIBFTTA"
"""The NAPAS service of a transfer to an account; the only one we print."""
SERVICES: Final = frozenset({TO_ACCOUNT, "QRIBFTTC", "QRPUSH", "QRCASH"})
PURPOSE_LENGTH_MAX: Final = 25
BILL_NUMBER_LENGTH_MAX: Final = 25
AMOUNT_DIGITS_MAX: Final = 13
PAYLOAD_LENGTH_MAX: Final = 512

VERSION: Final = "01"
DONG: Final = "704"
VIETNAM: Final = "VN"
CRC_HEADER: Final = "6304"
BIN: Final = re.compile(r"[0-9]{6}")
ACCOUNT: Final = re.compile(r"[A-Za-z0-9]{1,19}")

_SCHEME_NAMES: Final = {
    NAPAS_GUID: "VietQR",
    "A000000775": "VNPAY-QR",
    "vn.airpay.www": "AirPay",
}


class Method(StrEnum):
    """Whether a code is meant for one payment or for many (tag 01)."""

    STATIC = "static"
    """Reusable: printed once, paid often."""
    DYNAMIC = "dynamic"
    """One-time: printed for one payment."""
    UNSTATED = "unstated"
    """The payload does not say."""


METHOD_CODES: Final = {Method.STATIC: "11", Method.DYNAMIC: "12"}


@dataclass(frozen=True, slots=True, kw_only=True)
class VietQr:
    """What a payload says; amounts in whole đồng.

    `guid` names the scheme of the merchant account. BIN, account and service are empty unless it is
    NAPAS: VNPAY-QR and other schemes are read, but they name no bank account.
    """

    method: Method
    guid: str
    bank_bin: str
    account_number: str
    service: str
    amount_minor: int | None
    purpose: str | None
    bill_number: str | None

    @property
    def scheme(self) -> str:
        """The scheme's name for people; its identifier if we know no name, empty if none."""
        return _SCHEME_NAMES.get(self.guid, self.guid)


def crc_of(content: str) -> str:
    """Compute CRC-16/CCITT-FALSE (polynomial 1021, start FFFF, not reflected) of ASCII text.

    The content ends with `6304`. Every change of one character, and every change inside two
    neighbouring ones, changes the result; others go unseen once in 65,536 times.
    """
    return f"{binascii.crc_hqx(content.encode('ascii'), 0xFFFF):04X}"
