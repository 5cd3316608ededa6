"""Workbooks: exact numbers, days by style, every kind of string, and nothing hostile gets far."""

import zipfile
from collections.abc import Mapping
from datetime import date
from io import BytesIO

import pytest

from bank_adapters.contract import StatementUnreadable
from bank_adapters.counterpart.statement_xlsx import pack, write_xlsx
from bank_adapters.statements.detect import read_statement_file
from bank_adapters.statements.report import describe
from bank_adapters.vocabulary import Direction, Statement
from tests.bank_adapters.statements.test_totality import STATEMENT

SHEET = "xl/worksheets/sheet1.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = """<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd\\/mm\\/yyyy hh:mm"/>
<numFmt numFmtId="165" formatCode="#,##0&quot;đ&quot;;[Red]-#,##0"/></numFmts>
<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>
</styleSheet>"""
STRINGS = """<sst><si><t>Số tài khoản</t></si><si><r><rPr><b/></rPr><t>0031000</t></r>
<r><t>123456</t></r><rPh sb="0" eb="1"><t>phonetic</t></rPh></si></sst>"""
ROWS = """
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>
<row r="2"><c r="A2" t="str"><v>Loại tiền</v></c>
<c r="B2" t="inlineStr"><is><t>VND</t></is></c></row>
<row r="3"><c r="A3" t="str"><v>Số dư đầu kỳ</v></c><c r="B3"><v>1E+6</v></c></row>
<row r="5"><c r="B5" t="str"><v>Ngày GD</v></c><c r="C5" t="str"><v>Số CT</v></c>
<c r="D5" t="str"><v>Diễn giải</v></c><c r="E5" t="str"><v>Nợ</v></c><c r="F5" t="str"><v>Có</v></c>
<c r="G5" t="str"><v>Số dư</v></c></row>
<row r="6"><c r="B6" s="1"><v>46327</v></c><c r="C6"><v>5243.65937</v></c>
<c r="D6" t="inlineStr"><is><r><t>nop </t></r><r><t>phi</t></r></is></c>
<c r="F6" s="3"><v>5.0000000000000E4</v></c><c r="G6" s="3"><v>1050000</v></c></row>
<row r="7"><c r="B7" s="2"><v>46328.427083333336</v></c><c r="C7" t="str"><v>FT2</v></c>
<c r="E7" s="3"><v>11500.000000000002</v></c><c r="G7"><v>1038500</v></c></row>
<row r="8"><c r="B8" t="str"><v>Số dư cuối kỳ</v></c><c r="G8"><v>1038500</v></c></row>
"""


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def workbook(rows: str = ROWS, extra: Mapping[str, str] | None = None) -> bytes:
    parts = parts_of(write_xlsx(STATEMENT))
    parts[SHEET] = f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()
    parts["xl/styles.xml"] = STYLES.encode()
    parts["xl/sharedStrings.xml"] = STRINGS.encode()
    parts[RELATIONS] = parts[RELATIONS].replace(
        b"</Relationships>",
        f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId3" Type="{OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
        "</Relationships>".encode(),
    )
    return pack(parts | {name: text.encode() for name, text in (extra or {}).items()})


def read(data: bytes) -> Statement:
    (statement,) = read_statement_file(data).statements
    return statement


def refusal(data: bytes) -> str:
    with pytest.raises(StatementUnreadable) as caught:
        read_statement_file(data)
    return str(caught.value)


def test_cells_of_every_kind_are_read_exactly() -> None:
    assert read_statement_file(workbook()).format == "XLSX/generic"
    statement = read(workbook())
    assert (statement.account, statement.currency) == ("0031000123456", "VND")
    assert (statement.is_balanced, statement.flags, statement.exponent) == (True, (), 0)
    first, second = statement.lines
    assert (first.booking_date, second.booking_date) == (date(2026, 11, 1), date(2026, 11, 2))
    assert (first.amount_minor, first.direction) == (50_000, Direction.CREDIT)
    assert (second.amount_minor, second.direction) == (11_500, Direction.DEBIT)
    assert (first.bank_reference, first.narrative) == ("5243.65937", "nop phi")
    assert (second.bank_reference, second.source_line) == ("FT2", 7)


def test_days_count_from_1900_or_1904() -> None:
    parts = parts_of(workbook())
    name = "xl/workbook.xml"
    parts[name] = parts[name].replace(b"<sheets>", b'<workbookPr date1904="1"/><sheets>')
    assert read(pack(parts)).lines[0].booking_date == date(2030, 11, 2)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('F6" s="3"><v>', 'F6"><f>1+1</f><v>', "row 6: cell F6: column Có: a formula"),
        ('F6" s="3"><v>5', 'F6" t="e"><v>#REF!', "row 6: cell F6: column Có: an error"),
        ('F6" s="3"><v>5.0000000000000E4', 'F6" t="b"><v>1', "cell F6: column Có: a truth value"),
        ("5.0000000000000E4", "1.5", "row 7: cell G7: column Số dư"),
        ("5.0000000000000E4", "5,0", "row 6: cell F6: column Có: '5,0' is not a number"),
        ("5.0000000000000E4", "NaN", "row 6: cell F6: column Có"),
        ("5.0000000000000E4", "1E99", "row 6: cell F6: column Có"),
        ("5.0000000000000E4", "1234567890123456", "more digits than a workbook keeps"),
        ("5.0000000000000E4", "1E-9", "too many decimals"),
        ('B6" s="1">', 'B6">', "row 6: cell B6: column Ngày GD"),
        ("<v>46327</v>", "<v>60</v>", "a day that workbooks do not have"),
        ("<v>46327</v>", "<v>9999999</v>", "a day that workbooks do not have"),
        ('<v>0</v></c><c r="C1"', '<v>7</v></c><c r="C1"', "a string that the workbook"),
        ('r="C1" t="s"><v>1</v>', 'r="C1" t="s"><v>-1</v>', "a string that the workbook"),
        ('r="C1"', 'r="A1"', "row 1: cell A1: cells are not in order"),
        ('<row r="7">', '<row r="6">', "rows are not in order"),
        ('r="C1"', 'r="ZZ1"', "more than 256 columns"),
        ('r="C1" t="s"', 'r="C1" t="x"', "unknown kind"),
        ('t="s"><v>1</v>', "><v>3.1000123456E+10</v>", ""),
        ("Số dư cuối kỳ", "Cuối", ""),
        ("<sheetData>", "", "broken XML"),
    ],
)
def test_a_cell_that_does_not_fit_is_refused_by_its_address(old: str, new: str, words: str) -> None:
    parts = parts_of(workbook())
    text = parts[SHEET].decode()
    assert old in text
    parts[SHEET] = text.replace(old, new, 1).encode()
    if words:
        assert words in refusal(pack(parts))
    else:
        statement = read(pack(parts))
        assert statement.account == "31000123456" or statement.flags


def test_a_long_cell_is_refused() -> None:
    assert "longer than" in refusal(workbook(ROWS.replace("nop ", "x" * 40_000)))


def test_numbers_in_text_follow_the_marks_of_the_file() -> None:
    text = ROWS.replace('s="3"><v>5.0000000000000E4', 't="str"><v>50.000').replace(
        'G6" s="3"><v>1050000', 'G6" t="str"><v>1.050.000 VND'
    )
    assert read(workbook(text)).lines == read(workbook()).lines


def test_hidden_sheets_do_not_count_and_two_statements_are_refused() -> None:
    parts = parts_of(workbook())
    parts["xl/worksheets/sheet2.xml"] = parts[SHEET]
    parts[RELATIONS] = parts[RELATIONS].replace(
        b"</Relationships>",
        f'<Relationship Id="rId9" Type="{OFFICE}/worksheet" Target="worksheets/sheet2.xml"/>'
        "</Relationships>".encode(),
    )
    book = parts["xl/workbook.xml"]
    for state, is_read in (("hidden", True), ("visible", False)):
        sheet = f'<sheet name="2" sheetId="2" state="{state}" r:id="rId9"/></sheets>'
        parts["xl/workbook.xml"] = book.replace(b"</sheets>", sheet.encode())
        if is_read:
            assert read(pack(parts)).is_balanced
        else:
            assert "2 sheets" in refusal(pack(parts))
    parts["xl/workbook.xml"] = book.replace(b'sheetId="1"', b'sheetId="1" state="veryHidden"')
    assert "0 visible sheets" in refusal(pack(parts))


@pytest.mark.parametrize("name", ["xl/workbook.xml", SHEET, "_rels/.rels", "xl/sharedStrings.xml"])
def test_document_types_are_refused_in_every_part(name: str) -> None:
    parts = parts_of(workbook())
    content = parts[name].partition(b"?>\n")[2] or parts[name]
    parts[name] = b'<!DOCTYPE x [<!ENTITY a "b">]>' + content
    assert "document type" in refusal(pack(parts))


def test_deep_nesting_and_broken_xml_are_refused() -> None:
    assert "nested deeper" in refusal(workbook("<a>" * 1000 + "</a>" * 1000))
    assert "broken XML" in refusal(workbook("<row>"))
    assert "kinds of elements" in refusal(workbook("".join(f"<a{n}/>" for n in range(2000))))


def test_bombs_are_refused_before_they_unfold() -> None:
    bomb = workbook(ROWS + " " * 20_000_000)
    assert len(bomb) < 200_000
    assert "unpacks to too much" in refusal(bomb)
    many = pack({f"x{number}": b"" for number in range(600)})
    assert "parts" in refusal(many)


@pytest.mark.parametrize("name", ["../x", "/x", "xl\\x", "xl/../x"])
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    assert "is no name" in refusal(workbook(extra={name: ""}))


def test_encrypted_old_and_cut_workbooks_are_refused() -> None:
    assert "encrypted" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    data = workbook()
    locked = bytearray(data)
    flags_at = data.index(b"PK\1\2") + 8
    locked[flags_at] |= 1
    assert "encrypted" in refusal(bytes(locked))
    for cut in range(4, len(data), 37):
        assert refusal(data[:cut])
    assert "no workbook" in refusal(pack({"_rels/.rels": b"<x/>"}))
    assert "lacks" in refusal(pack({"a": b""}))


def test_other_archives_and_methods_are_refused() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_BZIP2) as archive:
        for name, content in parts_of(workbook()).items():
            archive.writestr(name, content)
    assert "unknown way" in refusal(packed.getvalue())


def test_every_single_byte_may_be_damaged() -> None:
    data = write_xlsx(STATEMENT)
    whole = describe("a", [data])
    for place in range(0, len(data), 7):
        damaged = data[:place] + bytes([data[place] ^ 0x15]) + data[place + 1 :]
        found = describe("a", [damaged])
        assert found == whole or str(found["error"]).isprintable()
