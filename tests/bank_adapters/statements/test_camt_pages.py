"""Pages and balances of camt.053: which balance opens and closes, and what is missing between."""

import pytest

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.camt import read_camt
from bank_adapters.vocabulary import Statement
from tests.bank_adapters.statements.camt_messages import account_id, balance, entry, message

VERSION = 8
ENTRY = entry(VERSION, "5")
ACCOUNT = f"<Acct>{account_id('0031000123456', VERSION)}<Ccy>VND</Ccy></Acct>"


def bal(code: str, amount: str) -> str:
    return balance(code, amount, VERSION)


def page(number: int, is_last: str, body: str) -> str:
    place = f"<StmtPgntn><PgNb>{number}</PgNb><LastPgInd>{is_last}</LastPgInd></StmtPgntn>"
    return f"<Stmt><Id>7</Id>{place}{ACCOUNT}{body}</Stmt>"


def read(*statements: str) -> tuple[Statement, ...]:
    text = message("camt.053", VERSION, "")
    start, end = text.index("<Stmt>"), text.index("</Stmt>") + len("</Stmt>")
    return read_camt((text[:start] + "".join(statements) + text[end:]).encode()).statements


def flags(*statements: str) -> list[tuple[str, ...]]:
    return [statement.flags for statement in read(*statements)]


FIRST = page(1, "false", bal("OPBD", "10") + ENTRY + bal("ITBD", "15"))
SECOND = page(2, "false", bal("ITBD", "15") + ENTRY + bal("ITBD", "20"))
LAST = page(3, "true", bal("ITBD", "20") + ENTRY + bal("CLBD", "25"))


def test_pages_are_proven_by_their_interim_balances() -> None:
    found = read(FIRST, SECOND, LAST)
    assert [statement.number for statement in found] == ["7/1", "7/2", "7/3"]
    assert [(statement.is_balanced, statement.flags) for statement in found] == [(True, ())] * 3
    assert None is not found[0].closing == found[1].opening
    assert None is not found[1].closing == found[2].opening


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ((FIRST,), [("gap",)]),
        ((LAST,), [("gap",)]),
        ((FIRST, LAST), [(), ("gap",)]),
        ((SECOND, FIRST, LAST), [("gap",), ("gap",), ("gap",)]),
        ((FIRST, FIRST, SECOND, LAST), [(), ("gap",), (), ()]),
    ],
)
def test_a_missing_or_misplaced_page_is_a_gap(
    pages: tuple[str, ...], expected: list[tuple[str, ...]]
) -> None:
    assert flags(*pages) == expected


def test_balances_of_the_whole_day_do_not_hide_that_there_are_other_pages() -> None:
    whole = bal("OPBD", "10") + ENTRY + bal("CLBD", "15")
    (only,) = read(page(1, "true", whole))
    assert (only.number, only.flags) == ("7", ())
    assert flags(page(1, "false", whole)) == [("gap",)]
    assert flags(page(2, "true", whole)) == [("gap",)]


@pytest.mark.parametrize(("number", "is_last"), [("x", "true"), ("", "true"), ("1", "yes")])
def test_a_page_without_its_place_is_refused(number: str, is_last: str) -> None:
    text = FIRST.replace("<PgNb>1<", f"<PgNb>{number}<").replace(">false<", f">{is_last}<")
    with pytest.raises(StatementUnreadable, match="not a page number"):
        read(text)


def test_an_interim_balance_of_a_statement_without_pages_proves_nothing() -> None:
    body = bal("ITBD", "10") + ENTRY + bal("ITBD", "15")
    (found,) = read_camt(message("camt.053", VERSION, body).encode()).statements
    assert (found.opening, found.closing, found.flags) == (None, None, ("unproven",))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (bal("PRCD", "10") + bal("OPBD", "10.00"), ()),
        (bal("PRCD", "9") + bal("OPBD", "10"), ("gap",)),
        (bal("OPBD", "10") + bal("OPBD", "10.0"), ()),
        (bal("PRCD", "10"), ()),
    ],
)
def test_what_was_closed_before_is_what_opens(body: str, expected: tuple[str, ...]) -> None:
    text = message("camt.053", VERSION, body + ENTRY + bal("CLBD", "15"))
    (found,) = read_camt(text.encode()).statements
    assert (found.is_balanced, found.flags) == (True, expected)


def test_zero_has_no_sign() -> None:
    debit = bal("PRCD", "0").replace("CRDT", "DBIT")
    text = message("camt.053", VERSION, debit + bal("OPBD", "0.00") + ENTRY + bal("CLBD", "5"))
    (found,) = read_camt(text.encode()).statements
    assert (found.is_balanced, found.flags) == (True, ())


def test_balances_in_two_currencies_differ() -> None:
    body = bal("OPBD", "10") + bal("OPBD", "10").replace("VND", "USD")
    with pytest.raises(StatementUnreadable, match="two different balances Bal OPBD"):
        read_camt(message("camt.053", VERSION, body).encode())


def test_a_balance_of_a_part_of_the_money_is_passed_over() -> None:
    def part(code: str) -> str:
        return bal("CLBD", "3").replace(
            "</CdOrPrtry>", f"</CdOrPrtry><SubTp><Cd>{code}</Cd></SubTp>"
        )

    body = bal("OPBD", "10") + ENTRY + part("BLCK") + bal("CLBD", "15")
    (found,) = read_camt(message("camt.053", VERSION, body).encode()).statements
    assert (found.is_balanced, found.flags) == (True, ())
    with pytest.raises(StatementUnreadable, match="two different balances"):
        read_camt(message("camt.053", VERSION, body.replace("BLCK", "INTM")).encode())
