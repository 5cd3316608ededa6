"""CSV files as tables: encoding and delimiter are those under which the header row comes out right.

UTF-16 is known by its mark and UTF-8 by its form; Windows-1258 and TCVN3 only by a header row whose
words are right in exactly one of them. A file that is right in none, or in both, is refused.
"""

import codecs
import contextlib
import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Final

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.bank_profiles import PROFILES
from bank_adapters.statements.batches import StatementStream
from bank_adapters.statements.decoding import (
    LINE_CHARACTERS_MAX,
    excerpt,
    text_blocks,
    unreadable,
)
from bank_adapters.statements.profiles import TabularProfile
from bank_adapters.statements.tabular import Table, stream_tabular
from bank_adapters.statements.tabular_cells import Row
from bank_adapters.statements.tabular_header import HEADER_ROWS_MAX, Header, find_header
from bank_adapters.statements.vietnamese_encodings import decode_tcvn3, decode_windows_1258

HEAD_BYTES: Final = 64 * 1024
"""How much of a file is looked at for its header row."""

_ROW_LINES_MAX: Final = 1000
_LINE_BYTES_MAX: Final = 4 * (LINE_CHARACTERS_MAX + 1)
_DELIMITERS: Final = (";", ",", "\t", "|")
_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LEGACY: Final = (decode_windows_1258, decode_tcvn3)
_Decode = Callable[[bytes], str]


def stream_csv(
    chunks: Iterable[bytes], *, profile: TabularProfile | None = None
) -> StatementStream:
    """Read a CSV file by `profile`, else by the profile or the words of its header row."""
    source = iter(chunks)
    head = b""
    while len(head) < HEAD_BYTES and (chunk := next(source, None)) is not None:
        head += chunk
    decode, delimiter, (index, header) = _recognise(head[:HEAD_BYTES], profile)
    lines = _Lines(_recoded(chain([head], source), decode))
    rows = _rows(lines, delimiter)
    above = list(islice(rows, index + 1))[:index]
    yield from stream_tabular(
        Table(header=header, above=above, rows=rows, ends_midway=lambda: lines.is_cut)
    )


def _recognise(
    head: bytes, profile: TabularProfile | None
) -> tuple[_Decode | None, str, tuple[int, Header]]:
    if head.startswith(_UTF16_MARKS):
        decodings: Sequence[_Decode | None] = (None,)
    else:
        whole = head[: _end_of_lines(head)] or head
        is_utf8 = _decodes(_decode_utf8, whole)
        decodings = (_decode_utf8,) if is_utf8 else (_decode_utf8, *_LEGACY)
    profiles = PROFILES if profile is None else (profile,)
    found = [
        (decode, delimiter, header)
        for decode in decodings
        for delimiter in _DELIMITERS
        if (header := _header(head, decode, delimiter, profiles, by_words=profile is None))
    ]
    if len(found) == 1:
        return found[0]
    if found and found[0][0] is not found[-1][0]:
        raise unreadable(1, "the letters can be read in two encodings")
    if found:
        return found[0]
    if profile is not None:
        name = profile.delimiter.join(profile.header)
        raise StatementUnreadable(f"header row {excerpt(name)} is missing")
    shown = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    raise unreadable(1, f"no known statement format: {excerpt(shown)}")


def _header(
    head: bytes,
    decode: _Decode | None,
    delimiter: str,
    profiles: Sequence[TabularProfile],
    *,
    by_words: bool,
) -> tuple[int, Header] | None:
    rows: list[Row] = []
    # What is wrong below the header row is said when the rows are read.
    with contextlib.suppress(StatementUnreadable):
        for row in _rows(_Lines(_recoded([head], decode)), delimiter):
            rows.append(row)
            if len(rows) == HEADER_ROWS_MAX:
                break
    return find_header("CSV", rows, profiles, by_words=by_words)


class _Lines:
    """The lines of a text; knows after the last whether the file ended in the middle of one.

    `of_row` counts the lines since whoever reads them last set it to zero.
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._blocks = text_blocks(chunks)
        self.is_cut = False
        self.of_row = 0

    def __iter__(self) -> Iterator[str]:
        for block in self._blocks:
            self.is_cut = not block.endswith("\n")
            lines = block.split("\n")
            if not self.is_cut:
                lines.pop()
            for line in lines:
                self.of_row += 1
                if self.of_row > _ROW_LINES_MAX:
                    raise csv.Error(f"a row of more than {_ROW_LINES_MAX} lines")
                yield line + "\n"


def _rows(lines: _Lines, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            lines.of_row = 0
            if any(map(str.strip, cells)):
                yield Row(reader.line_num, cells)
    except csv.Error as error:
        raise unreadable(reader.line_num, f"broken CSV: {error}") from error


def _recoded(chunks: Iterable[bytes], decode: _Decode | None) -> Iterator[bytes]:
    """Yield a file as UTF-8, whole lines at a time; UTF-16 goes through as it is."""
    rest = b""
    line = 1
    for chunk in chunks:
        if decode is None:
            yield chunk
            continue
        data = rest + chunk
        end = _end_of_lines(data)
        rest = data[end:]
        yield from _recode(data[:end], decode, line)
        line += _count_lines(data[:end])
        if len(rest) > _LINE_BYTES_MAX:
            raise unreadable(line, f"longer than {LINE_CHARACTERS_MAX} characters")
    if decode is not None and rest:
        yield from _recode(rest, decode, line)


def _recode(data: bytes, decode: _Decode, line: int) -> Iterator[bytes]:
    """Yield lines as UTF-8; those above a fault come out before it is raised."""
    try:
        yield decode(data).encode()
    except UnicodeDecodeError as error:
        sound = data[: _end_of_lines(data[: error.start + 1])]
        yield decode(sound).encode()
        number = line + _count_lines(sound)
        raise unreadable(number, "a letter that its encoding does not have") from error


def _end_of_lines(data: bytes) -> int:
    """Return where the last whole line ends; a CR at the very end may be half of CR LF."""
    return max(data.rfind(b"\n"), data.rfind(b"\r", 0, -1)) + 1


def _count_lines(data: bytes) -> int:
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")


def _decode_utf8(data: bytes) -> str:
    return data.decode()


def _decodes(decode: _Decode, data: bytes) -> bool:
    try:
        decode(data)
    except UnicodeDecodeError:
        return False
    return True
