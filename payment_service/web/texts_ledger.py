"""The words of postings: the columns, and the accounts of the books."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

LEDGER_TEXTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
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
    }
)
