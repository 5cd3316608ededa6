"""Writes the workbook of a named profile, the same bytes for the same statement.

Every cell is text, as in the exports that banks print rather than calculate.
"""

import re
import zipfile
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape

from bank_adapters.counterpart.statement_table import table_of
from bank_adapters.statements.bank_profiles import VIETCOMBANK
from bank_adapters.statements.profiles import TabularProfile
from bank_adapters.statements.tabular_cells import address
from bank_adapters.vocabulary import Statement

_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS: Final = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>"
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        '<sheets><sheet name="Statement" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>"
    ),
}
_SHEET: Final = "xl/worksheets/sheet1.xml"
_LIKE_ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_WRITTEN_AT: Final = (1980, 1, 1, 0, 0, 0)  # the first moment an archive knows


def write_xlsx(statement: Statement, profile: TabularProfile = VIETCOMBANK) -> bytes:
    """Write one workbook with one sheet; `table_of` says what it carries."""
    rows = table_of(statement, profile)
    sheet = "".join(_row(number, cells) for number, cells in enumerate(rows, 1))
    parts = _PARTS | {
        _SHEET: f'<worksheet xmlns="{_MAIN}"><sheetData>{sheet}</sheetData></worksheet>'
    }
    return pack({name: _declared(text) for name, text in parts.items()})


def pack(parts: dict[str, bytes]) -> bytes:
    """Pack the parts of a workbook; the same parts give the same bytes."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _WRITTEN_AT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return packed.getvalue()


def _declared(text: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()


def _row(number: int, cells: list[str]) -> str:
    written = "".join(
        f'<c r="{address(index)}{number}" t="inlineStr">'
        f'<is><t xml:space="preserve">{escape(_LIKE_ESCAPED.sub("_x005F_", text))}</t></is></c>'
        for index, text in enumerate(cells)
        if text
    )
    return f'<row r="{number}">{written}</row>'
