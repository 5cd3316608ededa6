"""Fields are read strictly: plain digits, real dates, one value, nothing hidden."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment_service.domain.errors import Invalid, NotFound
from payment_service.web.forms import Form, identifier


def _form(value: str) -> Form:
    return Form(fields={"field": [value]})


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_whole_numbers_are_ascii_digits(number: int) -> None:
    assert _form(str(number)).whole_number("field") == number


@pytest.mark.parametrize(
    "text",
    ["", "1.000", "1,000", "1 000", "1e3", "+1", "-1", "0x10", "１２", "٣", "1_000", "1" * 16, "१"],
)
def test_anything_else_is_no_whole_number(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        _form(text).whole_number("field")
    assert caught.value.data["field"] == "field"


def test_only_a_balance_may_be_negative() -> None:
    assert _form("-93500").whole_number("field", may_be_negative=True) == -93_500
    with pytest.raises(Invalid):
        _form("--1").whole_number("field", may_be_negative=True)


@pytest.mark.parametrize(
    "text", ["2026-02-30", "20261122", "2026-W47-7", "22/11/2026", "२०२६-११-२२"]
)
def test_a_day_is_a_real_date_in_one_shape(text: str) -> None:
    assert _form("2026-11-22").day("field") == date(2026, 11, 22)
    with pytest.raises(Invalid):
        _form(text).day("field")


def test_texts_are_trimmed_composed_and_free_of_control_characters() -> None:
    assert _form("  Hoa\u0300n tra\u0309 ").text("field", 20) == "Hoàn trả"
    for text in ("", "   ", "a\0b", "a\nb", "x" * 21):
        with pytest.raises(Invalid):
            _form(text).text("field", 20)


def test_a_field_given_twice_is_refused() -> None:
    with pytest.raises(Invalid):
        Form(fields={"field": ["1", "2"]}).whole_number("field")
    with pytest.raises(Invalid):
        Form(fields={}).text("field", 5)


@pytest.mark.parametrize("text", ["1", "x" * 36, "0192F0C4-0000-7000-8000-000000000000", ""])
def test_identifiers_have_one_spelling(text: str) -> None:
    with pytest.raises(NotFound):
        identifier(text)
