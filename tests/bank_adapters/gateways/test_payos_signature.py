"""Every published vector of payOS comes out; order numbers lead back to their references."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters import payment_reference
from bank_adapters.contract import Algorithm, CallbackRejected
from bank_adapters.gateways.payos_order_code import (
    ORDER_CODE_MAX,
    order_code_of,
    payment_reference_of,
    reference_of,
)
from bank_adapters.gateways.payos_signature import LINK_FIELDS, body_content, header_content
from bank_adapters.outgoing import RequestRefused
from bank_adapters.signatures.primitives import hmac_hex
from tests.bank_adapters.published import gateway_vectors


def _content(scheme: str, values: Mapping[str, object]) -> bytes:
    if scheme == "PayOS (header)":
        return header_content(values)
    if scheme == "PayOS (create-payment-link)":
        values = {name: values[name] for name in LINK_FIELDS}
    return body_content(values, CallbackRejected)


def test_every_published_vector() -> None:
    vectors = gateway_vectors(scheme="PayOS")
    assert len(vectors) == 24
    for vector in vectors:
        content = _content(vector["scheme"], vector["input"])
        assert content.decode() == vector["string_to_sign"], vector["id"]
        signature = hmac_hex(Algorithm.HMAC_SHA256_HEX, content, vector["secret"].encode())
        assert (signature == vector["expected"]) == vector["expect_valid"]


def test_values_are_written_as_payos_writes_them() -> None:
    values = {"b": None, "a": "null", "d": "undefined", "c": True, "e": [{"z": 1, "y": None}]}
    assert body_content(values, CallbackRejected) == b'a=&b=&c=true&d=&e=[{"y":null,"z":1}]'
    assert header_content({"b": "x y/z", "a": {"d": [2], "c": None}}) == (
        b"a=%7B%22c%22%3Anull%2C%22d%22%3A%5B2%5D%7D&b=x%20y/z"
    )


REFERENCES = st.binary(min_size=16, max_size=16).map(payment_reference.make)


@given(REFERENCES, st.integers(min_value=0, max_value=339))
def test_a_reference_and_its_attempt_come_back(reference: str, attempt: int) -> None:
    ours = f"{reference}{attempt:03}" if attempt else reference
    order_code = order_code_of(ours)
    assert 0 <= order_code <= ORDER_CODE_MAX
    assert reference_of(order_code) == ours
    assert payment_reference_of(ours) == reference


@given(st.integers(min_value=0, max_value=ORDER_CODE_MAX))
def test_every_number_stands_for_one_reference(order_code: int) -> None:
    assert order_code_of(reference_of(order_code)) == order_code


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "HPF",
        "123",
        "1000000000000000",
        "HPFX3F3CZ7GCG001",
        "HPFX3F3CZ7GCF000",
        "HPFX3F3CZ7GCF340",
        "HPFX3F3CZ7GCF1",
        "HPFX3F3CZ7GCF0001",
        "HPFX3F3CZ7GCF００1",
        str(ORDER_CODE_MAX + 1),
        "hpfx3f3cz7gcf001",
    ],
)
def test_references_that_no_number_stands_for_are_refused(reference: str) -> None:
    with pytest.raises(RequestRefused):
        order_code_of(reference)
