"""What VNPAY's result codes mean, for the state of a payment and for people; nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from bank_adapters.vocabulary import NoticeResult

SUCCESS: Final = "00"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMeaning:
    """What one code says: the result it stands for and one sentence in each language."""

    result: NoticeResult
    vietnamese: str
    english: str


def _meaning(result: NoticeResult, vietnamese: str, english: str) -> CodeMeaning:
    return CodeMeaning(result=result, vietnamese=vietnamese, english=english)


_PAID, _FAILED, _REVIEW = NoticeResult.PAID, NoticeResult.FAILED, NoticeResult.REVIEW

UNKNOWN_CODE: Final = _meaning(
    NoticeResult.UNKNOWN,
    "VNPAY gửi một mã mà hệ thống chưa biết; kết quả đang được kiểm tra.",
    "VNPAY sent a code that is not known here; the result is being checked.",
)

RESPONSE_CODES: Final[Mapping[str, CodeMeaning]] = MappingProxyType(
    {
        SUCCESS: _meaning(_PAID, "Giao dịch thành công.", "The payment succeeded."),
        "07": _meaning(
            _REVIEW,
            "Tiền đã bị trừ nhưng VNPAY nghi ngờ giao dịch; cán bộ sẽ kiểm tra.",
            "The money was taken, but VNPAY finds the payment suspicious; an officer will check.",
        ),
        "09": _meaning(
            _FAILED,
            "Thẻ hoặc tài khoản chưa đăng ký dịch vụ Internet Banking.",
            "The card or account is not registered for Internet banking.",
        ),
        "10": _meaning(
            _FAILED,
            "Thông tin thẻ hoặc tài khoản bị nhập sai quá ba lần.",
            "The card or account details were wrong more than three times.",
        ),
        "11": _meaning(
            _FAILED, "Đã hết thời hạn chờ thanh toán.", "The time allowed for paying ran out."
        ),
        "12": _meaning(
            _FAILED, "Thẻ hoặc tài khoản đang bị khóa.", "The card or account is locked."
        ),
        "13": _meaning(
            _FAILED, "Mật khẩu xác thực (OTP) không đúng.", "The one-time password was wrong."
        ),
        "24": _meaning(_FAILED, "Người nộp đã hủy giao dịch.", "The payer cancelled the payment."),
        "51": _meaning(
            _FAILED, "Tài khoản không đủ số dư.", "The account does not hold enough money."
        ),
        "65": _meaning(
            _FAILED,
            "Tài khoản đã vượt hạn mức giao dịch trong ngày.",
            "The account has reached its daily limit.",
        ),
        "75": _meaning(
            _FAILED, "Ngân hàng thanh toán đang bảo trì.", "The paying bank is under maintenance."
        ),
        "79": _meaning(
            _FAILED,
            "Mật khẩu thanh toán bị nhập sai quá số lần cho phép.",
            "The payment password was wrong too many times.",
        ),
        "99": _meaning(
            _FAILED, "VNPAY báo một lỗi khác.", "VNPAY reports an error of another kind."
        ),
    }
)
"""`vnp_ResponseCode`: how the attempt to pay ended."""

TRANSACTION_STATUSES: Final[Mapping[str, CodeMeaning]] = MappingProxyType(
    {
        SUCCESS: _meaning(_PAID, "Giao dịch thành công.", "The payment succeeded."),
        "01": _meaning(
            NoticeResult.UNKNOWN,
            "Giao dịch chưa hoàn tất.",
            "The payment is not finished yet.",
        ),
        "02": _meaning(_FAILED, "Giao dịch bị lỗi.", "The payment failed."),
        "04": _meaning(
            _REVIEW,
            "Ngân hàng đã trừ tiền nhưng VNPAY chưa ghi nhận thành công.",
            "The bank took the money, but VNPAY did not record a success.",
        ),
        "05": _meaning(
            _REVIEW, "VNPAY đang xử lý hoàn tiền.", "VNPAY is working on a refund of this payment."
        ),
        "06": _meaning(
            _REVIEW,
            "VNPAY đã gửi yêu cầu hoàn tiền sang ngân hàng.",
            "VNPAY has sent a refund request to the bank.",
        ),
        "07": _meaning(
            _REVIEW, "Giao dịch bị nghi ngờ gian lận.", "The payment is suspected of fraud."
        ),
        "09": _meaning(_REVIEW, "Yêu cầu hoàn tiền bị từ chối.", "A refund was refused."),
    }
)
"""`vnp_TransactionStatus`: how the transaction stands in VNPAY's own books."""


def judge(response_code: str, transaction_status: str) -> NoticeResult:
    """Say what the two codes mean together.

    Paid needs success in both; a doubt in either wins over everything, then a code we do not know.
    """
    results = {
        RESPONSE_CODES.get(response_code, UNKNOWN_CODE).result,
        TRANSACTION_STATUSES.get(transaction_status, UNKNOWN_CODE).result,
    }
    for result in (NoticeResult.REVIEW, NoticeResult.UNKNOWN, NoticeResult.FAILED):
        if result in results:
            return result
    return NoticeResult.PAID


def explain(result_code: str) -> CodeMeaning:
    """Return the sentence for people for a notice's `response/status` code.

    The response code speaks unless it says success and the status does not.
    """
    response_code, _, transaction_status = result_code.partition("/")
    if response_code == SUCCESS:
        return TRANSACTION_STATUSES.get(transaction_status, UNKNOWN_CODE)
    return RESPONSE_CODES.get(response_code, UNKNOWN_CODE)
