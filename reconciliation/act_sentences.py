"""What people do about breaks and why, Vietnamese first, English second; words only."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

Pairs = Mapping[str, tuple[str, str]]

ACTS: Final[Pairs] = MappingProxyType(
    {
        "match_by_hand": (
            "Khớp tay với khoản phải nộp hoặc khoản đang chờ",
            "Match by hand with a due, or with what is awaited",
        ),
        "unmatch": ("Gỡ khớp", "Undo a match"),
        "write_off": ("Xóa khoản nhỏ", "Write a small amount off"),
        "book_as_charge": ("Ghi phí hoặc lãi ngân hàng", "Book as bank charge or interest"),
        "pair_lines": ("Ghép giao dịch với lần trả lại", "Pair a payment with its return"),
        "refund": ("Hoàn trả tiền", "Return money"),
        "move_to_unit": (
            "Chuyển cho đơn vị được nộp",
            "Hand over to the unit meant",
        ),
        "move_to_request": ("Chuyển sang hồ sơ khác", "Move to another dossier"),
        "learn_payer": ("Ghi nhớ tài khoản người nộp", "Keep the payer's account in mind"),
        "settle_item": ("Ghép với khoản cổng còn nợ", "Pair with what a gateway owes"),
        "answer": ("Đóng chênh lệch, đã có trả lời", "Close it: it was answered"),
        "reopen": ("Mở lại chênh lệch", "Open the break again"),
    }
)

REASONS: Final[Pairs] = MappingProxyType(
    {
        "payer_proof": (
            "Người nộp xuất trình chứng từ chuyển tiền",
            "The payer showed the transfer order or its receipt",
        ),
        "dossier_file": (
            "Hồ sơ có chứng từ nộp tiền",
            "The dossier holds the proof of payment",
        ),
        "mistyped_reference": (
            "Nội dung ghi mã sai hoặc bị cắt",
            "The memo names it, mistyped or cut",
        ),
        "payment_order": (
            "Ủy nhiệm chi ghi đúng khoản này",
            "The written order to the bank names this payment",
        ),
        "several_dossiers": (
            "Một lần chuyển cho nhiều hồ sơ, theo xác nhận của người nộp",
            "One transfer for several dossiers, as its payer says",
        ),
        "wrong_request": (
            "Tiền dành cho khoản khác",
            "The money was meant for another request",
        ),
        "wrong_act": (
            "Đã ghi sai bản chất của dòng này",
            "What was booked about this line was not so",
        ),
        "nobody_found": (
            "Không tìm được người nộp, hỏi tiếp tốn hơn số tiền",
            "Nobody could be found; asking further costs more than it is",
        ),
        "not_to_be_had": (
            "Cổng hoặc ngân hàng không trả, đòi tiếp tốn hơn số tiền",
            "The gateway or bank does not pay it; asking further costs more than it is",
        ),
        "payer_asks": (
            "Người nộp đề nghị trả lại",
            "The payer asks for the money back",
        ),
        "paid_twice": (
            "Đã nộp rồi hoặc nộp quá số phải nộp",
            "It was paid before, or beyond what was asked",
        ),
        "nothing_owed": (
            "Không có khoản nào phải nộp",
            "Nobody was asked for this money",
        ),
        "other_unit": (
            "Nội dung hoặc người nộp chỉ rõ khoản của đơn vị khác",
            "The memo or the payer names a request of another unit",
        ),
        "sender_confirmed": (
            "Cổng hoặc ngân hàng xác nhận bằng văn bản là đúng",
            "The gateway or bank confirmed it in writing",
        ),
        "sender_mistake": (
            "Bên gửi cho biết đã gửi nhầm hoặc gửi thử",
            "The sender says that it was a mistake or a test",
        ),
        "contract_corrected": (
            "Hợp đồng ghi ở đây sai hoặc đã đổi, đã sửa lại",
            "The contract as registered was wrong or has changed; it is put right",
        ),
        "gateway_corrects": (
            "Cổng nhận sai và bù trong báo cáo sau",
            "The gateway sees its mistake and makes it good in a later report",
        ),
        "chargeback_accepted": (
            "Chấp nhận thu lại; khoản này phải nộp lại",
            "Accepted: it has to be paid again",
        ),
        "chargeback_won": (
            "Đã khiếu nại và được chấp nhận; cổng trả lại tiền",
            "Contested and won: the gateway gives the money back",
        ),
        "file_needless": (
            "Nội dung tệp đã đến bằng cách khác hoặc không cần nữa",
            "What the file holds came otherwise or is not needed",
        ),
        "bank_advice": ("Giấy báo của ngân hàng", "The bank's own advice says so"),
    }
)
