"""The shipped tariff: sound as data, and right on the published examples."""

import dataclasses
from datetime import date

import pytest

from payment_service import seed
from payment_service.domain.tariff import (
    ANY,
    FeeCategory,
    NoRuleInForce,
    PricedLine,
    TariffQuestion,
    overlapping_rules,
    price,
)

RULES = seed.read_fee_rules()
LAND = "cap-giay-chung-nhan-dat"
QUESTION = TariffQuestion(
    fee_kind="ho-tich",
    procedure_code="1.004884",
    territory="hai-phong-cu",
    channel="counter",
    payer_kind="individual",
    submitted_on=date(2026, 11, 23),
)


def _price(**changes: object) -> PricedLine:
    return price(RULES, dataclasses.replace(QUESTION, **changes))  # type: ignore[arg-type]  # by name


def test_the_tariff_is_sound() -> None:
    kinds = {kind.code for kind in seed.read_fee_kinds()}
    assert len(RULES) >= 40
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert {rule.fee_kind for rule in RULES} == kinds
    assert overlapping_rules(RULES) == []
    assert all(rule.citation and rule.source_mark for rule in RULES)


def test_only_what_was_read_in_its_source_is_verified() -> None:
    verified = [rule for rule in RULES if rule.verified]
    assert len(verified) >= 40
    assert all(rule.source_mark.startswith("SEEN") for rule in verified)
    assert not any("KNOWN" in rule.source_mark for rule in verified)


def test_every_rule_is_reached_by_the_question_it_is_about() -> None:
    for rule in RULES:
        question = TariffQuestion(
            fee_kind=rule.fee_kind,
            procedure_code="9.999999" if rule.procedure_code == ANY else rule.procedure_code,
            territory="hai-phong-cu" if rule.territory == ANY else rule.territory,
            channel="counter" if rule.channel == ANY else rule.channel,
            payer_kind="individual" if rule.payer_kind == ANY else rule.payer_kind,
            variant="any-at-all" if rule.variant == ANY else rule.variant,
            submitted_on=rule.valid_from,
        )
        assert price(RULES, question).rule_code == rule.code


def test_kinds_and_retentions_hang_together() -> None:
    sub_items = {item.code: item.category for item in seed.read_budget_sub_items()}
    kinds = {kind.code: kind for kind in seed.read_fee_kinds()}
    retentions = seed.read_fee_retentions()
    assert all(sub_items[kind.sub_item] is kind.category for kind in kinds.values())
    assert sorted(retention.fee_kind for retention in retentions) == sorted(kinds)
    assert all(retention.citation for retention in retentions)
    for retention in retentions:
        if kinds[retention.fee_kind].category is FeeCategory.LE_PHI:
            assert retention.retained_permille == 0
            assert retention.verified


@pytest.mark.parametrize(
    ("pages", "amount_minor"),
    [(1, 2000), (2, 4000), (3, 5000), (10, 12000), (197, 199000), (198, 200000), (500, 200000)],
)
def test_certified_copies_by_the_page(pages: int, amount_minor: int) -> None:
    line = _price(fee_kind="chung-thuc-ban-sao", procedure_code="2.000815", quantity=pages)
    assert line.amount_minor == amount_minor
    assert line.verified


def test_an_electronic_certified_copy_is_paid_by_the_city() -> None:
    asked = {
        "fee_kind": "chung-thuc-ban-sao",
        "procedure_code": "2.000815",
        "variant": "ban-sao-dien-tu",
    }
    assert _price(**asked, quantity=20).amount_minor == 0
    with pytest.raises(NoRuleInForce):
        _price(**asked, submitted_on=date(2031, 1, 1))


@pytest.mark.parametrize(
    ("channel", "submitted_on", "amount_minor"),
    [
        ("online", date(2026, 8, 7), 8000),
        ("online", date(2026, 8, 8), 0),
        ("counter", date(2026, 8, 7), 8000),
        ("counter", date(2026, 8, 8), 8000),
    ],
)
def test_civil_status_is_free_online_from_8_august_2026(
    channel: str, submitted_on: date, amount_minor: int
) -> None:
    assert _price(channel=channel, submitted_on=submitted_on).amount_minor == amount_minor


def test_resolutions_of_the_former_city_stop_at_its_former_border() -> None:
    with pytest.raises(NoRuleInForce, match=r"1\.004884"):
        _price(territory="hai-duong-cu")
    assert _price(territory="hai-duong-cu", channel="online").amount_minor == 0


def test_a_birth_in_time_is_free_and_a_late_one_is_not() -> None:
    assert _price(procedure_code="1.001193").amount_minor == 0
    assert _price(procedure_code="1.001193", variant="qua-han").amount_minor == 8000


@pytest.mark.parametrize(
    ("fee_kind", "payer_kind", "variant", "amount_minor"),
    [
        (LAND, "individual", "lan-dau-dat-tai-san", 35000),
        (LAND, "organisation", "lan-dau-dat-tai-san", 45000),
        ("tham-dinh-giay-chung-nhan-dat", "individual", "bien-dong-tai-san", 155000),
        ("tham-dinh-giay-chung-nhan-dat", "organisation", "bien-dong-dat-tai-san", 355000),
        ("dang-ky-giao-dich-bao-dam", "individual", "xoa-tai-san", 145000),
        ("dang-ky-giao-dich-bao-dam", "organisation", "dang-ky-dat-tai-san", 350000),
    ],
)
def test_land_fees_depend_on_payer_and_object(
    fee_kind: str, payer_kind: str, variant: str, amount_minor: int
) -> None:
    asked = {"fee_kind": fee_kind, "payer_kind": payer_kind, "variant": variant}
    assert _price(**asked).amount_minor == amount_minor
    assert _price(**asked, channel="online").amount_minor == 0
    with pytest.raises(NoRuleInForce):
        _price(**asked, submitted_on=date(2025, 12, 31))


@pytest.mark.parametrize(("copies", "amount_minor"), [(1, 200000), (2, 200000), (5, 215000)])
def test_a_criminal_record_request_includes_two_copies(copies: int, amount_minor: int) -> None:
    line = _price(fee_kind="ly-lich-tu-phap", procedure_code="2.000488", quantity=copies)
    assert line.amount_minor == amount_minor
    assert not line.verified


def test_household_businesses_register_free_until_the_end_of_2031() -> None:
    asked = {"fee_kind": "dang-ky-ho-kinh-doanh", "procedure_code": "1.001612"}
    assert _price(**asked, submitted_on=date(2031, 12, 31)).amount_minor == 0
    with pytest.raises(NoRuleInForce):
        _price(**asked, submitted_on=date(2032, 1, 1))


def test_a_halved_fee_returns_to_its_rate() -> None:
    days = (date(2025, 6, 30), date(2025, 7, 1), date(2026, 12, 31), date(2027, 1, 1))
    amounts = [
        _price(fee_kind="can-cuoc", variant="doi", submitted_on=day).amount_minor for day in days
    ]
    assert amounts == [50000, 25000, 25000, 50000]
