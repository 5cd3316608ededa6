"""The words of what officers do about breaks: acts, reasons, forms and what was done."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reconciliation.act_sentences import ACTS, REASONS

RESOLUTION_TEXTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        **{f"act.{name}": words for name, words in ACTS.items()},
        **{f"reason.{name}": words for name, words in REASONS.items()},
        "resolve.hint.learn_payer": (
            (
                "Trong một năm, tài khoản chuyển tiền này được coi là của người nộp cho hồ sơ này. "
                "Chỉ để gợi ý: không đêm nào tự khớp theo điều này."
            ),
            (
                "For a year, the account it came from counts as that of this dossier's payer. "
                "Only for suggestions: no night matches anything by it."
            ),
        ),
        "resolve.hint.refund": (
            "Lập lệnh trả lại toàn bộ phần còn mở; lệnh có mã để đối chiếu với sao kê.",
            "Orders all that is open back; the order bears a key by which the statement shows it.",
        ),
        "resolve.hint.move_to_unit": (
            (
                "Tiền nộp nhầm vào tài khoản đơn vị này: khoản của đơn vị kia được ghi đã nộp, hai "
                "đơn vị ghi nợ nhau và khớp bằng lệnh chuyển tiền có mã in sẵn."
            ),
            (
                "Paid into this unit's account by mistake: the other unit's due is paid, the units "
                "owe each other, and a transfer with a printed key settles it."
            ),
        ),
        "resolve.hint.move_to_request": (
            "Gỡ khỏi khoản cũ và ghi cho khoản mới của cùng đơn vị trong một lần duyệt.",
            "Off the old request and onto another of the same unit, by one approval.",
        ),
        "resolve.hint.match_by_hand": (
            (
                "Một dòng ghi có trả cho một hay nhiều khoản phải nộp; phần còn lại vẫn chờ giải "
                "thích. Dòng mất mã của khoản đang chờ trên sao kê (lệnh hoàn trả, lệnh chuyển cho "
                "đơn vị khác, bù chi phí, khoản cổng chuyển về) khớp trọn với khoản đó."
            ),
            (
                "One credit pays one or several dues; what is left stays to be explained. A line "
                "without the key of what is awaited on the statement (a refund, a transfer between "
                "units, costs put back, a payout) is matched with it as a whole."
            ),
        ),
        "resolve.hint.unmatch": (
            (
                "Tiền trở lại trạng thái chưa giải thích, khoản phải nộp mở lại. Không đêm nào tự "
                "khớp lại như cũ."
            ),
            (
                "The money is unexplained again and the due reopens. No night makes this match "
                "again by itself."
            ),
        ),
        "resolve.hint.write_off": (
            (
                "Chỉ cho khoản nhỏ trong mức được phép. Tiền thừa không rõ của ai thì nộp ngân "
                "sách; tiền cổng không trả thì đơn vị bù."
            ),
            (
                "Only within the band. Money that nobody could be found for goes to the budget; "
                "what a gateway does not pay, the unit puts back."
            ),
        ),
        "resolve.hint.book_as_charge": (
            (
                "Ghi nợ là phí, hoặc tiền ngân hàng lấy lại sau khi đã đi tiếp: đơn vị phải bù "
                "lại. Ghi có là lãi, chờ kê khai."
            ),
            (
                "A debit is a charge, or what the bank took back after it had moved on: the unit "
                "puts it back. A credit is interest, to be declared."
            ),
        ),
        "resolve.hint.pair_lines": (
            (
                "Hai dòng cùng tài khoản, cùng số tiền, ngược chiều: một giao dịch và lần trả lại. "
                "Nếu một phần tiền đã đi tiếp thì ghép phần còn mở."
            ),
            (
                "Two lines of one account and amount, opposite ways: a payment and its return. "
                "Where part of the money has moved on, what is still open of it is paired."
            ),
        ),
        "resolve.hint.settle_item": (
            (
                "Một dòng sao kê trả cho khoản chưa thống nhất với cổng, hoặc cho đợt chuyển, báo "
                "có đến với số tiền khác; dòng lấy lại tiền thì trừ vào khoản đang giữ của tiền "
                "ấy. Ghi số nhỏ hơn trong hai số; phần còn lại vẫn mở."
            ),
            (
                "One line settles a claim on a gateway, or a payout or bank notice that came in "
                "another amount; a line that took money back ends what is kept of it. "
                "The smaller of both amounts is taken; the rest stays open."
            ),
        ),
        "resolve.hint.answer": (
            (
                "Không ghi sổ gì: sổ đã đúng theo bên gửi. Ghi rõ văn bản, ngày và người trả lời "
                "trong phần ghi chú."
            ),
            (
                "Nothing is posted: the books are as the sender says. Name the letter, its day and "
                "who answered in the note."
            ),
        ),
        "resolve.hint.reopen": (
            "Chênh lệch mở lại như trước, hạn xử lý tính từ ngày mở đầu tiên.",
            "The break is open again as it was, due from the day it was first opened on.",
        ),
        "resolve.back": ("Về trang chênh lệch", "Back to the break"),
        "resolve.find": ("Mã nộp tiền hoặc mã hồ sơ", "Payment references or dossier codes"),
        "resolve.find.awaited": (
            "Mã nộp tiền, mã hồ sơ hoặc mã của khoản đang chờ",
            "Payment references, dossier codes, or keys of what is awaited",
        ),
        "resolve.find.hint": (
            "Nhiều mã cách nhau bằng dấu cách; chỉ tìm trong nhóm tài khoản của dòng này.",
            "Several are separated by spaces; only this line's account group is searched.",
        ),
        "resolve.find.elsewhere": (
            "Tìm khoản của đơn vị khác, phải ghi đúng và đủ mã.",
            "Dues of other units are searched, by their exact code.",
        ),
        "resolve.find.button": ("Tìm", "Find"),
        "resolve.find.none": ("Không tìm thấy khoản nào.", "Nothing was found."),
        "resolve.dues": ("Các khoản tìm thấy", "What was found"),
        "resolve.cancelled": ("đã hủy", "withdrawn"),
        "resolve.amount": (
            "Số tiền lấy từ dòng này (đồng, để trống nếu không dùng)",
            "Amount of this line (đồng, blank for none)",
        ),
        "resolve.opposite": ("Dòng ngược chiều", "The opposite line"),
        "resolve.opposite.none": (
            "Không có dòng mở nào ngược chiều cùng số tiền ở tài khoản này.",
            "This account has no open line of this amount that goes the other way.",
        ),
        "resolve.reason": ("Lý do", "Reason"),
        "resolve.note": ("Ghi chú (không bắt buộc)", "Note (optional)"),
        "resolve.note.answer": (
            "Ai trả lời, ngày nào, văn bản nào",
            "Who answered, when, and in which letter",
        ),
        "resolve.effect": ("Bút toán sẽ ghi khi được duyệt", "What will be posted once approved"),
        "resolve.effect.hint": (
            "Người duyệt thấy đúng các bút toán này; nếu có gì thay đổi thì không ghi gì.",
            "The approver sees exactly these; if anything changes, nothing is posted.",
        ),
        "resolve.preview": ("Xem trước bút toán", "Look at the postings"),
        "resolve.ask": ("Gửi đề nghị", "Ask for it"),
        "resolve.waiting": (
            "Đã có đề nghị, đang chờ người khác duyệt.",
            "Something is asked for and waits for another person.",
        ),
        "resolve.undo": ("Đề nghị gỡ khớp", "Ask to undo"),
        "resolve.part.due": (
            "{amount} của dòng ngày {day} → khoản {reference}, hồ sơ {dossier}",
            "{amount} of the line of {day} → request {reference}, dossier {dossier}",
        ),
        "resolve.part.awaited": (
            "{amount} của dòng ngày {day} → {kind} {reference}",
            "{amount} of the line of {day} → {kind} {reference}",
        ),
        "resolve.part.break": ("Chênh lệch: {code}", "Break: {code}"),
        "resolve.settles": ("Khoản hoặc dòng được ghép", "What it is paired with"),
        "resolve.settles.none": (
            "Không có dòng hay khoản nào đang mở cùng tài khoản, cùng chiều.",
            "Nothing is open on this account that goes the same way.",
        ),
        "resolve.part.line": ("Dòng {amount} ngày {day}", "Line of {amount} on {day}"),
        "resolve.part.item": ("{kind} {amount}, {reference}", "{kind} {amount}, {reference}"),
        "resolve.by": (
            "{asked} đề nghị, {approved} duyệt: {reason}",
            "{asked} asked, {approved} approved: {reason}",
        ),
        "done.resolution": (
            "Đã ghi đề nghị; chờ người khác duyệt.",
            "It is asked for; another person has to approve it.",
        ),
        "pass.settle_item": ("Ghép tay với khoản đang chờ", "Paired with what is expected"),
        "pass.match_by_hand": ("Khớp tay", "Matched by hand"),
        "pass.unmatch_by_hand": ("Gỡ khớp theo đề nghị", "Undone by people"),
        "pass.write_off": ("Xóa khoản nhỏ", "Written off"),
        "pass.bank_rules": ("Phí, lãi theo mã của ngân hàng", "Charge or interest by bank code"),
        "pass.book_as_charge": ("Phí hoặc lãi ngân hàng", "Bank charge or interest"),
        "pass.move_to_unit": ("Chuyển cho đơn vị khác", "Handed over to another unit"),
        "pass.pair_lines": ("Ghép với lần trả lại", "Paired with its return"),
        "closed.answered": ("đã có trả lời, hai người duyệt", "answered, by two people"),
        "closed.resolved": ("đã xử lý, hai người duyệt", "resolved by two people"),
        "kind.interest": ("Lãi tiền gửi", "Bank interest"),
    }
)
