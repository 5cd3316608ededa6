"""What `vpc_TxnResponseCode` means, for the state of a payment and for people.

The meanings are those of OnePay's plugin for WooCommerce and, for 100 and 300, of the description
of its status query; 3, 7 and `?` leave open whether money was taken, so a person looks.
"""

from types import MappingProxyType
from typing import Final

from bank_adapters.gateways.codes import CodeTable, meaning, unknown_code
from bank_adapters.vocabulary import NoticeResult

SUCCESS: Final = "0"
NO_PAYMENT: Final = "N"
"""`vpc_DRExists` of an answer that knows no such payment."""
UNKNOWN_CODE: Final = unknown_code("OnePay")

_FAILED, _REVIEW = NoticeResult.FAILED, NoticeResult.REVIEW

RESULT_CODES: Final[CodeTable] = MappingProxyType(
    {
        SUCCESS: meaning(NoticeResult.PAID, "Giao dịch thành công.", "The payment succeeded."),
        "100": meaning(
            NoticeResult.PENDING,
            "Giao dịch đang được thực hiện hoặc chưa thanh toán.",
            "The payment is under way or was not made yet.",
        ),
        "300": meaning(
            NoticeResult.PENDING,
            "Giao dịch đang chờ ngân hàng xử lý.",
            "The payment waits for the bank.",
        ),
        "?": meaning(
            _REVIEW,
            "OnePay chưa biết kết quả giao dịch; cán bộ sẽ kiểm tra.",
            "OnePay does not know the result; an officer will check.",
        ),
        "3": meaning(
            _REVIEW,
            "OnePay không nhận được kết quả từ ngân hàng; cán bộ sẽ kiểm tra.",
            "OnePay received no result from the bank; an officer will check.",
        ),
        "7": meaning(
            _REVIEW,
            "Có lỗi khi xử lý giao dịch; cán bộ sẽ kiểm tra.",
            "An error came up while the payment was processed; an officer will check.",
        ),
        "1": meaning(
            _FAILED,
            "Ngân hàng phát hành thẻ không cấp phép cho giao dịch.",
            "The card's bank did not authorise the payment.",
        ),
        "2": meaning(
            _FAILED,
            "Ngân hàng phát hành thẻ từ chối giao dịch.",
            "The card's bank declined the payment.",
        ),
        "4": meaning(
            _FAILED,
            "Thẻ đã hết hạn hoặc ngày hết hạn bị nhập sai.",
            "The card has expired, or its expiry date was wrong.",
        ),
        "5": meaning(
            _FAILED,
            "Tài khoản không đủ số dư hoặc thẻ không đủ hạn mức.",
            "The account or card does not hold enough money.",
        ),
        "6": meaning(
            _FAILED,
            "Ngân hàng phát hành thẻ gặp lỗi khi xử lý giao dịch.",
            "The card's bank failed to process the payment.",
        ),
        "8": meaning(_FAILED, "Số thẻ không đúng.", "The card number was wrong."),
        "9": meaning(_FAILED, "Tên chủ thẻ không đúng.", "The card holder's name was wrong."),
        "10": meaning(
            _FAILED, "Thẻ đã hết hạn hoặc bị khóa.", "The card has expired or is locked."
        ),
        "11": meaning(
            _FAILED,
            "Thẻ chưa đăng ký thanh toán trên Internet.",
            "The card is not registered for payments on the Internet.",
        ),
        "12": meaning(
            _FAILED,
            "Ngày phát hành hoặc ngày hết hạn của thẻ không đúng.",
            "The card's issue or expiry date was wrong.",
        ),
        "13": meaning(
            _FAILED,
            "Thẻ hoặc tài khoản đã vượt hạn mức thanh toán.",
            "The card or account is over its payment limit.",
        ),
        "21": meaning(
            _FAILED, "Tài khoản không đủ số dư.", "The account does not hold enough money."
        ),
        "22": meaning(
            _FAILED, "Thông tin tài khoản không đúng.", "The account details were wrong."
        ),
        "23": meaning(_FAILED, "Tài khoản đang bị khóa.", "The account is locked."),
        "24": meaning(_FAILED, "Thông tin thẻ không đúng.", "The card details were wrong."),
        "25": meaning(
            _FAILED, "Mật khẩu xác thực (OTP) không đúng.", "The one-time password was wrong."
        ),
        "99": meaning(_FAILED, "Người nộp đã hủy giao dịch.", "The payer cancelled the payment."),
        "253": meaning(
            _FAILED, "Đã hết thời hạn thanh toán.", "The time allowed for paying ran out."
        ),
        "B": meaning(
            _FAILED,
            "Không xác thực được chủ thẻ (3-D Secure).",
            "The card holder could not be authenticated (3-D Secure).",
        ),
        "E": meaning(
            _FAILED,
            "Mã bảo mật thẻ (CSC) sai hoặc ngân hàng từ chối giao dịch.",
            "The card's security code was wrong, or the bank declined.",
        ),
        "F": meaning(
            _FAILED,
            "Xác thực chủ thẻ (3-D Secure) không thành công.",
            "The card holder's authentication failed (3-D Secure).",
        ),
        "Z": meaning(_FAILED, "Giao dịch bị từ chối.", "The payment was rejected."),
        NO_PAYMENT: meaning(
            _FAILED,
            "OnePay không thấy giao dịch này.",
            "OnePay knows no such payment.",
        ),
    }
)
