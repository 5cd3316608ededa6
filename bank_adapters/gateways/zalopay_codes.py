"""What ZaloPay's return codes mean, for the state of a payment and for people; nothing else.

The codes are those of "Status Codes" in ZaloPay's developer documents (v2), for queries and
refunds. A `result_code` is `return_code/sub_return_code`; callbacks carry none and mean `1/1`.
"""

from types import MappingProxyType
from typing import Final

from bank_adapters.gateways.codes import CodeMeaning, CodeTable, meaning, unknown_code
from bank_adapters.vocabulary import NoticeResult

PAID: Final = "1/1"
SUCCESS, FAILURE, PROCESSING = "1", "2", "3"
"""`return_code`."""

_FAILED, _PENDING = NoticeResult.FAILED, NoticeResult.PENDING
_DAILY: Final = meaning(
    _FAILED,
    "Người nộp đã vượt hạn mức chi tiêu trong ngày.",
    "The payer has reached the daily limit.",
)
_MONTHLY: Final = meaning(
    _FAILED,
    "Người nộp đã vượt hạn mức chi tiêu trong tháng.",
    "The payer has reached the monthly limit.",
)
_PROMOTION: Final = meaning(
    _FAILED,
    "Giao dịch không thành công do quy định khuyến mãi.",
    "The payment failed because of promotion rules.",
)

UNKNOWN_CODE: Final = unknown_code("ZaloPay")

RETURN_CODES: Final[CodeTable] = MappingProxyType(
    {
        SUCCESS: meaning(NoticeResult.PAID, "Giao dịch thành công.", "The transaction succeeded."),
        PROCESSING: meaning(
            _PENDING, "Giao dịch đang được xử lý.", "The transaction is being processed."
        ),
    }
)
"""What a `return_code` says by itself; for a failure the other code speaks."""

SUB_RETURN_CODES: Final[CodeTable] = MappingProxyType(
    {
        "0": meaning(_FAILED, "Hoàn tiền không thành công.", "The refund failed."),
        "-13": meaning(
            _FAILED, "Đã quá thời hạn hoàn tiền.", "The time allowed for a refund is over."
        ),
        "-14": meaning(
            _FAILED, "Số tiền hoàn không hợp lệ.", "The amount of the refund is not valid."
        ),
        "-23": meaning(
            _PENDING,
            "Yêu cầu hoàn tiền này đã được gửi trước đó; cần hỏi lại kết quả.",
            "This refund was asked for before; its result has to be asked for.",
        ),
        "-32": meaning(
            _FAILED, "Giao dịch không hỗ trợ hoàn tiền.", "The payment cannot be refunded."
        ),
        "-54": meaning(
            _FAILED, "Đơn hàng đã hết hạn thanh toán.", "The time allowed for paying ran out."
        ),
        "-63": meaning(
            _PENDING,
            "Người nộp không đủ số dư nhưng vẫn có thể thanh toán lại trước khi đơn hết hạn.",
            "The payer lacks money, but may still pay before the order expires.",
        ),
        "-92": meaning(
            _FAILED, "Mã đơn hàng sai định dạng.", "The name of the order is malformed."
        ),
        "-101": meaning(
            _FAILED, "ZaloPay không có giao dịch này.", "ZaloPay knows of no such transaction."
        ),
        "-217": meaning(
            NoticeResult.REVIEW,
            "Ngân hàng báo lỗi khi thanh toán; cán bộ sẽ kiểm tra.",
            "The bank reported an error while paying; an officer will check.",
        ),
        "-332": _PROMOTION,
        "-333": _PROMOTION,
        "-401": meaning(_FAILED, "Yêu cầu sai định dạng.", "The request is malformed."),
        "-402": meaning(
            _FAILED, "ZaloPay không chấp nhận chữ ký.", "ZaloPay does not accept the signature."
        ),
        "-429": meaning(
            _FAILED, "Gửi quá nhiều yêu cầu đến ZaloPay.", "Too many requests were sent to ZaloPay."
        ),
        "-999": meaning(_FAILED, "Hệ thống ZaloPay đang bảo trì.", "ZaloPay is under maintenance."),
        **dict.fromkeys(("-1330", "-1331", "-1332", "-1333"), _DAILY),
        **dict.fromkeys(("-1340", "-1341", "-1342", "-1343"), _MONTHLY),
    }
)
"""`sub_return_code` under `return_code` 2; -500 is not here, since it says nothing certain."""

QUESTION_REFUSED: Final = frozenset({"-401", "-402", "-429", "-500", "-999"})
"""In the answer to a query these speak of the query; about the payment they say nothing."""


def explain(result_code: str) -> CodeMeaning:
    """Return what a `return_code/sub_return_code` means."""
    return_code, _, sub_return_code = result_code.partition("/")
    if return_code == FAILURE:
        return SUB_RETURN_CODES.get(sub_return_code, UNKNOWN_CODE)
    return RETURN_CODES.get(return_code, UNKNOWN_CODE)
