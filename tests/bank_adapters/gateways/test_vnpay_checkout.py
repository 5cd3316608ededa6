"""VNPAY's checkout address: signed over everything it says, refused when VNPAY would refuse it."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from bank_adapters.gateways.vnpay import canonical, checkout_url, format_date
from bank_adapters.signatures import hmac_sha512_hex
from tests.bank_adapters.keys import NOW, VNPAY_SECRET


def _checkout(**changes: object) -> str:
    values: dict[str, object] = {
        "merchant": "HAIPHONG",
        "secret": VNPAY_SECRET,
        "amount_minor": 50_000,
        "reference": "HPFX3F3CZ7GCF",
        "order_info": "HPFX3F3CZ7GCF nop phi",
        "created_at": NOW,
        "expires_at": NOW + timedelta(minutes=15),
        "return_url": "https://thanhtoan.example.vn/pay/return?x=1",
        "client_ip": "203.0.113.7",
        "locale": "vn",
    }
    return checkout_url("https://pay.example/v2", **(values | changes))  # type: ignore[arg-type]  # wrong values are the point of some tests


def test_a_checkout_address_is_signed_over_everything_it_says() -> None:
    parts = urlsplit(_checkout())
    fields = dict(parse_qsl(parts.query, strict_parsing=True))
    signature = fields.pop("vnp_SecureHash")
    assert signature == hmac_sha512_hex(canonical(fields), VNPAY_SECRET)
    assert fields["vnp_Amount"] == "5000000"
    assert fields["vnp_CreateDate"] == "20261122163045"
    assert fields["vnp_ExpireDate"] == "20261122164545"
    assert fields["vnp_ReturnUrl"] == "https://thanhtoan.example.vn/pay/return?x=1"
    assert (fields["vnp_Version"], fields["vnp_Command"]) == ("2.1.0", "pay")


@pytest.mark.parametrize(
    "change",
    [
        {"amount_minor": 0},
        {"amount_minor": 10**13},
        {"order_info": "nộp phí"},
        {"order_info": ""},
        {"reference": "a&b"},
        {"locale": "fr"},
        {"secret": b""},
        {"expires_at": NOW},
        {"created_at": NOW.replace(tzinfo=None), "expires_at": NOW.replace(tzinfo=None, year=2027)},
    ],
)
def test_a_checkout_that_vnpay_would_refuse_is_not_made(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        _checkout(**change)


def test_dates_are_written_in_the_time_of_vietnam() -> None:
    assert format_date(datetime(2026, 12, 31, 17, 0, tzinfo=UTC)) == "20270101000000"
