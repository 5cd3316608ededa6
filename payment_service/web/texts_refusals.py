"""Why an act about a break was refused, in words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

REFUSAL_TEXTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "error.stale": (
            "Có thay đổi từ lúc xem nên không ghi gì. Hãy xem lại rồi đề nghị mới.",
            "Something changed since it was looked at, so nothing was done. Look and ask anew.",
        ),
        "error.moved-on": (
            "Tiền này đã được hoàn trả hoặc dùng tiếp nên không gỡ được.",
            "This money was refunded or used since, so it cannot be taken off.",
        ),
        "error.taken-back": (
            "Ngân hàng đã lấy lại tiền này; ghép phần còn mở với dòng lấy lại.",
            "The bank took this money back; pair what is open of it with the line that did.",
        ),
        "error.original-open": (
            "Tiền mà ngân hàng lấy lại còn phần mở: ghép phần đó với dòng này trước.",
            "Something is open of what the bank took back: pair that with this line first.",
        ),
        "error.undone": ("Lần khớp này đã được gỡ.", "This match is undone already."),
        "error.not-undoable": (
            "Lần khớp này theo mã của ngân hàng hoặc cổng, cán bộ không gỡ được.",
            "This match follows the bank's or gateway's own key; people do not undo it.",
        ),
        "error.not-answered": (
            "Chênh lệch này không phải do cán bộ đóng.",
            "It was not people who closed this break.",
        ),
        "error.answer-moved-on": (
            "Chênh lệch này đã được mở lại, hoặc phần còn thiếu đã đến.",
            "This break was opened again, or what was missing has come since.",
        ),
        "error.reported-since": (
            "Báo cáo đối soát của giao dịch này đã đến, nên không gỡ được nữa.",
            "The settlement report of this transaction came since, so it is not undone any more.",
        ),
        "error.another-unit": (
            "Khoản này thuộc đơn vị hoặc nhóm tài khoản khác.",
            "This belongs to another unit or account group.",
        ),
        "error.resolution.amount": (
            "Tổng số tiền phải lớn hơn 0 và không quá phần còn mở của dòng và của khoản.",
            "The amounts are more than 0 and no more than what is open on line and due.",
        ),
        "error.resolution.no-payer-account": (
            "Ngân hàng không cho biết tài khoản chuyển tiền.",
            "The bank did not tell the account it came from.",
        ),
        "error.resolution.known-payer": (
            "Tài khoản này đã được ghi nhớ cho hồ sơ này.",
            "This account is known for this dossier already.",
        ),
        "error.resolution.one-due": (
            "Việc này chỉ cho đúng một khoản.",
            "This is for exactly one due.",
        ),
        "error.resolution.no-account": (
            "Đơn vị kia chưa có tài khoản thu đang dùng.",
            "The other unit has no live account.",
        ),
        "error.resolution.same-unit": (
            "Khoản này cùng đơn vị với tài khoản; hãy khớp tay.",
            "The due is of the account's own unit; match it by hand.",
        ),
        "error.resolution.due": (
            "Hãy chọn ít nhất một khoản, mỗi khoản một lần.",
            "Choose at least one due, each once.",
        ),
        "error.resolution.band": (
            "Số tiền vượt mức được phép cho việc này.",
            "The amount is beyond the band of this act.",
        ),
        "error.resolution.direction": (
            "Việc này chỉ dành cho dòng ghi có.",
            "This is for credits only.",
        ),
        "error.resolution.awaited-direction": (
            "Khoản này ngược chiều với dòng: một bên là tiền vào, một bên là tiền ra.",
            "This goes the other way than the line: one is money in, the other money out.",
        ),
        "error.resolution.awaited-account": (
            "Khoản này chờ trên tài khoản khác của đơn vị.",
            "This is awaited on another account of the unit.",
        ),
        "error.resolution.awaited-amount": (
            "Khoản đang chờ chỉ khớp trọn: đúng bằng số còn lại của nó.",
            "What is awaited is matched as a whole: exactly what is left of it.",
        ),
        "error.resolution.awaited-sum": (
            "Các khoản đang chờ phải đúng bằng phần còn mở của dòng, không lệch một đồng.",
            "What is awaited has to be exactly what is open on the line, to the last đồng.",
        ),
        "error.resolution.awaited-done": (
            "Khoản này đã khớp với dòng khác nên không còn chờ nữa.",
            "Another line settled this already, so it is not awaited any more.",
        ),
        "error.resolution.awaited-alone": (
            "Một dòng khớp với khoản phải nộp hoặc với khoản đang chờ, không cả hai một lúc.",
            "A line is matched with dues or with what is awaited, not with both at once.",
        ),
        "error.resolution.not-collected": (
            (
                "Tiền này mới được báo, sao kê chưa có. Chuyển cho đơn vị khác được ngay khi sao "
                "kê của tài khoản có dòng này, hoặc có khoản cổng chuyển về chứa tiền này."
            ),
            (
                "This money was only announced. It can be handed over once the account's statement "
                "shows its line, or the payout that holds it."
            ),
        ),
        "error.resolution.opposite": (
            "Hãy chọn một dòng hoặc khoản trong danh sách.",
            "Choose a line or an item of the list.",
        ),
        "error.resolution.reason": ("Hãy chọn một lý do.", "Choose a reason."),
        "error.resolution.note": (
            "Ghi chú nhiều nhất 500 ký tự.",
            "A note has 500 characters at most.",
        ),
        "error.resolution.note-missing": (
            "Hãy ghi ai trả lời, ngày nào, văn bản nào.",
            "Say who answered, when, and in which letter.",
        ),
        "error.resolution.closed-break": (
            "Chênh lệch này đã đóng; hãy xem trang mới nhất.",
            "This break is closed; look at the newest page.",
        ),
        "error.resolution.resolution": (
            "Loại chênh lệch này không xử lý theo cách đó.",
            "A break of this kind is not resolved in this way.",
        ),
        "error.resolution.subject": (
            "Việc này không áp dụng được ở đây.",
            "This act does not fit here.",
        ),
        "error.resolution.waiting": (
            "Đã có đề nghị cho dòng này, đang chờ người khác duyệt.",
            "Something is asked for here already and waits for another person.",
        ),
        "error.resolution.invalid-content": (
            "Số tiền chỉ gồm các chữ số 0–9; mọi ô phải đúng dạng.",
            "Amounts have digits 0–9 only; every field must be well-formed.",
        ),
    }
)
