"""What each break says to people, in Vietnamese and in English; words only.

Names between braces are keys of a break's details: `…_minor` is money, `…_on` a date.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reconciliation.break_codes import BreakCode as C
from reconciliation.gateway_sentences import GATEWAY_SENTENCES

SENTENCES: Final[Mapping[C, tuple[str, str]]] = MappingProxyType(
    {
        C.UNREADABLE: (
            "Không đọc được trọn vẹn tệp sao kê: {reason}.",
            "The statement file cannot be read as a whole: {reason}.",
        ),
        C.PROOF_FAILED: (
            "Sao kê {statement}: số dư đầu cộng các bút toán lệch số dư cuối {difference_minor}.",
            (
                "Statement {statement}: opening balance and entries miss the closing balance by "
                "{difference_minor}."
            ),
        ),
        C.GAP: (
            (
                "Sao kê {statement} bắt đầu từ {opening_minor}, số dư cuối đã ghi nhận là "
                "{previous_closing_minor}: thiếu sao kê ở giữa."
            ),
            (
                "Statement {statement} opens at {opening_minor}, the last closing balance was "
                "{previous_closing_minor}: a statement is missing in between."
            ),
        ),
        C.OVERLAP_CONFLICT: (
            (
                "Sao kê {statement} thuộc kỳ đã có sao kê (đến {previous_closing_on}) "
                "nhưng nội dung "
                "khác."
            ),
            (
                "Statement {statement} covers a period already closed (up to "
                "{previous_closing_on}) "
                "with other content."
            ),
        ),
        C.WRONG_ACCOUNT: (
            "Tài khoản {found_account} không phải tài khoản dự kiến {expected_account}.",
            "Account {found_account} is not the expected account {expected_account}.",
        ),
        C.NOT_CONFIRMED: (
            "Sao kê {statement} cần người thứ hai xác nhận số dư cuối và số dòng.",
            "Statement {statement} waits for a second person to confirm closing balance and lines.",
        ),
        C.VND_FRACTION: (
            "Sao kê {statement} có số tiền đồng lẻ phần thập phân.",
            "Statement {statement} has an amount in đồng with decimals.",
        ),
        C.RETURN_UNMATCHED: (
            (
                "Ngân hàng trả lại giao dịch {reference}, {amount_minor}, nhưng không thấy "
                "giao dịch "
                "gốc."
            ),
            (
                "The bank returns transaction {reference}, {amount_minor}, and the original is not "
                "there."
            ),
        ),
        C.RETURN_AMBIGUOUS: (
            (
                "Ngân hàng trả lại giao dịch {reference}, {amount_minor}; có {originals} "
                "giao dịch gốc "
                "và {returns} lần trả lại cùng mã."
            ),
            (
                "The bank returns transaction {reference}, {amount_minor}; {originals} "
                "originals and "
                "{returns} returns bear that key."
            ),
        ),
        C.RETURN_SETTLED: (
            (
                "Ngân hàng trả lại giao dịch {reference}, {amount_minor}, nhưng tiền của giao dịch "
                "ấy đã đi tiếp: đã hoàn trả, đã bù lại, đã chuyển cho đơn vị khác, đã nộp ngân "
                "sách, đã ghép với một dòng khác, hoặc thuộc một đợt thanh toán."
            ),
            (
                "The bank returns transaction {reference}, {amount_minor}, and its money has moved "
                "on since: refunded, put back, handed over to another unit, given to the budget, "
                "paired with another line, or part of a payout."
            ),
        ),
        C.NOTICE_AMOUNT: (
            (
                "Dòng sao kê mang mã {reference} có số tiền {amount_minor}, thông báo của "
                "ngân hàng "
                "ghi {expected_minor}."
            ),
            (
                "The line with key {reference} is of {amount_minor}, the bank's notice said "
                "{expected_minor}."
            ),
        ),
        C.BATCH_AMOUNT: (
            (
                "Dòng sao kê mang mã {reference} có số tiền {amount_minor}, số dự kiến là "
                "{expected_minor}."
            ),
            "The line with key {reference} is of {amount_minor}, expected were {expected_minor}.",
        ),
        C.AMBIGUOUS_REFERENCE: (
            "Dòng {amount_minor} ứng với nhiều khoản: {references}.",
            "The line of {amount_minor} fits more than one item: {references}.",
        ),
        C.CURRENCY: (
            "Dòng {amount_minor} nộp cho {reference}, khoản này thu bằng {expected_currency}.",
            (
                "The line of {amount_minor} is for {reference}, which was asked in "
                "{expected_currency}."
            ),
        ),
        C.BANK_NO_BATCH: (
            (
                "Có {amount_minor} của đợt thanh toán {reference} nhưng chưa có báo cáo "
                "nào đang chờ "
                "đợt này."
            ),
            "{amount_minor} came for payout {reference}, and no report waits for it.",
        ),
        C.WRONG_UNIT: (
            "Dòng {amount_minor} mang mã {reference} của đơn vị khác ({other_groups}).",
            (
                "The line of {amount_minor} bears reference {reference} of another unit "
                "({other_groups})."
            ),
        ),
        C.UNKNOWN_REFERENCE: (
            (
                "Dòng {amount_minor} mang mã {reference} đúng dạng nhưng không có khoản "
                "thu nào mang "
                "mã này."
            ),
            "The line of {amount_minor} bears {reference}, well formed, and no request has it.",
        ),
        C.BROKEN_REFERENCE: (
            "Dòng {amount_minor} có chuỗi {found} gần giống mã nộp tiền nhưng sai ký tự.",
            "The line of {amount_minor} holds {found}, close to a payment reference but not one.",
        ),
        C.NO_REFERENCE: (
            "Dòng {amount_minor} ngày {booked_on} không có mã nộp tiền.",
            "The line of {amount_minor} on {booked_on} has no payment reference.",
        ),
        C.UNEXPLAINED_DEBIT: (
            "Tài khoản bị ghi nợ {amount_minor} ngày {booked_on} chưa rõ lý do.",
            "{amount_minor} left the account on {booked_on} and nothing says why.",
        ),
        C.TAKEN_APART: (
            "Cán bộ đã gỡ khớp dòng {amount_minor} ngày {booked_on}; hệ thống không tự khớp lại.",
            (
                "People undid the match of the line of {amount_minor} on {booked_on}; nothing "
                "matches it again by itself."
            ),
        ),
        C.UNDERPAID: (
            "Khoản {reference} mới nộp {paid_minor}, còn thiếu {short_minor}.",
            "Request {reference} was paid {paid_minor}, short by {short_minor}.",
        ),
        C.OVERPAID: (
            "Khoản {reference} nộp thừa {surplus_minor}.",
            "Request {reference} was overpaid by {surplus_minor}.",
        ),
        C.REFERENCE_CLOSED: (
            "Khoản {reference} đã nộp đủ trước đó; nhận thêm {surplus_minor}.",
            "Request {reference} had been paid before; {surplus_minor} more came.",
        ),
        C.REFERENCE_CANCELLED: (
            "Khoản {reference} đã hủy; vẫn nhận {surplus_minor}.",
            "Request {reference} had been withdrawn; {surplus_minor} came.",
        ),
        C.NOTICE_NO_BANK: (
            "Ngân hàng báo có {amount_minor} (mã {reference}, {since_on}) nhưng sao kê chưa có.",
            (
                "The bank announced {amount_minor} (key {reference}, {since_on}); the "
                "statement does "
                "not show it."
            ),
        ),
        C.BATCH_NO_BANK: (
            (
                "Cổng thanh toán báo chuyển {amount_minor} (đợt {reference}, {since_on}) "
                "nhưng tiền "
                "chưa về."
            ),
            (
                "The gateway reported a payout of {amount_minor} (batch {reference}, "
                "{since_on}); the "
                "bank does not show it."
            ),
        ),
        C.COST_NOT_RETURNED: (
            "Đơn vị chưa bù chi phí {amount_minor} (mã {reference}, {since_on}).",
            "The unit has not put back costs of {amount_minor} (key {reference}, {since_on}).",
        ),
        C.REFUND_NOT_SEEN: (
            "Lệnh hoàn trả {amount_minor} (mã {reference}, {since_on}) chưa thấy trên sao kê.",
            "The refund of {amount_minor} (key {reference}, {since_on}) is not on the statement.",
        ),
        C.TRANSFER_NOT_SEEN: (
            "Lệnh chuyển {amount_minor} giữa hai đơn vị ({reference}, {since_on}) chưa thấy.",
            "The transfer of {amount_minor} between units ({reference}, {since_on}) is not seen.",
        ),
        **GATEWAY_SENTENCES,
    }
)
"""Vietnamese and English sentence of every code; a test holds that none is missing."""
