"""The page of a break over a settlement report shows it, and whether its costs are checked."""

from dataclasses import replace
from datetime import date

import pytest

from bank_adapters.counterpart.settlement import write_settlement_report
from bank_adapters.gateways.settlement_report import sign_settlement
from bank_adapters.vocabulary import SettlementReport
from payment_service.context import Context
from payment_service.use_cases.import_settlement_report import import_settlement_report
from payment_service.use_cases.register_contract import NewContract, register_contract
from tests.payment_service.use_cases.test_fee_variance import CONTRACT
from tests.payment_service.use_cases.towns import reported
from tests.payment_service.web.staff.browser import words
from tests.payment_service.web.staff.test_books import Office, office

__all__ = ["office"]
pytestmark = pytest.mark.anyio


async def bring_report(context: Context, office: Office, batch: str, number: int) -> None:
    """Report one payment that nobody notified, and an adjustment."""
    assert office.gateway is not None
    lines = (
        replace(reported(f"7{number}", "KHONGCO", 10_000), position=1, fee_minor=90, vat_minor=7),
        replace(reported(f"9{number}", "", -300, kind="adjustment"), position=2),
    )
    report = SettlementReport(
        merchant=office.gateway.merchant,
        batch=batch,
        settled_on=date(2026, 11, 23),
        currency="VND",
        lines=lines,
        declared_count=2,
        declared_net_minor=9_603,
    )
    content = write_settlement_report(report)
    await import_settlement_report(
        context, content, sign_settlement(content, office.gateway.secret)
    )


async def test_the_report_stands_on_the_pages_of_its_breaks(
    context: Context, office: Office
) -> None:
    await bring_report(context, office, "LO1", 1)
    page = words(await office.lan.get(await office.first("/staff/breaks?code=REPORT_ADJUSTMENT")))
    assert "Báo cáo đối soát LO1 điều chỉnh -300 VND" in page
    assert "Khoản chưa thống nhất với cổng" in page
    assert "Chưa đối chiếu: chưa có hợp đồng" in page
    assert office.gateway is not None
    merchant = office.gateway.merchant
    await register_contract(
        context, NewContract(channel="vnpay", merchant=merchant, contract=CONTRACT)
    )
    await bring_report(context, office, "LO2", 2)
    page = words(await office.lan.get(await office.first("/staff/breaks?code=FEE_VARIANCE")))
    assert "Báo cáo đối soát LO2 tính phí và thuế 97 VND, theo HĐ 12/2026 là 108 VND" in page
    assert "2 trên 2 giao dịch có hợp đồng; lệch 11" in page
    page = words(await office.lan.get(await office.first("/staff/breaks?code=REPORTED_NO_NOTICE")))
    assert "Báo cáo đối soát của cổng" in page
    assert f" · vnpay · {merchant}" in page
