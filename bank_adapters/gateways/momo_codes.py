"""What MoMo's result codes mean, for the state of a payment and for people; nothing else.

The codes are those of the page "List Result Codes" of MoMo's developer documents (v3, 2026).
"""

from types import MappingProxyType
from typing import Final

from bank_adapters.gateways.codes import CodeMeaning, CodeTable, meaning, unknown_code
from bank_adapters.vocabulary import NoticeResult

SUCCESS: Final = "0"
NOT_FOUND: Final = "42"

_FAILED, _PENDING = NoticeResult.FAILED, NoticeResult.PENDING

UNKNOWN_CODE: Final = unknown_code("MoMo")

RESULT_CODES: Final[CodeTable] = MappingProxyType(
    {
        SUCCESS: meaning(NoticeResult.PAID, "Giao dịch thành công.", "The transaction succeeded."),
        "10": meaning(_FAILED, "Hệ thống MoMo đang bảo trì.", "MoMo is under maintenance."),
        "11": meaning(_FAILED, "MoMo từ chối truy cập.", "MoMo denies access."),
        "12": meaning(
            _FAILED,
            "MoMo không còn hỗ trợ phiên bản API này.",
            "MoMo no longer supports this version of its interface.",
        ),
        "13": meaning(
            _FAILED,
            "MoMo không xác thực được đơn vị chấp nhận thanh toán.",
            "MoMo could not authenticate the merchant.",
        ),
        "20": meaning(_FAILED, "Yêu cầu sai định dạng.", "The request is malformed."),
        "21": meaning(_FAILED, "Số tiền không hợp lệ.", "The amount is not valid."),
        "22": meaning(
            _FAILED, "Số tiền nằm ngoài giới hạn cho phép.", "The amount is out of range."
        ),
        "40": meaning(
            _PENDING,
            "Yêu cầu này đã được gửi trước đó; cần hỏi lại kết quả.",
            "This request was sent before; its result has to be asked for.",
        ),
        "41": meaning(
            _PENDING,
            "Mã đơn hàng đã được dùng trước đó; cần hỏi lại kết quả.",
            "This order was sent before; its result has to be asked for.",
        ),
        NOT_FOUND: meaning(_FAILED, "MoMo không có đơn hàng này.", "MoMo knows of no such order."),
        "43": meaning(
            _PENDING,
            "Một giao dịch tương tự đang được xử lý.",
            "A similar transaction is being processed.",
        ),
        "45": meaning(_FAILED, "Mã mặt hàng bị trùng.", "An item is given twice."),
        "47": meaning(
            _FAILED,
            "Thông tin trong yêu cầu không áp dụng được.",
            "The information in the request does not apply.",
        ),
        "98": meaning(_FAILED, "Không tạo được mã QR.", "The QR code could not be made."),
        "99": meaning(
            NoticeResult.UNKNOWN,
            "MoMo báo một lỗi không xác định; kết quả đang được kiểm tra.",
            "MoMo reports an unknown error; the result is being checked.",
        ),
        "1000": meaning(
            _PENDING,
            "Giao dịch đang chờ người nộp xác nhận.",
            "The payment waits for the payer's confirmation.",
        ),
        "1001": meaning(
            _FAILED, "Tài khoản không đủ số dư.", "The account does not hold enough money."
        ),
        "1002": meaning(
            _FAILED,
            "Giao dịch bị bên phát hành phương tiện thanh toán từ chối.",
            "The issuer of the payment method rejected the payment.",
        ),
        "1003": meaning(
            _FAILED,
            "Giao dịch đã bị hủy sau khi được giữ tiền.",
            "The payment was cancelled after it was authorised.",
        ),
        "1004": meaning(
            _FAILED,
            "Số tiền vượt hạn mức thanh toán trong ngày hoặc tháng.",
            "The amount exceeds the payer's daily or monthly limit.",
        ),
        "1005": meaning(
            _FAILED,
            "Liên kết hoặc mã QR thanh toán đã hết hạn.",
            "The payment link or QR code has expired.",
        ),
        "1006": meaning(_FAILED, "Người nộp đã từ chối xác nhận.", "The payer refused to confirm."),
        "1007": meaning(
            _FAILED,
            "Tài khoản người nộp không tồn tại hoặc đã ngưng hoạt động.",
            "The payer's account does not exist or is not active.",
        ),
        "1017": meaning(
            _FAILED, "Giao dịch đã bị đơn vị hủy.", "The merchant cancelled the payment."
        ),
        "1026": meaning(
            _FAILED,
            "Giao dịch bị hạn chế theo quy định khuyến mãi.",
            "Promotion rules do not allow the payment.",
        ),
        "1080": meaning(
            _FAILED,
            "Hoàn tiền không thành công; có thể thử lại sau một giờ.",
            "The refund failed; it may be tried again after an hour.",
        ),
        "1081": meaning(
            NoticeResult.REVIEW,
            "MoMo từ chối hoàn tiền vì giao dịch có thể đã được hoàn; cán bộ sẽ kiểm tra.",
            "MoMo refuses, because the payment may have been refunded; an officer will check.",
        ),
        "1088": meaning(
            _FAILED,
            "Giao dịch không đủ điều kiện hoàn tiền.",
            "The payment cannot be refunded.",
        ),
        "2019": meaning(
            _FAILED, "Nhóm đơn hàng không hợp lệ.", "The group of orders is not valid."
        ),
        "4001": meaning(
            _FAILED, "Tài khoản người nộp đang bị hạn chế.", "The payer's account is restricted."
        ),
        "4002": meaning(
            _FAILED,
            "Tài khoản người nộp chưa được xác thực sinh trắc học.",
            "The payer's account has not been verified by biometrics.",
        ),
        "4100": meaning(
            _FAILED, "Người nộp đăng nhập không thành công.", "The payer failed to log in."
        ),
        "7000": meaning(_PENDING, "Giao dịch đang được xử lý.", "The payment is being processed."),
        "7002": meaning(
            _PENDING,
            "Giao dịch đang được nhà cung cấp phương tiện thanh toán xử lý.",
            "The provider of the payment method is processing the payment.",
        ),
        "8000": meaning(
            _PENDING,
            "Giao dịch đang chờ người nộp xác nhận lại.",
            "The payment waits for the payer to confirm again.",
        ),
        "9000": meaning(
            _PENDING,
            "Tiền đã được giữ nhưng chưa được thu.",
            "The money is authorised, but has not been taken.",
        ),
    }
)
"""`resultCode` of notices and answers, of payments and refunds alike.

9000 is not paid: what is only held can still be cancelled (1003).
"""

QUESTION_REFUSED: Final = frozenset({"10", "11", "12", "13", "20", "40", "47"})
"""In the answer to a query these speak of the query; about the payment they say nothing."""


def explain(result_code: str) -> CodeMeaning:
    """Return what a `resultCode` means."""
    return RESULT_CODES.get(result_code, UNKNOWN_CODE)
