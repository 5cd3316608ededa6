"""Every kind of break can be closed, and its rule names exactly what pages offer for it."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from payment_service.db.staff_breaks import Break
from payment_service.domain.resolution import AWAITED, Act
from payment_service.web.staff.breaks import _OUTSIDE
from payment_service.web.staff.offered_acts import offered
from reconciliation.breaks import BREAK_RULES, BreakCode, Resolution

GUIDE = Path(__file__).parents[4] / "docs" / "reconciliation.md"
_ROW = re.compile(r"^\| `([A-Z_]+)` \| ([^|]*) \| ([^|]*) \|$", re.MULTILINE)
_C = BreakCode
_CREDIT, _DEBIT = ("line", "credit"), ("line", "debit")
_OTHER: tuple[str, str] = ("", "")
OBJECTS: dict[BreakCode, tuple[tuple[str, str], ...]] = {
    **dict.fromkeys(BreakCode, (_OTHER,)),
    **dict.fromkeys(
        (
            _C.CURRENCY, _C.WRONG_UNIT, _C.UNKNOWN_REFERENCE, _C.BROKEN_REFERENCE,
            _C.NO_REFERENCE,
        ),
        (_CREDIT,),
    ),
    **dict.fromkeys(
        (_C.UNEXPLAINED_DEBIT,),
        (_DEBIT,),
    ),
    **dict.fromkeys(
        (
            _C.NOTICE_AMOUNT, _C.BATCH_AMOUNT, _C.BANK_NO_BATCH, _C.AMBIGUOUS_REFERENCE,
            _C.TAKEN_APART, _C.RETURN_UNMATCHED, _C.RETURN_AMBIGUOUS, _C.RETURN_SETTLED,
        ),
        (_CREDIT, _DEBIT),
    ),
    **dict.fromkeys(
        (_C.OVERPAID, _C.REFERENCE_CLOSED, _C.REFERENCE_CANCELLED), (("surplus", "debit"),)
    ),
    _C.UNDERPAID: (("part_payment", "debit"),),
    _C.NOTICE_NO_BANK: (("bank_notice", "credit"), _OTHER),
    _C.BATCH_NO_BANK: (("payout", "credit"), ("payout", "debit")),
    _C.COST_NOT_RETURNED: (("cost_top_up", "credit"),),
    _C.REFUND_NOT_SEEN: (("refund", "debit"),),
    _C.TRANSFER_NOT_SEEN: (("unit_transfer", "credit"), ("unit_transfer", "debit")),
    **dict.fromkeys(
        (_C.NOTICE_NO_REPORT, _C.TAKEN_BACK_UNKNOWN),
        (("gateway_claim", "credit"),),
    ),
    **dict.fromkeys(
        (_C.REPORT_AMOUNT, _C.REPORTED_SETTLED, _C.REPORT_ADJUSTMENT),
        (("gateway_claim", "credit"), ("gateway_claim", "debit")),
    ),
}  # fmt: skip
"""What each kind of break is about; all others are about messages, files, reports and money."""
_OF_FILES = {Resolution.CONFIRM_STATEMENT}
"""What the page of a statement offers instead."""


_AT_THE_LINE = {Resolution.MATCH_BY_HAND}
"""What is awaited is matched at the page of the line that it came with."""


def _offered(code: BreakCode, *objects: tuple[str, str]) -> set[str]:
    found: set[str] = set()
    for kind, direction in objects:
        one = SimpleNamespace(code=code.value, closed_at=None, closed_reason=None)
        row = SimpleNamespace(kind=kind, direction=direction, residual_minor=1)
        line, item = (row, None) if kind == "line" else (None, row if kind else None)
        acts = offered(cast("Break", one), line, item, "officer", is_newest=True)
        found |= {act.value for act in acts}
    return found


@pytest.mark.parametrize("code", BreakCode)
def test_a_rule_allows_what_a_page_offers_and_nothing_else(code: BreakCode) -> None:
    inside = BREAK_RULES[code].resolutions - set(_OUTSIDE) - _OF_FILES
    if all(kind in AWAITED for kind, _ in OBJECTS[code]):
        inside -= _AT_THE_LINE
    assert _offered(code, *OBJECTS[code]) == {each.value for each in inside}


@pytest.mark.parametrize(
    ("code", "one"), [(code, one) for code, objects in OBJECTS.items() for one in objects]
)
def test_people_can_close_it_whatever_it_is_about(code: BreakCode, one: tuple[str, str]) -> None:
    is_at_the_line = one[0] in AWAITED and Resolution.MATCH_BY_HAND in BREAK_RULES[code].resolutions
    assert _offered(code, one) or is_at_the_line


@pytest.mark.parametrize("role", ["auditor"])
def test_who_only_reads_is_offered_nothing(role: str) -> None:
    one: Any = SimpleNamespace(code="NO_REFERENCE", closed_at=None, closed_reason=None)
    line = SimpleNamespace(direction="credit", residual_minor=1)
    assert offered(one, line, None, role, is_newest=True) == []


def test_the_guide_names_for_every_code_its_acts_and_what_closes_it() -> None:
    rows = {code: (acts, facts) for code, acts, facts in _ROW.findall(GUIDE.read_text("utf-8"))}
    assert set(rows) == {code.value for code in BreakCode}
    for code in BreakCode:
        acts, fact = rows[code.value]
        allowed = BREAK_RULES[code].resolutions - set(_OUTSIDE)
        assert set(acts.split(", ")) == {f"`{each.value}`" for each in allowed}, code
        assert fact.strip(), code


def test_every_act_is_one_that_a_break_or_a_match_allows() -> None:
    of_matches = {Act.UNMATCH, Act.MOVE_TO_REQUEST, Act.LEARN_PAYER, Act.REOPEN}
    allowed = {each.value for rule in BREAK_RULES.values() for each in rule.resolutions}
    assert {act for act in Act if act.value not in allowed} == of_matches
