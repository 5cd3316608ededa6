"""The words of the queue of breaks, of what a rule allows, and of what became of a message."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

BREAK_TEXTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "break.queue": (
            "Đang mở: {count}. Quá hạn: {overdue}.",
            "Open: {count}. Overdue: {overdue}.",
        ),
        "break.due": ("Hạn xử lý", "Due"),
        "break.overdue": ("Quá hạn", "Overdue"),
        "break.none.so": (
            "Không có chênh lệch nào đúng điều kiện lọc.",
            "No break passes the filters.",
        ),
        "break.figures": ("Số liệu", "Figures"),
        "break.subject.report": ("Báo cáo đối soát của cổng", "Gateway's settlement report"),
        "report.batch": ("Đợt", "Batch"),
        "report.settled": ("Ngày đối soát", "Settled on"),
        "report.gross": ("Tổng giao dịch", "Gross"),
        "report.costs": ("Phí và thuế", "Fees and VAT"),
        "report.net": ("Chuyển về (âm: thu lại)", "Paid out (negative: taken back)"),
        "report.fees": ("Đối chiếu phí", "Costs against the contract"),
        "report.fees.checked": (
            "{lines} trên {all} giao dịch có hợp đồng; lệch {difference}",
            "{lines} of {all} lines have a contract; difference {difference}",
        ),
        "report.fees.unchecked": (
            "Chưa đối chiếu: chưa có hợp đồng",
            "Not checked: no contract is registered",
        ),
        "break.allowed": ("Quy tắc cho phép", "The rule allows"),
        "allowed.wait": ("chờ phía còn lại", "wait for the other side"),
        "allowed.match_by_hand": ("khớp tay", "match by hand"),
        "allowed.refund": ("hoàn trả", "refund"),
        "allowed.ask_payer": ("hỏi người nộp", "ask the payer"),
        "allowed.move_to_unit": ("chuyển cho đúng đơn vị", "hand over to the right unit"),
        "allowed.pair_lines": ("ghép với lần trả lại", "pair with its return"),
        "allowed.book_as_charge": ("ghi phí hoặc lãi ngân hàng", "book as charge or interest"),
        "allowed.ask_bank": ("hỏi ngân hàng", "ask the bank"),
        "allowed.ask_gateway": ("hỏi cổng thanh toán", "ask the gateway"),
        "allowed.replace_statement": ("nộp sao kê đúng", "bring the right statement"),
        "allowed.confirm_statement": ("xác nhận sao kê", "confirm the statement"),
        "allowed.settle_item": (
            "ghép dòng sao kê với khoản đang chờ tiền",
            "pair a line with what is expected",
        ),
        "allowed.answer": ("đóng khi đã có trả lời", "close it once it is answered"),
        "allowed.write_off": ("xóa khoản nhỏ", "write a small amount off"),
        "outcome.recorded": ("Đã ghi nhận", "Recorded"),
        "outcome.already_recorded": ("Giao dịch đã ghi nhận từ trước", "Recorded before"),
        "outcome.unknown_reference": (
            "Đã ghi nhận; không rõ khoản phải nộp",
            "Recorded; for no known request",
        ),
        "outcome.amount_differs": ("Khác số tiền", "Another amount"),
        "outcome.already_covered": (
            "Đã ghi nhận; khoản phải nộp đã đủ hoặc đã hủy",
            "Recorded; the request was covered or withdrawn",
        ),
        "outcome.unconfirmed": ("Chưa được xác nhận, chưa ghi nhận", "Not confirmed or recorded"),
        "outcome.other_merchant": (
            "Của đơn vị khác, không ghi nhận",
            "For another merchant; not recorded",
        ),
        "outcome.unreadable": ("Không đọc được, không ghi nhận", "Unreadable; not recorded"),
        "outcome.rejected": ("Sai chữ ký, không ghi nhận", "Wrong signature; not recorded"),
        "outcome.retry_later": ("Chưa xử lý, bên gửi gửi lại", "To be sent again"),
    }
)
