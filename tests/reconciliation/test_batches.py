"""Payouts, refunds and top-ups: found by field or by word, and only with the exact amount."""

import json
from datetime import timedelta

import pytest

from reconciliation.explain import why_matched
from reconciliation.reconcile import Reconciliation
from tests.reconciliation.tables import DAY, Row, details, item, line, line_breaks, moves, run

PAYOUT = item("p", "payout", 970, reference="VNP-20261116-01")


def test_batch_field_and_exact_amount_settle() -> None:
    result = run([line("l", 970, batch_reference="VNP-20261116-01")], [PAYOUT])
    assert moves(result) == [("batches", "A", "l", "p", None, "settle", 970)]


def test_batch_is_a_word_of_the_narrative_and_never_a_part_of_one() -> None:
    told = line("l", 970, narrative="VNPAY chuyen tien dot:vnp-20261116-01, 35 GD")
    assert [move[3] for move in moves(run([told], [PAYOUT]))] == ["p"]
    longer = line("l", 970, narrative="VNPAY chuyen tien VNP-20261116-012")
    assert moves(run([longer], [PAYOUT])) == []
    short = item("p", "payout", 970, reference="BATCH1")
    assert moves(run([line("l", 970, narrative="tra BATCH1")], [short])) == []


def test_another_amount_is_a_break() -> None:
    result = run([line("l", 960, batch_reference="VNP-20261116-01")], [PAYOUT])
    assert line_breaks(result) == {"l": "BATCH_AMOUNT"}
    assert details(result, "BATCH_AMOUNT")["expected_minor"] == 970


def test_a_negative_net_is_a_debit() -> None:
    owed = PAYOUT | {"direction": "debit"}
    lines = [
        line("in", 970, batch_reference="VNP-20261116-01"),
        line("out", 970, batch_reference="VNP-20261116-01", direction="debit"),
    ]
    result = run(lines, [owed])
    assert [move[2] for move in moves(result)] == ["out"]
    assert line_breaks(result) == {"in": "BANK_NO_BATCH"}


def test_a_transfer_between_units_leaves_one_account_and_reaches_the_other() -> None:
    key = "CHUYEN0A1B2C3D4E5F"
    here = item("out", "unit_transfer", 50, reference=key, direction="debit")
    there = here | {"item_id": "in", "account_group": "H", "direction": "credit"}
    lines = [
        line("o", 50, narrative=f"chuyen {key}", direction="debit"),
        line("i", 50, narrative=key, account_group="H"),
        line("back", 50, narrative=key),
    ]
    result = run(lines, [here, there])
    assert {(move[2], move[3]) for move in moves(result)} == {("o", "out"), ("i", "in")}
    assert line_breaks(result) == {"back": "NO_REFERENCE"}


def test_refund_and_top_up_by_field_are_class_a_and_by_narrative_class_b() -> None:
    items = [
        item("r", "refund", 50, reference="HOAN26000001"),
        item("t", "cost_top_up", 30, reference="BUCP26000001"),
    ]
    lines = [
        line("out", 50, direction="debit", end_to_end_reference="HOAN26000001"),
        line("in", 30, narrative="UBND bu chi phi BUCP26000001"),
    ]
    found = {(move[1], move[2], move[3]) for move in moves(run(lines, items))}
    assert found == {("A", "out", "r"), ("B", "in", "t")}


def test_a_line_that_names_two_batches_waits_for_a_person_also_when_one_is_closed() -> None:
    other = item("q", "payout", 970, reference="VNP-20261117-01")
    told = line("l", 970, narrative="VNP-20261116-01 VNP-20261117-01")
    result = run([told], [PAYOUT, other])
    assert line_breaks(result) == {"l": "AMBIGUOUS_REFERENCE"}
    assert details(result, "AMBIGUOUS_REFERENCE")["references"] == [
        "VNP-20261116-01",
        "VNP-20261117-01",
    ]
    closed = other | {"residual_minor": 0, "state": "closed"}
    assert moves(run([told], [PAYOUT, closed])) == []


def test_a_batch_already_paid_is_named_as_the_nearest_miss() -> None:
    paid = PAYOUT | {"residual_minor": 0, "state": "closed"}
    result = run([line("l", 970, batch_reference="VNP-20261116-01")], [paid])
    assert line_breaks(result) == {"l": "BANK_NO_BATCH"}
    assert details(result, "BANK_NO_BATCH")["nearest_miss"] == [
        {"kind": "closed_item", "reference": "VNP-20261116-01"}
    ]


def test_two_lines_for_one_batch_wait_for_a_person() -> None:
    twins = [line(name, 970, batch_reference="VNP-20261116-01") for name in ("a", "b")]
    result = run(twins, [PAYOUT])
    assert moves(result) == []
    assert line_breaks(result) == {"a": "AMBIGUOUS_REFERENCE", "b": "AMBIGUOUS_REFERENCE"}


def _named(number: int, amount_minor: int = 100, **values: object) -> Row:
    """Return payout B000000N of 100."""
    return item(f"b{number}", "payout", amount_minor, reference=f"B000000{number}") | values


def _settled(result: Reconciliation) -> set[tuple[str, str, int]]:
    return {(move[2], move[3], move[6]) for move in moves(result)}


def test_a_line_with_the_exact_sum_of_what_it_names_settles_all_of_it() -> None:
    told = line("l", 350, narrative="VNPAY TT B0000001 B0000002, B0000003")
    result = run([told], [_named(1), _named(2, 200), _named(3, 50), _named(4, 350)])
    assert [move[:2] for move in moves(result)] == [("several_batches", "A")] * 3
    assert _settled(result) == {("l", "b1", 100), ("l", "b2", 200), ("l", "b3", 50)}
    rows = result.decisions.to_pylist()
    assert len({row["group_key"] for row in rows}) == 1
    evidence = json.loads(rows[0]["evidence"])
    assert (evidence["hit"], evidence["line_minor"]) == ("B0000001, B0000002, B0000003", 350)
    assert result.breaks.num_rows == 0
    assert why_matched(evidence, "en").startswith("The line names B0000001, B0000002")


def test_another_sum_of_what_a_line_names_is_a_break() -> None:
    result = run([line("l", 290, narrative="B0000001 B0000002")], [_named(1), _named(2, 200)])
    found = details(result, "BATCH_AMOUNT")
    assert (found["expected_minor"], found["reference"]) == (300, "B0000001, B0000002")


def test_a_sum_without_the_names_is_nothing() -> None:
    for memo in ("VNPAY TT", "VNPAY TT B0000001"):
        result = run([line("l", 300, narrative=memo)], [_named(1), _named(2, 200)])
        assert moves(result) == []


@pytest.mark.parametrize(
    "other",
    [
        {"residual_minor": 0, "state": "closed"},
        {"residual_minor": 150},
        {"direction": "debit"},
        {"currency": "USD"},
        {"account": "0022"},
        {"account_group": "H"},
        {"state": "cancelled"},
    ],
)
def test_several_are_settled_only_when_each_is_wholly_open_for_the_line(other: Row) -> None:
    told = line("l", 300, narrative="B0000001 B0000002")
    assert moves(run([told], [_named(1), _named(2, 200, **other)])) == []


def test_several_of_which_another_line_names_one_wait_unless_the_other_comes_later() -> None:
    told = line("l", 300, narrative="B0000001 B0000002")
    rival = line("r", 70, narrative="B0000002")
    items = [_named(1), _named(2, 200)]
    result = run([told, rival], items)
    assert line_breaks(result) == {"l": "AMBIGUOUS_REFERENCE", "r": "BATCH_AMOUNT"}
    later = rival | {"booking_date": DAY + timedelta(days=1)}
    result = run([told, later], items, as_of=DAY + timedelta(days=1))
    assert _settled(result) == {("l", "b1", 100), ("l", "b2", 200)}
    assert line_breaks(result) == {"r": "NO_REFERENCE"}
    earlier = rival | {"booking_date": DAY - timedelta(days=1)}
    assert moves(run([told, earlier], items)) == []


def test_two_payouts_of_one_name_are_not_settled_among_several() -> None:
    twins = [_named(2, 200), _named(2, 200) | {"item_id": "twin", "order_key": "twin"}]
    told = line("l", 300, narrative="B0000001 B0000002")
    assert moves(run([told], [_named(1), *twins])) == []


def test_top_ups_put_back_in_one_transfer_are_class_b_by_narrative() -> None:
    costs = [
        item(name, "cost_top_up", 30, reference=f"PHIB000000{place}")
        for place, name in enumerate("st", 1)
    ]
    result = run([line("l", 60, narrative="bu phi PHIB0000001 PHIB0000002")], costs)
    assert [move[:2] for move in moves(result)] == [("several_batches", "B")] * 2


def test_one_payout_in_several_lines_settles_when_their_sum_is_whole() -> None:
    parts = [
        line("x", 60, narrative="TT B0000001 1/2", booking_date=DAY - timedelta(days=1)),
        line("y", 40, batch_reference="B0000001"),
    ]
    [payout] = items = [_named(1)]
    before = run(parts[:1], items, as_of=DAY - timedelta(days=1))
    assert moves(before) == []
    assert line_breaks(before) == {"x": "BATCH_AMOUNT"}
    result = run(parts, items)
    assert moves(result) == [
        ("batch_in_parts", "A", "x", "b1", None, "settle", 60),
        ("batch_in_parts", "A", "y", "b1", "x", "settle", 40),
    ]
    assert len({row["group_key"] for row in result.decisions.to_pylist()}) == 1
    late = line("z", 10, narrative="B0000001", booking_date=DAY + timedelta(days=1))
    after = run([*parts, late], items, as_of=DAY + timedelta(days=1))
    assert _settled(after) == {("x", "b1", 60), ("y", "b1", 40)}
    assert payout["amount_minor"] == 100


@pytest.mark.parametrize(
    ("second", "third"),
    [
        ({"amount_minor": 41}, {}),
        ({"residual_minor": 39}, {}),
        ({"narrative": "B0000001 B0000002"}, {}),
        ({"account": "0022"}, {}),
        ({}, {"narrative": "B0000001", "amount_minor": 10}),
        ({}, {"narrative": "B0000001 B0000002", "amount_minor": 100}),
    ],
)
def test_parts_wait_for_a_person_when_they_are_not_exactly_the_payout(
    second: Row, third: Row
) -> None:
    lines = [
        line("x", 60, narrative="B0000001"),
        line("y", 40, narrative="B0000001") | second,
        line("z", 100) | third,
    ]
    for row in lines:
        row["residual_minor"] = min(row["residual_minor"], row["amount_minor"])
    items = [_named(1, account="0011"), _named(2, 170)]
    assert moves(run(lines, items)) == []


def test_a_whole_line_goes_before_parts_that_come_with_it() -> None:
    lines = [line(name, minor, narrative="B0000001") for name, minor in (("x", 60), ("w", 100))]
    assert _settled(run(lines, [_named(1)])) == {("w", "b1", 100)}
