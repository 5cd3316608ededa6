"""Money, days and instants as people in Vietnam read them."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from payment_service.web.formats import (
    day,
    deadline,
    instant,
    money,
    whole,
)

EVENING = datetime(2026, 11, 30, 17, 5, tzinfo=UTC)
"""00:05 of 1 December in Hải Phòng."""


def test_money_is_grouped_as_the_language_does() -> None:
    assert money(8_000, "vi") == "8.000 đồng"
    assert money(1_250_000, "en") == "1,250,000 đồng"


@given(st.integers(min_value=0, max_value=10**15))
def test_no_digit_of_an_amount_is_lost(amount_minor: int) -> None:
    assert int(whole(amount_minor, "vi").replace(".", "")) == amount_minor
    assert int(whole(amount_minor, "en").replace(",", "")) == amount_minor


def test_instants_are_in_vietnams_time() -> None:
    assert instant(EVENING, "vi") == "00:05 ngày 01/12/2026"
    assert instant(EVENING, "en") == "00:05, 1 Dec 2026"
    assert day(date(2026, 11, 30), "vi") == "30/11/2026"


def test_a_midnight_is_the_end_of_the_day_before() -> None:
    midnight = datetime(2026, 11, 30, 17, tzinfo=UTC)
    assert deadline(midnight, "vi") == "hết ngày 30/11/2026"
    assert deadline(midnight, "en") == "the end of 30 Nov 2026"
    assert deadline(EVENING, "vi") == "00:05 ngày 01/12/2026"
