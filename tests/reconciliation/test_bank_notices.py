"""Bank notices: the bank's own key and the same amount, or a break with both amounts."""

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

NOTICE = item("n", "bank_notice", 100, provider_transaction="FT1")


def test_key_and_amount_settle_before_any_reference() -> None:
    due = item("d", "due", 100, reference=reference(1), residual_minor=0, state="closed")
    result = run([line("l", 100, bank_reference="FT1", narrative=reference(1))], [NOTICE, due])
    assert moves(result) == [("bank_notices", "A", "l", "n", None, "settle", 100)]


def test_another_amount_is_a_break_with_both_amounts_and_stops_weaker_passes() -> None:
    due = item("d", "due", 90, reference=reference(1))
    result = run([line("l", 90, bank_reference="FT1", narrative=reference(1))], [NOTICE, due])
    assert moves(result) == []
    assert line_breaks(result) == {"l": "NOTICE_AMOUNT"}
    assert details(result, "NOTICE_AMOUNT") == {
        "amount_minor": 90,
        "booked_on": "2026-11-16",
        "currency": "VND",
        "expected_minor": 100,
        "failed_criterion": "amount",
        "nearest_miss": [{"expected_minor": 100, "kind": "expected_amount", "reference": "FT1"}],
        "reference": "FT1",
    }


def test_twins_of_one_day_are_ambiguous_a_later_line_is_not_in_the_way() -> None:
    twins = [line("a", 100, bank_reference="FT1"), line("b", 100, bank_reference="FT1")]
    result = run(twins, [NOTICE])
    assert moves(result) == []
    assert set(line_breaks(result).values()) == {"AMBIGUOUS_REFERENCE"}
    twins[1]["booking_date"] = DAY + timedelta(days=1)
    assert [move[2] for move in moves(run(twins, [NOTICE]))] == ["a"]


def test_two_notices_of_one_key_are_ambiguous() -> None:
    other = NOTICE | {"item_id": "m", "order_key": "m"}
    result = run([line("l", 100, bank_reference="FT1")], [NOTICE, other])
    assert moves(result) == []
    assert line_breaks(result) == {"l": "AMBIGUOUS_REFERENCE"}


def test_account_direction_currency_and_group_must_agree() -> None:
    differences: list[Row] = [
        {"account": "0022"},
        {"direction": "debit"},
        {"currency": "USD"},
        {"account_group": "H"},
        {"bank_reference": "FT2"},
    ]
    lines = [
        line(str(name), 100, **({"bank_reference": "FT1"} | values))
        for name, values in enumerate(differences)
    ]
    result = run(lines, [NOTICE])
    assert moves(result) == []
    assert set(line_breaks(result).values()) == {"NO_REFERENCE", "UNEXPLAINED_DEBIT"}
