"""Only a gateway that says so took no order; any other answer leaves it open."""

import json

import pytest

from bank_adapters.outgoing import Answer, AnswerRefuses, AnswerUnreadable
from bank_adapters.registry import CHECKOUT_DIALECTS
from tests.fuzz.messages import ORDER
from tests.fuzz.targets import merchant_at

MOMO = {"partnerCode": "HPG", "orderId": ORDER.reference, "requestId": ORDER.reference}


@pytest.mark.parametrize(
    ("channel", "fields", "is_refused"),
    [
        ("momo", MOMO | {"resultCode": 13}, True),
        ("momo", MOMO | {"resultCode": 99}, False),
        ("momo", MOMO | {"resultCode": 41}, False),
        ("momo", {"resultCode": 13}, False),
        ("zalopay", {"return_code": 2, "sub_return_code": -401}, True),
        ("zalopay", {"return_code": 3}, False),
        ("npsp", {"error_code": "1"}, True),
        ("npsp", {"error_code": "0", "message": ""}, False),
        ("keypay", {"error": 1, "msg": "no"}, True),
        ("keypay", {"error": 0}, False),
        ("payos", {"code": "20", "desc": "no"}, True),
        ("payos", {"code": "00"}, False),
        ("baokim", {"ResponseCode": 11}, False),
    ],
)
def test_what_refuses_an_order(channel: str, fields: dict[str, object], is_refused: bool) -> None:  # noqa: FBT001 - a column
    answer = Answer(status=200, body=json.dumps(fields).encode())
    with pytest.raises(AnswerUnreadable) as raised:
        CHECKOUT_DIALECTS[channel].read_order(merchant_at(channel), ORDER, answer)
    assert (raised.type is AnswerRefuses) is is_refused


@pytest.mark.parametrize("channel", ["momo", "zalopay", "npsp", "keypay", "payos", "baokim"])
def test_a_fault_of_theirs_leaves_it_open(channel: str) -> None:
    answer = Answer(status=502, body=b"")
    with pytest.raises(AnswerUnreadable) as raised:
        CHECKOUT_DIALECTS[channel].read_order(merchant_at(channel), ORDER, answer)
    assert raised.type is not AnswerRefuses
