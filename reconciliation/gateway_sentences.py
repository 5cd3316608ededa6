"""What breaks on messages and settlement reports of gateways say to people; words only."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reconciliation.break_codes import BreakCode as C

GATEWAY_SENTENCES: Final[Mapping[C, tuple[str, str]]] = MappingProxyType(
    {
        C.CALLBACK_REVIEW: (
            "Cổng thanh toán nghi ngờ giao dịch {transaction}, {amount_minor}; cần người kiểm tra.",
            "The gateway suspects transaction {transaction}, {amount_minor}; a person must look.",
        ),
        C.CALLBACK_UNKNOWN_CODE: (
            "Cổng thanh toán trả mã kết quả lạ {result_code} cho giao dịch {transaction}.",
            "The gateway answers unknown code {result_code} for transaction {transaction}.",
        ),
        C.UNCONFIRMED_NOTICE: (
            (
                "Thông báo chưa đủ tin về giao dịch {transaction}, {amount_minor}; chưa được bên "
                "gửi hay sao kê xác nhận."
            ),
            (
                "A notice that proves too little, of transaction {transaction}, {amount_minor}; "
                "neither its sender nor a statement confirms it."
            ),
        ),
        C.CONFLICTING_DUPLICATE: (
            (
                "Giao dịch {transaction} được báo hai lần khác nhau: {amount_minor}, mã kết quả "
                "{result_code}, và {expected_minor}."
            ),
            (
                "Transaction {transaction} was told twice and differently: {amount_minor} with "
                "result code {result_code}, and {expected_minor}."
            ),
        ),
        C.UNREADABLE_NOTICE: (
            "Thông báo đúng chữ ký nhưng không đọc được: {reason}.",
            "A genuine message cannot be read: {reason}.",
        ),
        C.OTHER_MERCHANT: (
            (
                "Thông báo đúng chữ ký nhưng của đơn vị {found_merchant}, không phải "
                "{expected_merchant}."
            ),
            "A genuine message is for merchant {found_merchant}, not {expected_merchant}.",
        ),
        C.REPORTED_NO_NOTICE: (
            (
                "Báo cáo đối soát có giao dịch {transaction}, {amount_minor}, chưa từng được "
                "thông báo."
            ),
            (
                "The settlement report lists transaction {transaction}, {amount_minor}, never "
                "notified."
            ),
        ),
        C.NOTICE_NO_REPORT: (
            (
                "Cổng đã báo giao dịch {transaction}, {amount_minor}, nộp ngày {paid_on}, nhưng "
                "chưa có báo cáo đối soát nào ghi giao dịch này."
            ),
            (
                "The gateway notified transaction {transaction}, {amount_minor}, paid on "
                "{paid_on}; no settlement report lists it."
            ),
        ),
        C.REPORT_AMOUNT: (
            (
                "Giao dịch {transaction}: thông báo ghi {expected_minor}, báo cáo đối soát ghi "
                "{reported_minor}."
            ),
            (
                "Transaction {transaction}: the notice says {expected_minor}, the report "
                "{reported_minor}."
            ),
        ),
        C.REPORTED_SETTLED: (
            (
                "Báo cáo đối soát {batch} trả giao dịch {transaction}, {reported_minor}; phần "
                "thiếu của giao dịch này đã được xử lý trước đó, chỉ còn {expected_minor}."
            ),
            (
                "Settlement report {batch} pays transaction {transaction}, {reported_minor}; what "
                "was missing of it had been settled before, down to {expected_minor}."
            ),
        ),
        C.CHARGEBACK: (
            (
                "Cổng thanh toán thu lại giao dịch {original}, {amount_minor} (lệnh "
                "{transaction}); khoản này phải nộp lại."
            ),
            (
                "The gateway took transaction {original} back, {amount_minor} (as "
                "{transaction}); it has to be paid again."
            ),
        ),
        C.REFUND_NOT_ORDERED: (
            (
                "Cổng thanh toán tự hoàn giao dịch {original}, {amount_minor} (lệnh "
                "{transaction}); không ai yêu cầu."
            ),
            (
                "The gateway returned transaction {original}, {amount_minor} (as "
                "{transaction}); nobody ordered it."
            ),
        ),
        C.TAKEN_BACK_UNKNOWN: (
            (
                "Báo cáo đối soát {batch} trừ {amount_minor} (lệnh {transaction}); không khoản "
                "thu hay lệnh hoàn nào đúng như vậy."
            ),
            (
                "Settlement report {batch} takes {amount_minor} back (as {transaction}); no "
                "payment and no ordered refund is exactly that."
            ),
        ),
        C.REPORT_ADJUSTMENT: (
            (
                "Báo cáo đối soát {batch} điều chỉnh {adjusted_minor} (lệnh {transaction}) mà "
                "không rõ lý do."
            ),
            (
                "Settlement report {batch} adjusts by {adjusted_minor} (as {transaction}), and "
                "nothing says why."
            ),
        ),
        C.FEE_VARIANCE: (
            (
                "Báo cáo đối soát {batch} tính phí và thuế {reported_minor}, theo {contract} là "
                "{expected_minor}; chênh từng giao dịch cộng lại {amount_minor}; {lines} giao dịch "
                "lệch, như {transactions}."
            ),
            (
                "Settlement report {batch} keeps {reported_minor} in fees and VAT, by {contract} "
                "it is {expected_minor}; line by line the differences add up to {amount_minor}; "
                "transactions that differ: {lines}, like {transactions}."
            ),
        ),
    }
)
"""Joined to the sentences of all other codes; names between braces as there."""
