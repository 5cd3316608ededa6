"""What the bank's side writes, our side reads back to the same value."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bank_adapters.counterpart.statements import write_camt053, write_csv, write_mt940
from bank_adapters.money import currency_exponent
from bank_adapters.statements.detect import read_statement_file
from bank_adapters.vocabulary import Balance, Direction, EntryStatus, Statement, StatementLine

CREATED_AT = datetime(2026, 11, 2, 1, tzinfo=UTC)
DAYS = st.dates(date(2000, 1, 1), date(2079, 1, 1))
CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn"))
HOSTILE = st.sampled_from(
    [":61:", ":62F:", ":20:15", "/RTN/x", "/TXT/", "-}", "{4:", "&amp;", "]]>", ";", '"']
)
TEXTS = st.lists(st.one_of(st.text(CHARACTERS, max_size=40), HOSTILE), max_size=8).map(
    lambda parts: " ".join("".join(parts).split())
)
LONG_TEXTS = st.lists(TEXTS, max_size=6).map(lambda parts: " ".join(" ".join(parts).split()))
REFERENCES = st.text("ABCXYZ0129.-", max_size=16)
CODES = st.sampled_from(["NTRF", "NMSC", "S103", "FCHG"])


@st.composite
def statement_lines(draw: st.DrawFn, position: int) -> StatementLine:
    value_date = draw(DAYS)
    return StatementLine(
        position=position,
        source_line=0,
        booking_date=value_date + timedelta(days=draw(st.integers(-180, 180))),
        value_date=value_date,
        amount_minor=draw(st.one_of(st.integers(1, 999), st.integers(1, 10**13))),
        direction=draw(st.sampled_from(Direction)),
        is_reversal=draw(st.booleans()),
        bank_reference=draw(REFERENCES),
        end_to_end_reference=draw(REFERENCES),
        returned_reference=draw(REFERENCES),
        batch_reference=draw(REFERENCES),
        counterparty_account=draw(REFERENCES),
        counterparty_name=draw(TEXTS),
        code=draw(CODES),
        narrative=draw(LONG_TEXTS),
    )


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    currency = draw(st.sampled_from(["VND", "EUR", "KWD"]))
    lines = tuple(
        draw(statement_lines(position + 1)) for position in range(draw(st.integers(0, 4)))
    )
    opening_minor = draw(st.integers(-(10**13), 10**13))
    movements = (
        line.amount_minor if line.direction is Direction.CREDIT else -line.amount_minor
        for line in lines
    )
    *_, closing_minor = accumulate(movements, initial=opening_minor)
    return Statement(
        account=draw(st.text("0123456789", min_size=1, max_size=20)),
        currency=currency,
        exponent=currency_exponent(currency),
        number=draw(st.text("0123456789/", min_size=1, max_size=9)),
        opening=Balance(amount_minor=opening_minor, currency=currency, on=draw(DAYS)),
        closing=Balance(amount_minor=closing_minor, currency=currency, on=draw(DAYS)),
        lines=lines,
    )


def without_places(statement: Statement) -> Statement:
    lines = (replace(line, source_line=0) for line in statement.lines)
    return replace(statement, lines=tuple(lines))


def read_back(data: bytes) -> Statement:
    (statement,) = read_statement_file(data).statements
    return without_places(statement)


@given(statements())
@settings(max_examples=250, deadline=None)
def test_mt940_comes_back_whole(statement: Statement) -> None:
    assert read_back(write_mt940(statement)) == statement


@given(statements(), st.sampled_from(["PMNT-RCDT-DMCT", "NTRF", ""]), st.sampled_from(EntryStatus))
@settings(max_examples=250, deadline=None)
def test_camt_comes_back_whole(statement: Statement, code: str, status: EntryStatus) -> None:
    lines = tuple(replace(line, code=code) for line in statement.lines)
    pending = tuple(replace(line, status=status, position=len(lines) + 1) for line in lines[:1])
    statement = replace(statement, lines=lines + pending * (status is not EntryStatus.BOOKED))
    assert read_back(write_camt053(statement, CREATED_AT)) == statement


@given(statements())
@settings(max_examples=50, deadline=None)
def test_no_line_of_mt940_starts_like_a_tag_that_it_is_not(statement: Statement) -> None:
    rows = write_mt940(statement).decode().split("\r\n")
    entries = sum(row.startswith(":61:") for row in rows)
    assert entries == len(statement.lines)


LINE = StatementLine(
    position=1,
    source_line=0,
    booking_date=date(2026, 11, 2),
    value_date=date(2026, 11, 2),
    amount_minor=5,
    direction=Direction.CREDIT,
)
STATEMENT = Statement(
    account="1",
    currency="VND",
    exponent=0,
    number="1",
    opening=Balance(amount_minor=0, currency="VND", on=date(2026, 11, 2)),
    closing=Balance(amount_minor=5, currency="VND", on=date(2026, 11, 2)),
    lines=(LINE,),
)


def with_line(line: StatementLine) -> Statement:
    return replace(STATEMENT, lines=(line,))


@pytest.mark.parametrize(
    "statement",
    [
        replace(STATEMENT, opening=None),
        replace(STATEMENT, account="1VND"),
        with_line(replace(LINE, status=EntryStatus.PENDING)),
        with_line(replace(LINE, booking_date=date(2025, 11, 2))),
        with_line(replace(LINE, end_to_end_reference="A//B")),
        with_line(replace(LINE, end_to_end_reference="NONREF")),
        with_line(replace(LINE, bank_reference="X" * 17)),
        with_line(replace(LINE, narrative="two\nlines")),
        with_line(replace(LINE, narrative="two  blanks")),
        with_line(replace(LINE, value_date=date(1979, 11, 2), booking_date=date(1979, 11, 2))),
    ],
)
def test_what_mt940_cannot_carry_is_not_written(statement: Statement) -> None:
    with pytest.raises(ValueError, match=r".+"):
        write_mt940(statement)


def test_what_the_other_formats_cannot_carry_is_not_written() -> None:
    for statement in (
        with_line(replace(LINE, status=EntryStatus.PENDING)),
        with_line(replace(LINE, booking_date=date(2026, 11, 3))),
        replace(STATEMENT, exponent=3),
    ):
        with pytest.raises(ValueError, match=r".+"):
            write_csv(statement)
    with pytest.raises(ValueError, match="no reference"):
        write_camt053(with_line(replace(LINE, end_to_end_reference="NOTPROVIDED")), CREATED_AT)
