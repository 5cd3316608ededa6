"""The front door's contract: what it refuses, where it writes, and that evidence can be read."""

import json
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciliation.break_sentences import SENTENCES
from reconciliation.breaks import BreakCode, placeholders
from reconciliation.errors import InputError, MemoryOutgrownError
from reconciliation.explain import why_matched, why_not
from reconciliation.reconcile import reconcile
from reconciliation.ruleset import RuleSet
from reconciliation.schemas import BREAKS, DECISIONS, ITEMS, LINES
from tests.reconciliation.tables import DAY, WEEKENDS, item, line, reference, run
from tests.reconciliation.worlds import world


@pytest.mark.parametrize(
    ("lines", "items"),
    [
        ([line("l", 100, residual_minor=101)], []),
        ([line("l", 100, direction="in")], []),
        ([line("l", 100), line("m", 100, line_id="l")], []),
        ([line("l", 100), line("m", 100, content_key=line("l", 1)["content_key"])], []),
        ([], [item("i", "loan", 100)]),
        ([], [item("i", "due", 100, state="paid")]),
        ([], [item("i", "due", 100, direction="debit")]),
        ([], [item("i", "bank_notice", 100, account="")]),
        ([], [item("i", "due", 100), item("j", "due", 100, order_key="i")]),
    ],
)
def test_rows_that_break_the_contract_are_refused(lines: list[Any], items: list[Any]) -> None:
    with pytest.raises(InputError):
        run(lines, items)


def test_wrong_schemas_are_refused() -> None:
    rules: dict[str, Any] = {
        "ruleset": RuleSet(),
        "as_of": DAY,
        "non_working_days": WEEKENDS,
        "memory_limit_bytes": 2**28,
        "spill_folder": None,
    }
    lines, items = LINES.empty_table(), ITEMS.empty_table()
    empty_key = pa.Table.from_pylist([line("l", 1) | {"content_key": None}])
    for bad in (lines.drop_columns(["narrative"]), empty_key, pa.table({"line_id": [1]})):
        with pytest.raises(InputError):
            reconcile(bad, items, **rules)


def test_a_run_that_does_not_fit_says_so() -> None:
    lines = pa.Table.from_pylist([line(str(n), 1) for n in range(3_000)], schema=LINES)
    with pytest.raises(MemoryOutgrownError):
        reconcile(
            lines,
            ITEMS.empty_table(),
            ruleset=RuleSet(),
            as_of=DAY,
            non_working_days=WEEKENDS,
            memory_limit_bytes=300_000,
            spill_folder=None,
        )


def test_an_empty_night_is_a_result() -> None:
    result = run([], [])
    assert result.decisions.schema == DECISIONS
    assert result.breaks.schema == BREAKS
    assert (result.decisions.num_rows, result.breaks.num_rows, result.totals) == (0, 0, ())
    assert result.run_keys == {}


def test_a_run_writes_nothing_where_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run([line("l", 1)], [item("d", "due", 1)])
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=2, deadline=None)
@given(rng=st.randoms(use_true_random=True))
def test_decisions_and_breaks_explain_themselves_in_canonical_json(rng: random.Random) -> None:
    hostile = '"\\\t\x1f\x7f\u2028 <b>é '
    lines = [
        line("hostile", 5, narrative=hostile, end_to_end_reference="x\x01"),
        line("settled", 5, narrative=hostile + reference(1)),
        line("near", 5, narrative=reference(2)[:12]),
    ]
    items = [
        item("d", "due", 5, reference=reference(1)),
        item("e", "due", 9, reference=reference(2)),
    ]
    for number in range(80):
        some_lines, some_items = world(rng, f"W{number}")
        lines += some_lines
        items += some_items
    result = run(lines, items)
    for row in result.decisions.to_pylist():
        evidence = json.loads(row["evidence"])
        assert _canonical(evidence) == row["evidence"]
        assert "—" not in why_matched(evidence, "vi")
    for row in result.breaks.to_pylist():
        details = json.loads(row["details"])
        code = BreakCode(row["code"])
        assert _canonical(details) == row["details"]
        assert {"failed_criterion", "nearest_miss"} <= set(details)
        for template in SENTENCES[code]:
            assert placeholders(template) <= set(details), code
        assert len(why_not(code, details, "vi")) == 2 + len(details["nearest_miss"])
        assert len(details["nearest_miss"]) <= 3


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
