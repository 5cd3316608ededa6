"""What a suggestion says to people: why somebody may look at it first, and what speaks against it.

Made from the criteria that the engine recorded; nothing is looked up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from reconciliation.breaks import Language, fill

CRITERIA: Final = ("amount", "reference", "payer", "days")
"""What every suggestion is measured by, in the order in which people read it."""

SUGGESTION_SENTENCES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "named_split": (
            "Nội dung nêu mã của các khoản này, và số còn phải nộp cộng lại đúng bằng dòng.",
            "The memo names these requests, and what is left to pay adds up to the line.",
        ),
        "repaired_reference": (
            "Nội dung chỉ lệch một ký tự, hoặc bị cắt, so với mã nộp tiền của khoản này.",
            "The memo is one slip away from this request's reference, or holds its beginning.",
        ),
        "mutual_pair": (
            "Trong những ngày gần đây chỉ có dòng này và khoản này cùng số tiền.",
            "In the days around, only this line and this request are of this amount.",
        ),
        "lump_sum": (
            "Đây là cách duy nhất để các khoản còn mở cộng lại đúng bằng dòng.",
            "This is the only combination of open requests that adds up to the line.",
        ),
    }
)
"""Why each kind of suggestion is made."""

_CRITERIA: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "amount": (
            "dòng {line_minor}, khoản còn phải nộp {item_minor}",
            "line {line_minor}, left to pay {item_minor}",
        ),
        "amount.sum": (
            "dòng {line_minor}; khoản này {item_minor}, cộng các khoản {sum_minor}",
            "line {line_minor}; this request {item_minor}, all together {sum_minor}",
        ),
        "reference.none": (
            "nội dung có đúng mã {item}",
            "the memo holds the reference {item}",
        ),
        "reference.missing": (
            "nội dung không có mã nộp tiền; mã của khoản là {item}",
            "the memo holds no reference; the request has {item}",
        ),
        "reference.one_symbol": (
            "nội dung có {found}, mã của khoản là {item}: lệch một ký tự",
            "the memo holds {found}, the request has {item}: one symbol off",
        ),
        "reference.cut_off": (
            "nội dung có {found}, mã của khoản là {item}: bị cắt phần cuối",
            "the memo holds {found}, the request has {item}: cut off at the end",
        ),
        "payer": (
            "dòng đến từ tài khoản {line}; khoản này từng được nộp từ {item}",
            "the line comes from account {line}; this request was paid before from {item}",
        ),
        "payer.first": (
            "dòng đến từ tài khoản {line}; khoản này chưa từng được nộp",
            "the line comes from account {line}; nobody paid for this request before",
        ),
        "payer.known": (
            "dòng đến từ tài khoản {line}; hai người ghi nhớ ngày {known_on} cho hồ sơ này",
            "the line comes from account {line}; known since {known_on} to pay for this dossier",
        ),
        "days": (
            "dòng ngày {line_on}, khoản lập ngày {item_on}: sau {apart} ngày",
            "line of {line_on}, request of {item_on}: days later: {apart}",
        ),
        "days.same": (
            "dòng và khoản cùng ngày {line_on}",
            "line and request are both of {line_on}",
        ),
        "days.before": (
            "dòng ngày {line_on}, trước khi khoản được lập ngày {item_on}",
            "line of {line_on}, before the request of {item_on} was made",
        ),
    }
)
_NAMES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "amount": ("Số tiền", "Amount"),
        "reference": ("Mã nộp tiền", "Reference"),
        "payer": ("Người nộp", "Payer"),
        "days": ("Thời gian", "Days"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion in words: both sides, and whether they agree."""

    name: str
    is_passed: bool
    sentence: str


def criteria_in_words(criteria: Mapping[str, Any], language: Language) -> tuple[Criterion, ...]:
    """Return why, and why not, criterion by criterion."""
    return tuple(_criterion(name, criteria, language) for name in CRITERIA)


def _criterion(name: str, criteria: Mapping[str, Any], language: Language) -> Criterion:
    sides = criteria[name]
    is_english = language == "en"
    key = name
    if name == "reference":
        key = f"reference.{sides['slip']}"
    elif name == "payer" and "known_on" in sides:
        key = "payer.known"
    elif name == "payer" and not sides["item"]:
        key = "payer.first"
    elif name == "amount" and sides["sum_minor"] != sides["item_minor"]:
        key = "amount.sum"
    elif name == "days" and sides["apart"] <= 0:
        key = "days.before" if sides["apart"] else "days.same"
    values = {"currency": criteria["currency"], **sides}
    return Criterion(
        name=_NAMES[name][is_english],
        is_passed=sides["passed"],
        sentence=fill(_CRITERIA[key][is_english], values, language),
    )
