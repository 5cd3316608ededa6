"""What other rules change is found line by line, and nothing else is told."""

from dataclasses import replace
from datetime import timedelta

from reconciliation.ruleset import RuleSet
from reconciliation.what_if import Change, Changes, changed_rules, changed_tables
from tests.reconciliation.tables import DAY, item, line, reference, run

LATE = DAY + timedelta(days=5)
PAID = line("l", 100, narrative="khong ro", counterparty_account="0071")
DUE = item(
    "d", "due", 200, residual_minor=100, reference=reference(1), payer_account="0071",
)  # fmt: skip
NONE = Changes(gained=(), lost=(), changed=())


def test_the_same_rules_change_nothing() -> None:
    result = run([PAID], [DUE], as_of=LATE)
    assert changed_tables(result, result) == {
        "decisions": NONE, "breaks": NONE, "suggestions": NONE,
    }  # fmt: skip
    assert changed_rules(RuleSet(), RuleSet()) == {}


def test_a_decision_is_gained_where_a_break_and_a_suggestion_are_lost() -> None:
    slow = replace(RuleSet(), weak_after_days=9)
    before = run([PAID], [DUE], as_of=LATE, ruleset=slow)
    found = changed_tables(before, run([PAID], [DUE], as_of=LATE))
    [gained] = found["decisions"].gained
    assert (gained.line_id, gained.before) == ("l", ())
    assert [row["pass_name"] for row in gained.after] == ["mutual_pairs"]
    assert [each.line_id for each in found["breaks"].lost if each.line_id] == ["l"]
    assert [each.line_id for each in found["suggestions"].lost] == ["l"]
    assert changed_rules(slow, RuleSet()) == {"weak_after_days": (9, 3)}


def test_a_line_of_which_something_else_is_said_is_changed() -> None:
    lines = [line("l", 170)]
    dues = [item(f"d{n}", "due", n, reference=reference(n)) for n in (100, 70)]
    found = changed_tables(
        run(lines, dues), run(lines, dues, ruleset=replace(RuleSet(), suggestions_max=0))
    )
    assert found["decisions"] == NONE
    assert found["breaks"] == NONE
    [lost] = found["suggestions"].lost
    assert isinstance(lost, Change)
    assert [row["amount_minor"] for row in lost.before] == [100, 70]


def test_an_item_that_may_wait_longer_is_no_break() -> None:
    notice = item("n", "bank_notice", 100, account="A", provider_transaction="FT12345")
    patient = replace(RuleSet(), bank_notice_business_days=10)
    found = changed_tables(
        run([], [notice], as_of=LATE), run([], [notice], as_of=LATE, ruleset=patient)
    )
    [lost] = found["breaks"].lost
    assert (lost.item_id, lost.before[0]["code"], lost.after) == ("n", "NOTICE_NO_BANK", ())
