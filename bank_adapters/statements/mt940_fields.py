"""MT940 and MT942 text cut into fields with line numbers; knows where free text ends, no meaning.

Banks wrap `:86:` text anywhere, so a wrapped line may look like a tag (`T13` / `:12:11`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bank_adapters.statements.decoding import excerpt, unreadable

END: Final = "-"
"""The tag of the pseudo-field that ends a message."""

_TAG: Final = re.compile(r":([0-9]{2}[A-Z]?|NS):")
_KNOWN: Final = frozenset(
    {"13", "13D", "20", "21", "25", "25P", "28", "28C", "34F", "60F", "60M", "61"}
    | {"62F", "62M", "64", "65", "86", "90C", "90D", "NS"}
)
_LOST_COLON: Final = re.compile(r":(?:28C|6[02][FM])[^:]")
_END_LINE: Final = re.compile(r"-(?:[}\x03].*)?\s*|[\x01{].*|\x03\s*")
_BETWEEN_MESSAGES: Final = re.compile(r"[A-Z0-9 ]{0,40}")
_MARKS: Final = frozenset(":-{\x01\x03")
# A clock time cut before its minutes leaves `:20:15`, which is also how tag 20 would look.
_CLOCK_TAGS: Final = frozenset({"13", "20", "21", "25", "28"})
_CLOCK_REST: Final = re.compile(r"[0-5][0-9](?![0-9A-Za-z/])")


@dataclass(slots=True)
class Field:
    """One field: its tag, the number of its first line in the file, its lines without the tag."""

    tag: str
    line: int
    lines: list[str]


def split_fields(text: str) -> Iterator[Field]:
    """Yield every field in file order, with an `END` field where a message ends.

    Text outside any field raises `StatementUnreadable` unless it is an envelope or a short code
    that banks put between messages.
    """
    lines = text.split("\n")
    current: Field | None = None
    is_open = False  # between an opening and a closing balance: `-` and `{` are text there
    for index, line in enumerate(lines):
        kind = None
        if line[:1] in _MARKS:
            next_line = lines[index + 1] if index + 1 < len(lines) else ""
            kind = _kind_of(line, index + 1, current, next_line, is_open=is_open)
        if kind is None:
            _continue_field(current, line, index + 1)
            continue
        if current is not None:
            yield current
        if kind == END:
            current, is_open = None, False
            yield Field(END, index + 1, [])
            continue
        is_open = _stays_open(kind, is_open=is_open)
        current = Field(kind, index + 1, [line[len(kind) + 2 :]])
    if current is not None:
        yield current


def _continue_field(current: Field | None, line: str, number: int) -> None:
    if current is not None:
        current.lines.append(line)
    elif not _BETWEEN_MESSAGES.fullmatch(line):
        raise unreadable(number, f"text outside any field: {excerpt(line)}")


def _stays_open(tag: str, *, is_open: bool) -> bool:
    if tag in {"60F", "60M"}:
        return True
    if tag in {"62F", "62M"}:
        return False
    return is_open


def _kind_of(
    line: str, number: int, current: Field | None, next_line: str, *, is_open: bool
) -> str | None:
    if line[0] != ":":
        return END if not is_open and _END_LINE.fullmatch(line) else None
    match = _TAG.match(line)
    if match is None:
        if _LOST_COLON.match(line):
            raise unreadable(number, f"a tag without its second colon: {excerpt(line)}")
        return None
    tag = match[1]
    if current is not None and current.tag == "86":
        is_text = tag not in _KNOWN or (is_open and _is_clock(tag, line[match.end() :], next_line))
        return None if is_text else tag
    if tag not in _KNOWN:
        raise unreadable(number, f"unknown tag :{tag}:")
    return tag


def _is_clock(tag: str, rest: str, next_line: str) -> bool:
    if tag not in _CLOCK_TAGS or not _CLOCK_REST.match(rest):
        return False
    # A new message that starts inside an open one means that the file was cut and continued.
    return not (tag == "20" and next_line.startswith(":2"))
