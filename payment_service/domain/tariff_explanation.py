"""How a price came about, in one line a citizen can recompute; Vietnamese first, then English."""

from typing import Final

from payment_service.domain.fee_rule import FeeRule, Per

_VIETNAMESE: Final = {
    Per.CASE: "trường hợp",
    Per.PAGE: "trang",
    Per.COPY: "bản",
    Per.CONTRACT: "hợp đồng",
    Per.REQUEST: "lần yêu cầu",
    Per.CARD: "thẻ",
    Per.BOOK: "quyển",
    Per.CERTIFICATE: "giấy chứng nhận",
    Per.FILE: "hồ sơ",
    Per.PERMIT: "giấy phép",
    Per.PLACE: "địa điểm",
    Per.VEHICLE: "xe",
}


def explain_in_vietnamese(rule: FeeRule, quantity: int) -> str:
    """Write the calculation in Vietnamese, such as `2 trang × 2.000 đồng = 4.000 đồng`."""
    amount_minor = rule.amount_minor(quantity)
    if amount_minor == 0:
        return "Không thu (0 đồng)"
    first, further = rule.split_quantity(quantity)
    text = f"{first} {_VIETNAMESE[rule.per]} × {_dong_vi(rule.unit_amount_minor)}"
    if further:
        unit = _VIETNAMESE[_counted(rule)]
        text += (
            f" + {further} {unit} (từ {unit} thứ {rule.further_from_quantity})"
            f" × {_dong_vi(rule.further_amount_minor or 0)}"
        )
    uncapped_minor = rule.uncapped_minor(quantity)
    text += f" = {_dong_vi(uncapped_minor)}"
    return text if amount_minor == uncapped_minor else f"{text}; tối đa {_dong_vi(amount_minor)}"


def explain_in_english(rule: FeeRule, quantity: int) -> str:
    """Write the calculation in English, such as `2 pages × 2,000 đồng = 4,000 đồng`."""
    amount_minor = rule.amount_minor(quantity)
    if amount_minor == 0:
        return "No charge (0 đồng)"
    first, further = rule.split_quantity(quantity)
    text = f"{_count_en(first, rule.per)} × {rule.unit_amount_minor:,} đồng"
    if further:
        unit = _counted(rule)
        text += (
            f" + {_count_en(further, unit)} (from {unit} {rule.further_from_quantity})"
            f" × {rule.further_amount_minor:,} đồng"
        )
    uncapped_minor = rule.uncapped_minor(quantity)
    text += f" = {uncapped_minor:,} đồng"
    return text if amount_minor == uncapped_minor else f"{text}; at most {amount_minor:,} đồng"


def _counted(rule: FeeRule) -> Per:
    """Return the unit that further amounts count; a request's quantity counts its copies."""
    return Per.COPY if rule.per is Per.REQUEST else rule.per


def _dong_vi(amount_minor: int) -> str:
    return f"{amount_minor:,} đồng".replace(",", ".")


def _count_en(count: int, per: Per) -> str:
    if count == 1:
        return f"1 {per}"
    return f"{count:,} copies" if per is Per.COPY else f"{count:,} {per}s"
