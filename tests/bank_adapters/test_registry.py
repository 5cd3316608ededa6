"""The list of channels agrees with the dialects it lists."""

from bank_adapters.registry import ALGORITHMS, DIALECTS


def test_each_dialect_is_listed_under_its_own_code() -> None:
    assert {code: dialect.code for code, dialect in DIALECTS.items()} == {
        "vnpay": "vnpay",
        "rsabank": "rsabank",
        "webhookbank": "webhookbank",
    }
    assert set(ALGORITHMS) == set(DIALECTS)


def test_gateways_use_get_and_banks_post() -> None:
    assert {code: (each.method, each.is_bank) for code, each in DIALECTS.items()} == {
        "vnpay": ("GET", False),
        "rsabank": ("POST", True),
        "webhookbank": ("POST", True),
    }
