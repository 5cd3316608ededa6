"""What a person is shown for an open line: ranked, with each criterion, and never acted on."""

import json
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciliation.reconcile import Reconciliation
from reconciliation.ruleset import RuleSet
from tests.reconciliation.tables import DAY, Row, item, line, moves, reference, run
from tests.reconciliation.worlds import world

ONE, TWO, THREE = reference(1), reference(2), reference(3)
SLIP = ONE[:6] + ("A" if ONE[6] != "A" else "B") + ONE[7:]


def _due(number: int, amount_minor: int, **values: object) -> Row:
    return item(f"d{number}", "due", amount_minor, reference=reference(number), **values)


def _suggested(result: Reconciliation) -> list[tuple[Any, ...]]:
    names = ("line_id", "rank", "kind", "evidence_class", "item_id", "amount_minor")
    return [tuple(row[name] for name in names) for row in result.suggestions.to_pylist()]


def _criteria(result: Reconciliation) -> list[dict[str, Any]]:
    return [json.loads(row["criteria"]) for row in result.suggestions.to_pylist()]


def test_a_memo_that_names_two_requests_is_split_over_them_when_their_rests_add_up() -> None:
    paid = line("l", 150, narrative=f"{ONE} va {TWO}")
    result = run([paid], [_due(1, 100), _due(2, 50)])
    assert moves(result) == []
    assert _suggested(result) == [
        ("l", 1, "named_split", "C", "d1", 100),
        ("l", 1, "named_split", "C", "d2", 50),
    ]
    assert _suggested(run([paid], [_due(1, 100), _due(2, 60)])) == []


def test_a_slip_is_stronger_with_its_amount_and_says_what_fails() -> None:
    paid = line("l", 100, narrative=SLIP, counterparty_account="0071")
    same = run([paid], [_due(1, 100), _due(2, 90)])
    assert _suggested(same)[0] == ("l", 1, "repaired_reference", "C", "d1", 100)
    short = run([paid], [_due(1, 120), _due(2, 90)])
    assert _suggested(short) == [("l", 1, "repaired_reference", "D", "d1", 100)]
    assert _criteria(short) == [
        {
            "amount": {"item_minor": 120, "line_minor": 100, "passed": False, "sum_minor": 120},
            "currency": "VND",
            "days": {
                "apart": 0, "item_on": DAY.isoformat(), "line_on": DAY.isoformat(), "passed": True,
            },
            "payer": {"item": "", "line": "0071", "passed": False},
            "reference": {"found": SLIP, "item": ONE, "passed": False, "slip": "one_symbol"},
        }
    ]  # fmt: skip


def test_a_pair_is_suggested_only_when_each_is_the_others_only_choice() -> None:
    paid = line("l", 100)
    assert _suggested(run([paid], [_due(1, 100), _due(2, 90)])) == [
        ("l", 1, "mutual_pair", "D", "d1", 100)
    ]
    assert _suggested(run([paid], [_due(1, 100), _due(2, 100)])) == []
    assert _suggested(run([paid, line("m", 100)], [_due(1, 100)])) == []
    long_ago = {"opened_on": DAY - timedelta(days=31)}
    assert _suggested(run([paid], [_due(1, 100, **long_ago)])) == []
    assert _suggested(run([paid], [_due(1, 100), _due(2, 100, **long_ago)])) == [
        ("l", 1, "mutual_pair", "D", "d1", 100)
    ]


def test_the_only_combination_that_makes_a_lump_sum_is_suggested_whole() -> None:
    dues = [_due(1, 100), _due(2, 70), _due(3, 5)]
    assert _suggested(run([line("l", 170)], dues)) == [
        ("l", 1, "lump_sum", "D", "d1", 100),
        ("l", 1, "lump_sum", "D", "d2", 70),
    ]
    assert _suggested(run([line("l", 170)], [*dues, _due(4, 65)])) == []
    assert _suggested(run([line("l", 170), line("m", 170)], dues)) == []


def test_a_group_of_many_searches_has_an_end() -> None:
    dues = [_due(number, 3**number) for number in range(12)]
    sums = (int(f"{number:b}", 3) for number in range(1, 400))
    lines = [line(f"l{amount_minor}", amount_minor) for amount_minor in sums]
    few = replace(RuleSet(), lump_sum_group_nodes_max=50)
    assert 0 < len(_suggested(run(lines, dues, ruleset=few))) < len(_suggested(run(lines, dues)))


@settings(max_examples=3, deadline=None)
@given(rng=st.randoms(use_true_random=True))
def test_suggestions_are_few_possible_canonical_and_for_open_lines(rng: random.Random) -> None:
    lines, items = [], []
    for number in range(60):
        some_lines, some_items = world(rng, f"G{number:03}")
        lines += some_lines
        items += some_items
    result = run(lines, items)
    open_lines = {row["line_id"] for row in result.breaks.to_pylist() if row["line_id"]}
    line_of = {row["line_id"]: row for row in lines}
    item_of = {row["item_id"]: row for row in items}
    for row in result.suggestions.to_pylist():
        taken, target = line_of[row["line_id"]], item_of[row["item_id"]]
        assert row["line_id"] in open_lines
        assert 1 <= row["rank"] <= 5
        assert 0 < row["amount_minor"] <= min(taken["amount_minor"], target["residual_minor"])
        for name in ("account_group", "currency", "direction"):
            assert taken[name] == target[name]
        assert target["state"] == "open"
        text = row["criteria"]
        assert json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"),
                          ensure_ascii=False) == text  # fmt: skip
