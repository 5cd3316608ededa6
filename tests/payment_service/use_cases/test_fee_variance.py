"""Costs in a report are held against the contract; what differs is named and posted as reported."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.gateway_contract import Contract, check_fees
from payment_service.use_cases.register_contract import NewContract, register_contract
from reconciliation.breaks import BreakCode, sentence
from tests.payment_service.use_cases.days import balances, open_break_codes
from tests.payment_service.use_cases.towns import FEE, Town, reported

pytestmark = pytest.mark.anyio

CONTRACT = Contract(
    line_kind="payment",
    rate_ppm=5_000,
    fixed_minor=50,
    vat_permille=80,
    rounding="down",
    citation="HĐ 12/2026",
    verified=False,
    valid_from=date(2026, 7, 1),
    valid_to=None,
)


async def _register(town: Town, **changes: Any) -> None:
    merchant = changes.pop("merchant", town.vnpay.merchant)
    contract = replace(CONTRACT, **changes)
    await register_contract(
        town.context, NewContract(channel="vnpay", merchant=merchant, contract=contract)
    )


async def _checked(town: Town) -> tuple[int, int]:
    [row] = await town.rows("SELECT fees_checked_count, fee_variance_minor FROM settlement_report")
    return tuple(row)


async def test_without_a_contract_nothing_is_checked(town: Town) -> None:
    await town.report([("77", await town.ask_at_gateway(), FEE)], fee_minor=9_000)
    assert await _checked(town) == (0, 0)
    assert "FEE_VARIANCE" not in await open_break_codes(town.context)


async def test_costs_by_contract_are_checked_and_right(town: Town) -> None:
    await _register(town)
    await town.report([("77", await town.ask_at_gateway(), FEE)], fee_minor=100, vat_minor=8)
    assert await _checked(town) == (1, 0)
    assert "FEE_VARIANCE" not in await open_break_codes(town.context)


async def test_other_costs_are_named_and_posted_as_the_report_says(town: Town) -> None:
    await _register(town)
    lines = [
        reported("77", await town.ask_at_gateway(), FEE),
        reported("78", await town.ask_at_gateway(), FEE),
        reported("99", "", -300, kind="chargeback"),
    ]
    await town.report(lines, fee_minor=102, vat_minor=8)
    assert await _checked(town) == (2, 4)
    assert (await balances(town.context))["costs_recoverable"] == 330
    [row] = await town.rows(
        "SELECT amount_minor, details FROM break_case"
        " WHERE code = 'FEE_VARIANCE' AND report_id IS NOT NULL"
    )
    assert row.amount_minor == 4
    told = sentence(BreakCode.FEE_VARIANCE, row.details, "en")
    assert told == (
        "Settlement report LO2611230001 keeps 220 VND in fees and VAT, by HĐ 12/2026 it is "
        "216 VND; line by line the differences add up to 4 VND; transactions that differ: 2, "
        "like 77, 78."
    )


async def test_costs_hidden_in_an_adjustment_are_named(town: Town) -> None:
    await _register(town)
    await town.report([reported("98", "", -50_000, kind="chargeback", original="7")], batch="LO1")
    assert await open_break_codes(town.context) == ["TAKEN_BACK_UNKNOWN"]
    back = reported("99", "", 50_000, kind="adjustment", original="98")
    await town.report([back], batch="LO2", fee_minor=45_000)
    # The claim is answered, but what the gateway kept of it has no contract.
    assert await open_break_codes(town.context) == ["FEE_VARIANCE"]
    assert await town.value("SELECT amount_minor FROM break_case WHERE closed_at IS NULL") == 45_000
    assert (await balances(town.context))["costs_recoverable"] == 45_000


async def test_differences_that_cancel_are_still_told(town: Town) -> None:
    await _register(town)
    lines = [
        replace(reported("77", await town.ask_at_gateway(), FEE), fee_minor=101, vat_minor=8),
        replace(reported("78", await town.ask_at_gateway(), FEE), fee_minor=99, vat_minor=8),
    ]
    found = check_fees(lines, [CONTRACT])
    details = {
        "amount_minor": found.variance_minor, "batch": "LO1", "contract": "HĐ 12/2026",
        "expected_minor": found.expected_minor, "lines": 1, "reported_minor": found.reported_minor,
        "transactions": ["77"],
    }  # fmt: skip
    assert sentence(BreakCode.FEE_VARIANCE, details, "en") == (
        "Settlement report LO1 keeps 216 VND in fees and VAT, by HĐ 12/2026 it is 216 VND; "
        "line by line the differences add up to 2 VND; transactions that differ: 1, like 77."
    )
    assert "chênh từng giao dịch cộng lại 2 VND" in sentence(BreakCode.FEE_VARIANCE, details, "vi")


async def test_a_contract_is_of_a_known_merchant_and_begins_once(town: Town) -> None:
    await _register(town)
    with pytest.raises(StateConflict, match="begins on that day"):
        await _register(town, rate_ppm=1)
    await _register(town, line_kind="chargeback")
    with pytest.raises(Invalid, match="HPNOBODY"):
        await _register(town, merchant="HPNOBODY")
    for changes in (
        {"valid_to": date(2026, 4, 1)}, {"rate_ppm": -1}, {"vat_permille": 1_001},
        {"citation": ""}, {"line_kind": "adjustment"}, {"fixed_minor": -1},
    ):  # fmt: skip
        with pytest.raises(Invalid, match="such figures"):
            await _register(town, **{"valid_from": date(2026, 5, 1)} | changes)
    assert await town.value("SELECT count(*) FROM gateway_contract") == 2
