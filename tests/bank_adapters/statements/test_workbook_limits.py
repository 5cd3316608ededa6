"""Workbooks that unpack to more than they should, and the text that Excel writes in its own way."""

import os
import tracemalloc
from dataclasses import replace

import pytest

from bank_adapters.counterpart.statement_xlsx import pack, write_xlsx
from bank_adapters.statements.workbook import Workbook
from bank_adapters.statements.workbook_strings import SharedStrings
from tests.bank_adapters.statements.test_totality import STATEMENT
from tests.bank_adapters.statements.test_workbook import (
    RELATIONS,
    ROWS,
    SHEET,
    STRINGS,
    parts_of,
    read,
    refusal,
    workbook,
)

NOISE = os.urandom(30_000).hex()
"""Does not pack, so that nothing is refused for its ratio."""


def with_strings(strings: str, rows: str = ROWS) -> bytes:
    """Return a workbook with more shared strings behind those that it has."""
    shared = STRINGS.replace("</sst>", f"{strings}</sst>")
    return workbook(rows, {"xl/sharedStrings.xml": shared})


@pytest.mark.parametrize("token", ["<!--{}-->", '<a b="{}"/>', "<?a {}?>"])
def test_a_tag_or_comment_has_an_end(token: str) -> None:
    assert read(workbook(ROWS + token.format("x" * 200_000))).is_balanced
    assert "a tag without end" in refusal(workbook(ROWS + token.format("x" * 400_000)))


def test_elements_are_counted_besides_bytes() -> None:
    flood = f"<a>{NOISE}</a>" + "<a/>" * 1_000_000
    data = workbook(ROWS + flood)
    assert len(data) < 60_000
    assert "unpacks to too much" in refusal(data)


def test_a_string_counts_each_time_it_is_used() -> None:
    long = f"<si><t>{'x' * 32_000}</t></si>"
    cells = '<c t="s"><v>2</v></c>' * 200
    assert read(with_strings(long)).is_balanced
    assert "unpacks to too much" in refusal(with_strings(long, f"<row>{cells}</row>"))
    longer = f"<si><t>{'x' * 33_000}</t></si>"
    assert "string 2 of the workbook is longer than" in refusal(with_strings(longer))


def test_shared_strings_take_little_more_memory_than_their_text() -> None:
    count = 20_000
    strings = "".join(f"<si><t>FT{number:018}</t></si>" for number in range(count))
    book = Workbook(with_strings(strings))
    tracemalloc.start()
    try:
        shared = SharedStrings(book)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (len(shared), shared[count + 1]) == (count + 2, f"FT{count - 1:018}")
    assert held < 2 * 20 * count


def test_what_excel_escapes_is_turned_back() -> None:
    for written, shown in (
        ("nop_x000D_\n", "nop "),
        ("nop_x000a_", "nop "),
        ("_x005F_x0041_", "_x0041_"),
        ("nop_x0000_ ", "nop_x0000_ "),
        ("nop_x001F__x0085_", "nop_x001F__x0085_"),
        ("nop_xD83D_ ", "nop_xD83D_ "),
        ("nop_x00_ ", "nop_x00_ "),
    ):
        text = ROWS.replace("nop ", written)
        assert read(workbook(text)).lines[0].narrative == f"{shown}phi"
    shared = ROWS.replace(
        't="inlineStr"><is><r><t>nop </t></r><r><t>phi</t></r></is>', 't="s"><v>2</v>'
    )
    strings = "<si><t>HP7K_x000D_2M9Q</t></si>"
    assert read(with_strings(strings, shared)).lines[0].narrative == "HP7K 2M9Q"


def test_what_looks_escaped_comes_back_as_it_was() -> None:
    narrative = "a_x0041_b __x005F_x000D_"
    lines = (replace(STATEMENT.lines[0], narrative=narrative), *STATEMENT.lines[1:])
    assert read(write_xlsx(replace(STATEMENT, lines=lines))).lines[0].narrative == narrative


def test_other_formats_of_workbooks_are_told_what_to_do() -> None:
    parts = parts_of(workbook())
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"workbook.xml", b"workbook.bin")
    parts["xl/_rels/workbook.bin.rels"] = parts.pop(RELATIONS)
    parts["xl/workbook.bin"] = b"\x83\x01\x00"
    assert SHEET in parts
    assert "binary format: save it as .xlsx" in refusal(pack(parts))
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert "save it as .xlsx" in refusal(old)
