"""Days whose truth is known: nothing is matched wrongly, and every difference has its name."""

import os
from collections import Counter
from datetime import date
from pathlib import Path

import pyarrow as pa

from bank_adapters.payment_reference import find, is_valid
from benchmarks.judging import judge, right_and_wrong
from benchmarks.labelled_days import LabelledDay, labelled_day
from benchmarks.labelled_mixes import MIXES
from benchmarks.labelled_stories import STORIES
from reconciliation.reconcile import Reconciliation, reconcile
from reconciliation.ruleset import RuleSet
from tests.reconciliation.tables import DAY, WEEKENDS

CLEAN_PAYMENTS = int(os.environ.get("CLEAN_DAY_PAYMENTS", "20000"))
"""A hundred thousand and more on request."""


def _reconciled(day: LabelledDay) -> Reconciliation:
    return reconcile(
        day.lines,
        day.items,
        ruleset=RuleSet(),
        as_of=day.day,
        non_working_days=WEEKENDS,
        memory_limit_bytes=1 << 30,
        spill_folder=None,
    )


def _joined(days: list[LabelledDay]) -> LabelledDay:
    """Put days of different seeds side by side: no account group is in two of them."""
    names = ("lines", "items", "line_truth", "item_truth")
    tables = {name: pa.concat_tables(getattr(day, name) for day in days) for name in names}
    return LabelledDay(day=DAY, **tables)


def test_nothing_is_matched_wrongly_and_every_difference_has_its_name() -> None:
    mixes = ("easy", "hard", "adversarial", "scattered") * 2
    day = _joined([labelled_day(mix, 2_000, seed=n, day=DAY) for n, mix in enumerate(mixes)])
    result = _reconciled(day)
    judgement = judge(day, result.decisions, result.breaks)
    assert judgement.wrong_by_class == {}
    assert judgement.otherwise_named == ()
    assert sum(judgement.right_by_class.values()) > day.lines.num_rows // 2


def test_a_clean_day_has_no_break() -> None:
    day = labelled_day("clean", CLEAN_PAYMENTS, seed=4, day=DAY)
    result = _reconciled(day)
    judgement = judge(day, result.decisions, result.breaks)
    assert result.breaks.num_rows == 0
    assert judgement.wrong_by_class == {}
    assert judgement.otherwise_named == ()
    assert sum(judgement.right_by_class.values()) == day.lines.num_rows == CLEAN_PAYMENTS


def test_the_judge_sees_a_wrong_match_a_missing_break_and_another_name() -> None:
    day = labelled_day("hard", 500, seed=5, day=DAY)
    result = _reconciled(day)
    decisions, breaks = result.decisions.to_pylist(), result.breaks.to_pylist()
    settled = [row for row in decisions if row["effect"] == "settle" and row["pass_name"] != "C"]
    settled[0]["item_id"], settled[1]["item_id"] = settled[1]["item_id"], settled[0]["item_id"]
    first, second, *others = breaks
    changed = [second | {"code": "GAP"}, *others]
    judgement = judge(
        day,
        result.decisions.from_pylist(decisions, schema=result.decisions.schema),
        result.breaks.from_pylist(changed, schema=result.breaks.schema),
    )
    assert sum(judgement.wrong_by_class.values()) >= 2
    assert {(expected, found) for _, expected, found, _ in judgement.otherwise_named} >= {
        (first["code"], ""),
        (second["code"], ""),
        ("", "GAP"),
    }
    truth = {row["line_id"]: row for row in day.line_truth.to_pylist()}
    pairs = [(row["line_id"], row["item_id"]) for row in settled[:2]]
    assert right_and_wrong(day, pairs) == (0, 2)
    told = next(row for row in truth.values() if row["item_ids"])
    assert right_and_wrong(day, [(told["line_id"], told["item_ids"][0])]) == (1, 0)


def test_days_are_what_they_are_called() -> None:
    told = {}
    for mix in MIXES:
        day = labelled_day(mix, 4_000, seed=6, day=DAY)
        lines = day.line_truth.to_pylist()
        told[mix] = sum(row["code"] == "" for row in lines) / len(lines)
        prices = Counter(day.lines.column("amount_minor").to_pylist())
        largest = Counter(day.lines.column("account_group").to_pylist()).most_common(1)[0][1]
        assert largest * 10 > len(lines)
        if mix == "adversarial":
            assert prices[10_000] * 100 > len(lines) * 95
        if mix == "scattered":
            assert len(prices) * 100 > len(lines) * 95
    assert told["clean"] == 1
    assert told["easy"] >= 0.95
    assert 0.55 < told["hard"] < 0.72
    assert 0.35 < told["adversarial"] < 0.55
    assert 0.35 < told["scattered"] < 0.55


def test_references_are_real_and_stand_where_the_truth_says() -> None:
    day = labelled_day("hard", 6_000, seed=7, day=DAY)
    items = {row["item_id"]: row for row in day.items.to_pylist()}
    dues = [row["reference"] for row in items.values() if row["kind"] == "due"]
    assert all(is_valid(text) for text in dues)
    assert len(dues) == len(set(dues))
    memos = {row["line_id"]: row["narrative"] for row in day.lines.to_pylist()}
    truth = day.line_truth.to_pylist()
    assert {row["story"] for row in truth} | {
        row["story"] for row in day.item_truth.to_pylist()
    } == set(STORIES)
    for row in truth:
        found = find(memos[row["line_id"]])
        if row["story"] in {"named", "short", "wrong_unit"}:
            assert found == (items[row["item_ids"][0]]["reference"],)
        if row["story"] in {"nameless", "broken", "lump_sum"}:
            assert found == ()


def test_the_same_seed_gives_the_same_day_and_a_folder_keeps_it(tmp_path: Path) -> None:
    first = labelled_day("easy", 300, seed=8, day=DAY)
    again = labelled_day("easy", 300, seed=8, day=DAY)
    assert again == first
    assert labelled_day("easy", 300, seed=9, day=DAY).lines != first.lines
    first.write(tmp_path)
    read = LabelledDay.read(tmp_path)
    assert read.day == date(2026, 11, 16)
    assert (read.lines, read.items) == (first.lines, first.items)
    assert (read.line_truth, read.item_truth) == (first.line_truth, first.item_truth)
