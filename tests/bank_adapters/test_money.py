"""How many decimals a currency has, by ISO 4217, and how minor units are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.money import AMOUNT_MINOR_MAX, MoneyError, currency_exponent, format_minor


@pytest.mark.parametrize(
    ("currencies", "exponent"),
    [
        ("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF", 0),
        ("USD EUR GBP CNY SGD THB MGA MRU HUF TWD IDR LAK MMK", 2),
        ("BHD IQD JOD KWD LYD OMR TND", 3),
        ("CLF UYW", 4),
    ],
)
def test_a_currency_has_its_own_decimals(currencies: str, exponent: int) -> None:
    assert {currency_exponent(currency) for currency in currencies.split()} == {exponent}


@pytest.mark.parametrize(
    "text", ["", "VN", "vnd", "VNDD", "VND\n", " VND", "ＶＮＤ", "704", "V" * 99]
)
def test_a_currency_is_three_capitals(text: str) -> None:
    with pytest.raises(MoneyError) as refused:
        currency_exponent(text)
    assert len(str(refused.value)) < 80


@pytest.mark.parametrize(
    ("amount_minor", "exponent", "text"),
    [
        (0, 0, "0"),
        (0, 2, "0.00"),
        (-5, 0, "-5"),
        (-5, 2, "-0.05"),
        (-1234, 2, "-12.34"),
        (1234, 3, "1.234"),
        (999, 3, "0.999"),
        (AMOUNT_MINOR_MAX, 4, "100000000000.0000"),
    ],
)
def test_minor_units_are_written_with_their_decimals(
    amount_minor: int, exponent: int, text: str
) -> None:
    assert format_minor(amount_minor, exponent) == text


@given(st.integers(-AMOUNT_MINOR_MAX, AMOUNT_MINOR_MAX), st.integers(0, 4))
def test_what_is_written_has_every_digit(amount_minor: int, exponent: int) -> None:
    whole, _, decimals = format_minor(amount_minor, exponent).partition(".")
    assert len(decimals) == exponent
    assert int(whole + decimals) == amount_minor
