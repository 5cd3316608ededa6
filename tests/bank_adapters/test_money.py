"""How many decimals a currency has, by ISO 4217."""

import pytest

from bank_adapters.money import currency_exponent


@pytest.mark.parametrize(
    ("currency", "exponent"),
    [("VND", 0), ("XOF", 0), ("UGX", 0), ("USD", 2), ("OMR", 3), ("IQD", 3)],
)
def test_a_currency_has_its_own_decimals(currency: str, exponent: int) -> None:
    assert currency_exponent(currency) == exponent
