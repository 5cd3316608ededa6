r"""Runs of regular MT940 entries read in bulk; must give what the careful path gives, or nothing.

Regular is a `:61:` with an amount that is not zero and begins with a digit, at most one `:86:`, no
line in either that is empty or begins like a tag or an end, and below it surely a new field. Any
other entry is left to the careful path, which alone refuses files.
"""

import re
from collections.abc import Sequence
from itertools import accumulate, repeat
from operator import add
from typing import Final, NamedTuple

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.batches import LineBatch
from bank_adapters.statements.mt940_entry import (
    CODE,
    DAYS,
    EMPTY_REFERENCES,
    MARK,
    TEXT_TOKENS,
    TEXT_TOKENS_END,
    join_wrapped,
    read_days,
    read_mark,
)
from bank_adapters.statements.mt940_fields import FIELD_LINES_MAX, MARKS, TEXT_CHARACTERS_MAX

_NO_PLAIN_LINE: Final = re.escape("".join(sorted(MARKS)))
_PLAIN_LINES: Final = rf"(?:\n[^{_NO_PLAIN_LINE}\n][^\n]*+){{0,{FIELD_LINES_MAX - 1}}}+"
_REGULAR: Final = (
    rf":61:({DAYS})({MARK})(?=[0,]*+[1-9])([0-9]{{1,15}}),([0-9]{{0,5}})({CODE})([^\n]*+)"
    rf"({_PLAIN_LINES})(?:\n:86:([^\n]++{_PLAIN_LINES}))?\n(?=:61:|:62[FM]:)"
)
_FIRST: Final = re.compile(_REGULAR)
_ALL: Final = re.compile(rf"{_REGULAR}|((?s:.++))")

# With none of these a text has single blanks only.
_UNTIDY: Final = ("  ", "\t", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x1f")


class Run(NamedTuple):
    """Entries of one statement in a row, and where the text and its lines go on below them."""

    columns: LineBatch
    end: int
    next_line: int


def read_run(text: str, start: int, *, line: int, statement: int) -> Run | None:
    """Read the regular entries from an index of a text on; `line` is the number of its line.

    None where the first two entries are not regular, or one has an impossible date or a long text:
    what is left of the text is copied once a run, so a run of one entry would cost too much.
    """
    first = _FIRST.match(text, start)
    if first is None or _FIRST.match(text, first.end()) is None:
        return None
    rows = _ALL.findall(text, start)
    end = len(text)
    if rows[-1][-1]:
        end -= len(rows.pop()[-1])
    days, marks, wholes, fractions, codes, references, details, bodies, _ = zip(*rows, strict=True)
    # The careful path measures a text that may be too long, down to its last character.
    if max(map(len, details)) + max(map(len, bodies)) > TEXT_CHARACTERS_MAX // 2:
        return None
    try:
        days_of = {text: read_days(text) for text in set(days)}
    except StatementUnreadable:
        return None
    mark_of = {text: read_mark(text) for text in set(marks)}
    exponent, amounts_minor = _amounts(wholes, fractions)
    source_lines = _line_numbers(line, details, bodies)
    customers, _, banks = zip(*[text.partition("//") for text in references], strict=True)
    columns = LineBatch(
        statement=statement,
        exponent=exponent,
        source_lines=source_lines[:-1],
        booking_dates=[days_of[text].booking for text in days],
        value_dates=[days_of[text].value for text in days],
        amounts_minor=amounts_minor,
        directions=[mark_of[text].direction for text in marks],
        statuses=[mark_of[text].status for text in marks],
        reversals=[mark_of[text].is_reversal for text in marks],
        bank_references=[text.strip() for text in banks],
        end_to_end_references=[
            "" if text in EMPTY_REFERENCES else text for text in map(str.strip, customers)
        ],
        returned_references=[""] * len(rows),
        batch_references=[""] * len(rows),
        counterparty_accounts=[""] * len(rows),
        counterparty_names=[""] * len(rows),
        codes=list(codes),
    )
    _read_bodies(columns, bodies, is_tidy=_is_tidy(text[start:end]))
    _add_details(columns, details)
    return Run(columns, end, source_lines[-1])


def _amounts(wholes: Sequence[str], fractions: Sequence[str]) -> tuple[int, list[int]]:
    digits = {fraction: fraction.rstrip("0") for fraction in set(fractions)}
    exponent = max(map(len, digits.values()))
    if exponent == 0:
        return 0, list(map(int, wholes))
    padded = {fraction: text.ljust(exponent, "0") for fraction, text in digits.items()}
    return exponent, list(map(int, map(add, wholes, map(padded.__getitem__, fractions))))


def _line_numbers(first: int, details: Sequence[str], bodies: Sequence[str]) -> list[int]:
    """Return the line of every entry, and the line below the last one."""
    below = map(str.count, bodies, repeat("\n"))
    heights = [count + 2 if body else 1 for count, body in zip(below, bodies, strict=True)]
    if any(details):
        heights = [height + text.count("\n") for height, text in zip(heights, details, strict=True)]
    return list(accumulate(heights, initial=first))


def _is_tidy(text: str) -> bool:
    return text.isascii() and not any(blanks in text for blanks in _UNTIDY)


def _read_bodies(columns: LineBatch, bodies: Sequence[str], *, is_tidy: bool) -> None:
    """Read the texts of `:86:`; in a tidy text no line has a blank too many inside."""
    # A column has the name of its field in the plural.
    column_of = {token: getattr(columns, f"{name}s") for token, name in TEXT_TOKENS.items()}
    for index, body in enumerate(bodies):
        text = body
        while text.startswith("/"):
            end = text.find("/", 1) + 1
            column = column_of.get(text[:end])
            if column is None:
                break
            value, _, text = text[end:].partition("\n")
            column[index] = value.strip()
        text = text.strip() if is_tidy and "\n" not in text else join_wrapped(text)
        columns.narratives.append(text.removeprefix(TEXT_TOKENS_END))


def _add_details(columns: LineBatch, details: Sequence[str]) -> None:
    """Open the narratives with the lines below their entries."""
    if any(details):
        columns.narratives = [
            " ".join(filter(None, (join_wrapped(detail.removeprefix("\n")), narrative)))
            for detail, narrative in zip(details, columns.narratives, strict=True)
        ]
