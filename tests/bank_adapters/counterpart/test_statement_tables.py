"""What a bank writes as a table, our side reads back to the same value, for every profile."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bank_adapters.contract import StatementUnreadable
from bank_adapters.counterpart.statements import write_csv, write_xlsx
from bank_adapters.statements.bank_profiles import PROFILES
from bank_adapters.statements.detect import read_statement_file
from bank_adapters.statements.profiles import (
    COLUMN_WORDS,
    LABEL_WORDS,
    Column,
    Label,
    TabularProfile,
)
from bank_adapters.statements.report import describe
from bank_adapters.statements.tabular_cells import fold
from bank_adapters.vocabulary import Statement
from tests.bank_adapters.counterpart.test_statements import read_back, statements
from tests.bank_adapters.statements.test_totality import STATEMENT

WRITERS = {"CSV": write_csv, "XLSX": write_xlsx}
EVERY_PROFILE = pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.code)
EVERY_CONTAINER = pytest.mark.parametrize("container", WRITERS)


def shown(statement: Statement, profile: TabularProfile) -> Statement:
    """Return what a profile has columns for, in a period that covers every entry."""
    opening, closing = statement.opening, statement.closing
    assert opening is not None
    assert closing is not None
    columns = set(profile.columns)
    lines = [
        replace(
            line,
            value_date=line.value_date if Column.VALUE_DATE in columns else line.booking_date,
            is_reversal=False,
            # Two entries never share a number, as no bank repeats one.
            bank_reference=f"{line.position}X{line.bank_reference}"
            if Column.REFERENCE in columns
            else "",
            end_to_end_reference="",
            returned_reference="",
            batch_reference="",
            counterparty_account=line.counterparty_account
            if Column.COUNTERPARTY_ACCOUNT in columns
            else "",
            counterparty_name=line.counterparty_name if Column.COUNTERPARTY_NAME in columns else "",
            code="",
        )
        for line in statement.lines
    ]
    return replace(
        statement,
        opening=replace(opening, on=date(1999, 1, 1)),
        closing=replace(closing, on=date(2080, 1, 1)),
        lines=tuple(lines),
    )


@EVERY_CONTAINER
@EVERY_PROFILE
@given(statement=statements().filter(lambda statement: statement.exponent != 3))
@settings(max_examples=12, deadline=None)
def test_a_table_comes_back_whole(
    container: str, profile: TabularProfile, statement: Statement
) -> None:
    expected = shown(statement, profile)
    data = WRITERS[container](expected, profile)
    assert read_back(data) == expected
    assert read_statement_file(data).format == f"{container}/{profile.code}"
    assert read_statement_file(data, profile=profile) == read_statement_file(data)


@EVERY_PROFILE
def test_the_words_of_a_profile_are_known_words(profile: TabularProfile) -> None:
    known = {word for words in LABEL_WORDS.values() for word in words}
    assert {label for label, _ in profile.labels} == set(Label)
    assert all(fold(text.partition("/")[0]) in known for _, text in profile.labels)
    known = {word for words in COLUMN_WORDS.values() for word in words}
    named = [n for n, c in zip(profile.header, profile.columns, strict=True) if c is not None]
    assert all(known & {fold(part) for part in name.split("/")} for name in named)


SPLICES = st.one_of(
    st.binary(max_size=8),
    st.sampled_from([b";", b"\n", b'"', b"1.000", b"(", "Cộng".encode(), b"9" * 30, b"\0", b"|"]),
)


@st.composite
def mutated(draw: st.DrawFn, write: Callable[..., bytes]) -> bytes:
    data = write(draw(statements_of_days()), draw(st.sampled_from(PROFILES)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 20)))
        data = data[:start] + draw(SPLICES) + data[end:]
    return data


@st.composite
def statements_of_days(draw: st.DrawFn) -> Statement:
    statement = draw(statements().filter(lambda each: each.currency == "VND"))
    return shown(statement, draw(st.sampled_from(PROFILES)))


@given(st.one_of(mutated(write_csv), mutated(write_xlsx)))
@settings(max_examples=200, deadline=None)
def test_a_damaged_table_is_read_or_refused_in_one_line(data: bytes) -> None:
    found = describe("file", [data])
    if not found["ok"]:
        error = str(found["error"])
        assert error.isprintable(), error
        assert len(error) < 300


@EVERY_PROFILE
def test_a_cut_file_is_refused_flagged_or_whole(profile: TabularProfile) -> None:
    statement = shown(STATEMENT, profile)
    data = write_csv(statement, profile)
    whole = read_back(data)
    for cut in range(0, len(data), 3):
        try:
            (found,) = read_statement_file(data[:cut]).statements
        except StatementUnreadable:
            continue
        assert found.flags or [replace(li, source_line=0) for li in found.lines] == list(
            whole.lines
        )


@pytest.mark.parametrize(
    "statement",
    [
        replace(STATEMENT, opening=None),
        replace(STATEMENT, account="12-34"),
        replace(STATEMENT, number="a\nb"),
        replace(STATEMENT, lines=(replace(STATEMENT.lines[0], bank_reference="1.23E+11"),)),
        replace(STATEMENT, lines=(replace(STATEMENT.lines[0], narrative="two  blanks"),)),
    ],
)
def test_what_a_table_cannot_carry_is_not_written(statement: Statement) -> None:
    for write in WRITERS.values():
        with pytest.raises(ValueError, match=r".+"):
            write(statement)
