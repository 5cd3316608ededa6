"""What a gateway may keep: to the đồng, on its days, and what differs is counted and named."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bank_adapters.vocabulary import SettlementLine
from payment_service.domain.gateway_contract import Contract, check_fees, contract_of

FIRST = date(2026, 7, 1)
CONTRACT = Contract(
    line_kind="payment",
    rate_ppm=5_500,
    fixed_minor=1_000,
    vat_permille=80,
    rounding="half_up",
    citation="HĐ 12/2026",
    verified=True,
    valid_from=FIRST,
    valid_to=None,
)


def _line(gross_minor: int, fee_minor: int, vat_minor: int, **values: object) -> SettlementLine:
    line = SettlementLine(
        position=1,
        provider_transaction="77",
        our_reference="",
        kind="payment" if gross_minor > 0 else "chargeback",
        gross_minor=gross_minor,
        fee_minor=fee_minor,
        vat_minor=vat_minor,
        paid_at=datetime(2026, 11, 23, 3, tzinfo=UTC),
    )
    return replace(line, **values)  # type: ignore[arg-type] # loose on purpose


@pytest.mark.parametrize(
    ("rounding", "gross_minor", "costs"),
    [
        ("half_up", 50_000, (1_275, 102)),
        ("half_up", 10_100, (1_056, 84)),  # 55.55 and 84.48
        ("down", 10_100, (1_055, 84)),
        ("up", 10_100, (1_056, 85)),
        ("half_up", 10_000_000_000_000, (55_000_001_000, 4_400_000_080)),
    ],
)
def test_each_part_is_rounded_to_the_dong(
    rounding: str, gross_minor: int, costs: tuple[int, int]
) -> None:
    contract = replace(CONTRACT, rounding=rounding)  # type: ignore[arg-type] # one of the three
    assert contract.fee_and_vat(gross_minor) == costs
    assert contract.fee_and_vat(-gross_minor) == costs


def test_the_contract_that_began_last_holds_from_its_day_in_vietnam() -> None:
    later = replace(CONTRACT, valid_from=date(2026, 11, 24), valid_to=date(2026, 11, 25))
    contracts = [later, CONTRACT]
    for hour, day, found in (
        (16, 23, CONTRACT),
        (17, 23, later),
        (16, 25, later),
        (17, 25, None),
    ):
        line = _line(1, 0, 0, paid_at=datetime(2026, 11, day, hour, 59, tzinfo=UTC))
        assert contract_of(line, contracts) is found, (hour, day)
    early = _line(1, 0, 0, paid_at=datetime(2026, 6, 1, tzinfo=UTC))
    assert contract_of(early, contracts) is None
    assert contract_of(_line(-1, 0, 0), contracts) is None


def test_what_differs_is_added_up_without_its_sign_and_named() -> None:
    lines = [
        _line(50_000, 1_275, 102),
        _line(50_000, 1_276, 102, provider_transaction="78"),
        _line(50_000, 1_275, 100, provider_transaction="79"),
        _line(50_000, 1_273, 104, provider_transaction="80"),
        _line(-50_000, 999, 99),
    ]
    found = check_fees(lines, [CONTRACT])
    assert (found.checked_count, found.differing_count) == (4, 3)
    assert found.variance_minor == 1 + 2 + 4
    assert (found.reported_minor, found.expected_minor) == (5_507, 5_508)
    assert found.transactions == ("78", "79", "80")
    assert found.citations == ("HĐ 12/2026",)
    assert check_fees(lines, []).checked_count == 0


def test_an_adjustment_costs_nothing_once_there_is_a_contract() -> None:
    back = _line(50_000, 45_000, 1, kind="adjustment", provider_transaction="99")
    found = check_fees([back, _line(-300, 0, 0, kind="adjustment")], [CONTRACT])
    assert (found.checked_count, found.differing_count, found.variance_minor) == (2, 1, 45_001)
    assert (found.expected_minor, found.transactions) == (0, ("99",))
    assert found.citations == ("HĐ 12/2026",)
    early = replace(back, paid_at=datetime(2026, 6, 1, tzinfo=UTC))
    assert check_fees([early], [CONTRACT]).checked_count == 0
    assert check_fees([back], []).checked_count == 0
