"""Returned payments: pairs, reversed matches, and returns that nothing or too much answers."""

from datetime import timedelta

from tests.reconciliation.tables import (
    DAY,
    Row,
    details,
    item,
    line,
    line_breaks,
    moves,
    reference,
    run,
)

BEFORE = DAY - timedelta(days=3)


def test_a_return_in_the_same_run_never_lets_the_payment_close_its_due() -> None:
    lines = [
        line("paid", 100, bank_reference="FT1", narrative=reference(1), booking_date=BEFORE),
        line("back", 100, direction="debit", returned_reference="FT1"),
    ]
    result = run(lines, [item("d", "due", 100, reference=reference(1))])
    assert moves(result) == [("reversals", "A", "back", None, "paid", "pair", 100)]
    assert line_breaks(result) == {}


def test_a_return_of_a_matched_line_reverses_the_match_first() -> None:
    paid = line("paid", 100, bank_reference="FT1", residual_minor=0, booking_date=BEFORE)
    back = line("back", 100, direction="debit", is_reversal=True, bank_reference="FT1")
    result = run([back, paid], [])
    assert moves(result) == [
        ("reversals", "A", "back", None, "paid", "unmatch", 100),
        ("reversals", "A", "back", None, "paid", "pair", 100),
    ]
    assert len(set(result.decisions["group_key"].to_pylist())) == 1
    inflow = [(row.lines, row.amount_minor) for row in result.totals if row.bucket == "in"]
    assert inflow == [(2, 200)]


def test_a_bounced_refund_is_paired_too() -> None:
    lines = [
        line("sent", 80, direction="debit", bank_reference="FT7", booking_date=BEFORE),
        line("bounced", 80, returned_reference="FT7"),
    ]
    assert moves(run(lines, [])) == [("reversals", "A", "bounced", None, "sent", "pair", 80)]


def test_amount_account_time_and_direction_must_agree() -> None:
    differences: list[Row] = [
        {"amount_minor": 99, "residual_minor": 99},
        {"account": "0022"},
        {"direction": "debit"},
        {"currency": "USD"},
        {"bank_reference": "FT2"},
        {"booking_date": DAY + timedelta(days=1)},
        {"booking_date": DAY - timedelta(days=500)},
        {"account_group": "elsewhere"},
    ]
    lines = []
    for name, values in enumerate(differences):
        group = {"account_group": f"G{name}"}
        back = {"direction": "debit", "returned_reference": "FT1"}
        lines.append(line(f"back{name}", 100, **back, **group))
        lines.append(line(f"paid{name}", 100, bank_reference="FT1") | group | values)
    result = run(lines, [])
    assert moves(result) == []
    codes = line_breaks(result)
    assert {codes[f"back{name}"] for name in range(len(differences))} == {"RETURN_UNMATCHED"}


def test_two_originals_or_two_returns_are_ambiguous() -> None:
    paid = [line(name, 100, bank_reference="FT1") for name in ("a", "b")]
    back = [line(name, 100, direction="debit", returned_reference="FT1") for name in ("x", "y")]
    two_originals = run([*paid, back[0]], [])
    assert moves(two_originals) == []
    assert line_breaks(two_originals)["x"] == "RETURN_AMBIGUOUS"
    assert details(two_originals, "RETURN_AMBIGUOUS")["originals"] == 2
    two_returns = run([paid[0], *back], [])
    assert moves(two_returns) == []
    assert line_breaks(two_returns)["x"] == line_breaks(two_returns)["y"] == "RETURN_AMBIGUOUS"


def test_a_line_already_returned_is_not_returned_again() -> None:
    paid = line("paid", 100, bank_reference="FT1", residual_minor=0)
    done = line("x", 100, direction="debit", returned_reference="FT1", residual_minor=0)
    again = line("y", 100, direction="debit", returned_reference="FT1")
    result = run([paid, done, again], [])
    assert moves(result) == []
    assert line_breaks(result) == {"y": "RETURN_AMBIGUOUS"}


def test_placeholders_of_banks_are_no_keys() -> None:
    lines = [
        line("paid", 100, bank_reference="NONREF"),
        line("back", 100, direction="debit", is_reversal=True, bank_reference="NONREF"),
    ]
    assert moves(run(lines, [])) == []
