"""What ViettelPay's codes mean, for the state of a payment and for people; nothing else.

Codes and their causes are those that the public client duclong1997/portal-payment lists.
"""

from types import MappingProxyType
from typing import Final

from bank_adapters.gateways.codes import CodeMeaning, CodeTable, meaning, unknown_code
from bank_adapters.vocabulary import NoticeResult

SUCCESS: Final = "00"
"""`error_code` of a message that went well; the payment itself needs `PAID` beside it."""
PAID: Final = "1"
"""`payment_status` of a payment that was made."""

_FAILED, _PENDING = NoticeResult.FAILED, NoticeResult.PENDING

UNKNOWN_CODE: Final = unknown_code("ViettelPay")

_WRONG_OTP: Final = meaning(
    _FAILED, "Mật khẩu xác thực (OTP) không đúng.", "The one-time password was wrong."
)
_WRONG_PIN: Final = meaning(_FAILED, "Mã PIN của ví không đúng.", "The wallet's PIN was wrong.")
_NOT_SET_UP: Final = meaning(
    _FAILED,
    "ViettelPay chưa thiết lập xong cho đơn vị thu; người nộp chưa bị trừ tiền.",
    "ViettelPay is not set up for this merchant; no money was taken.",
)
_NO_CONNECTION: Final = meaning(
    _PENDING,
    "ViettelPay mất kết nối; kết quả đang được hỏi lại.",
    "ViettelPay lost its connection; the result is being asked again.",
)

ERROR_CODES: Final[CodeTable] = MappingProxyType(
    {
        SUCCESS: meaning(NoticeResult.PAID, "Giao dịch thành công.", "The payment succeeded."),
        "16": meaning(_FAILED, "Ví không đủ số dư.", "The wallet does not hold enough money."),
        "21": _WRONG_PIN,
        "22": _WRONG_OTP,
        "685": _WRONG_PIN,
        "813": _NO_CONNECTION,
        "M01": _NOT_SET_UP,
        "M02": _NOT_SET_UP,
        "M03": _NOT_SET_UP,
        "M04": meaning(_FAILED, "Không đọc được mã QR.", "The QR code could not be read."),
        "S_MAINTAIN": meaning(
            _FAILED, "Cổng thanh toán đang bảo trì.", "The gateway is under maintenance."
        ),
        "V01": meaning(
            _FAILED, "Yêu cầu thanh toán bị từ chối vì sai mã kiểm tra.", "The order was refused."
        ),
        "V02": _WRONG_OTP,
        "V03": meaning(
            _FAILED, "Mật khẩu xác thực (OTP) đã hết hạn.", "The one-time password expired."
        ),
        "V04": _NO_CONNECTION,
        "V05": meaning(
            _FAILED,
            "Đơn vị thu không xác nhận giao dịch; người nộp chưa bị trừ tiền.",
            "The merchant did not confirm the payment; no money was taken.",
        ),
        "V06": meaning(_FAILED, "Người nộp đã hủy thanh toán.", "The payer cancelled the payment."),
        "W04": _NO_CONNECTION,
    }
)
"""`error_code`: how the attempt to pay, or the message, ended."""

_CONTRADICTION: Final = meaning(
    NoticeResult.REVIEW,
    "ViettelPay báo đã thanh toán kèm mã lỗi; cán bộ sẽ kiểm tra.",
    "ViettelPay says paid and names an error; an officer will check.",
)


def explain(result_code: str) -> CodeMeaning:
    """Return the result and the sentences for people for `error_code/payment_status`.

    Paid needs both. Other values of `payment_status` are not documented.
    """
    error_code, _, payment_status = result_code.partition("/")
    row = ERROR_CODES.get(error_code, UNKNOWN_CODE)
    if error_code == SUCCESS:
        return row if payment_status == PAID else UNKNOWN_CODE
    return _CONTRADICTION if payment_status == PAID else row
