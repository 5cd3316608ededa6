"""What the result codes of banks' channels mean, for people; the dialects alone decide by them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bank_adapters.banks.credit_notice import RESULT_CODE
from bank_adapters.banks.vietqr_vn import CREDIT
from bank_adapters.banks.vietqr_vn_requests import NOT_FOUND, RESULTS
from bank_adapters.vocabulary import CodeMeaning, NoticeResult

UNKNOWN_CODE: Final = CodeMeaning(
    result=NoticeResult.UNKNOWN,
    vietnamese="Ngân hàng gửi một mã mà hệ thống chưa biết.",
    english="The bank sent a code that is not known here.",
)

_ARRIVED: Final = CodeMeaning(
    result=NoticeResult.PAID,
    vietnamese="Ngân hàng báo có: tiền đã vào tài khoản.",
    english="The bank tells of a credit.",
)

CREDIT_CODES: Final[Mapping[str, CodeMeaning]] = MappingProxyType({RESULT_CODE: _ARRIVED})
"""Of banks that announce credits alone."""

VIETINBANK_CODES: Final[Mapping[str, CodeMeaning]] = MappingProxyType(
    {
        "1": CodeMeaning(
            result=NoticeResult.PAID,
            vietnamese="Báo có thông thường của VietinBank.",
            english="An ordinary credit notice of VietinBank.",
        ),
        "2": CodeMeaning(
            result=NoticeResult.PAID,
            vietnamese="Báo có mà VietinBank nhận ra qua cú pháp nội dung chuyển khoản.",
            english="A credit that VietinBank recognised by the syntax of its memo.",
        ),
    }
)
"""`recordNum`."""

_SAID: Final = {
    "0": ("đang chờ", "is waiting"),
    "1": ("đã thành công", "succeeded"),
    "2": ("đã hủy hoặc hết hạn", "was cancelled or expired"),
}

VIETQR_VN_CODES: Final[Mapping[str, CodeMeaning]] = MappingProxyType(
    {
        CREDIT: _ARRIVED,
        **{
            status: CodeMeaning(
                result=RESULTS[status],
                vietnamese=f"vietqr.vn cho biết giao dịch {vietnamese}.",
                english=f"vietqr.vn says that the transaction {english}.",
            )
            for status, (vietnamese, english) in _SAID.items()
        },
        NOT_FOUND: CodeMeaning(
            result=NoticeResult.UNKNOWN,
            vietnamese="vietqr.vn không thấy giao dịch này.",
            english="vietqr.vn finds no such transaction.",
        ),
    }
)
"""`transType` of a notice; `status` and the error code of an answer."""
