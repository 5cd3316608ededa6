"""Baokim's result codes for virtual accounts: what each means, in Vietnamese and English.

Codes and English names are those of Baokim's public description of its collection services.
"""

from types import MappingProxyType
from typing import Final

from bank_adapters.gateways.codes import CodeTable, meaning, unknown_code
from bank_adapters.vocabulary import NoticeResult

SUCCESS: Final = "200"
FAILED: Final = "11"
TIMED_OUT: Final = "99"
REFERENCE_UNKNOWN: Final = "114"
ACCOUNT_UNKNOWN: Final = "112"
SIGNATURE_INCORRECT: Final = "120"

_OF_FIELDS: Final = {
    "103": ("Mã nghiệp vụ (Operation)", "The operation"),
    "104": ("Mã yêu cầu hoặc thời gian yêu cầu", "The request's name or time"),
    "105": ("Mã đối tác (PartnerCode)", "The partner's code"),
    "106": ("Tên tài khoản (AccName)", "The account's name"),
    "107": ("Số giấy tờ của khách hàng (ClientIdNo)", "The client's identity number"),
    "108": ("Ngày cấp hoặc nơi cấp giấy tờ", "The date or place of issue"),
    "109": ("Số tiền thu hộ (CollectAmount)", "The amount to collect"),
    "110": ("Ngày hết hạn (ExpireDate)", "The expiry date"),
    "111": ("Số tài khoản (AccNo)", "The account number"),
    "113": ("Mã tham chiếu (ReferenceId)", "The reference"),
    "115": ("Số tiền giao dịch (TransAmount)", "The transaction's amount"),
    "116": ("Thời gian giao dịch (TransTime)", "The transaction's time"),
    "117": ("Dư nợ trước giao dịch (BefTransDebt)", "The debt before the transaction"),
    "118": ("Mã giao dịch (TransId)", "The transaction's name"),
    "119": ("Dư nợ sau giao dịch (AffTransDebt)", "The debt after the transaction"),
    "120": ("Chữ ký (Signature)", "The signature"),
    "121": ("Loại tài khoản (AccountType)", "The account's type"),
    "122": ("Mã đơn hàng (OrderId)", "The order's name"),
}

RESPONSE_CODES: Final[CodeTable] = MappingProxyType(
    {
        SUCCESS: meaning(NoticeResult.PAID, "Thành công.", "Done."),
        FAILED: meaning(NoticeResult.FAILED, "Thất bại.", "Failed."),
        TIMED_OUT: meaning(
            NoticeResult.UNKNOWN,
            "Hết thời gian chờ; chưa biết kết quả, cần tra cứu lại.",
            "Timed out; the result is not known and has to be asked again.",
        ),
        "101": meaning(
            NoticeResult.UNKNOWN, "Lỗi xử lý phía Bảo Kim.", "Baokim could not process it."
        ),
        "102": meaning(NoticeResult.UNKNOWN, "Lỗi từ ngân hàng.", "The bank reported an error."),
        ACCOUNT_UNKNOWN: meaning(
            NoticeResult.FAILED, "Số tài khoản không tồn tại.", "There is no such account."
        ),
        REFERENCE_UNKNOWN: meaning(
            NoticeResult.PENDING,
            "Mã tham chiếu chưa có ở Bảo Kim.",
            "Baokim does not know this reference yet.",
        ),
        **{
            code: meaning(NoticeResult.FAILED, f"{field} không đúng.", f"{name} is not right.")
            for code, (field, name) in _OF_FIELDS.items()
        },
    }
)
"""`ResponseCode` → meaning. PAID says only that the request was done: for a query, that the payment
stands in Baokim's books."""

UNKNOWN_CODE: Final = unknown_code("Bảo Kim")
