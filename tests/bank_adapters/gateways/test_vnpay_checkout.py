"""VNPAY's checkout address: signed over everything it says, refused when VNPAY would refuse it."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from bank_adapters.contract import Algorithm
from bank_adapters.fields import compact_vietnam_time
from bank_adapters.gateways.vnpay import Vnpay
from bank_adapters.gateways.vnpay_signing import canonical
from bank_adapters.outgoing import AnswerUnreadable, RequestRefused
from bank_adapters.signatures.primitives import hmac_hex
from tests.bank_adapters.gateways.exchanges import answered, merchant, order
from tests.bank_adapters.keys import NOW, VNPAY_SECRET

VNPAY = Vnpay()
PAGE = "https://pay.example/paymentv2/vpcpay.html"
US = merchant(Algorithm.HMAC_SHA512_HEX, VNPAY_SECRET, "HAIPHONG", PAGE)


def test_a_checkout_address_is_signed_over_everything_it_says() -> None:
    checkout = VNPAY.order(US, order())
    assert checkout.url.startswith(f"{PAGE}?")
    fields = dict(parse_qsl(urlsplit(checkout.url).query, strict_parsing=True))
    signature = fields.pop("vnp_SecureHash")
    assert signature == hmac_hex(Algorithm.HMAC_SHA512_HEX, canonical(fields), VNPAY_SECRET)
    assert fields["vnp_Amount"] == "5000000"
    assert fields["vnp_CreateDate"] == "20261122163045"
    assert fields["vnp_ExpireDate"] == "20261122164545"
    assert fields["vnp_ReturnUrl"] == order().return_url
    assert (fields["vnp_Version"], fields["vnp_Command"]) == ("2.1.0", "pay")
    assert (fields["vnp_Locale"], fields["vnp_TmnCode"]) == ("vn", "HAIPHONG")


@pytest.mark.parametrize(
    "change",
    [
        {"amount_minor": 0},
        {"amount_minor": 10**13},
        {"description": "nộp phí"},
        {"description": ""},
        {"reference": "a&b"},
        {"language": "fr"},
        {"expires_at": NOW},
        {"return_url": "javascript:alert(1)"},
        {"client_ip": "localhost\n"},
    ],
)
def test_a_checkout_that_vnpay_would_refuse_is_not_made(change: dict[str, object]) -> None:
    with pytest.raises(RequestRefused):
        VNPAY.order(US, order(**change))


def test_a_checkout_without_a_secret_or_a_zone_is_not_made() -> None:
    with pytest.raises(RequestRefused):
        VNPAY.order(merchant(Algorithm.HMAC_SHA512_HEX, b"", "HAIPHONG", PAGE), order())
    naive = {"created_at": NOW.replace(tzinfo=None), "expires_at": datetime(2027, 1, 1)}  # noqa: DTZ001  the point
    with pytest.raises(ValueError, match="zone"):
        VNPAY.order(US, order(**naive))


def test_vnpay_answers_no_order() -> None:
    with pytest.raises(AnswerUnreadable):
        VNPAY.read_order(US, order(), answered(b"{}"))


def test_dates_are_written_in_the_time_of_vietnam() -> None:
    assert compact_vietnam_time(datetime(2026, 12, 31, 17, 0, tzinfo=UTC)) == "20270101000000"
