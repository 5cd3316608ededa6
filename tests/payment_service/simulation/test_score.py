"""The score notices every way in which the service could be wrong."""

from dataclasses import replace
from datetime import date

import pytest

from payment_service.simulation.lives import Asked, TrueLife, TrueLine, Truth
from payment_service.simulation.score import Observed, OpenBreak, parts_of_hundred, score

ASKED = Asked(request_id="r1", reference="HPF", amount_minor=10_000, pay_path="/pay/x")
TRUTH = Truth(
    seed=1,
    days=[date(2026, 11, 23)],
    lives=[
        TrueLife(
            life="1",
            scenario="over",
            unit_code="11329",
            requests=[ASKED],
            names=["FT1", "r1"],
            label="overpaid",
            breaks=["OVERPAID"],
        )
    ],
    lines=[
        TrueLine(
            bank_reference="FT1",
            account_number="1",
            life="1",
            scenario="over",
            goes_to="request:r1",
            is_readable=True,
        )
    ],
)
RIGHT = Observed(
    matches={"FT1": frozenset({"request:r1"})},
    labels={"r1": "overpaid"},
    breaks=[OpenBreak(code="OVERPAID", names=frozenset({"r1", "HPF"}))],
)


def test_what_is_as_expected_is_perfect() -> None:
    result = score(TRUTH, RIGHT)
    assert result.is_perfect
    total = result.total
    assert (total.lines, total.right, total.wrong, total.right_readable) == (1, 1, 0, 1)
    assert (total.lives, total.ended_as_expected) == (1, 1)


@pytest.mark.parametrize(
    "observed",
    [
        replace(RIGHT, labels={"r1": "collected"}),
        replace(RIGHT, labels={}),
        replace(RIGHT, breaks=[]),
        replace(RIGHT, breaks=[*RIGHT.breaks, *RIGHT.breaks]),
        replace(RIGHT, breaks=[OpenBreak(code="UNDERPAID", names=frozenset({"r1"}))]),
        replace(
            RIGHT,
            breaks=[*RIGHT.breaks, OpenBreak(code="NO_REFERENCE", names=frozenset({"stranger"}))],
        ),
        replace(RIGHT, matches={"FT1": frozenset({"request:r2"})}),
    ],
    ids=["label", "no-label", "no-break", "break-twice", "other-break", "stranger", "wrong-match"],
)
def test_anything_else_is_a_surprise(observed: Observed) -> None:
    result = score(TRUTH, observed)
    assert not result.is_perfect
    assert result.surprises


def test_a_line_that_waits_lowers_recall_and_nothing_else() -> None:
    result = score(TRUTH, replace(RIGHT, matches={}))
    assert (result.total.right, result.total.wrong, result.total.readable) == (0, 0, 1)
    assert result.is_perfect


def test_a_line_that_was_for_nobody_is_wrong_wherever_it_goes() -> None:
    line = TrueLine(
        bank_reference="FT1",
        account_number="1",
        life="1",
        scenario="over",
        goes_to="",
        is_readable=False,
    )
    truth = Truth(seed=1, days=TRUTH.days, lives=TRUTH.lives, lines=[line])
    assert score(truth, RIGHT).total.wrong == 1


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(1, 1, "100.00 %"), (199, 200, "99.50 %"), (99_999, 100_000, "99.99 %"), (0, 0, "–")],
)
def test_shares_are_never_rounded_up(part: int, whole: int, text: str) -> None:
    assert parts_of_hundred(part, whole) == text
