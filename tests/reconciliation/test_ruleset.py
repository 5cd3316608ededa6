"""Rule sets are values with a hash; business days are counted with the days they are given."""

import dataclasses
import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciliation.ruleset import BankRule, RuleSet, overdue_since
from tests.reconciliation.tables import DAY, WEEKENDS


def test_the_hash_names_the_rules() -> None:
    rules = RuleSet()
    assert rules.sha256() == RuleSet().sha256()
    assert json.loads(rules.canonical_json())["look_back_days"] == rules.look_back_days
    assert dataclasses.replace(rules, look_back_days=7).sha256() != rules.sha256()


def test_other_rules_have_another_version() -> None:
    """Whoever changes a rule names a new version and writes its hash here."""
    rules = RuleSet()
    assert (rules.version, rules.sha256()) == (
        "2026-7",
        "6e69cc08437f2bea5c325fdb19c5871f72dfe5826949dcee1ad3c4022c506c69",
    )


def test_passes_cannot_be_reordered_and_days_cannot_be_negative() -> None:
    with pytest.raises(ValueError, match="order of strength"):
        RuleSet(passes=("references", "bank_notices", "batches", "reversals"))
    with pytest.raises(ValueError, match="not negative"):
        RuleSet(payout_business_days=-1)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"look_back_days": 3_661}, "more than 3660 days"),
        ({"refund_business_days": 1_001}, "more than 1000 business days"),
        ({"lump_sum_nodes_max": 10**12 + 1}, "at most"),
        ({"version": ""}, "has a version"),
        ({"bank_rules": (BankRule("FEE", "up"),)}, "a direction"),
    ],
)
def test_what_no_rule_can_be_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        RuleSet(**changes)


@given(days=st.integers(0, 15), shift=st.integers(0, 30), holidays=st.sets(st.integers(0, 60)))
def test_more_than_so_many_business_days_have_passed(
    days: int, shift: int, holidays: set[int]
) -> None:
    as_of = DAY + timedelta(days=shift)
    closed = WEEKENDS | {as_of - timedelta(days=age) for age in holidays}
    last = overdue_since(as_of, days, closed)

    def passed(start: date) -> int:
        span = range((as_of - start).days)
        return sum(as_of - timedelta(days=age) not in closed for age in span)

    assert passed(last) > days
    assert passed(last + timedelta(days=1)) <= days


def test_a_calendar_without_business_days_is_refused() -> None:
    closed = frozenset(DAY - timedelta(days=age) for age in range(5_000))
    with pytest.raises(ValueError, match="no business day"):
        overdue_since(DAY, 1, closed)
