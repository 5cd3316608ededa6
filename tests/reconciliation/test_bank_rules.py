"""The bank's own lines: by its code, whole, within the limit, and nobody's payment."""

import dataclasses

import pytest

from reconciliation.report import Total
from reconciliation.ruleset import BankRule, RuleSet
from tests.reconciliation.tables import Row, item, line, line_breaks, moves, reference, run

ONE = reference(1)
CHARGE = line("l", 1_000_000, direction="debit", bank_code="NCHG", narrative="THU PHI")
BOOKED = [("bank_rules", "A", "l", None, None, "book", 1_000_000)]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"bank_code": "ACMT-MDOP-CHRG"},
        {"bank_code": "FEE"},
        {"direction": "credit", "bank_code": "NINT"},
        {"direction": "credit", "bank_code": "ACMT-MCOP-INTR"},
    ],
)
def test_the_banks_code_says_charge_or_interest(change: Row) -> None:
    result = run([CHARGE | change], [])
    assert moves(result) == BOOKED
    assert line_breaks(result) == {}
    assert [row for row in result.totals if row.bucket != "in"] == [
        Total(
            account_group="G",
            currency="VND",
            pass_name="bank_rules",
            bucket="booked",
            lines=1,
            amount_minor=1_000_000,
        )
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"bank_code": "NTRF"},
        {"bank_code": ""},
        {"bank_code": "NCHGX"},
        {"bank_code": "CHRG-MDOP-ACMT"},
        {"direction": "credit"},
        {"bank_code": "NINT"},
        {"amount_minor": 1_000_001, "residual_minor": 1_000_001},
        {"residual_minor": 999_999},
        {"narrative": f"THU PHI {ONE}"},
        {"batch_reference": "LOT-0001"},
        {"returned_reference": "FT1"},
        {"is_reversal": True, "bank_reference": "FT1"},
    ],
)
def test_a_line_that_may_be_anything_else_is_left_to_people(change: Row) -> None:
    result = run([CHARGE | change], [])
    assert moves(result) == []
    assert line_breaks(result).keys() == {"l"}


def test_what_stronger_evidence_claims_is_not_the_banks_own() -> None:
    paid = line("l", 100, bank_code="NINT", narrative=ONE)
    assert [row[0] for row in moves(run([paid], [item("d", "due", 100, reference=ONE)]))] == [
        "reference_in_memo"
    ]


def test_a_rule_set_says_which_codes_and_how_much() -> None:
    rules = RuleSet(bank_rules=(BankRule("X9", "debit"),), bank_line_minor_max=5)
    one = {"bank_code": "X9", "amount_minor": 5, "residual_minor": 5}
    assert [row[5] for row in moves(run([CHARGE | one], [], ruleset=rules))] == ["book"]
    assert moves(run([CHARGE], [], ruleset=rules)) == []
    with pytest.raises(ValueError, match="one meaning"):
        dataclasses.replace(rules, bank_rules=(BankRule("X9", "debit"),) * 2)
