"""What stays open: one name a line, hints that are never acted on, and items that wait too long."""

import json

from tests.reconciliation.tables import (
    DAY,
    Row,
    details,
    item,
    item_breaks,
    line,
    line_breaks,
    moves,
    reference,
    run,
)

ONE = reference(1)
BROKEN = ONE[:6] + ("A" if ONE[6] != "A" else "B") + ONE[7:]


def test_each_open_line_has_its_name() -> None:
    cases: list[tuple[Row, str]] = [
        ({}, "NO_REFERENCE"),
        ({"narrative": "nop phi cho con"}, "NO_REFERENCE"),
        ({"direction": "debit"}, "UNEXPLAINED_DEBIT"),
        ({"batch_reference": "B-1"}, "BANK_NO_BATCH"),
        ({"narrative": reference(5)}, "UNKNOWN_REFERENCE"),
        ({"end_to_end_reference": reference(5)}, "UNKNOWN_REFERENCE"),
        ({"narrative": BROKEN}, "BROKEN_REFERENCE"),
        ({"returned_reference": "FT9", "direction": "debit"}, "RETURN_UNMATCHED"),
    ]
    lines = [line(str(name), 7, **values) for name, (values, _) in enumerate(cases)]
    result = run(lines, [item("d", "due", 100, reference=ONE)])
    assert line_breaks(result) == {str(name): code for name, (_, code) in enumerate(cases)}
    assert moves(result) == []


def test_money_that_left_is_not_said_to_lack_a_reference() -> None:
    paid = item("d", "due", 100, reference=ONE)
    result = run([line("l", 100, direction="debit", narrative=f"CHI HO {ONE}")], [paid])
    assert details(result, "UNEXPLAINED_DEBIT")["failed_criterion"] == "order"


def test_a_broken_reference_names_the_due_one_slip_away_and_leaves_it() -> None:
    memos = {
        "substituted": BROKEN,
        "confusable": ONE[:7] + "0" + ONE[8:],
        "symbol missing": ONE[:7] + ONE[8:] + " CT TU",
        "symbol added": ONE[:7] + "0" + ONE[7:],
        "neighbours swapped": ONE[:6] + ONE[7] + ONE[6] + ONE[8:],
        "prefix missing a symbol": f"nop phi {ONE[1:]}",
        "prefix symbol another": f"nop phi HPE{ONE[3:]}",
        "prefix symbols swapped": f"nop phi HFP{ONE[3:]}",
        "prefix symbol added": f"nop phi HXPF{ONE[3:]}",
        "prefix and body swapped": f"nop phi HP{ONE[3]}F{ONE[4:]}",
    }
    assert _hints(memos) == {name: [{"kind": "one_symbol", "reference": ONE}] for name in memos}


def test_a_reference_cut_by_up_to_five_symbols_is_hinted_at() -> None:
    memos = {f"{length} left": f"nop phi {ONE[:length]}" for length in range(6, len(ONE))}
    cut_off = [{"kind": "cut_off", "reference": ONE}]
    alike = [{"count": 2, "kind": "same_amount_dues"}]
    assert _hints(memos) == {
        name: cut_off if int(name.split()[0]) >= 8 else alike for name in memos
    }


def _hints(memos: dict[str, str]) -> dict[str, list[Row]]:
    dues = [item("d", "due", 100, reference=ONE), item("e", "due", 100, reference=reference(2))]
    result = run([line(name, 100, narrative=memo) for name, memo in memos.items()], dues)
    assert moves(result) == []
    rows = result.breaks.to_pylist()
    return {row["line_id"]: json.loads(row["details"])["nearest_miss"] for row in rows}


def test_equal_amounts_are_counted_and_never_matched() -> None:
    dues = [item(str(number), "due", 100, reference=reference(number)) for number in range(5)]
    result = run([line("l", 100)], dues)
    assert details(result, "NO_REFERENCE")["nearest_miss"] == [
        {"count": 5, "kind": "same_amount_dues"}
    ]


def test_an_item_is_overdue_after_its_business_days() -> None:
    weekend = {"opened_on": DAY.replace(day=13), "due_on": DAY.replace(day=15)}
    items = [
        item("n", "bank_notice", 10, provider_transaction="FT1", **weekend),
        item("p", "payout", 10, reference="R-00000001", **weekend),
        item("r", "refund", 10, reference="R-00000002", **weekend),
    ]
    monday_to_thursday = [
        item_breaks(run([], items, as_of=DAY.replace(day=d))) for d in (16, 17, 18, 19)
    ]
    notice, payout, refund = (
        ("n", "NOTICE_NO_BANK"),
        ("p", "BATCH_NO_BANK"),
        ("r", "REFUND_NOT_SEEN"),
    )
    assert monday_to_thursday == [[], [notice], [notice, payout], [notice, payout, refund]]


def test_unpaid_and_closed_items_are_no_breaks() -> None:
    items = [
        item("d", "due", 10, reference=ONE),
        item("p", "payout", 10, reference="B-00000001", residual_minor=0, state="closed"),
        item("q", "payout", 10, reference="B-00000002", state="cancelled"),
    ]
    assert run([], items, as_of=DAY.replace(month=12)).breaks.num_rows == 0
