"""Continuity of the statements of one file, and pages joined to one statement; pure, no proof."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final, NamedTuple

from bank_adapters.statements.batches import StatementSummary
from bank_adapters.statements.draft import FLAG_GAP
from bank_adapters.vocabulary import Balance, Statement, StatementFile, StatementLine

_PAGE_NUMBER: Final = re.compile(r"([^/]*)/([0-9]{1,5})")


class Page(NamedTuple):
    """A statement with what its balances say about pages before and after it.

    `opens_midway` and `closes_midway` are MT940's intermediate balances `:60M:` and `:62M:`, or
    what `StmtPgntn` of camt.053 says of other pages.
    """

    statement: StatementSummary
    opens_midway: bool = False
    closes_midway: bool = False


def flag_gaps(pages: Sequence[Page]) -> tuple[StatementSummary, ...]:
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
    return _flagged([page.statement for page in pages], gaps)


def flag_page_numbers(statements: Sequence[StatementSummary]) -> tuple[StatementSummary, ...]:
    """Return the statements, flagged `gap` where the pages of one number are not 1, 2, 3 and so on.

    None of the pages of such a number may post: one is missing, doubled or misplaced, and which of
    them is true cannot be known. A page that is alone with its number is left to its balances.
    """
    groups: dict[tuple[str, str, str], list[int]] = {}
    numbers = [_page_number(statement.number) for statement in statements]
    for index, (statement, (number, page)) in enumerate(zip(statements, numbers, strict=True)):
        if page is not None:
            key = (statement.account, statement.currency, number)
            groups.setdefault(key, []).append(index)
    gaps: set[int] = set()
    for indexes in groups.values():
        is_broken = any(
            numbers[index][1] != page or FLAG_GAP in statements[index].flags
            for page, index in enumerate(indexes, 1)
        )
        if is_broken and len(indexes) > 1:
            gaps.update(indexes)
    return _flagged(statements, gaps)


def join_pages(file: StatementFile) -> StatementFile:
    """Join neighbouring pages (`4/1`, `4/2`, from 1 on) of one statement whose balances continue.

    The statement keeps the opening of its first and the closing of its last page; its lines are
    numbered anew. Whatever does not continue stays apart, and so does every format but MT940.
    """
    if file.format != "MT940":
        return file
    joined: list[Statement] = []
    page_expected = 1
    for statement in file.statements:
        _, page = _page_number(statement.number)
        if page == page_expected > 1 and _continues_pages(joined[-1], statement):
            joined[-1] = _join(joined[-1], statement)
            page_expected += 1
        else:
            joined.append(statement)
            page_expected = 2 if page == 1 else 1
    return StatementFile(format=file.format, statements=tuple(joined))


def _follows(before: Page, after: Page) -> bool:
    is_doubled = before.statement == after.statement and before.statement.entries > 0
    if is_doubled or before.closes_midway != after.opens_midway:
        return False
    forwards = _continues(before.statement, after.statement)
    if before.closes_midway:
        return forwards
    return forwards or _continues(after.statement, before.statement)


def _continues(before: StatementSummary, after: StatementSummary) -> bool:
    if before.closing is None or after.opening is None:
        return True  # an absent balance contradicts nothing; `unproven` says that it is absent
    return _scaled(before.closing, after.exponent) == _scaled(after.opening, before.exponent)


def _scaled(balance: Balance, exponent: int) -> int:
    return int(balance.amount_minor * 10**exponent)


def _page_number(number: str) -> tuple[str, int | None]:
    """Return the number of a statement and of its page; None where it is not divided into pages."""
    match = _PAGE_NUMBER.fullmatch(number)
    return (number, None) if match is None else (match[1], int(match[2]))


def _flagged(
    statements: Sequence[StatementSummary], gaps: set[int]
) -> tuple[StatementSummary, ...]:
    return tuple(
        replace(each, flags=tuple(dict.fromkeys((*each.flags, FLAG_GAP))))
        if index in gaps
        else each
        for index, each in enumerate(statements)
    )


def _continues_pages(before: Statement, after: Statement) -> bool:
    return (
        _page_number(before.number)[0] == _page_number(after.number)[0]
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
