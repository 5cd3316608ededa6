"""Tables made to hurt their reader or to hide an entry: refused, or read as they stand."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from time import process_time

import pytest

from bank_adapters.contract import StatementUnreadable
from bank_adapters.counterpart.statement_xlsx import pack
from bank_adapters.statements.batches import LineBatch
from bank_adapters.statements.detect import read_statement_file
from bank_adapters.statements.profiles import LABEL_WORDS, Label
from bank_adapters.statements.tabular_text import stream_csv
from tests.bank_adapters.statements.test_tabular_words import (
    ABOVE,
    BELOW,
    FILE,
    HEADER,
    ROWS,
    read,
    refusal,
)
from tests.bank_adapters.statements.test_workbook import (
    OFFICE,
    RELATIONS,
    SHEET,
    parts_of,
    workbook,
)
from tests.bank_adapters.statements.test_workbook import ROWS as CELLS


def test_an_undated_row_with_a_balance_is_an_entry_not_sums() -> None:
    first = "1;01/11/2026;FT1;nop phi;;50.000;1.050.000\n"
    merged = "2;;FT2;nop phi;0;50.000;1.100.000\n"
    found = read(ABOVE + HEADER + first + merged + "Số dư cuối kỳ;1.100.000\n")
    assert [line.bank_reference for line in found.lines] == ["FT1", "FT2"]
    assert found.is_balanced


def test_a_memo_line_that_begins_like_a_label_drops_nothing() -> None:
    text = FILE.replace("\n2;", "\n;;;Tổng: hai bộ hồ sơ;;;\n;;;cho con;;;\n2;")
    assert read(text).lines[0].narrative == "nop phi mot Tổng: hai bộ hồ sơ cho con"


def test_a_narrative_has_a_limit_however_it_is_cut_into_rows() -> None:
    more = ";;;" + "x" * 99 + ";;;\n"
    head, tail = ABOVE + HEADER + ROWS.replace("nop phi mot", "x" * 99), BELOW
    assert len(read(head + more * 199 + tail).lines[1].narrative) == len("phi dich vu") + 199 * 100
    assert "line 207: column Diễn giải: longer than 20000" in refusal(head + more * 9999 + tail)
    quoted = '"' + "\n".join(["x" * 9_000] * 3) + '"'
    assert "column Diễn giải: longer than 20000" in refusal(FILE.replace("nop phi mot", quoted))


def test_days_from_1904_end_with_the_year_9999() -> None:
    parts = parts_of(workbook())
    book = "xl/workbook.xml"
    parts[book] = parts[book].replace(b"<sheets>", b'<workbookPr date1904="1"/><sheets>')
    for serial in ("2957004", "2958465"):
        cells = CELLS.replace("46327", serial)
        parts[SHEET] = f"<worksheet><sheetData>{cells}</sheetData></worksheet>".encode()
        assert "a day that workbooks do not have" in refusal(pack(parts))


def with_sheets(rows: bytes, count: int, *, is_shared: bool) -> bytes:
    """Return a workbook with more visible sheets of the same rows, in one part or in many."""
    parts = parts_of(workbook())
    relations, sheets = b"", b""
    for number in range(count):
        part = f"worksheets/other{0 if is_shared else number}.xml"
        parts[f"xl/{part}"] = b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>"
        relations += (
            f'<Relationship Id="o{number}" Type="{OFFICE}/worksheet" Target="{part}"/>'.encode()
        )
        sheets += f'<sheet name="o{number}" sheetId="{number + 9}" r:id="o{number}"/>'.encode()
    for name, end, more in (
        (RELATIONS, b"</Relationships>", relations),
        ("xl/workbook.xml", b"</sheets>", sheets),
    ):
        parts[name] = parts[name].replace(end, more + end)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_a_part_is_the_sheet_of_one_name_only() -> None:
    assert "two sheets share the part" in refusal(with_sheets(b"<row/>", 2, is_shared=True))


def test_all_parts_unpack_to_one_limit_and_empty_rows_count() -> None:
    started = process_time()
    assert "unpacks to too much" in refusal(with_sheets(b" " * 1_000_000, 40, is_shared=False))
    empty = with_sheets(b"<row/>" * 150_000, 2, is_shared=False)
    assert "empty rows in the workbook" in refusal(empty)
    assert process_time() - started < 10
    assert read_statement_file(with_sheets(b"<row/>" * 9000, 5, is_shared=False)).statements


ENGLISH = """\
Account No;0031000123456
Currency;VND
{}Opening balance;0
No;Transaction date;Reference;Narrative;Debit;Credit;Balance
1;{};FT1;a;;5,000;5,000
2;{};FT2;b;;5,000;10,000
Closing balance;10,000
"""


@pytest.mark.parametrize(
    ("labels", "first", "second", "flags"),
    [
        ("", "03/11/2026", "04/11/2026", ("day-order",)),
        ("From date;01/11/2026;To date;05/11/2026\n", "03/11/2026", "04/11/2026", ("day-order",)),
        ("From date;01/11/2026;To date;30/11/2026\n", "03/11/2026", "04/11/2026", ()),
        ("", "03/11/2026", "13/11/2026", ()),
        ("", "10/10/2026", "11/11/2026", ()),
        ("", "2026-11-03", "2026-11-04", ()),
    ],
)
def test_days_that_may_be_meant_month_first_are_flagged(
    labels: str, first: str, second: str, flags: tuple[str, ...]
) -> None:
    text = ENGLISH.format(labels, first, second)
    assert read(text).flags == flags
    assert read(text.replace("Transaction date", "Ngày GD/Transaction date")).flags == ()


def test_days_of_which_a_spreadsheet_turned_some_round_are_flagged() -> None:
    day = '<c r="B7" s="2"><v>46328.427083333336</v></c>'
    text = '<c r="B7" t="str"><v>13/11/2026</v></c>'
    (statement,) = read_statement_file(workbook(CELLS.replace(day, text))).statements
    assert (statement.is_balanced, statement.flags) == (True, ("day-order",))


@pytest.mark.parametrize("time", ["25:00:00", "10:61:00", "10:15:99"])
def test_a_time_that_no_clock_shows_is_refused(time: str) -> None:
    assert "line 7: column Ngày GD" in refusal(FILE.replace("10:15:00", time))


def test_blanks_between_the_days_of_a_period_cost_no_more_than_their_length() -> None:
    started = process_time()
    period = "01/11/2026 - Đến ngày: 30/11/2026"
    wide = period.replace(" ", " " * 300)
    assert read(FILE.replace(period, wide)) == read(FILE)
    assert "line 3: column Từ ngày" in refusal(FILE.replace(period, wide + "x"))
    assert process_time() - started < 2


def test_a_row_ends_after_a_thousand_lines() -> None:
    row = '1;01/11/2026;FT1;"{}";;50.000;1.050.000\n'
    tail = "Số dư cuối kỳ;1.050.000\n"
    assert read(ABOVE + HEADER + row.format("a\n" * 900) + tail).is_balanced
    endless = ABOVE + HEADER + '"a\n";' * 1001
    assert "line 1005: broken CSV: a row of more than 1000 lines" in refusal(endless)


def test_rows_that_say_nothing_have_a_limit() -> None:
    started = process_time()
    assert "neither entries nor labels" in refusal(ABOVE + HEADER + ROWS + "x\n" * 500_000)
    assert process_time() - started < 10


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_line_ends_of_every_kind_are_the_same_for_chunks_of_any_size(end: str) -> None:
    row = "1;01/11/2026;FT{};nộp phí đợt hai;;1.000;\n"
    rows = "".join(row.format(number) for number in range(2500))
    text = ABOVE + HEADER + rows + "Số dư cuối kỳ;3.500.000\n"
    data = text.replace("\n", end).encode()
    broken = data.replace(b"FT2400;n\xe1\xbb\x99p", b"FT2400;n\xe1\xbbp")
    assert broken != data
    for size in (1, 7, 1000, 65_536, 65_537, len(data)):
        *batches, _ = stream_csv(pieces(data, size))
        assert sum(len(batch) for batch in batches if isinstance(batch, LineBatch)) == 2500
        with pytest.raises(StatementUnreadable, match=r"^line 2406: a letter"):
            list(stream_csv(pieces(broken, size)))


def test_a_line_without_end_is_refused_for_its_length_however_it_arrives() -> None:
    data = FILE.encode() + "ộ".encode() * 40_000
    for size in (1000, 65_537, len(data)):
        with pytest.raises(StatementUnreadable, match="line 11: longer than 20000"):
            list(stream_csv(pieces(data, size)))


@pytest.mark.parametrize("label", Label)
def test_a_label_above_the_header_is_said_by_name_when_it_states_two_things(label: Label) -> None:
    word = LABEL_WORDS[label][0]
    content = f"{word};21/11/2026\n{word};22/11/2026\nNgày;Ghi nợ;Ghi có;Nội dung\n".encode()
    with pytest.raises(StatementUnreadable, match=r"line 2: .* is given twice"):
        read_statement_file(content)
