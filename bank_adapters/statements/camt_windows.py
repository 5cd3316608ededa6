"""The bytes of an XML file as windows of text; follows the mark or declaration, never guesses.

A window has the same text however the bytes arrived, so nothing that is read from windows depends
on the size of the chunks.
"""

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from typing import Final

from bank_adapters.statements.decoding import excerpt, unreadable

WINDOW_CHARACTERS: Final = 1 << 16

_HEAD_BYTES: Final = 1024
_SLICE_BYTES: Final = 1 << 16
_WIDE: Final = (
    (codecs.BOM_UTF16_LE, "utf-16-le", 2),
    (codecs.BOM_UTF16_BE, "utf-16-be", 2),
    (b"<\0", "utf-16-le", 0),
    (b"\0<", "utf-16-be", 0),
)
_DECLARED: Final = re.compile(
    rb"<\?xml\s[^>]*?\sencoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]*)[\"']"
)
_CODECS: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "windows-1258": "cp1258",
    "cp1258": "cp1258",
}
"""The one-byte and UTF-8 encodings that are read, as files declare them; 1258 is Vietnamese."""


def text_windows(chunks: Iterable[bytes]) -> Iterator[str]:
    """Yield the text in windows of one size, the last one shorter; line ends are single.

    An unknown encoding and bytes that are not of the declared one raise `StatementUnreadable`,
    after all the text before them was yielded.
    """
    slices = _slices(chunks)
    head = b""
    for data in slices:
        head += data
        if len(head) >= _HEAD_BYTES:
            break
    codec, start = _codec_of(head[:_HEAD_BYTES])
    buffer, line = "", 1
    for text, is_broken in _decoded(codec, head[start:], slices):
        buffer += text
        while len(buffer) > WINDOW_CHARACTERS:
            line += buffer.count("\n", 0, WINDOW_CHARACTERS)
            yield buffer[:WINDOW_CHARACTERS]
            buffer = buffer[WINDOW_CHARACTERS:]
        if is_broken:
            yield buffer
            raise unreadable(line + buffer.count("\n"), f"broken XML: not {codec} text")
    yield buffer


def _slices(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        for start in range(0, len(chunk), _SLICE_BYTES):
            yield chunk[start : start + _SLICE_BYTES]


def _codec_of(head: bytes) -> tuple[str, int]:
    """Return the codec and how many bytes of a mark to skip."""
    for mark, codec, skipped in _WIDE:
        if head.startswith(mark):
            own_names = {"", "utf-16", codec.replace("16-", "16")}
            if _declared(head.replace(b"\0", b""), skipped) not in own_names:
                raise unreadable(1, "the declared encoding is not that of the bytes, UTF-16")
            return codec, skipped
    skipped = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    name = _declared(head, skipped) or "utf-8"
    if name not in _CODECS or (skipped and _CODECS[name] != "utf-8"):
        raise unreadable(1, f"the declared encoding cannot be read: {excerpt(name)}")
    return _CODECS[name], skipped


def _declared(head: bytes, start: int) -> str:
    if head.startswith(b"<?xml", start) and b"?>" not in head:
        raise unreadable(1, "an XML declaration without an end")
    declared = _DECLARED.match(head, start)
    return declared[1].decode().lower() if declared else ""


def _decoded(codec: str, head: bytes, slices: Iterable[bytes]) -> Iterator[tuple[str, bool]]:
    """Yield decoded text; with True its last part, where the bytes after it cannot be decoded."""
    decoder = codecs.getincrementaldecoder(codec)()
    line_ends = io.IncrementalNewlineDecoder(None, translate=True)
    try:
        yield line_ends.decode(decoder.decode(head)), False
        for data in slices:
            yield line_ends.decode(decoder.decode(data)), False
        yield line_ends.decode(decoder.decode(b"", final=True), final=True), False
    except UnicodeDecodeError as error:
        sound = error.object[: error.start].decode(codec)
        yield line_ends.decode(sound, final=True), True
