"""MT940: dates, signs, amounts, wrapped text, pages, and everything that must be refused."""

from datetime import date

import pytest

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.detect import read_statement_file
from bank_adapters.statements.pages import join_pages
from bank_adapters.vocabulary import Direction, Statement

HEAD = ":20:X\r\n:25:0031000123456\r\n:28C:305/1\r\n"


def read(text: str) -> Statement:
    file = read_statement_file(text.encode())
    assert file.format == "MT940"
    (statement,) = file.statements
    return statement


def message(*entries: str, opening: str = "C251231VND1000,", closing: str) -> str:
    rows = [f":60F:{opening}", *entries, f":62F:{closing}", "-", ""]
    return HEAD + "\r\n".join(rows)


def test_a_vietnamese_statement_is_read_in_whole_dong() -> None:
    statement = read(
        message(
            ":61:2601020102C8000,00NTRFHP7K2M9QX//FT26002000001",
            ":86:HP7K2M9QX nop le phi ho so 000.00.12.H24-260102-0001",
            closing="C260102VND9000,00",
        )
    )
    (line,) = statement.lines
    assert (statement.account, statement.currency, statement.exponent) == (
        "0031000123456",
        "VND",
        0,
    )
    assert statement.number == "305/1"
    assert line.amount_minor == 8000
    assert line.end_to_end_reference == "HP7K2M9QX"
    assert line.bank_reference == "FT26002000001"
    assert line.code == "NTRF"
    assert line.source_line == 5
    assert statement.is_balanced
    assert statement.flags == ()


@pytest.mark.parametrize(
    ("mark", "direction"),
    [
        ("C", Direction.CREDIT),
        ("D", Direction.DEBIT),
        ("RC", Direction.DEBIT),
        ("RD", Direction.CREDIT),
        ("CR", Direction.CREDIT),
        ("RCR", Direction.DEBIT),
        ("DN", Direction.DEBIT),
    ],
)
def test_a_mark_gives_direction_and_reversal(mark: str, direction: Direction) -> None:
    sign = 1 if direction is Direction.CREDIT else -1
    text = message(f":61:260102{mark}500,NTRFNONREF", closing=f"C260102VND{1000 + sign * 500},")
    (line,) = read(text).lines
    assert (line.direction, line.is_reversal) == (direction, mark.startswith("R"))
    assert line.end_to_end_reference == ""


@pytest.mark.parametrize(
    ("dates", "value", "booking"),
    [
        ("260102", date(2026, 1, 2), date(2026, 1, 2)),
        ("2601020102", date(2026, 1, 2), date(2026, 1, 2)),
        ("2512311231", date(2025, 12, 31), date(2025, 12, 31)),
        ("2512310102", date(2025, 12, 31), date(2026, 1, 2)),
        ("2601011231", date(2026, 1, 1), date(2025, 12, 31)),
        ("2402280229", date(2024, 2, 28), date(2024, 2, 29)),
        ("1602300301", date(2016, 2, 29), date(2016, 3, 1)),
        ("2602300302", date(2026, 2, 28), date(2026, 3, 2)),
    ],
)
def test_dates_of_an_entry(dates: str, value: date, booking: date) -> None:
    (line,) = read(message(f":61:{dates}C1,NTRFNONREF", closing="C260102VND1001,")).lines
    assert (line.value_date, line.booking_date) == (value, booking)


@pytest.mark.parametrize("amount", ["1234,", "1234,0", "1234,00", "000000001234,00"])
def test_an_amount_is_never_off_by_a_hundred(amount: str) -> None:
    statement = read(message(f":61:260102C{amount}NTRFNONREF", closing="C260102VND2234,"))
    assert statement.credit_minor == 1234
    assert statement.is_balanced


def test_an_amount_may_start_with_its_comma() -> None:
    statement = read(
        message(":61:260102C,50NTRFNONREF", opening="C251231EUR0,", closing="C260102EUR0,5")
    )
    assert (statement.exponent, statement.credit_minor, statement.flags) == (2, 50, ())


def test_a_fraction_of_a_dong_is_flagged() -> None:
    statement = read(message(":61:260102C0,5NTRFNONREF", closing="C260102VND1000,5"))
    assert (statement.exponent, statement.credit_minor) == (2, 50)
    assert statement.flags == ("vnd-fraction",)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (":61:260230C1,NTRFNONREF", "line 5: :61: has an impossible date 260230"),
        (":61:2602010230C1,NTRFNONREF", "line 5: :61: has an impossible entry date 0230"),
        (":61:260431C1,NTRFNONREF", "line 5: :61: has an impossible date 260431"),
        (":61:260102C1.234,56NTRFNONREF", "line 5: :61: is not an entry"),
        (":61:260102C000000000000.00NTRFNONREF", "line 5: :61: is not an entry"),
        (":61:260102C1234NTRFNONREF", "line 5: :61: is not an entry"),
        (":61:260102C,NTRFNONREF", "line 5: :61: is not an entry"),
        (":61:260102C１,NTRFNONREF", "line 5: :61: is not an entry"),
        (":61:260102X1,NTRFNONREF", "line 5: :61: is not an entry"),
        (":62FC221018EUR1,00", "line 5: a tag without its second colon"),
        (":99:what", "line 5: unknown tag :99:"),
        (":64:C260102VND1,", "line 5: tag :64: before the closing balance"),
        (":60F:C260102VND1,\r\n:60F:C260102VND1,", "line 5: tag :60F: out of order"),
    ],
)
def test_a_malformed_line_refuses_the_file_by_its_number(entry: str, words: str) -> None:
    with pytest.raises(StatementUnreadable) as caught:
        read(message(entry, closing="C260102VND1000,"))
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize(
    "closing", ["EURO0,00", "C260102EUR1.000,00", "C260102EUR", "X260102EUR1,"]
)
def test_a_malformed_balance_refuses_the_file(closing: str) -> None:
    with pytest.raises(StatementUnreadable, match=r"line 5: :62F: is not a balance"):
        read(message(closing=closing))


def test_a_file_cut_anywhere_before_its_end_is_refused() -> None:
    text = message(
        ":61:260102C1,NTRFNONREF", ":86:one", ":61:260102C2,NTRFNONREF", closing="C260102VND1003,"
    )
    end = text.index(":62F:C260102VND1003,") + len(":62F:C260102VND1003,")
    assert read(text[:end]).is_balanced
    for cut in range(end - 1):
        with pytest.raises(StatementUnreadable):
            read_statement_file(text[:cut].encode())


def test_a_message_that_starts_inside_another_is_a_cut_file() -> None:
    whole = message(":61:260102C1,NTRFNONREF", ":86:one", closing="C260102VND1001,")
    cut = whole[: whole.index(":62F:")]
    with pytest.raises(StatementUnreadable, match="closing"):
        read_statement_file((cut + whole).encode())


def test_wrapped_text_is_kept_whole() -> None:
    text = "x" * 60 + " :61:260102C9,NTRF " + "y" * 100 + "?20?21>22/REMI/"
    rows = [text[at : at + 65] for at in range(0, len(text), 65)]
    statement = read(
        message(
            ":61:260102C1,NTRFNONREF",
            f":86:{rows[0]}",
            *rows[1:],
            ":12:11",
            "-",
            ":20:15",
            *(f"line {number}" for number in range(30)),
            closing="C260102VND1001,",
        )
    )
    (line,) = statement.lines
    assert line.narrative.startswith(text + " :12:11 - :20:15 line 0 line 1")
    assert line.narrative.endswith("line 29")


def test_details_below_an_entry_open_its_narrative() -> None:
    statement = read(
        message(":61:260102C1,NTRFNONREF", "PAYROLL", ":86:text", closing="C260102VND1001,")
    )
    assert statement.lines[0].narrative == "PAYROLL text"


def test_swift_envelopes_and_byte_order_marks_are_passed_over() -> None:
    body = message(":61:260102C1,NTRFNONREF", closing="C260102VND1001,")[:-3]
    wrapped = "{1:F01BFTVVNVXAXXX0000000000}{2:O940BFTVVNVXN}{4:\r\n" + body + "-}{5:}\r\n"
    plain = read(body)
    assert [line.amount_minor for line in read(wrapped * 1).lines] == [1]
    assert len(read_statement_file((wrapped * 2).encode()).statements) == 2
    assert read("\ufeff" + body) == plain
    assert read(body.replace("\r\n", "\n")) == plain
    assert read_statement_file(body.encode("utf-16")).statements == (plain,)


def test_a_windows_encoded_file_is_read() -> None:
    text = message(":61:260102C1,NTRFNONREF", ":86:Tr\xe0 ph\xed", closing="C260102VND1001,")
    (statement,) = read_statement_file(text.encode("latin-1")).statements
    assert statement.lines[0].narrative == "Tr\xe0 ph\xed"


@pytest.mark.parametrize(
    "data", [b"", b"\r\n \r\n", b"<html><body>502</body></html>", b":20:X\0\r\n", b"\xff\xfe\0"]
)
def test_what_is_no_statement_is_refused(data: bytes) -> None:
    with pytest.raises(StatementUnreadable):
        read_statement_file(data)


def test_an_entry_of_zero_moves_nothing() -> None:
    statement = read(message(":61:260102C0,00NTRFNONREF", closing="C260102VND1000,"))
    assert statement.lines == ()


PAGE_1 = ":20:X\n:25:1\n:28C:4/1\n:60F:C260101VND10,\n:61:260102C5,NTRFA\n:62M:C260102VND15,\n-\n"
PAGE_2 = ":20:X\n:25:1\n:28C:4/2\n:60M:C260102VND15,\n:61:260102C5,NTRFB\n:62M:C260102VND20,\n-\n"
PAGE_3 = ":20:X\n:25:1\n:28C:4/3\n:60M:C260102VND20,\n:61:260102C5,NTRFC\n:62F:C260102VND25,\n-\n"


def test_pages_that_continue_join_to_one_statement() -> None:
    file = read_statement_file((PAGE_1 + PAGE_2 + PAGE_3).encode())
    assert [statement.flags for statement in file.statements] == [(), (), ()]
    (joined,) = join_pages(file).statements
    assert [line.position for line in joined.lines] == [1, 2, 3]
    assert joined.is_balanced
    assert (joined.number, joined.credit_minor) == ("4/1", 15)


@pytest.mark.parametrize(
    "text", [PAGE_1 + PAGE_3, PAGE_2 + PAGE_1 + PAGE_3, PAGE_1 + PAGE_2, PAGE_2 + PAGE_3]
)
def test_a_missing_or_misplaced_page_is_a_gap(text: str) -> None:
    file = read_statement_file(text.encode())
    assert "gap" in {flag for statement in file.statements for flag in statement.flags}


def test_statements_that_do_not_continue_are_a_gap() -> None:
    first = message(opening="C260101VND10,", closing="C260102VND10,")
    second = message(opening="C260102VND11,", closing="C260103VND11,").replace("305/1", "306/1")
    third = message(opening="C260102VND10,", closing="C260103VND10,").replace("305/1", "306/1")
    flagged = read_statement_file((first + second).encode()).statements
    assert [statement.flags for statement in flagged] == [(), ("gap",)]
    assert read_statement_file((first + third).encode()).statements[1].flags == ()


def test_a_proof_that_leaves_out_later_value_dates_is_named() -> None:
    statement = read(
        message(":61:2601020102C5,NTRFA", ":61:2601030102C7,NTRFB", closing="C260102VND1005,")
    )
    assert statement.flags == ("value-date-basis",)
    assert statement.is_balanced is False


INTERIM = ":20:X\n:25:1\n:28C:1/1\n:34F:VND0,\n:13D:2601021200+0700\n:61:260102C5,NTRFA\n"


def test_an_interim_report_has_no_balances_but_checked_totals() -> None:
    file = read_statement_file(f"{INTERIM}:90D:0VND0,\n:90C:1VND5,\n-\n".encode())
    (statement,) = file.statements
    assert file.format == "MT942"
    assert (statement.opening, statement.closing, statement.flags) == (None, None, ())
    wrong = read_statement_file(f"{INTERIM}:90C:1VND6,\n-\n".encode())
    assert wrong.statements[0].flags == ("control-sum",)
    with pytest.raises(StatementUnreadable, match="no end"):
        read_statement_file(INTERIM.encode())
