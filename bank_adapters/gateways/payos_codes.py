"""What payOS's codes and link statuses mean, for the state of a payment and for people.

`code` of a webhook is `00` or an error; the statuses are those of a payment link, as in
payOS's own libraries.
"""

from types import MappingProxyType
from typing import Final

from bank_adapters.gateways.codes import CodeTable, meaning, unknown_code
from bank_adapters.vocabulary import NoticeResult

SUCCESS: Final = "00"
UNKNOWN_CODE: Final = unknown_code("payOS")

RESULT_CODES: Final[CodeTable] = MappingProxyType(
    {
        SUCCESS: meaning(NoticeResult.PAID, "Giao dịch thành công.", "The payment succeeded."),
        "PAID": meaning(
            NoticeResult.PAID,
            "Đơn thanh toán đã được trả đủ.",
            "The payment link was paid in full.",
        ),
        "UNDERPAID": meaning(
            NoticeResult.REVIEW,
            "Đơn thanh toán mới được trả một phần; cán bộ sẽ kiểm tra.",
            "The payment link was paid in part; an officer will check.",
        ),
        "PENDING": meaning(
            NoticeResult.PENDING,
            "Đơn thanh toán đang chờ chuyển khoản.",
            "The payment link waits for a transfer.",
        ),
        "PROCESSING": meaning(
            NoticeResult.PENDING,
            "payOS đang xử lý đơn thanh toán.",
            "payOS is working on the payment link.",
        ),
        "CANCELLED": meaning(
            NoticeResult.FAILED,
            "Đơn thanh toán đã bị hủy.",
            "The payment link was cancelled.",
        ),
        "EXPIRED": meaning(
            NoticeResult.FAILED,
            "Đơn thanh toán đã hết hạn.",
            "The payment link expired.",
        ),
        "FAILED": meaning(
            NoticeResult.FAILED, "Giao dịch không thành công.", "The payment failed."
        ),
    }
)
