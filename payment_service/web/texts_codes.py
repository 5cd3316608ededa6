"""The short name of every break code; its sentence stands in `reconciliation.break_sentences`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

CODE_TEXTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "code.UNREADABLE": ("Không đọc được sao kê", "Statement unreadable"),
        "code.PROOF_FAILED": ("Số dư sao kê không khớp", "Statement does not add up"),
        "code.GAP": ("Thiếu sao kê ở giữa", "Statement missing in between"),
        "code.OVERLAP_CONFLICT": ("Sao kê trùng kỳ, khác nội dung", "Period told differently"),
        "code.WRONG_ACCOUNT": ("Sai tài khoản", "Wrong account"),
        "code.NOT_CONFIRMED": ("Sao kê chờ xác nhận", "Statement to be confirmed"),
        "code.VND_FRACTION": ("Số đồng có phần lẻ", "Đồng with decimals"),
        "code.RETURN_UNMATCHED": ("Trả lại không rõ gốc", "Return of nothing known"),
        "code.RETURN_AMBIGUOUS": ("Trả lại có nhiều gốc", "Return of several"),
        "code.RETURN_SETTLED": ("Trả lại tiền đã chi", "Return of money that moved on"),
        "code.NOTICE_AMOUNT": ("Khác số tiền đã báo", "Not the amount announced"),
        "code.BATCH_AMOUNT": ("Khác số tiền dự kiến", "Not the amount expected"),
        "code.AMBIGUOUS_REFERENCE": ("Ứng với nhiều khoản", "Fits several items"),
        "code.CURRENCY": ("Khác loại tiền", "Another currency"),
        "code.BANK_NO_BATCH": ("Tiền cổng chưa có báo cáo", "Payout without a report"),
        "code.WRONG_UNIT": ("Mã của đơn vị khác", "Another unit's reference"),
        "code.UNKNOWN_REFERENCE": ("Mã không có khoản thu", "Unknown reference"),
        "code.BROKEN_REFERENCE": ("Mã sai ký tự", "Broken reference"),
        "code.NO_REFERENCE": ("Không có mã nộp tiền", "No reference"),
        "code.UNEXPLAINED_DEBIT": ("Ghi nợ chưa rõ lý do", "Unexplained debit"),
        "code.TAKEN_APART": ("Cán bộ đã gỡ khớp", "Taken apart by people"),
        "code.UNDERPAID": ("Nộp thiếu", "Underpaid"),
        "code.OVERPAID": ("Nộp thừa", "Overpaid"),
        "code.REFERENCE_CLOSED": ("Nộp lại khoản đã đủ", "Paid again"),
        "code.REFERENCE_CANCELLED": ("Nộp khoản đã hủy", "Paid though withdrawn"),
        "code.NOTICE_NO_BANK": ("Đã báo có, sao kê chưa có", "Announced, not on statement"),
        "code.BATCH_NO_BANK": ("Cổng báo chuyển, chưa về", "Payout not in the bank"),
        "code.COST_NOT_RETURNED": ("Đơn vị chưa bù chi phí", "Costs not put back"),
        "code.REFUND_NOT_SEEN": ("Hoàn trả chưa thấy trên sao kê", "Refund not on statement"),
        "code.TRANSFER_NOT_SEEN": ("Chuyển giữa đơn vị chưa thấy", "Transfer not on statement"),
        "code.CALLBACK_REVIEW": ("Cổng cần người kiểm tra", "Gateway asks for a person"),
        "code.CALLBACK_UNKNOWN_CODE": ("Cổng trả mã lạ", "Unknown code of a gateway"),
        "code.UNCONFIRMED_NOTICE": ("Thông báo chưa được xác nhận", "Notice not confirmed"),
        "code.CONFLICTING_DUPLICATE": ("Báo hai lần khác nhau", "Told twice, differently"),
        "code.UNREADABLE_NOTICE": ("Thông báo không đọc được", "Notice unreadable"),
        "code.OTHER_MERCHANT": ("Thông báo của đơn vị khác", "Notice of another merchant"),
        "code.REPORTED_NO_NOTICE": ("Có đối soát, chưa từng báo", "Reported, never notified"),
        "code.NOTICE_NO_REPORT": ("Đã báo, không có đối soát", "Notified, not reported"),
        "code.REPORT_AMOUNT": ("Báo và đối soát khác số", "Notice and report differ"),
        "code.CHARGEBACK": ("Cổng thu lại tiền", "Taken back by the gateway"),
        "code.REFUND_NOT_ORDERED": ("Cổng tự hoàn tiền", "Refund nobody ordered"),
        "code.TAKEN_BACK_UNKNOWN": ("Cổng trừ tiền không rõ", "Taken back, unknown why"),
        "code.REPORT_ADJUSTMENT": ("Đối soát điều chỉnh", "Adjusted by the gateway"),
        "code.FEE_VARIANCE": ("Phí khác hợp đồng", "Costs differ from contract"),
    }
)
