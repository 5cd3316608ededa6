"""The bytes of a statement file as blocks of whole lines; must not guess beyond what banks use.

UTF-16 is known by its mark. In every other file the first character beyond ASCII decides: either
it is UTF-8, then a stray byte (half a character, where a bank cut a memo) stands for its
Windows-1252 character; or it is not, then the whole file is Windows-1252. Bytes that Windows-1252
leaves open are read as Latin-1. No part of a file is ever read twice.
"""

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from typing import Final, Protocol

from bank_adapters.contract import StatementUnreadable

LINE_CHARACTERS_MAX: Final = 20_000
"""A longer line is no statement; refused before anything in it is read."""

_PIECE_BYTES: Final = 64 * 1024
_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WINDOWS: Final = "".join(
    bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(256)
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# `surrogateescape` stands for a stray byte by this and its value.
_STRAYS: Final = {0xDC00 + code: _WINDOWS[code] for code in range(0x80, 0x100)}


class _Decoder(Protocol):
    def decode(self, data: bytes, *, is_last: bool) -> str: ...


def unreadable(line: int, reason: str) -> StatementUnreadable:
    """Return the refusal of a file, as one line that names the line in the file."""
    return StatementUnreadable(f"line {line}: {reason}")


def excerpt(text: str) -> str:
    """Return the start of a text, quoted so that it fits on one line of a message."""
    return repr(text[:40])


def text_blocks(chunks: Iterable[bytes]) -> Iterator[str]:
    r"""Yield the text of a file in blocks of whole lines, every line end turned into `\n`.

    Only the last block may lack its `\n`. NUL, broken UTF-16 and overlong lines raise
    `StatementUnreadable`, after the lines above them. How the file is cut into chunks changes
    nothing but where blocks end.
    """
    number = 1
    rest = ""
    newlines = io.IncrementalNewlineDecoder(None, translate=True)
    for piece in _texts(chunks):
        text = rest + newlines.decode(piece)
        end = text.rfind("\n") + 1
        yield from _checked(text[:end], number)
        number += text.count("\n", 0, end)
        rest = text[end:]
        _require_line(rest, number)
    rest += newlines.decode("", final=True)
    if rest:
        yield rest


def _checked(block: str, number: int) -> Iterator[str]:
    fault = _first_fault(block)
    if fault is None:
        if block:
            yield block
        return
    start = block.rfind("\n", 0, fault) + 1
    if start:
        yield block[:start]
    _require_line(block[start:], number + block.count("\n", 0, start))


def _first_fault(block: str) -> int | None:
    """Return the index of the first NUL, or of the first character too many in a line."""
    nul = block.find("\0")
    end = len(block) if nul < 0 else nul
    start = 0
    while end - start > LINE_CHARACTERS_MAX:
        line_end = block.rfind("\n", start, start + LINE_CHARACTERS_MAX + 1)
        if line_end < 0:
            return start + LINE_CHARACTERS_MAX
        start = line_end + 1
    return None if nul < 0 else nul


def _require_line(text: str, number: int) -> None:
    fault = _first_fault(text)
    if fault is None:
        return
    if text[fault] == "\0":
        raise unreadable(number, "NUL or half a character; not a text file")
    raise unreadable(number, f"longer than {LINE_CHARACTERS_MAX} characters")


def _texts(chunks: Iterable[bytes]) -> Iterator[str]:
    decoder: _Decoder | None = None
    start = b""
    for piece in _pieces(chunks):
        if decoder is not None:
            yield decoder.decode(piece, is_last=False)
            continue
        start += piece
        if len(start) >= len(codecs.BOM_UTF8):
            decoder = _decoder_of(start)
            yield decoder.decode(start.removeprefix(codecs.BOM_UTF8), is_last=False)
    if decoder is None:
        yield _decoder_of(start).decode(start, is_last=True)
    else:
        yield decoder.decode(b"", is_last=True)


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        for start in range(0, len(chunk), _PIECE_BYTES):
            yield chunk[start : start + _PIECE_BYTES]


def _decoder_of(start: bytes) -> _Decoder:
    if start.startswith(_UTF16_MARKS):
        return _Utf16()
    return _Utf8OrWindows(is_utf8=start.startswith(codecs.BOM_UTF8))


class _Utf16:
    """UTF-16; half a character becomes NUL, which no statement holds."""

    def __init__(self) -> None:
        self._utf16 = codecs.getincrementaldecoder("utf-16")("surrogatepass")

    def decode(self, data: bytes, *, is_last: bool) -> str:
        try:
            return _SURROGATE.sub("\0", self._utf16.decode(data, is_last))
        except UnicodeDecodeError:
            return "\0"


class _Utf8OrWindows:
    """UTF-8 or Windows-1252, as the first character beyond ASCII decides."""

    def __init__(self, *, is_utf8: bool) -> None:
        self._is_utf8 = is_utf8
        self._is_windows = False
        self._utf8 = codecs.getincrementaldecoder("utf-8")("strict")
        self._has_strays = False

    def decode(self, data: bytes, *, is_last: bool) -> str:
        if self._is_windows:
            return _from_windows(data)
        text = self._escaped(data, is_last=is_last)
        if text.isascii():
            return text
        if not self._is_utf8:
            first = next(character for character in text if not character.isascii())
            if ord(first) in _STRAYS:
                self._is_windows = True
                pending, _ = self._utf8.getstate()
                return _from_windows(text.encode("utf-8", "surrogateescape") + pending)
            self._is_utf8 = True
        return text.translate(_STRAYS) if self._has_strays else text

    def _escaped(self, data: bytes, *, is_last: bool) -> str:
        if not self._has_strays:
            try:
                return self._utf8.decode(data, is_last)
            except UnicodeDecodeError:
                self._has_strays = True
                escaping = codecs.getincrementaldecoder("utf-8")("surrogateescape")
                escaping.setstate(self._utf8.getstate())
                self._utf8 = escaping
        return self._utf8.decode(data, is_last)


def _from_windows(data: bytes) -> str:
    return codecs.charmap_decode(data, "strict", _WINDOWS)[0]
