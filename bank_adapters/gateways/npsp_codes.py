"""What the national payment platform's codes mean, for a payment's state and for people.

The public client HuanVu201/DichVuCong_KhoaLuan_PASETO quotes the platform on `TrangThaiGD`; `99` is
the one failure that VietOpenCPS/opencps-v2 names. No other code is published.
"""

from types import MappingProxyType
from typing import Final

from bank_adapters.gateways.codes import CodeMeaning, CodeTable, meaning, unknown_code
from bank_adapters.vocabulary import NoticeResult

SUCCESS: Final = "00"
OTHER_ERROR: Final = "99"

UNKNOWN_CODE: Final = unknown_code("Nền tảng thanh toán")

_PAID: Final = meaning(NoticeResult.PAID, "Giao dịch thành công.", "The payment succeeded.")
_FAILED: Final = meaning(NoticeResult.FAILED, "Thanh toán thất bại.", "The payment failed.")

ERROR_CODES: Final[CodeTable] = MappingProxyType({SUCCESS: _PAID, OTHER_ERROR: _FAILED})
"""`MaLoi` of a notice."""

TRANSACTION_STATUSES: Final[CodeTable] = MappingProxyType(
    {
        "1": _PAID,
        "3": meaning(
            NoticeResult.PENDING,
            "Nền tảng thanh toán chưa biết kết quả cuối cùng; kết quả đang được hỏi lại.",
            "The platform does not know the final result yet; it is being asked again.",
        ),
        "4": _FAILED,
    }
)
"""`TrangThaiGD` of an answer, when the question itself went well."""


def explain(result_code: str) -> CodeMeaning:
    """Return the result and the sentences for people.

    A notice's code is `MaLoi` alone, an answer's is `MaLoi/TrangThaiGD`; a question that went wrong
    says nothing about the payment.
    """
    error_code, slash, status = result_code.partition("/")
    if not slash:
        return ERROR_CODES.get(error_code, UNKNOWN_CODE)
    if error_code != SUCCESS:
        return UNKNOWN_CODE
    return TRANSACTION_STATUSES.get(status, UNKNOWN_CODE)
