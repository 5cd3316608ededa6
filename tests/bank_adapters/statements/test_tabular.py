"""CSV by a named profile: what it reads, what it proves, and how it refuses."""

from dataclasses import replace
from datetime import date

import pytest

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.bank_profiles import VIETCOMBANK
from bank_adapters.statements.detect import read_statement_file
from bank_adapters.vocabulary import Direction

FILE = """\
NGÂN HÀNG TMCP NGOẠI THƯƠNG VIỆT NAM;;;;;;
SAO KÊ TÀI KHOẢN
Số tài khoản;0031000123456;;;;;
Loại tiền;VND
Số sao kê;305
Từ ngày;01/11/2026;Đến ngày;02/11/2026
Số dư đầu kỳ;1,000,000
Số dư cuối kỳ;1,038,500

Ngày GD;Ngày hiệu lực;Số chứng từ;Ghi nợ;Ghi có;Số dư;Nội dung
01/11/2026;01/11/2026;FT1;;50,000;1,050,000;"HP7K2M9QX; nop  phi"
02/11/2026;03/11/2026;FT2;11,500;0;1,038,500;=1+1
Tổng cộng;2;;11,500;50,000;;
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_bank_export_is_read_and_proved(encoding: str, line_end: str) -> None:
    text = FILE.replace("\n\n", "\n").replace("\n", line_end)
    file = read_statement_file(text.encode(encoding))
    (statement,) = file.statements
    assert file.format == "CSV/vietcombank"
    assert (statement.account, statement.currency, statement.exponent) == (
        "0031000123456",
        "VND",
        0,
    )
    assert statement.number == "305"
    assert (statement.is_balanced, statement.flags) == (True, ())
    first, second = statement.lines
    assert (first.amount_minor, first.direction) == (50_000, Direction.CREDIT)
    assert (first.narrative, first.bank_reference) == ("HP7K2M9QX; nop phi", "FT1")
    assert (second.amount_minor, second.direction) == (11_500, Direction.DEBIT)
    assert (second.booking_date, second.value_date) == (date(2026, 11, 2), date(2026, 11, 3))
    assert second.narrative == "=1+1"
    assert second.source_line == 11
    assert read_statement_file(text.encode(encoding), profile=VIETCOMBANK) == file


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("FT1;;50,000;", "FT1;;5.000;", "line 10: column Ghi có"),
        ("FT1;;50,000;", "FT1;;(50,000);", "line 10: column Ghi có"),
        ("FT1;;50,000;", "FT1;;5.0E+4;", "line 10: column Ghi có"),
        ("FT1;;50,000;", "FT1;;50,00;", "line 10: column Ghi có"),
        ("FT1;;50,000;", "FT1;;-50,000;", "line 10: column Ghi có: exactly one"),
        ("FT1;;50,000;", "FT1;1;50,000;", "line 10: column Ghi có: exactly one"),
        ("FT1;;50,000;", "FT1;;;", "line 10: column Ngày GD"),
        ("FT1;;50,000;", "FT1;0;0;", "line 10: column Ghi nợ: exactly one"),
        ("1,050,000", "1,050,001", "line 10: column Số dư"),
        ("\n01/11/2026;01", "\n1/11/2026;01", "line 10: column Ngày GD"),
        ("\n01/11/2026;01", "\n11/31/2026;01", "line 10: column Ngày GD"),
        ("\n01/11/2026;01", "\n30/02/2026;01", "line 10: column Ngày GD"),
        ("\n01/11/2026;01", "\n31/10/2026;01", "line 10: column Ngày GD: outside"),
        ("FT2;", "", "line 11: 6 columns instead of 7"),
        ("2;;11,500", "2;;11,501", "line 12: column Ghi nợ"),
        ("Tổng cộng;2;;11,500;50,000;;\n", "", "footer row 'Tổng cộng' is missing"),
        (
            "50,000;;\n",
            "50,000;;\n02/11/2026;02/11/2026;FT3;1;;1;x\n",
            "line 13: an entry below the row of sums",
        ),
        ("Số tài khoản;0031000123456", "x;y", "'Số tài khoản' is missing"),
        ("Loại tiền;VND", "Loại tiền;tiền", "line 4: column Loại tiền"),
        ("Loại tiền;VND", "Loại tiền;VND\nLoại tiền;USD", "line 5: 'Loại tiền' is given twice"),
        ('"HP7', '"HP7"', "line 10: broken CSV"),
        ("Ghi nợ;Ghi có", "Ghi;Ghi", "no known statement format"),
    ],
)
def test_a_cell_that_does_not_fit_is_refused_by_row_and_column(
    old: str, new: str, words: str
) -> None:
    text = FILE.replace("\n\n", "\n")
    assert old in text
    with pytest.raises(StatementUnreadable) as caught:
        read_statement_file(text.replace(old, new, 1).encode())
    assert words in str(caught.value)


def test_a_bank_seen_with_both_separators_is_read_with_either_but_not_with_both() -> None:
    text = FILE.replace("\n\n", "\n")
    points = text.replace(",", ".")
    assert read_statement_file(points.encode()) == read_statement_file(text.encode())
    with pytest.raises(StatementUnreadable, match="line 10: column Số dư: '1,050,000'"):
        read_statement_file(points.replace("1.050.000", "1,050,000").encode())
    sure = replace(VIETCOMBANK, marks_are_sure=True)
    with pytest.raises(StatementUnreadable, match=r"line 7: .*'1\.000\.000'"):
        read_statement_file(points.encode(), profile=sure)


def test_a_closing_balance_that_does_not_follow_is_flagged() -> None:
    text = FILE.replace("kỳ;1,038,500", "kỳ;1,038,501")
    assert read_statement_file(text.encode()).statements[0].flags == ("unbalanced",)


def test_a_cut_export_is_refused() -> None:
    data = FILE.encode()
    for cut in range(len(data) - len(";50,000;;\n")):
        with pytest.raises(StatementUnreadable):
            read_statement_file(data[:cut], profile=VIETCOMBANK)
