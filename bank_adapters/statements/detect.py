"""The front door for statement files: finds the format in the content, never in the file's name."""

import codecs
import re
from collections.abc import Iterable
from itertools import chain

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.batches import StatementStream
from bank_adapters.statements.camt import stream_camt
from bank_adapters.statements.mt940 import stream_mt940
from bank_adapters.statements.profiles import TabularProfile
from bank_adapters.statements.proof import collect
from bank_adapters.statements.tabular_text import HEAD_BYTES, stream_csv
from bank_adapters.statements.tabular_workbook import stream_xlsx
from bank_adapters.statements.workbook import OLE_MAGIC, ZIP_MAGIC
from bank_adapters.vocabulary import StatementFile

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_XML_STARTS = (b"<", b"<\0", b"\0<")
_OLD_TABLE = re.compile(
    rb"(?i)<(?:!doctype\s+)?(?:html|table|head|meta)\b|urn:schemas-microsoft-com:office:spreadsheet"
)
_OLD_TABLE_BYTES = 1024
_MT_PREAMBLE_LINES_MAX = 20
_MT_START = re.compile(r":(?:[0-9]{2}[A-Z]?|NS):|\{1:")


def stream_statement_file(
    chunks: Iterable[bytes], *, profile: TabularProfile | None = None
) -> StatementStream:
    """Read a file as MT940, MT942, camt.052/.053/.054, XLSX or CSV, or refuse it.

    A table is read by `profile`, else by the known profile or the words of its header row.
    `StatementUnreadable` says in one line what is wrong and where; nothing else is raised.
    """
    source = iter(chunks)
    head = b""
    while len(head) < HEAD_BYTES and (chunk := next(source, None)) is not None:
        head += chunk
    whole = chain([head], source)
    if head.startswith((ZIP_MAGIC, OLE_MAGIC)):
        return stream_xlsx(whole, profile=profile)
    mark = next((mark for mark in (codecs.BOM_UTF8, *_UTF16_MARKS) if head.startswith(mark)), b"")
    if head.removeprefix(mark).lstrip().startswith(_XML_STARTS):
        if _OLD_TABLE.search(head.replace(b"\0", b"")[:_OLD_TABLE_BYTES]):
            raise StatementUnreadable(
                "line 1: a web page or an older spreadsheet, as some banks save as .xls: "
                "open it in a spreadsheet program and save it as .xlsx"
            )
        return stream_camt(whole)
    text = head.decode("utf-16" if mark in _UTF16_MARKS else "latin-1", "replace")
    if not text.removeprefix("\xef\xbb\xbf").strip():
        raise StatementUnreadable("the file is empty")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n", _MT_PREAMBLE_LINES_MAX)
    if any(_MT_START.match(line) for line in lines[:_MT_PREAMBLE_LINES_MAX]):
        return stream_mt940(whole)
    return stream_csv(whole, profile=profile)


def read_statement_file(data: bytes, *, profile: TabularProfile | None = None) -> StatementFile:
    """Read a whole file into memory; see `stream_statement_file`."""
    return collect(stream_statement_file([data], profile=profile))
