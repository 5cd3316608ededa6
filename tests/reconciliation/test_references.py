"""Direct transfers by payment reference: field, memo, order, surplus and ambiguity."""

import json
from datetime import timedelta

from tests.reconciliation.tables import (
    DAY,
    details,
    item,
    item_breaks,
    line,
    line_breaks,
    moves,
    reference,
    run,
)

ONE, TWO = reference(1), reference(2)


def test_structured_reference_with_the_exact_amount_is_class_a() -> None:
    result = run([line("l", 100, end_to_end_reference=ONE)], [item("d", "due", 100, reference=ONE)])
    assert moves(result) == [("exact_key", "A", "l", "d", None, "settle", 100)]
    assert result.breaks.num_rows == 0


def test_memo_is_searched_without_blanks_case_and_accents() -> None:
    memo = f"MBVCB.123 nộp lệ phí {ONE[:5].lower()} {ONE[5:]}.CT từ 0123 tới 456"
    result = run([line("l", 100, narrative=memo)], [item("d", "due", 100, reference=ONE)])
    assert moves(result) == [("reference_in_memo", "B", "l", "d", None, "settle", 100)]
    evidence = json.loads(result.decisions["evidence"][0].as_py())
    assert evidence == {
        "comparator": "scan",
        "currency": "VND",
        "field": "narrative",
        "hit": ONE,
        "left_before_minor": 100,
        "line_minor": 100,
        "pass": "reference_in_memo",
        "raw": memo,
    }


def test_too_little_settles_a_part_and_names_what_is_short() -> None:
    result = run([line("l", 40, narrative=ONE)], [item("d", "due", 100, reference=ONE)])
    assert moves(result) == [("key_other_amount", "B", "l", "d", None, "settle", 40)]
    assert item_breaks(result) == [("d", "UNDERPAID")]
    assert details(result, "UNDERPAID")["short_minor"] == 60
    assert details(result, "UNDERPAID")["paid_minor"] == 40


def test_too_much_is_surplus_of_the_same_group() -> None:
    result = run([line("l", 130, narrative=ONE)], [item("d", "due", 100, reference=ONE)])
    assert [move[5:] for move in moves(result)] == [("settle", 100), ("surplus", 30)]
    assert len(set(result.decisions["group_key"].to_pylist())) == 1
    assert item_breaks(result) == [("d", "OVERPAID")]
    assert line_breaks(result) == {}


def test_a_second_payment_is_whole_surplus_even_when_its_amount_is_exact() -> None:
    first = line("first", 70, narrative=ONE, booking_date=DAY.replace(day=2))
    second = line("second", 100, end_to_end_reference=ONE)
    due = item("d", "due", 70, reference=ONE)
    result = run([second, first], [due])
    assert moves(result) == [
        ("reference_in_memo", "B", "first", "d", None, "settle", 70),
        ("key_other_amount", "B", "second", "d", None, "surplus", 100),
    ]
    assert item_breaks(result) == [("d", "REFERENCE_CLOSED")]


def test_closed_and_cancelled_requests_take_nothing() -> None:
    lines = [line("l", 100, narrative=ONE), line("m", 50, narrative=TWO)]
    dues = [
        item("closed", "due", 100, reference=ONE, residual_minor=0, state="closed"),
        item("gone", "due", 50, reference=TWO, state="cancelled"),
    ]
    result = run(lines, dues)
    assert {move[5:] for move in moves(result)} == {("surplus", 100), ("surplus", 50)}
    assert item_breaks(result) == [("closed", "REFERENCE_CLOSED"), ("gone", "REFERENCE_CANCELLED")]


def test_two_references_are_ambiguous_even_when_the_amount_fits_one() -> None:
    dues = [item("a", "due", 100, reference=ONE), item("b", "due", 50, reference=TWO)]
    both = line("both", 150, narrative=f"{ONE} {TWO}")
    split = line("split", 100, end_to_end_reference=ONE, narrative=TWO)
    result = run([both, split], dues)
    assert moves(result) == []
    assert line_breaks(result) == {"both": "AMBIGUOUS_REFERENCE", "split": "AMBIGUOUS_REFERENCE"}


def test_debits_other_currencies_other_accounts_and_other_groups_are_left_alone() -> None:
    dues = [item("d", "due", 100, reference=ONE, account="0011")]
    lines = [
        line("debit", 100, narrative=ONE, direction="debit"),
        line("dollar", 100, narrative=ONE, currency="USD"),
        line("account", 100, narrative=ONE, account="0022"),
        line("group", 100, narrative=ONE, account_group="H"),
    ]
    result = run(lines, dues)
    assert moves(result) == []
    assert line_breaks(result) == {
        "debit": "UNEXPLAINED_DEBIT",
        "dollar": "CURRENCY",
        "account": "WRONG_ACCOUNT",
        "group": "UNKNOWN_REFERENCE",
    }
    assert details(result, "UNKNOWN_REFERENCE")["references"] == [ONE]


def test_a_transfer_that_names_only_what_it_was_handed_over_for_is_no_second_payment() -> None:
    due = item("d", "due", 100, reference=ONE, residual_minor=0, state="closed")
    transfer = item("t", "unit_transfer", 100, reference="CHUYEN000001", provider_transaction=ONE)
    bare = line("l", 100, narrative=f"chuyen tra {ONE}")
    for items in ([due, transfer], [transfer]):
        result = run([bare], items)
        assert moves(result) == []
        assert line_breaks(result) == {"l": "AMBIGUOUS_REFERENCE"}
    assert details(run([bare], [due, transfer]), "AMBIGUOUS_REFERENCE")["references"] == [
        "CHUYEN000001",
        ONE,
    ]
    # Once the transfer is seen, what else names the request is surplus as ever.
    keyed = line("k", 100, narrative=f"CHUYEN000001 {ONE}", booking_date=DAY + timedelta(days=1))
    result = run([bare, keyed], [due, transfer], as_of=DAY + timedelta(days=1))
    assert moves(result) == [
        ("batches", "B", "k", "t", None, "settle", 100),
        ("key_other_amount", "B", "l", "d", None, "surplus", 100),
    ]


def test_another_transfer_holds_nothing() -> None:
    due = item("d", "due", 100, reference=ONE)
    for values in (
        {"direction": "debit"},
        {"residual_minor": 0, "state": "closed"},
        {"account_group": "H"},
        {"provider_transaction": TWO},
    ):
        transfer = item("t", "unit_transfer", 100, reference="CHUYEN000001") | {
            "provider_transaction": ONE
        }
        result = run([line("l", 100, narrative=ONE)], [due, transfer | values])
        assert moves(result) == [("reference_in_memo", "B", "l", "d", None, "settle", 100)]
