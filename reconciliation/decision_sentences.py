"""What passes, classes of evidence and matches say, Vietnamese first, English second; words only.

Names between braces are keys of what was recorded: `…_minor` is money, `…_on` a date.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

Pairs = Mapping[str, tuple[str, str]]

MATCHED: Final[Pairs] = MappingProxyType(
    {
        "reversals": (
            (
                "Ngân hàng trả lại giao dịch mang mã {hit}, cùng tài khoản, cùng số tiền "
                "{line_minor}, "
                "chiều ngược lại; chỉ có một giao dịch gốc và một lần trả lại."
            ),
            (
                "The bank returns the transaction with key {hit}: same account, same amount "
                "{line_minor}, opposite direction; one original and one return only."
            ),
        ),
        "bank_notices": (
            "Mã giao dịch {hit} và số tiền {line_minor} đúng như ngân hàng đã thông báo trước.",
            "Key {hit} and amount {line_minor} are those of the bank's earlier notice.",
        ),
        "batches": (
            "Mã {hit} và số tiền {line_minor} đúng như khoản dự kiến.",
            "Key {hit} and amount {line_minor} are those of the expected item.",
        ),
        "several_batches": (
            "Nội dung có các mã {hit}; tổng của các khoản ấy đúng bằng số tiền {line_minor}.",
            "The line names {hit}; their sum is exactly its amount {line_minor}.",
        ),
        "batch_in_parts": (
            "Các dòng cùng ghi mã {hit}; cộng lại đúng bằng số dự kiến {left_before_minor}.",
            "Several lines name {hit}; their sum is exactly the expected {left_before_minor}.",
        ),
        "exact_key": (
            (
                "Mã nộp tiền {hit} ở trường mã giao dịch; số tiền {line_minor} đúng bằng "
                "số còn phải "
                "nộp."
            ),
            (
                "Payment reference {hit} stands in the reference field; amount "
                "{line_minor} is exactly "
                "what was left to pay."
            ),
        ),
        "reference_in_memo": (
            (
                "Nội dung có mã nộp tiền {hit} đúng ký tự kiểm tra; số tiền {line_minor} "
                "đúng bằng số "
                "còn phải nộp."
            ),
            (
                "The memo holds payment reference {hit} with a correct check symbol; amount "
                "{line_minor} is exactly what was left to pay."
            ),
        ),
        "repaired_references": (
            (
                "Nội dung lệch một ký tự hoặc bị cắt so với mã nộp tiền {hit}; số tiền "
                "{line_minor} và tài khoản người nộp đúng như lần nộp trước của khoản này."
            ),
            (
                "The memo is one slip away from payment reference {hit}; amount {line_minor} and "
                "the payer's account are those of an earlier payment for it."
            ),
        ),
        "mutual_pairs": (
            (
                "Không có mã nộp tiền; tài khoản {hit} đã nộp cho khoản này trước đây và chỉ còn "
                "đúng một khoản, một giao dịch cùng số tiền {line_minor}."
            ),
            (
                "No payment reference; account {hit} paid for this request before, and there is "
                "one request and one credit only of its amount {line_minor}."
            ),
        ),
        "bank_rules": (
            "Ngân hàng ghi mã {hit}: phí hoặc lãi của chính ngân hàng, số tiền {line_minor}.",
            "The bank's own code is {hit}: its charge or interest, amount {line_minor}.",
        ),
        "key_other_amount": (
            "Mã nộp tiền {hit}; số tiền {line_minor}, còn phải nộp trước đó {left_before_minor}.",
            (
                "Payment reference {hit}; amount {line_minor}, left to pay before it "
                "{left_before_minor}."
            ),
        ),
    }
)

PASS_WORDS: Final[Pairs] = MappingProxyType(
    {
        "bank_rules": (
            "Phí và lãi của ngân hàng",
            (
                "Dòng mà mã riêng của ngân hàng gọi là phí hoặc lãi, không bằng chứng mạnh hơn nào "
                "nhận và không nêu khoản thu nào, được ghi đúng như vậy, trong hạn mức của bộ quy "
                "tắc."
            ),
        ),
        "reversals": (
            "Giao dịch bị trả lại",
            (
                "Dòng trả lại tiền đóng đúng một dòng trước đó mà nó nêu, cùng tài khoản, cùng số "
                "tiền, ngược chiều; việc ghép của dòng trước được gỡ trước."
            ),
        ),
        "bank_notices": (
            "Ngân hàng đã báo trước",
            (
                "Dòng ghi có mang đúng mã giao dịch của một thông báo trước đó, cùng tài khoản, "
                "cùng số tiền, là tiền của thông báo ấy."
            ),
        ),
        "batches": (
            "Đợt thanh toán, hoàn trả, bù chi phí",
            (
                "Dòng nêu mã của đợt cổng chuyển về, hoặc mã của lệnh hoàn trả hay bù chi phí, "
                "đúng số tiền và chiều, là tiền của khoản ấy. Cũng vậy với dòng đầu tiên nêu "
                "nhiều khoản và đúng bằng tổng của chúng, và với các dòng chỉ nêu một khoản mà đến "
                "cuối ngày cộng lại đúng bằng khoản ấy."
            ),
        ),
        "references": (
            "Mã nộp tiền",
            (
                "Dòng ghi có nêu đúng một khoản phải nộp thì trả cho khoản ấy, theo thứ tự ngày "
                "ghi sổ: đến hết số còn phải nộp, phần vượt là tiền thừa. Khi còn chờ đơn vị khác "
                "chuyển tiền của khoản ấy thì dòng ấy có thể chính là tiền đó nên được giữ lại."
            ),
        ),
        "repaired_references": (
            "Mã nộp tiền bị lệch",
            (
                "Dòng ghi có chỉ lệch một chút so với đúng một khoản đang mở, đúng số tiền, từ tài "
                "khoản đã nộp cho khoản ấy trước đây, được lấy khi vài ngày không có gì rõ hơn."
            ),
        ),
        "mutual_pairs": (
            "Cặp duy nhất",
            (
                "Dòng ghi có không mã, từ tài khoản đã nộp cho khoản này trước đây, được lấy khi "
                "là lần ghi có duy nhất của người nộp với số tiền ấy và không khoản nào khác còn "
                "đúng số ấy."
            ),
        ),
    }
)
"""Title and sentence of each pass in Vietnamese; the English ones stand with the pass."""

RULE_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "several_batches": "batches",
        "batch_in_parts": "batches",
        "exact_key": "references",
        "reference_in_memo": "references",
        "key_other_amount": "references",
    }
)
"""The pass of each name a match can bear, where the two differ."""

DONE: Final[Pairs] = MappingProxyType(
    {
        "unmatch": (
            "Đã gỡ khớp vì ngân hàng trả lại tiền.",
            "Undone: the bank returned the money.",
        ),
        "notice_ended": (
            "Thông báo kết thúc: tiền đã được trả lại.",
            "The notice ended: its money went back.",
        ),
        "settlement_report": (
            "Theo báo cáo đối soát của cổng thanh toán.",
            "As the gateway's settlement report says.",
        ),
        "refund_ordered": (
            "Tiền thừa đã thành lệnh hoàn trả, hai người duyệt.",
            "The surplus became a refund order, by two people.",
        ),
        "part_payments_complete": (
            "Các phần đã nộp cộng lại đủ số phải nộp.",
            "The parts paid add up to what was asked.",
        ),
    }
)
"""What a match says that needs no evidence beyond its name; or has none, as older refunds."""

BY_PEOPLE: Final = (
    "Hai người xử lý ({act}): {proposed_by} đề nghị, {approved_by} duyệt. Lý do: {reason}.",
    "By two people ({act}): {proposed_by} asked, {approved_by} approved. Reason: {reason}.",
)
BY_RULE: Final = ("Theo quy tắc {pass_name}.", "By the rule {pass_name}.")

CLASSES: Final[Pairs] = MappingProxyType(
    {
        "A": (
            "mã ở trường riêng, hoặc mã đợt của cổng trong nội dung, đúng từng ký tự",
            (
                "a key in a field of its own, or a payout's key in the narrative, equal symbol by "
                "symbol"
            ),
        ),
        "B": (
            "mã trong nội dung, đúng ký tự kiểm tra",
            "a reference in the memo with a correct check symbol",
        ),
        "C": (
            "không đủ mã, nhưng số tiền và người nộp chỉ hợp với một khoản",
            "no whole reference, but amount and payer fit one request only",
        ),
        "D": ("chỉ là gợi ý, không bao giờ tự khớp", "a suggestion only, which never acts alone"),
        "E": ("do hai người quyết định", "decided by two people"),
    }
)
"""What each class of evidence is."""
