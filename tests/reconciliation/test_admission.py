"""Statements that are whole pass, all others are quarantined under their name."""

import dataclasses
from datetime import date
from typing import Any

from bank_adapters.vocabulary import Balance, Direction, EntryStatus, Statement, StatementLine
from reconciliation.admission import Basis, Verdict, admit, line_identities
from reconciliation.break_sentences import SENTENCES
from reconciliation.breaks import BreakCode, placeholders

DAY = date(2026, 11, 16)


def entry(amount_minor: int, **values: Any) -> StatementLine:
    defaults: dict[str, Any] = {
        "position": 1,
        "source_line": 7,
        "booking_date": DAY,
        "value_date": DAY,
        "direction": Direction.CREDIT,
    }
    return StatementLine(amount_minor=amount_minor, **(defaults | values))


def statement(closing_minor: int, *lines: StatementLine, **values: Any) -> Statement:
    defaults: dict[str, Any] = {
        "account": "0011",
        "currency": "VND",
        "exponent": 0,
        "number": "12/1",
        "opening": Balance(amount_minor=1000, currency="VND", on=DAY),
        "closing": Balance(amount_minor=closing_minor, currency="VND", on=DAY),
    }
    return Statement(lines=lines, **(defaults | values))


def judge(given: Statement, **values: Any) -> tuple[BreakCode | None, object]:
    known: dict[str, Any] = {
        "account_number": "0011",
        "currency": "VND",
        "previous_closing_minor": 1000,
        "previous_closing_on": DAY.replace(day=15),
        "known_number": False,
    }
    admission = admit(given, **(known | values))
    assert (admission.verdict is Verdict.ADMITTED) == (admission.code is None)
    if admission.code is not None:
        needed = set.union(*(set(placeholders(text)) for text in SENTENCES[admission.code]))
        assert needed <= set(admission.details)
    return admission.code, admission.details.get("failed_criterion", admission.basis)


def test_a_proven_statement_that_continues_is_admitted() -> None:
    good = statement(1030, entry(50), entry(20, direction=Direction.DEBIT))
    assert judge(good) == (None, Basis.BOOKED)
    assert judge(good, previous_closing_minor=None, previous_closing_on=None)[0] is None
    assert judge(good, previous_closing_on=DAY)[0] is None


def test_pending_entries_never_count() -> None:
    pending = entry(99, status=EntryStatus.PENDING)
    assert judge(statement(1050, entry(50), pending)) == (None, Basis.BOOKED)


def test_the_value_date_basis_is_a_proof_too() -> None:
    tomorrow = entry(70, value_date=DAY.replace(day=17))
    assert judge(statement(1050, entry(50), tomorrow)) == (None, Basis.VALUE_DATE)


def test_a_failed_proof_says_whether_one_line_or_one_sign_explains_it() -> None:
    off = statement(1050, entry(50), entry(30, source_line=9))
    admission = admit(
        off,
        account_number="0011",
        currency="VND",
        previous_closing_minor=None,
        previous_closing_on=None,
        known_number=False,
    )
    assert admission.code is BreakCode.PROOF_FAILED
    assert admission.details["difference_minor"] == -30
    assert admission.details["one_line"] == [9]
    assert judge(statement(900, entry(50)))[0] is BreakCode.PROOF_FAILED
    assert judge(dataclasses.replace(off, opening=None)) == (
        BreakCode.PROOF_FAILED,
        "balances_missing",
    )


def test_ownership_and_flags_come_first() -> None:
    good = statement(1050, entry(50))
    assert judge(good, account_number="0022")[0] is BreakCode.WRONG_ACCOUNT
    assert judge(good, currency="USD") == (BreakCode.WRONG_ACCOUNT, "currency")
    assert judge(dataclasses.replace(good, flags=("vnd-fraction",)))[0] is BreakCode.VND_FRACTION
    assert judge(dataclasses.replace(good, exponent=2))[0] is BreakCode.VND_FRACTION
    assert judge(dataclasses.replace(good, flags=("gap",))) == (BreakCode.GAP, "pages")
    assert judge(dataclasses.replace(good, flags=("odd",))) == (BreakCode.PROOF_FAILED, "odd")
    assert judge(dataclasses.replace(good, flags=("value-date-basis", "batch-sum")))[0] is None


def test_gaps_and_overlaps() -> None:
    good = statement(1050, entry(50))
    assert judge(good, previous_closing_minor=990) == (BreakCode.GAP, "opening_balance")
    assert judge(good, known_number=True) == (BreakCode.OVERLAP_CONFLICT, "number")
    later = DAY.replace(day=17)
    assert judge(good, previous_closing_on=later) == (BreakCode.OVERLAP_CONFLICT, "period")
    same_day = judge(good, previous_closing_on=DAY, previous_closing_minor=990)
    assert same_day == (BreakCode.OVERLAP_CONFLICT, "period")


def test_identities_tell_twins_apart_and_survive_reordering() -> None:
    one, other = entry(50, narrative="nộp phí  A"), entry(50, narrative="nop phi b")
    keys = line_identities(statement(1150, one, other, one))
    assert [occurrence for _, occurrence in keys] == [1, 1, 2]
    assert keys[0][0] == keys[2][0] != keys[1][0]
    again = line_identities(statement(1150, other, one, one))
    assert set(again) == set(keys)
    reread = entry(50, narrative="NOP PHI A", position=9, source_line=99)
    assert line_identities(statement(1150, reread))[0] == keys[0]
    shifted = entry(50, bank_reference="a", end_to_end_reference="bc")
    imitation = entry(50, bank_reference="ab", end_to_end_reference="c")
    pair = line_identities(statement(1150, shifted, imitation))
    assert pair[0][0] != pair[1][0]
    assert line_identities(statement(0, entry(50, direction=Direction.DEBIT)))[0] != keys[0]
