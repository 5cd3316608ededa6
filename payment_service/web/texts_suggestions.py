"""The words around suggestions and explanations; what they say stands in `reconciliation`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SUGGESTION_TEXTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "suggestion.title": ("Gợi ý", "Suggestions"),
        "suggestion.hint": (
            (
                "Khoản của người nộp đã ghi nhớ đứng trước, rồi theo độ mạnh của bằng chứng. Hệ "
                "thống không tự khớp: một người đề nghị, người khác duyệt."
            ),
            (
                "Requests of known payers first, then by strength of evidence. Nothing is matched "
                "by itself: one person asks, another approves."
            ),
        ),
        "suggestion.one": ("Gợi ý {number}", "Suggestion {number}"),
        "payer.list": ("Tài khoản người nộp đã ghi nhớ", "Known accounts of payers"),
        "payer.none": ("Chưa ghi nhớ tài khoản nào.", "No account is known yet."),
        "payer.hint": (
            "Chỉ làm gợi ý đứng cao hơn; không khoản nào được khớp chỉ vì điều này.",
            "It only moves suggestions up; nothing is matched for this alone.",
        ),
        "payer.account": ("Tài khoản chuyển tiền", "Account it comes from"),
        "payer.until": ("Hiệu lực", "Valid"),
        "payer.by": ("Đề nghị, duyệt", "Asked, approved"),
        "payer.state": ("Tình trạng", "State"),
        "payer.live": ("Đang dùng", "In use"),
        "payer.expired": ("Hết hạn", "Expired"),
        "payer.revoked": ("{who} thu hồi, {when}", "Taken back by {who}, {when}"),
        "payer.revoke": ("Thu hồi", "Take back"),
        "done.payer": ("Đã thu hồi.", "Taken back."),
        "error.payer.state-conflict": (
            "Đã thu hồi trước đó, hoặc chưa từng được ghi nhớ.",
            "It was taken back already, or never known.",
        ),
        "suggestion.passed": ("Khớp", "Agrees"),
        "suggestion.failed": ("Không khớp", "Does not agree"),
        "suggestion.use": ("Dùng gợi ý này để đề nghị khớp", "Use this to ask for a match"),
        "suggestion.too.many": (
            "Có hơn {count} khoản: nhiều hơn một lần khớp tay cho phép.",
            "More than {count} requests: one match by hand does not hold them.",
        ),
        "explanation.title": ("Vì sao khớp, vì sao chưa", "Why it is matched, or why not"),
        "explanation.see.item": ("Giải thích khoản này", "Explain this item"),
        "explanation.see.request": ("Giải thích yêu cầu nộp này", "Explain this request"),
        "explanation.see.break": ("Xem chênh lệch", "See the break"),
        "explanation.payments": ("Tiền đã biết", "Money that is known of"),
        "error.resolution.suggestion-gone": (
            "Gợi ý này không còn đúng: dòng hoặc khoản đã thay đổi. Hãy xem lại trang chênh lệch.",
            "This suggestion no longer holds: line or request changed. See the break again.",
        ),
    }
)
