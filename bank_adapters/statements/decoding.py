"""The bytes of a statement file as lines of text; must not guess beyond what banks use.

UTF-8 and UTF-16 (by its mark) are tried first, then Windows-1252 and Latin-1, which never fail.
"""

import codecs
from typing import Final

from bank_adapters.contract import StatementUnreadable

LINE_CHARACTERS_MAX: Final = 20_000
"""A longer line is no statement; refused before anything in it is read."""

_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def unreadable(line: int, reason: str) -> StatementUnreadable:
    """Return the refusal of a file, as one line that names the line in the file."""
    return StatementUnreadable(f"line {line}: {reason}")


def excerpt(text: str) -> str:
    """Return the start of a text, quoted so that it fits on one line of a message."""
    return repr(text[:40])


def decode_text(data: bytes) -> str:
    """Decode a file; NUL characters and overlong lines raise `StatementUnreadable`."""
    text = _decode(data).replace("\r\n", "\n").replace("\r", "\n")
    nul_at = text.find("\0")
    if nul_at >= 0:
        raise unreadable(text.count("\n", 0, nul_at) + 1, "NUL character; not a text file")
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LINE_CHARACTERS_MAX:
            raise unreadable(number, f"longer than {LINE_CHARACTERS_MAX} characters")
    return text


def _decode(data: bytes) -> str:
    encodings = ("utf-16",) if data.startswith(_UTF16_MARKS) else ("utf-8-sig", "cp1252", "latin-1")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise unreadable(1, "broken UTF-16 text")
