"""Continuity of the statements of one file, and pages joined to one statement; pure, no proof."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from bank_adapters.statements.draft import FLAG_GAP, with_flags
from bank_adapters.vocabulary import Balance, Statement, StatementFile, StatementLine


class Page(NamedTuple):
    """A statement with what its balances say about pages before and after it.

    `opens_midway` and `closes_midway` are MT940's intermediate balances `:60M:` and `:62M:`.
    """

    statement: Statement
    opens_midway: bool = False
    closes_midway: bool = False


def flag_gaps(pages: Sequence[Page]) -> tuple[Statement, ...]:
    """Return the statements in file order, flagged `gap` where one does not continue another.

    Whole statements may run backwards in time through a file; pages may not.
    """
    gaps: set[int] = set()
    by_account: dict[tuple[str, str], list[int]] = {}
    for index, page in enumerate(pages):
        by_account.setdefault((page.statement.account, page.statement.currency), []).append(index)
    for indexes in by_account.values():
        if pages[indexes[0]].opens_midway:
            gaps.add(indexes[0])
        if pages[indexes[-1]].closes_midway:
            gaps.add(indexes[-1])
        gaps.update(
            after
            for before, after in pairwise(indexes)
            if not _follows(pages[before], pages[after])
        )
    return tuple(
        with_flags(page.statement, FLAG_GAP) if index in gaps else page.statement
        for index, page in enumerate(pages)
    )


def join_pages(file: StatementFile) -> StatementFile:
    """Join neighbouring pages (`4/1`, `4/2`) of one statement whose balances continue.

    The statement keeps the opening of its first and the closing of its last page; its lines are
    numbered anew. Whatever does not continue stays apart, and so does every format but MT940.
    """
    if file.format != "MT940":
        return file
    joined: list[Statement] = []
    for statement in file.statements:
        if joined and _is_next_page(joined[-1], statement):
            joined[-1] = _join(joined[-1], statement)
        else:
            joined.append(statement)
    return StatementFile(format=file.format, statements=tuple(joined))


def _follows(before: Page, after: Page) -> bool:
    if before.closes_midway != after.opens_midway:
        return False
    forwards = _continues(before.statement, after.statement)
    if before.closes_midway:
        return forwards
    return forwards or _continues(after.statement, before.statement)


def _continues(before: Statement, after: Statement) -> bool:
    if before.closing is None or after.opening is None:
        return True  # an absent balance contradicts nothing; `unproven` says that it is absent
    return _scaled(before.closing, after.exponent) == _scaled(after.opening, before.exponent)


def _scaled(balance: Balance, exponent: int) -> int:
    return int(balance.amount_minor * 10**exponent)


def _is_next_page(before: Statement, after: Statement) -> bool:
    number, slash, _ = after.number.partition("/")
    return (
        bool(slash)
        and before.number.partition("/")[0] == number
        and (before.account, before.currency) == (after.account, after.currency)
        and before.exponent == after.exponent
        and before.closing is not None
        and after.opening is not None
        and before.closing.amount_minor == after.opening.amount_minor
    )


def _join(before: Statement, after: Statement) -> Statement:
    lines = (*before.lines, *after.lines)
    return replace(
        before,
        closing=after.closing,
        lines=tuple(_renumbered(line, position) for position, line in enumerate(lines, 1)),
        flags=tuple(dict.fromkeys((*before.flags, *after.flags))),
    )


def _renumbered(line: StatementLine, position: int) -> StatementLine:
    return line if line.position == position else replace(line, position=position)
