"""Reads the fields of one template: two digits of tag, two of length, the value."""

import re
from dataclasses import dataclass
from typing import Final

from bank_adapters.vietqr.faults import Fault, VietQrError

_HEADER: Final = re.compile(r"[0-9]{4}")
HEADER_LENGTH: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a payload, and where its tag begins there, counted from 1."""

    path: str
    value: str
    position: int

    def fault(self, fault: Fault, sentence: str) -> VietQrError:
        """Return an error about this field, with what was found in it."""
        found = f"{sentence}, found {self.value[:40]!r}"
        return VietQrError(fault, found, path=self.path, position=self.position)

    def read_template(self) -> dict[str, "Field"]:
        """Read the fields inside this one, by tag."""
        return read_fields(self.value, parent=f"{self.path}-", start=self.position + HEADER_LENGTH)


def read_fields(text: str, *, parent: str = "", start: int = 1) -> dict[str, Field]:
    """Read fields up to the end of the text, by tag, in their order; `start` is its position.

    Refused: lengths that do not fit, fields without content, a tag given twice.
    """
    fields: dict[str, Field] = {}
    last: Field | None = None
    at = 0
    while at < len(text):
        header = text[at : at + HEADER_LENGTH]
        if not _HEADER.fullmatch(header):
            raise _no_header(text[at:], last, parent.removesuffix("-"), start + at)
        path, length = parent + header[:2], int(header[2:])
        value = text[at + HEADER_LENGTH : at + HEADER_LENGTH + length]
        last = Field(path=path, value=value, position=start + at)
        if length == 0:
            sentence = "the length says 00, such a field is left out"
            raise VietQrError(Fault.EMPTY_FIELD, sentence, path=path, position=last.position)
        if len(value) != length:
            raise _wrong_length(last, length, len(value))
        if header[:2] in fields:
            raise last.fault(Fault.DUPLICATE, "this tag stands here a second time")
        fields[header[:2]] = last
        at += HEADER_LENGTH + length
    return fields


def _no_header(rest: str, last: Field | None, path: str, position: int) -> VietQrError:
    # Less than a header at the end belongs to the field before, whose length is then too small.
    if last is not None and len(rest) < HEADER_LENGTH:
        return _wrong_length(last, len(last.value), len(last.value) + len(rest))
    sentence = f"no tag and length here, found {rest[:HEADER_LENGTH]!r}"
    return VietQrError(Fault.HEADER, sentence, path=path, position=position)


def _wrong_length(field: Field, said: int, following: int) -> VietQrError:
    sentence = f"the length says {said:02}, {following} characters follow"
    return VietQrError(Fault.LENGTH, sentence, path=field.path, position=field.position)
