"""The front door for statement files: finds the format in the content, never in the file's name."""

import codecs
import re

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.camt import read_camt
from bank_adapters.statements.decoding import decode_text, excerpt, unreadable
from bank_adapters.statements.mt940 import read_mt940
from bank_adapters.statements.profiles import PROFILES, TabularProfile
from bank_adapters.statements.tabular import read_tabular
from bank_adapters.vocabulary import StatementFile

_UTF16_XML = (b"<\0", b"\0<", codecs.BOM_UTF16_LE + b"<\0", codecs.BOM_UTF16_BE + b"\0<")
_MT_PREAMBLE_LINES_MAX = 20
_MT_START = re.compile(r":(?:[0-9]{2}[A-Z]?|NS):|\{1:")


def read_statement_file(data: bytes, *, profile: TabularProfile | None = None) -> StatementFile:
    """Read a whole file as MT940, MT942, camt.052/.053/.054 or CSV, or refuse it.

    A CSV file is read by `profile`, else by the known profile whose header row it contains.
    `StatementUnreadable` says in one line what is wrong and where; nothing else is raised.
    """
    start = data[:64].removeprefix(codecs.BOM_UTF8).lstrip()
    if start.startswith((b"<", *_UTF16_XML)):
        return read_camt(data)
    text = decode_text(data)
    if not text.strip():
        raise StatementUnreadable("the file is empty")
    lines = text.split("\n")
    if any(_MT_START.match(line) for line in lines[:_MT_PREAMBLE_LINES_MAX]):
        return read_mt940(text)
    chosen = profile or next((known for known in PROFILES if known.header_row in lines), None)
    if chosen is None:
        raise unreadable(1, f"no known statement format: {excerpt(text.lstrip())}")
    return read_tabular(text, chosen)
