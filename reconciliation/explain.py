"""Why a line was matched, and why not, in sentences made from the recorded evidence.

A pure replay of what was stored: it looks nothing up and finds nothing new.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reconciliation.breaks import BreakCode, Language, fill, sentence

_MATCHED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
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

_FAILED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
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
        "original": ("Không thấy giao dịch gốc.", "The original transaction is not there."),
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

_NEAR: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
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


def _pick(pair: tuple[str, str], language: Language) -> str:
    return pair[0] if language == "vi" else pair[1]


def why_matched(evidence: Mapping[str, object], language: Language) -> str:
    """Return in one sentence why a decision was taken; raises `KeyError` for no known pass."""
    return fill(_pick(_MATCHED[str(evidence["pass"])], language), evidence, language)


def why_not(code: BreakCode, details: Mapping[str, object], language: Language) -> tuple[str, ...]:
    """Return what is wrong, the first criterion that failed, and the nearest misses (at most 3)."""
    sentences = [sentence(code, details, language)]
    failed = _FAILED.get(str(details.get("failed_criterion", "")))
    if failed is not None:
        sentences.append(_pick(failed, language))
    misses = details.get("nearest_miss", [])
    for miss in misses if isinstance(misses, list) else []:
        template = _NEAR.get(str(miss.get("kind", "")))
        if template is not None:
            values = {"currency": details.get("currency", "VND"), **miss}
            sentences.append(fill(_pick(template, language), values, language))
    return tuple(sentences)
