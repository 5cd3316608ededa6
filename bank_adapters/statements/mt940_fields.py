"""MT940 and MT942 text cut into fields with line numbers; knows where free text ends, no meaning.

Banks wrap `:86:` text anywhere, so a wrapped line may look like a tag (`T13` / `:12:11`).
"""

import re
from dataclasses import dataclass
from typing import Final

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.decoding import excerpt, unreadable

END: Final = "-"
"""The tag of the pseudo-field that ends a message."""
FIELD_LINES_MAX: Final = 1000
"""No bank writes a longer text; a field is held whole, so its length has to have an end."""
TEXT_CHARACTERS_MAX: Final = 64 * 1024
"""The longest text of a field and of an entry; a longer one is no text of a bank."""

_TAG: Final = re.compile(r":([0-9]{2}[A-Z]?|NS):")
_KNOWN: Final = frozenset(
    {"13", "13D", "20", "21", "25", "25P", "28", "28C", "34F", "60F", "60M", "61"}
    | {"62F", "62M", "64", "65", "86", "90C", "90D", "NS"}
)
_LOST_COLON: Final = re.compile(r":(?:28C|6[02][FM])[^:]")
_END_LINE: Final = re.compile(r"-(?:[}\x03].*)?\s*|[\x01{].*|\x03\s*")
_BETWEEN_MESSAGES: Final = re.compile(r"[A-Z0-9 ]{0,40}")
MARKS: Final = frozenset(":-{\x01\x03")
"""A line that starts with none of these is text of the field above it."""
# Above the entries these open a statement; a memo that quotes them is still a memo.
_HEAD_TAGS: Final = frozenset({"25", "25P", "28", "28C"})
# A clock time cut before its minutes leaves `:20:15`, which is also how tag 20 would look.
_CLOCK_TAGS: Final = frozenset({"13", "20", "21"})
_CLOCK_REST: Final = re.compile(r"[0-5][0-9](?![0-9A-Za-z/])")


@dataclass(slots=True)
class Field:
    """One field: its tag, the number of its first line in the file, its lines without the tag."""

    tag: str
    line: int
    lines: list[str]


class FieldCutter:
    """Cuts lines into fields, one line at a time; a field is complete when the next one starts."""

    def __init__(self) -> None:
        self._current: Field | None = None
        self._characters = 0
        self._unclaimed: tuple[int, str] | None = None  # a line between messages
        self._is_open = False  # between an opening and a closing balance: `-` and `{` are text

    def take(self, line: str, number: int, next_line: str) -> tuple[Field, ...]:
        """Take a line and return the fields that it completes, `END` where a message ends.

        Text outside any field raises `StatementUnreadable` unless it is an envelope or a short code
        that banks put between messages.
        """
        kind = None
        if line[:1] in MARKS:
            kind = _kind_of(line, number, self._current, next_line, is_open=self._is_open)
        if kind is None:
            self._continue(line, number)
            return ()
        complete = self.complete()
        if kind == END:
            if line[0] == END:
                self.refuse_unclaimed()
            self._is_open = False
            return (*complete, Field(END, number, []))
        self._unclaimed = None
        self._is_open = _stays_open(kind, is_open=self._is_open)
        self._current = Field(kind, number, [line[len(kind) + 2 :]])
        self._characters = len(line)
        return complete

    def complete(self) -> tuple[Field, ...]:
        """Return the field that is being read, if any, as the next one starts or the text ends."""
        current, self._current = self._current, None
        return () if current is None else (current,)

    def refuse_unclaimed(self) -> None:
        """Refuse a code between messages that no message follows: the rest of a text or message."""
        if self._unclaimed is not None:
            raise _outside(*self._unclaimed)

    def _continue(self, line: str, number: int) -> None:
        current = self._current
        if current is None:
            if not _BETWEEN_MESSAGES.fullmatch(line):
                raise _outside(number, line)
            if line.strip() and self._unclaimed is None:
                self._unclaimed = number, line
            return
        if len(current.lines) == FIELD_LINES_MAX:
            raise unreadable(
                current.line, f":{current.tag}: has more than {FIELD_LINES_MAX} lines of text"
            )
        self._characters += len(line) + 1
        if self._characters > TEXT_CHARACTERS_MAX:
            raise unreadable(
                current.line,
                f":{current.tag}: has more than {TEXT_CHARACTERS_MAX} characters of text",
            )
        current.lines.append(line)


def _outside(number: int, line: str) -> StatementUnreadable:
    return unreadable(number, f"text outside any field: {excerpt(line)}")


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
        is_quoted = tag in _HEAD_TAGS or _is_clock(tag, line[match.end() :], next_line)
        return None if tag not in _KNOWN or (is_open and is_quoted) else tag
    if tag not in _KNOWN:
        raise unreadable(number, f"unknown tag :{tag}:")
    return tag


def _is_clock(tag: str, rest: str, next_line: str) -> bool:
    if tag not in _CLOCK_TAGS or not _CLOCK_REST.match(rest):
        return False
    # A new message that starts inside an open one means that the file was cut and continued.
    return not (tag == "20" and next_line.startswith(":2"))
