"""What VNPAY's result codes mean, for the state of a payment and for people; nothing else."""

from types import MappingProxyType
from typing import Final

from bank_adapters.gateways.codes import CodeMeaning, CodeTable, meaning, unknown_code
from bank_adapters.vocabulary import NoticeResult

SUCCESS: Final = "00"
NOT_FOUND: Final = "91"

_PAID, _FAILED, _REVIEW = NoticeResult.PAID, NoticeResult.FAILED, NoticeResult.REVIEW
_PENDING: Final = NoticeResult.PENDING

UNKNOWN_CODE: Final = unknown_code("VNPAY")

RESPONSE_CODES: Final[CodeTable] = MappingProxyType(
    {
        SUCCESS: meaning(_PAID, "Giao dịch thành công.", "The payment succeeded."),
        "07": meaning(
            _REVIEW,
            "Tiền đã bị trừ nhưng VNPAY nghi ngờ giao dịch; cán bộ sẽ kiểm tra.",
            "The money was taken, but VNPAY finds the payment suspicious; an officer will check.",
        ),
        "09": meaning(
            _FAILED,
            "Thẻ hoặc tài khoản chưa đăng ký dịch vụ Internet Banking.",
            "The card or account is not registered for Internet banking.",
        ),
        "10": meaning(
            _FAILED,
            "Thông tin thẻ hoặc tài khoản bị nhập sai quá ba lần.",
            "The card or account details were wrong more than three times.",
        ),
        "11": meaning(
            _FAILED, "Đã hết thời hạn chờ thanh toán.", "The time allowed for paying ran out."
        ),
        "12": meaning(
            _FAILED, "Thẻ hoặc tài khoản đang bị khóa.", "The card or account is locked."
        ),
        "13": meaning(
            _FAILED, "Mật khẩu xác thực (OTP) không đúng.", "The one-time password was wrong."
        ),
        "24": meaning(_FAILED, "Người nộp đã hủy giao dịch.", "The payer cancelled the payment."),
        "51": meaning(
            _FAILED, "Tài khoản không đủ số dư.", "The account does not hold enough money."
        ),
        "65": meaning(
            _FAILED,
            "Tài khoản đã vượt hạn mức giao dịch trong ngày.",
            "The account has reached its daily limit.",
        ),
        "75": meaning(
            _FAILED, "Ngân hàng thanh toán đang bảo trì.", "The paying bank is under maintenance."
        ),
        "79": meaning(
            _FAILED,
            "Mật khẩu thanh toán bị nhập sai quá số lần cho phép.",
            "The payment password was wrong too many times.",
        ),
        NOT_FOUND: meaning(
            _FAILED, "VNPAY không có giao dịch này.", "VNPAY knows of no such payment."
        ),
        "99": meaning(
            _FAILED, "VNPAY báo một lỗi khác.", "VNPAY reports an error of another kind."
        ),
    }
)
"""`vnp_ResponseCode`: how the attempt to pay ended; 91 only in answers to a query."""

TRANSACTION_STATUSES: Final[CodeTable] = MappingProxyType(
    {
        SUCCESS: meaning(_PAID, "Giao dịch thành công.", "The payment succeeded."),
        "01": meaning(
            _PENDING,
            "Giao dịch chưa hoàn tất.",
            "The payment is not finished yet.",
        ),
        "02": meaning(_FAILED, "Giao dịch bị lỗi.", "The payment failed."),
        "04": meaning(
            _REVIEW,
            "Ngân hàng đã trừ tiền nhưng VNPAY chưa ghi nhận thành công.",
            "The bank took the money, but VNPAY did not record a success.",
        ),
        "05": meaning(
            _REVIEW, "VNPAY đang xử lý hoàn tiền.", "VNPAY is working on a refund of this payment."
        ),
        "06": meaning(
            _REVIEW,
            "VNPAY đã gửi yêu cầu hoàn tiền sang ngân hàng.",
            "VNPAY has sent a refund request to the bank.",
        ),
        "07": meaning(
            _REVIEW, "Giao dịch bị nghi ngờ gian lận.", "The payment is suspected of fraud."
        ),
        "09": meaning(_REVIEW, "Yêu cầu hoàn tiền bị từ chối.", "A refund was refused."),
    }
)
"""`vnp_TransactionStatus`: how the transaction stands in VNPAY's own books."""

REFUND_STATUSES: Final[CodeTable] = MappingProxyType(
    {
        SUCCESS: meaning(_PAID, "Đã hoàn tiền.", "The money was sent back."),
        "05": meaning(_PENDING, "VNPAY đang xử lý hoàn tiền.", "VNPAY is working on this refund."),
        "06": meaning(
            _PAID,
            "VNPAY đã gửi yêu cầu hoàn tiền sang ngân hàng.",
            "VNPAY has sent the refund to the bank.",
        ),
        "09": meaning(_FAILED, "Yêu cầu hoàn tiền bị từ chối.", "The refund was refused."),
    }
)
"""`vnp_TransactionStatus` in the answer to a refund that VNPAY took."""

REFUND_CODES: Final[CodeTable] = MappingProxyType(
    {
        "02": meaning(
            _FAILED, "VNPAY không nhận mã định danh kết nối.", "VNPAY does not know this merchant."
        ),
        "03": meaning(
            _FAILED, "Yêu cầu hoàn tiền sai định dạng.", "The refund order is malformed."
        ),
        NOT_FOUND: meaning(
            _FAILED, "VNPAY không có giao dịch cần hoàn.", "VNPAY knows of no such payment."
        ),
        "94": meaning(
            _PENDING,
            "Giao dịch đã được yêu cầu hoàn tiền trước đó và VNPAY đang xử lý.",
            "A refund was asked for before; VNPAY is working on it.",
        ),
        "95": meaning(
            _FAILED,
            "Giao dịch gốc không thành công nên VNPAY từ chối hoàn tiền.",
            "The payment itself did not succeed, so VNPAY refuses the refund.",
        ),
        "97": meaning(
            _FAILED, "VNPAY không chấp nhận chữ ký.", "VNPAY does not accept the signature."
        ),
    }
)
"""`vnp_ResponseCode` in the answer to a refund that VNPAY did not take; 99 says nothing certain."""


_CONTRADICTION: Final = meaning(
    _REVIEW,
    "VNPAY báo giao dịch lỗi nhưng ghi nhận đã thu tiền; cán bộ sẽ kiểm tra.",
    "VNPAY names an error, but its books say paid; an officer will check.",
)


def judge(response_code: str, transaction_status: str) -> NoticeResult:
    """Say what the two codes mean together.

    Paid needs success in both; a doubt in either wins over everything, then a code we do not know,
    then a payment that is not finished.
    """
    is_failed = RESPONSE_CODES.get(response_code, UNKNOWN_CODE).result is NoticeResult.FAILED
    if is_failed and transaction_status == SUCCESS:
        # VNPAY's own books say that it was taken, its answer to the payer that it was not.
        return NoticeResult.REVIEW
    results = {
        RESPONSE_CODES.get(response_code, UNKNOWN_CODE).result,
        TRANSACTION_STATUSES.get(transaction_status, UNKNOWN_CODE).result,
    }
    for result in (_REVIEW, NoticeResult.UNKNOWN, _PENDING, _FAILED):
        if result in results:
            return result
    return NoticeResult.PAID


def explain(result_code: str) -> CodeMeaning:
    """Return the sentences for people for a `response/status` code, with the result of `judge`.

    Whichever of the two decided it speaks. Where VNPAY knows of no payment there is no status, and
    the response alone speaks.
    """
    response_code, _, transaction_status = result_code.partition("/")
    response = RESPONSE_CODES.get(response_code, UNKNOWN_CODE)
    if response_code == NOT_FOUND and not transaction_status:
        return response
    result = judge(response_code, transaction_status)
    status = TRANSACTION_STATUSES.get(transaction_status, UNKNOWN_CODE)
    rows = [row for row in (response, status) if row.result is result]
    return rows[0] if rows else _CONTRADICTION
