"""VietQR payloads (EMVCo merchant-presented, NAPAS 247): written in ASCII, read strictly.

They know tags, lengths and the CRC; they know nothing of banks, fees or images.
"""

from bank_adapters.vietqr.faults import Fault, VietQrError
from bank_adapters.vietqr.layout import (
    AMOUNT_DIGITS_MAX,
    BILL_NUMBER_LENGTH_MAX,
    NAPAS_GUID,
    PAYLOAD_LENGTH_MAX,
    PURPOSE_LENGTH_MAX,
    TO_ACCOUNT,
    Method,
    VietQr,
)
from bank_adapters.vietqr.reading import decode
from bank_adapters.vietqr.writing import encode

__all__ = [
    "AMOUNT_DIGITS_MAX",
    "BILL_NUMBER_LENGTH_MAX",
    "NAPAS_GUID",
    "PAYLOAD_LENGTH_MAX",
    "PURPOSE_LENGTH_MAX",
    "TO_ACCOUNT",
    "Fault",
    "Method",
    "VietQr",
    "VietQrError",
    "decode",
    "encode",
]
