"""The words of what officers do about breaks: acts, reasons, accounts, and why it was refused."""

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
            "Chỉ cho khoản nhỏ trong mức được phép mà không tìm được người nộp.",
            "Only for a small amount within the band, when nobody could be found for it.",
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
        "ledger.account": ("Tài khoản", "Account"),
        "ledger.debit": ("Nợ", "Debit"),
        "ledger.credit": ("Có", "Credit"),
        "ledger.none": ("Không có bút toán.", "Nothing is posted."),
        "ledger.bank": ("Tiền gửi ngân hàng", "Bank"),
        "ledger.gateway_clearing": ("Phải thu cổng thanh toán", "Gateway clearing"),
        "ledger.notices_in_transit": ("Báo có đang chuyển", "Notices in transit"),
        "ledger.costs_recoverable": ("Chi phí đơn vị phải bù", "Costs recoverable"),
        "ledger.due_from_units": ("Phải thu đơn vị khác", "Due from other units"),
        "ledger.due_to_units": ("Phải trả đơn vị khác", "Due to other units"),
        "ledger.suspense": ("Tiền chưa giải thích", "Suspense"),
        "ledger.opening_difference": ("Chênh lệch đầu kỳ", "Opening difference"),
        "ledger.part_payments_held": ("Tiền nộp một phần đang giữ", "Part payments held"),
        "ledger.fees_collected": ("Phí, lệ phí đã thu", "Fees collected"),
        "ledger.due_to_budget": ("Phải nộp ngân sách", "Due to the budget"),
        "ledger.retained_share": ("Phần phí được để lại", "Retained share"),
        "ledger.surplus_to_return": ("Tiền thừa phải trả", "Surplus to return"),
        "ledger.refunds_payable": ("Hoàn trả phải trả", "Refunds payable"),
        "ledger.transfers_in_transit": ("Tiền đang chuyển", "Transfers in transit"),
        "ledger.interest_due": ("Lãi tiền gửi chờ kê khai", "Interest due"),
        "pass.match_by_hand": ("Khớp tay", "Matched by hand"),
        "pass.unmatch_by_hand": ("Gỡ khớp theo đề nghị", "Undone by people"),
        "pass.write_off": ("Chuyển vào ngân sách", "Given to the budget"),
        "pass.bank_rules": ("Phí, lãi theo mã của ngân hàng", "Charge or interest by bank code"),
        "pass.book_as_charge": ("Phí hoặc lãi ngân hàng", "Bank charge or interest"),
        "pass.move_to_unit": ("Chuyển cho đơn vị khác", "Handed over to another unit"),
        "pass.pair_lines": ("Ghép với lần trả lại", "Paired with its return"),
        "closed.resolved": ("đã xử lý, hai người duyệt", "resolved by two people"),
        "kind.interest": ("Lãi tiền gửi", "Bank interest"),
        "error.stale": (
            "Có thay đổi từ lúc xem nên không ghi gì. Hãy xem lại rồi đề nghị mới.",
            "Something changed since it was looked at, so nothing was done. Look and ask anew.",
        ),
        "error.moved-on": (
            "Tiền này đã được hoàn trả hoặc dùng tiếp nên không gỡ được.",
            "This money was refunded or used since, so it cannot be taken off.",
        ),
        "error.taken-back": (
            "Ngân hàng đã lấy lại tiền của dòng này; ghép phần còn mở với dòng lấy lại.",
            "The bank took this line's money back; pair what is open of it with that line.",
        ),
        "error.undone": ("Lần khớp này đã được gỡ.", "This match is undone already."),
        "error.not-undoable": (
            "Lần khớp này theo mã của ngân hàng hoặc cổng, cán bộ không gỡ được.",
            "This match follows the bank's or gateway's own key; people do not undo it.",
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
            "Hãy chọn một dòng mở ngược chiều, cùng tài khoản, cùng số tiền.",
            "Choose an open line of this account and amount that goes the other way.",
        ),
        "error.resolution.reason": ("Hãy chọn một lý do.", "Choose a reason."),
        "error.resolution.note": (
            "Ghi chú nhiều nhất 500 ký tự.",
            "A note has 500 characters at most.",
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
