"""Evidence of class C: one payer, one amount, one request, one line, and a few days to wait."""

from datetime import timedelta

import pytest

from tests.reconciliation.tables import DAY, Row, item, line, line_breaks, moves, reference, run

ONE = reference(1)
BROKEN = ONE[:6] + ("A" if ONE[6] != "A" else "B") + ONE[7:]
OLD = DAY - timedelta(days=3)
PAYER = {"counterparty_account": "0071000123", "booking_date": OLD}
OPENED = {"opened_on": OLD - timedelta(days=5), "payer_account": "0071000123"}


def _due(name: str = "d", amount_minor: int = 100, **values: object) -> Row:
    return item(name, "due", amount_minor, **(OPENED | {"reference": ONE} | values))


SLIP = line("l", 100, narrative=BROKEN, **PAYER)
SILENT = line("l", 100, narrative="nop phi", **PAYER)


def _taken(pass_name: str) -> list[tuple[object, ...]]:
    return [(pass_name, "C", "l", "d", None, "settle", 100)]


@pytest.mark.parametrize(
    ("paid", "pass_name"), [(SLIP, "repaired_references"), (SILENT, "mutual_pairs")]
)
def test_payer_and_amount_prove_what_the_memo_does_not(paid: Row, pass_name: str) -> None:
    assert moves(run([paid], [_due()])) == _taken(pass_name)


@pytest.mark.parametrize("paid", [SLIP, SILENT])
@pytest.mark.parametrize(
    "change",
    [
        {"counterparty_account": "0071000999"},
        {"counterparty_account": ""},
        {"amount_minor": 99, "residual_minor": 99},
        {"currency": "USD"},
        {"direction": "debit"},
        {"booking_date": OLD + timedelta(days=1)},
    ],
)
def test_a_line_that_differs_in_anything_is_left(paid: Row, change: Row) -> None:
    assert moves(run([paid | change], [_due()])) == []


@pytest.mark.parametrize("paid", [SLIP, SILENT])
@pytest.mark.parametrize(
    "change",
    [
        {"payer_account": ""},
        {"payer_account": "0071000999"},
        {"residual_minor": 60},
        {"account": "0022"},
        {"account_group": "H"},
        {"state": "cancelled"},
    ],
)
def test_a_due_that_differs_in_anything_is_left(paid: Row, change: Row) -> None:
    assert moves(run([paid], [_due() | change])) == []


def test_a_pair_is_taken_only_when_both_sides_are_alone() -> None:
    twin_line = line("m", 100, narrative="le phi", **PAYER)
    assert moves(run([SILENT, twin_line], [_due()])) == []
    assert moves(run([SILENT], [_due(), _due("e", reference=reference(2))])) == []
    unlinked = _due("e", reference=reference(2), payer_account="")
    assert moves(run([SILENT], [_due(), unlinked])) == []
    other = line("m", 90, **PAYER)
    assert moves(run([SILENT, other], [_due(), _due("e", 80, reference=reference(2))])) == _taken(
        "mutual_pairs"
    )


def test_a_slip_near_two_lines_is_left() -> None:
    again = line("m", 100, narrative=f"x {BROKEN}", **PAYER)
    assert moves(run([SLIP, again], [_due()])) == []


def test_a_due_opened_after_the_line_is_not_what_it_paid() -> None:
    assert moves(run([SILENT], [_due(opened_on=OLD + timedelta(days=1))])) == []


def test_a_line_that_names_another_request_is_never_paired() -> None:
    stranger = line("l", 100, narrative=reference(9), **PAYER)
    result = run([stranger], [_due()])
    assert moves(result) == []
    assert line_breaks(result) == {"l": "UNKNOWN_REFERENCE"}
