"""An operator's address of a gateway is plain https, or this machine."""

import pytest

from payment_service.domain.errors import Invalid
from payment_service.domain.gateway_address import require_gateway_address


@pytest.mark.parametrize(
    "address",
    [
        "https://pay.example", "https://pay.example:8443/api/v2", "http://127.0.0.1:9000/momo/HP1",
        "http://localhost/x", "http://[::1]:80/x",
    ],
)  # fmt: skip
def test_plain_addresses_are_taken(address: str) -> None:
    require_gateway_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "", "pay.example", "http://pay.example", "ftp://pay.example", "https://", "https://a/",
        "https://user:secret@pay.example", "https://pay.example?x=1", "https://pay.example#x",
        "https://pay.example:99999", "https://pay.example:0/x", "https://pay .example",
        "https://pay.example\n.evil", "https://páy.example", "http://127.0.0.1.evil.example/x",
        "https://[::1", "http://2130706433/x", "https://" + "a" * 400, "https://pay.example?",
        "https://@pay.example", "https://:@pay.example",
        "https://169.254.169.254/x", "https://[fe80::1]/x", "https://0.0.0.0",
    ],
)  # fmt: skip
def test_anything_else_is_refused(address: str) -> None:
    with pytest.raises(Invalid):
        require_gateway_address(address)
