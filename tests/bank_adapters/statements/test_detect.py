"""What is no statement file is refused with a word about what it is."""

import pytest

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.detect import read_statement_file

TABLE = "<table><tr><td>Ngày</td><td>Ghi có</td></tr></table>"


@pytest.mark.parametrize(
    "content",
    [
        f"<html><body>{TABLE}".encode(),
        f"\ufeff <!DOCTYPE html>\n<HTML>{TABLE}".encode(),
        f"<META http-equiv=Content-Type>{TABLE}".encode(),
        TABLE.encode("utf-16"),
        b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
    ],
)
def test_a_web_page_saved_as_a_spreadsheet_is_told_what_to_do(content: bytes) -> None:
    with pytest.raises(StatementUnreadable, match=r"older spreadsheet.*save it as \.xlsx"):
        read_statement_file(content)


def test_a_camt_document_may_speak_of_a_table_in_a_memo() -> None:
    with pytest.raises(StatementUnreadable) as refused:
        read_statement_file(b"<Document>table head html</Document>")
    assert "spreadsheet" not in str(refused.value)
