"""The returns that OnePay's libraries publish are read, also those without a time of payment."""

from urllib.parse import urlencode

from bank_adapters.gateways.onepay import Onepay
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.keys import get
from tests.bank_adapters.published import gateway_vectors

ONEPAY = Onepay()


def test_every_published_return_is_read_also_without_a_time() -> None:
    results = []
    for vector in gateway_vectors(scheme="OnePay"):
        if isinstance(vector["input"], dict) and "vpc_TxnResponseCode" in vector["input"]:
            query = urlencode({**vector["input"], "vpc_SecureHash": vector["expected"]}).encode()
            results.append(ONEPAY.read(get(query)).result)
    assert results.count(NoticeResult.PAID) >= 3
