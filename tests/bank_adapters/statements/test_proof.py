"""The proof that runs along a stream says what the whole statement would say of itself."""

from collections.abc import Sequence
from datetime import date
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bank_adapters.contract import StatementUnreadable
from bank_adapters.money import AMOUNT_MINOR_MAX
from bank_adapters.statements.batches import (
    COLUMN_NAMES,
    FileSummary,
    LineBatch,
    StatementSummary,
)
from bank_adapters.statements.draft import Decimals, DraftBalance, DraftLine
from bank_adapters.statements.filling import batch_of
from bank_adapters.statements.proof import (
    NAME_CHARACTERS_MAX,
    DeclaredTotal,
    StatementProof,
    collect,
)
from bank_adapters.vocabulary import Direction, EntryStatus, Statement

DAYS = tuple(date(2026, 11, day) for day in (21, 22, 23, 24))
CREDIT, DEBIT = Direction
LINES = st.builds(
    DraftLine,
    source_line=st.integers(1, 99),
    booking_date=st.sampled_from(DAYS),
    value_date=st.sampled_from(DAYS),
    amount=st.builds(
        Decimals, st.integers(1, 10**6).filter(lambda n: n % 10 != 0), st.integers(0, 5)
    ),
    direction=st.sampled_from(Direction),
    status=st.sampled_from(EntryStatus),
)


def line(
    unscaled: int,
    scale: int = 0,
    *,
    way: Direction = CREDIT,
    on: date = DAYS[0],
    source_line: int = 7,
    status: EntryStatus = EntryStatus.BOOKED,
) -> DraftLine:
    return DraftLine(
        source_line=source_line,
        booking_date=on,
        value_date=on,
        amount=Decimals(unscaled, scale),
        direction=way,
        status=status,
    )


def balance(unscaled: int, scale: int = 0, currency: str = "VND") -> DraftBalance:
    return DraftBalance(Decimals(unscaled, scale), currency, DAYS[2])


def prove(
    batches: Sequence[Sequence[DraftLine]],
    *,
    opening: DraftBalance | None = None,
    closing: DraftBalance | None = None,
    currency: str = "VND",
    owes_balances: bool = False,
    flags: Sequence[str] = (),
    declared: Sequence[DeclaredTotal] = (),
) -> StatementSummary:
    proof = StatementProof()
    for lines in batches:
        proof.add(batch_of(lines, 0))
    return proof.finish(
        account="1",
        currency=currency,
        number="2",
        opening=opening,
        closing=closing,
        owes_balances=owes_balances,
        flags=flags,
        declared=declared,
    )


def test_booked_entries_are_summed_and_prove_the_balances() -> None:
    found = prove(
        [[line(5), line(3, way=DEBIT)], [line(9, status=EntryStatus.PENDING)]],
        opening=balance(10),
        closing=balance(12),
        owes_balances=True,
        flags=("one", "one"),
    )
    assert (found.entries, found.credit_minor, found.debit_minor) == (2, 5, 3)
    assert (found.is_balanced, found.flags) == (True, ("one",))


def test_the_greatest_exponent_becomes_that_of_all() -> None:
    found = prove(
        [[line(5)], [line(125, 3, way=DEBIT)], [line(1)]],
        opening=balance(1, 1, "EUR"),
        closing=balance(5975, 3, "EUR"),
        currency="EUR",
    )
    assert (found.exponent, found.credit_minor, found.debit_minor) == (3, 6000, 125)
    assert found.opening is not None
    assert (found.opening.amount_minor, found.is_balanced) == (100, True)


@pytest.mark.parametrize(
    ("lines", "closing", "flags"),
    [
        ([line(5)], balance(16), ("unbalanced",)),
        ([line(5), line(2, on=DAYS[3])], balance(15), ("value-date-basis",)),
        ([line(5), line(2, on=DAYS[2])], balance(15), ("unbalanced",)),
        ([line(5), line(2, on=DAYS[3], way=DEBIT)], balance(15), ("value-date-basis",)),
        ([line(55, 1)], balance(155, 1), ("vnd-fraction",)),
        ([line(5)], balance(151, 1), ("vnd-fraction", "unbalanced")),
        ([line(5)], None, ("unproven",)),
    ],
)
def test_what_does_not_prove_is_flagged(
    lines: list[DraftLine], closing: DraftBalance | None, flags: tuple[str, ...]
) -> None:
    found = prove([lines], opening=balance(10), closing=closing, owes_balances=True)
    assert found.flags == flags


def test_a_fraction_of_a_dong_has_two_digits_at_least() -> None:
    assert prove([[line(5, 1)]]).exponent == 2
    assert prove([[line(5, 5)]]).exponent == 5
    assert prove([[line(5)]]).exponent == 0


@pytest.mark.parametrize(
    ("total", "holds"),
    [
        (DeclaredTotal(CREDIT, 2, Decimals(75, 1)), True),
        (DeclaredTotal(CREDIT, None, None), True),
        (DeclaredTotal(DEBIT, 0, Decimals(0, 0)), True),
        (DeclaredTotal(None, 2, Decimals(75, 1)), True),
        (DeclaredTotal(None, 3, None), False),
        (DeclaredTotal(None, None, Decimals(25, 1)), False),
        (DeclaredTotal(CREDIT, 1, Decimals(75, 1)), False),
        (DeclaredTotal(CREDIT, 2, Decimals(74, 1)), False),
        (DeclaredTotal(CREDIT, 2, Decimals(750001, 5)), False),
    ],
)
def test_declared_totals_are_a_second_witness(total: DeclaredTotal, *, holds: bool) -> None:
    lines = [line(5), line(25, 1, status=EntryStatus.PENDING)]
    assert prove([lines], currency="EUR", declared=[total]).flags == (
        () if holds else ("control-sum",)
    )
    nothing = balance(0, currency="EUR")
    proven = prove([[line(5), line(5, way=DEBIT)]], currency="EUR", opening=nothing,
                   closing=nothing, declared=[DeclaredTotal(CREDIT, 9, None)])  # fmt: skip
    assert proven.flags == ("declared-totals",)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_balance_out_of_range_refuses_the_file(sign: int) -> None:
    greatest = balance(sign * AMOUNT_MINOR_MAX)
    assert prove([], opening=greatest, closing=greatest).is_balanced
    beyond = balance(sign * (AMOUNT_MINOR_MAX + 1))
    with pytest.raises(StatementUnreadable, match="the balance of 2026-11-23 is out of range"):
        prove([], opening=beyond, closing=beyond)


@pytest.mark.parametrize(
    "name",
    ["bank_reference", "end_to_end_reference", "returned_reference", "batch_reference"],
)
def test_a_reference_without_an_end_names_its_line(name: str) -> None:
    longest, beyond = line(1), line(2, source_line=9)
    setattr(longest, name, "x" * NAME_CHARACTERS_MAX)
    assert prove([[longest]]).entries == 1
    setattr(beyond, name, "x" * (NAME_CHARACTERS_MAX + 1))
    with pytest.raises(StatementUnreadable, match=r"line 9: a reference longer than 256"):
        prove([[longest, beyond]])


@pytest.mark.parametrize("name", ["account", "number"])
def test_an_account_or_number_without_an_end_refuses_the_file(name: str) -> None:
    texts = {"account": "1", "number": "2", name: "9" * (NAME_CHARACTERS_MAX + 1)}
    account, number = texts["account"], texts["number"]
    with pytest.raises(StatementUnreadable, match=f"the {name} of a statement is longer than 256"):
        StatementProof().finish(account=account, number=number, currency="VND", opening=None,
                                closing=None, owes_balances=False)  # fmt: skip


def test_an_amount_out_of_range_names_the_first_line_of_them() -> None:
    near = AMOUNT_MINOR_MAX // 100
    batches = [
        [line(1), line(near, source_line=2), line(near + 1, source_line=3)],
        [line(near + 2, source_line=4)],
    ]
    assert prove(batches).credit_minor == 3 * near + 4
    with pytest.raises(StatementUnreadable, match=r"line 3: .* out of range"):
        prove([*batches, [line(1, 2)]])
    with pytest.raises(StatementUnreadable, match=r"line 9: .* out of range"):
        prove([*batches, [line(AMOUNT_MINOR_MAX + 1, source_line=9)]])


def test_a_balance_in_another_currency_refuses_the_file() -> None:
    with pytest.raises(StatementUnreadable, match="a balance in EUR in a statement of VND"):
        prove([], opening=balance(1, currency="EUR"))


@given(
    st.lists(st.lists(LINES, min_size=1, max_size=4), max_size=4),
    st.integers(-100, 100),
    st.integers(-100, 100),
)
@settings(max_examples=200, deadline=None)
def test_a_summary_says_what_its_statement_says(
    batches: list[list[DraftLine]], opening: int, closing: int
) -> None:
    summary = prove(batches, opening=balance(opening), closing=balance(closing))
    end = FileSummary(format="X", statements=(summary,))
    [whole] = collect(chain((batch_of(lines, 0) for lines in batches), [end])).statements
    assert [each.position for each in whole.lines] == list(range(1, len(whole.lines) + 1))
    assert summary.entries == len(whole.booked)
    assert (summary.credit_minor, summary.debit_minor) == (whole.credit_minor, whole.debit_minor)
    assert summary.is_balanced == whole.is_balanced
    assert ("value-date-basis" in summary.flags) == (
        not whole.is_balanced and _balances_by_value_date(whole)
    )


def _balances_by_value_date(whole: Statement) -> bool:
    if whole.opening is None or whole.closing is None:
        return False
    total = whole.opening.amount_minor
    for each in whole.booked:
        if each.value_date <= whole.closing.on:
            total += each.amount_minor if each.direction is CREDIT else -each.amount_minor
    return total == whole.closing.amount_minor


def test_a_stream_without_its_end_is_no_file() -> None:
    with pytest.raises(ValueError, match="FileSummary"):
        collect(iter([batch_of([line(1)], 0)]))


def test_a_part_and_an_extension_keep_every_column() -> None:
    batch = batch_of([line(1), line(25, 1), line(3)], 4)
    assert [len(getattr(batch, name)) for name in COLUMN_NAMES] == [3] * len(COLUMN_NAMES)
    whole = LineBatch(statement=4, exponent=0)
    whole.extend(batch_of([line(1)], 4))
    whole.extend(batch.part(1, 9))
    assert whole == batch
    whole.extend(batch_of([line(7)], 4))
    assert whole.amounts_minor == [10, 25, 30, 70]
