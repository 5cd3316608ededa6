"""Choosing the one rule and pricing a quantity."""

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment_service.domain.tariff import (
    QUANTITY_MAX,
    AmbiguousRule,
    FeeRule,
    NoRuleInForce,
    Per,
    QuantityOutOfRange,
    QuestionMalformed,
    RuleMalformed,
    TariffQuestion,
    overlapping_rules,
    price,
)

START = date(2026, 1, 1)
RULE = FeeRule(
    code="pages",
    fee_kind="copy",
    procedure_code="2.000815",
    territory="*",
    channel="*",
    payer_kind="*",
    variant="",
    per=Per.PAGE,
    unit_amount_minor=2000,
    further_from_quantity=3,
    further_amount_minor=1000,
    cap_minor=200000,
    citation="a circular",
    valid_from=START,
)
QUESTION = TariffQuestion(
    fee_kind="copy",
    procedure_code="2.000815",
    territory="hai-phong-cu",
    channel="online",
    payer_kind="individual",
    quantity=5,
    submitted_on=START,
)

amounts = st.integers(min_value=0, max_value=5_000_000)
quantities = st.integers(min_value=1, max_value=QUANTITY_MAX)


@st.composite
def rates(draw: st.DrawFn) -> FeeRule:
    further = draw(st.booleans())
    return dataclasses.replace(
        RULE,
        per=draw(st.sampled_from(Per)),
        unit_amount_minor=draw(amounts),
        further_from_quantity=draw(st.integers(2, 50)) if further else None,
        further_amount_minor=draw(amounts) if further else None,
        cap_minor=draw(st.none() | amounts),
    )


def _unit_by_unit(rule: FeeRule, quantity: int) -> int:
    """Price a quantity the slow way, as a clerk would."""
    total = 0
    for number in range(1, quantity + 1):
        if rule.further_from_quantity is not None and number >= rule.further_from_quantity:
            total += rule.further_amount_minor or 0
        elif rule.per is not Per.REQUEST or number == 1:
            total += rule.unit_amount_minor
    return total if rule.cap_minor is None else min(total, rule.cap_minor)


@given(rule=rates(), quantity=st.integers(min_value=1, max_value=300))
def test_a_price_is_what_a_clerk_adds_up(rule: FeeRule, quantity: int) -> None:
    assert rule.amount_minor(quantity) == _unit_by_unit(rule, quantity)


@given(rule=rates(), quantity=st.integers(min_value=1, max_value=QUANTITY_MAX - 1))
def test_more_never_costs_less(rule: FeeRule, quantity: int) -> None:
    assert 0 <= rule.amount_minor(quantity) <= rule.amount_minor(quantity + 1)


@given(rule=rates(), quantity=quantities)
def test_the_line_carries_the_rule_and_explains_its_sum(rule: FeeRule, quantity: int) -> None:
    line = price([rule], dataclasses.replace(QUESTION, quantity=quantity))
    assert (line.rule_code, line.citation, line.verified) == ("pages", "a circular", False)
    assert line.amount_minor == rule.amount_minor(quantity)
    assert f"{line.amount_minor:,} đồng".replace(",", ".") in line.explanation_vi
    assert f"{line.amount_minor:,} đồng" in line.explanation_en


def test_the_explanation_can_be_recomputed() -> None:
    line = price([RULE], QUESTION)
    assert line.explanation_vi == (
        "2 trang × 2.000 đồng + 3 trang (từ trang thứ 3) × 1.000 đồng = 7.000 đồng"
    )
    assert line.explanation_en == (
        "2 pages × 2,000 đồng + 3 pages (from page 3) × 1,000 đồng = 7,000 đồng"
    )
    capped = price([RULE], dataclasses.replace(QUESTION, quantity=300))
    assert capped.explanation_vi.endswith("= 302.000 đồng; tối đa 200.000 đồng")
    free = price([dataclasses.replace(RULE, cap_minor=0)], QUESTION)
    assert (free.explanation_vi, free.explanation_en) == (
        "Không thu (0 đồng)",
        "No charge (0 đồng)",
    )


@given(days=st.integers(min_value=-3, max_value=40))
def test_the_day_of_submission_decides(days: int) -> None:
    rule = dataclasses.replace(RULE, valid_to=START + timedelta(days=30))
    question = dataclasses.replace(QUESTION, submitted_on=START + timedelta(days=days))
    if 0 <= days <= 30:
        assert price([rule], question).amount_minor == 7000
    else:
        with pytest.raises(NoRuleInForce, match=question.submitted_on.isoformat()):
            price([rule], question)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("channel", "online"),
        ("territory", "hai-phong-cu"),
        ("payer_kind", "individual"),
        ("procedure_code", "2.000815"),
        ("variant", ""),
    ],
)
def test_an_exact_value_beats_any(field: str, value: str) -> None:
    plain = dataclasses.replace(RULE, code="any", **{field: "*"})  # type: ignore[arg-type]  # by name
    exact = dataclasses.replace(RULE, code="exact", **{field: value})  # type: ignore[arg-type]  # same
    assert price([plain, exact], QUESTION).rule_code == "exact"
    assert price([exact, plain], QUESTION).rule_code == "exact"


def test_the_channel_outranks_everything_else() -> None:
    online = dataclasses.replace(
        RULE, code="online", channel="online", procedure_code="*", variant="*"
    )
    local = dataclasses.replace(
        RULE, code="local", territory="hai-phong-cu", payer_kind="individual"
    )
    assert price([local, online], QUESTION).rule_code == "online"
    assert (
        price([local, online], dataclasses.replace(QUESTION, channel="counter")).rule_code
        == "local"
    )


def test_equally_specific_rules_are_an_error_that_names_them() -> None:
    twin = dataclasses.replace(RULE, code="another", unit_amount_minor=0)
    with pytest.raises(AmbiguousRule, match="another, pages"):
        price([RULE, twin], QUESTION)
    assert overlapping_rules([RULE, twin]) == [(twin, RULE)]


def test_successive_rules_of_one_key_do_not_overlap() -> None:
    ended = dataclasses.replace(RULE, code="old", valid_to=date(2026, 5, 31))
    later = dataclasses.replace(RULE, code="new", valid_from=date(2026, 6, 1))
    other = dataclasses.replace(RULE, code="other", variant="again")
    assert overlapping_rules([later, ended, other]) == []
    assert overlapping_rules([later, RULE]) == [(RULE, later)]


@pytest.mark.parametrize("changes", [{"fee_kind": "x"}, {"procedure_code": "x"}, {"variant": "x"}])
def test_another_question_finds_nothing(changes: dict[str, str]) -> None:
    with pytest.raises(NoRuleInForce):
        price([RULE], dataclasses.replace(QUESTION, **changes))  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize("quantity", [0, -1, QUANTITY_MAX + 1, True, "1"])
def test_a_quantity_is_a_whole_number_from_one(quantity: object) -> None:
    with pytest.raises(QuantityOutOfRange):
        dataclasses.replace(QUESTION, quantity=quantity)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("field", ["territory", "channel", "payer_kind"])
@pytest.mark.parametrize("value", ["*", "", "Online"])
def test_a_question_is_exact(field: str, value: str) -> None:
    with pytest.raises(QuestionMalformed):
        dataclasses.replace(QUESTION, **{field: value})  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    "changes",
    [
        {"channel": "fax"},
        {"territory": "hai-phong"},
        {"payer_kind": ""},
        {"per": "litre"},
        {"citation": " "},
        {"valid_to": date(2025, 12, 31)},
        {"unit_amount_minor": -1},
        {"cap_minor": 10**12},
        {"further_amount_minor": None},
        {"further_from_quantity": 1},
    ],
)
def test_a_rule_that_contradicts_itself_is_not_constructible(changes: dict[str, object]) -> None:
    with pytest.raises(RuleMalformed):
        dataclasses.replace(RULE, **changes)  # type: ignore[arg-type]  # wrong on purpose


def test_the_unit_may_come_as_text_from_the_database() -> None:
    rule = dataclasses.replace(RULE, per="request")  # type: ignore[arg-type]  # as a row gives it
    assert rule.per is Per.REQUEST
    assert rule.amount_minor(2) == 2000
