"""What is said of what stands open, and why it does, Vietnamese first, English second; words only.

Names between braces are keys of what was recorded: `…_minor` is money, `…_on` a date.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

Pairs = Mapping[str, tuple[str, str]]

FAILED: Final[Pairs] = MappingProxyType(
    {
        "account": ("Sai khác ở tài khoản.", "The account differs."),
        "amount": ("Sai khác ở số tiền.", "The amount differs."),
        "bank_line": ("Chưa thấy dòng sao kê tương ứng.", "No bank line answers it."),
        "batch": ("Không có đợt thanh toán mang mã này.", "No open payout has this key."),
        "balance": ("Số dư không khớp.", "The balances do not prove the entries."),
        "balances_missing": ("Sao kê thiếu số dư.", "A balance is missing."),
        "check_symbol": (
            "Ký tự kiểm tra không đúng; hệ thống không tự đoán mã.",
            "The check symbol is wrong; a reference is never guessed.",
        ),
        "currency": ("Sai khác ở loại tiền.", "The currency differs."),
        "cover": ("Số tiền nhận được khác số phải nộp.", "The money is not the amount asked."),
        "decimals": ("Đồng Việt Nam không có số lẻ.", "The đồng has no decimals."),
        "number": (
            "Số sao kê này đã được nhập với nội dung khác.",
            "This statement number was imported with other content.",
        ),
        "opening_balance": (
            "Số dư đầu không nối tiếp số dư cuối trước đó.",
            "The opening balance does not continue the last closing balance.",
        ),
        "order": (
            "Không có lệnh hoàn trả, lệnh chuyển khoản hay khoản chi nào khớp với giao dịch này.",
            "No refund, transfer or charge of ours explains it.",
        ),
        "original": ("Không thấy giao dịch gốc.", "The original transaction is not there."),
        "settled": (
            "Tiền của giao dịch này đã được hoàn trả hoặc đã chuyển đi.",
            "The money of this transaction was refunded or has moved on.",
        ),
        "pages": ("Sao kê thiếu trang.", "A page of the statement is missing."),
        "period": ("Kỳ sao kê đã được ghi nhận.", "The period was recorded before."),
        "reference": ("Không có khoản thu nào mang mã này.", "No request has this reference."),
        "reference_missing": ("Không có mã nộp tiền.", "There is no payment reference."),
        "unique": (
            "Có nhiều khả năng như nhau nên hệ thống không tự chọn.",
            "Several answers fit equally, so none is chosen.",
        ),
        "unit": ("Mã thuộc đơn vị khác.", "The reference belongs to another unit."),
    }
)

NEAR: Final[Pairs] = MappingProxyType(
    {
        "same_amount_dues": (
            (
                "Gần nhất: {count} khoản chưa nộp có cùng số tiền; số tiền giống nhau không đủ "
                "để ghép."
            ),
            (
                "Nearest: unpaid requests of this amount: {count}; an equal amount alone proves "
                "nothing."
            ),
        ),
        "one_symbol": (
            "Gần nhất: mã {reference} khác một ký tự; chỉ là gợi ý.",
            "Nearest: reference {reference} differs in one symbol; a hint only.",
        ),
        "cut_off": (
            "Gần nhất: nội dung chỉ có phần đầu của mã {reference}; chỉ là gợi ý.",
            "Nearest: the memo holds the beginning of reference {reference}; a hint only.",
        ),
        "expected_amount": (
            "Gần nhất: {reference}, số dự kiến {expected_minor}.",
            "Nearest: {reference}, expected {expected_minor}.",
        ),
        "closed_item": (
            "Gần nhất: {reference} đã có dòng sao kê trước đó.",
            "Nearest: {reference} already has its line.",
        ),
    }
)

SUBJECTS: Final[Pairs] = MappingProxyType(
    {
        "line": (
            "Dòng sao kê {amount_minor} ngày {since_on}, còn chưa giải thích {residual_minor}.",
            "Bank line of {amount_minor} on {since_on}, {residual_minor} of it unexplained.",
        ),
        "request": (
            (
                "Yêu cầu nộp {reference} ngày {since_on}: {amount_minor}, còn phải nộp "
                "{residual_minor}."
            ),
            "Request {reference} of {since_on}: {amount_minor}, {residual_minor} left to pay.",
        ),
        "due": (
            (
                "Khoản phải nộp {reference} ngày {since_on}: {amount_minor}, còn phải nộp "
                "{residual_minor}."
            ),
            "Due {reference} of {since_on}: {amount_minor}, {residual_minor} left to pay.",
        ),
        "item": (
            "Khoản {reference} ngày {since_on}: {amount_minor}, còn mở {residual_minor}.",
            "Item {reference} of {since_on}: {amount_minor}, {residual_minor} of it open.",
        ),
    }
)

STANDING: Final[Pairs] = MappingProxyType(
    {
        "line": (
            "Chưa lần đối soát nào xét dòng này.",
            "No run has looked at this line yet.",
        ),
        "due": (
            "Chưa có khoản tiền nào cho mã này.",
            "No money has come for this reference.",
        ),
        "item": (
            "Chưa thấy dòng sao kê tương ứng; chưa quá hạn.",
            "No bank line answers it; it is not overdue yet.",
        ),
        "cancelled": ("Khoản này đã hủy.", "This was cancelled."),
    }
)
"""What is said of something open that nothing is known about."""

PAYMENTS: Final[Pairs] = MappingProxyType(
    {
        "gateway_notice": (
            "Cổng thanh toán báo đã nộp {amount_minor} ngày {paid_on}, giao dịch {transaction}.",
            "The gateway told of {amount_minor} paid on {paid_on}, transaction {transaction}.",
        ),
        "gateway_report": (
            "Báo cáo của cổng có {amount_minor} ngày {paid_on}, giao dịch {transaction}.",
            "The gateway's report lists {amount_minor} of {paid_on}, transaction {transaction}.",
        ),
        "bank_notice": (
            "Ngân hàng báo có {amount_minor} ngày {paid_on}, giao dịch {transaction}.",
            "The bank told of {amount_minor} on {paid_on}, transaction {transaction}.",
        ),
        "bank_line": (
            "Sao kê có {amount_minor} ngày {paid_on}.",
            "A statement shows {amount_minor} on {paid_on}.",
        ),
        "returned": (
            "Khoản {amount_minor} nộp ngày {paid_on} đã bị lấy lại.",
            "What was paid on {paid_on}, {amount_minor}, was taken back.",
        ),
    }
)
