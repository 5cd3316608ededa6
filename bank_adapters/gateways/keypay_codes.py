"""What KeyPay's `status` means, for the state of a payment and for people; nothing else.

`0` is paid in the public client VietOpenCPS/opencps-v2, which acts on no other status. `1` is "not
paid yet" in its constants for KeyPay's pay-later product; `-1`, the code KeyPay is answered with
for an error, is assumed to mean the same as a status.
"""

from types import MappingProxyType
from typing import Final

from bank_adapters.gateways.codes import CodeMeaning, CodeTable, meaning, unknown_code
from bank_adapters.vocabulary import NoticeResult

PAID: Final = "0"
NOT_YET: Final = "1"
FAILED: Final = "-1"

UNKNOWN_CODE: Final = unknown_code("KeyPay")

STATUSES: Final[CodeTable] = MappingProxyType(
    {
        PAID: meaning(NoticeResult.PAID, "Giao dịch thành công.", "The payment succeeded."),
        NOT_YET: meaning(
            NoticeResult.PENDING,
            "Người nộp chưa thanh toán.",
            "The payer has not paid yet.",
        ),
        FAILED: meaning(NoticeResult.FAILED, "Giao dịch không thành công.", "The payment failed."),
    }
)
"""`status`, in notices and in answers."""


def explain(result_code: str) -> CodeMeaning:
    """Return the result and the sentences for people for a status."""
    return STATUSES.get(result_code, UNKNOWN_CODE)
