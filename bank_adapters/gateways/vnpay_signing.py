"""The texts that VNPAY 2.1.0 signs, and the lists of fields inside them; nothing is signed here."""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from bank_adapters.contract import Algorithm

ALGORITHM: Final = Algorithm.HMAC_SHA512_HEX
VERSION: Final = "2.1.0"
SECURE_HASH: Final = "vnp_SecureHash"
SECURE_HASH_TYPE: Final = "vnp_SecureHashType"
AMOUNT_FACTOR: Final = 100
"""VNPAY writes đồng times one hundred."""
SEPARATOR: Final = "|"

QUERY_REQUEST: Final = (
    "vnp_RequestId", "vnp_Version", "vnp_Command", "vnp_TmnCode", "vnp_TxnRef",
    "vnp_TransactionDate", "vnp_CreateDate", "vnp_IpAddr", "vnp_OrderInfo",
)  # fmt: skip
REFUND_REQUEST: Final = (
    "vnp_RequestId", "vnp_Version", "vnp_Command", "vnp_TmnCode", "vnp_TransactionType",
    "vnp_TxnRef", "vnp_Amount", "vnp_TransactionNo", "vnp_TransactionDate", "vnp_CreateBy",
    "vnp_CreateDate", "vnp_IpAddr", "vnp_OrderInfo",
)  # fmt: skip
REFUND_ANSWER: Final = (
    "vnp_ResponseId", "vnp_Command", "vnp_ResponseCode", "vnp_Message", "vnp_TmnCode",
    "vnp_TxnRef", "vnp_Amount", "vnp_BankCode", "vnp_PayDate", "vnp_TransactionNo",
    "vnp_TransactionType", "vnp_TransactionStatus", "vnp_OrderInfo",
)  # fmt: skip
QUERY_ANSWER: Final = (*REFUND_ANSWER, "vnp_PromotionCode", "vnp_PromotionAmount")


def canonical(fields: Mapping[str, str]) -> bytes:
    """Return the text of an address or IPN: no hash, no empty value, sorted, form-encoded."""
    signed = sorted(
        (key, value)
        for key, value in fields.items()
        if value and key not in {SECURE_HASH, SECURE_HASH_TYPE}
    )
    return urlencode(signed).encode("ascii")


def joined(names: Sequence[str], values: Mapping[str, str]) -> bytes:
    """Return the text of a query or refund: values in this order; a missing one is empty."""
    return SEPARATOR.join(values.get(name, "") for name in names).encode()
