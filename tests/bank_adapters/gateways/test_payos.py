"""payOS webhooks: only `data` is signed and read, hostile bodies are refused, replies are exact."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import (
    Algorithm,
    CallbackDialect,
    CallbackRejected,
    NoticeUnreadable,
    Outcome,
)
from bank_adapters.counterpart.gateway import GatewayCounterpart
from bank_adapters.counterpart.payos import PayosCounterpart
from bank_adapters.gateways.payos import Payos
from bank_adapters.gateways.payos_codes import RESULT_CODES, UNKNOWN_CODE
from bank_adapters.gateways.payos_order_code import ORDER_CODE_MAX, reference_of
from bank_adapters.gateways.payos_signature import body_content
from bank_adapters.signatures.primitives import hmac_hex
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from tests.bank_adapters.keys import NOW, key, post
from tests.bank_adapters.published import gateway_vectors

PAYOS: CallbackDialect = Payos()
COUNTERPART: GatewayCounterpart = PayosCounterpart()
CHECKSUM_KEY = b"2c8e7d6f5a4b3c2d1e0f9a8b7c6d5e4f"
MATERIAL = b"client-id:api-key-0123456789:" + CHECKSUM_KEY
KEYS = [key(Algorithm.HMAC_SHA256_HEX, MATERIAL)]
DATA: dict[str, Any] = {
    "accountNumber": "0123456789",
    "amount": 20000,
    "description": "HPFX3F3CZ7GCF",
    "reference": "FT-REFERENCE",
    "transactionDateTime": "2025-12-12 09:00:00",
    "virtualAccountNumber": "",
    "counterAccountBankId": "01202001",
    "counterAccountBankName": None,
    "counterAccountName": "NGUYEN VAN A",
    "counterAccountNumber": "9876543210",
    "currency": "VND",
    "orderCode": 1,
    "paymentLinkId": "payment-link-id",
    "code": "00",
    "desc": "success",
}


def _body(data: dict[str, Any], /, **envelope: object) -> bytes:
    content = body_content(data, ValueError)  # type: ignore[arg-type]  # never refused here
    values = {"code": "00", "desc": "success", "success": True, "data": data}
    values["signature"] = hmac_hex(Algorithm.HMAC_SHA256_HEX, content, CHECKSUM_KEY)
    return json.dumps(values | envelope).encode()


def _read(**changes: object) -> PaymentNotice:
    values = {name: value for name, value in (DATA | changes).items() if value is not ...}
    return PAYOS.read(post(_body(values)))


def test_the_published_webhook_verifies_and_is_read() -> None:
    (vector,) = (v for v in gateway_vectors(scheme="PayOS (body)") if v["notes"] == "webhook")
    body = json.dumps({"data": vector["input"], "signature": vector["expected"]}).encode()
    live = [key(Algorithm.HMAC_SHA256_HEX, b"c:a:" + vector["secret"].encode())]
    assert json.loads(PAYOS.verify(post(body), live, NOW)) == vector["input"]
    notice = PAYOS.read(post(body))
    assert (notice.result, notice.result_code) == (NoticeResult.PAID, "00")
    assert (notice.merchant, notice.amount_minor) == ("0123456789", 20_000)
    assert notice.paid_at == datetime(2025, 12, 12, 2, 0, tzinfo=UTC)
    assert notice.provider_transaction == "FT-REFERENCE"
    assert (notice.payer_name, notice.payer_account) == ("NGUYEN VAN A", "9876543210")


def test_blanks_order_and_the_unsigned_envelope_do_not_change_the_message() -> None:
    first = PAYOS.verify(post(_body(DATA)), KEYS, NOW)
    other = _body(dict(reversed(DATA.items())), code="01", success=False, desc="x", more=[1])
    capitals = json.loads(other)
    capitals["signature"] = capitals["signature"].upper()
    again = json.dumps(capitals, indent=2).encode()
    assert PAYOS.verify(post(again), KEYS, NOW) == first
    assert PAYOS.read(post(again)) == _read()


def test_the_result_is_read_inside_the_signature_alone() -> None:
    failed = _body(DATA | {"code": "07"}, code="00", success=True)
    PAYOS.verify(post(failed), KEYS, NOW)
    assert PAYOS.read(post(failed)).result is NoticeResult.UNKNOWN


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b"[" * 50_000,
        _body({}),
        b" " * 65_537,
        _body(DATA)[:-1],
        _body(DATA).replace(b'"amount": 20000', b'"amount": 90000'),
        _body(DATA).replace(b'"amount": 20000', b'"amount": 20000.0'),
        _body(DATA).replace(b'"amount": 20000', b'"amount": 20000, "amount": 20000'),
        _body(DATA).replace(b'"amount": 20000', b'"amount": {"a": 1}'),
        _body(DATA).replace(b'"amount": 20000', b'"amount": [20000]'),
        _body(DATA).replace(b'"amount": 20000', b'"amount": [{"a": 1.5}]'),
        _body(DATA).replace(b'"amount": 20000', b'"amount": NaN'),
        _body(DATA).replace(b'"code": "00"', b'"code": "\\u0000"'),
        _body(DATA, data={}),
        _body(DATA, data=[DATA]),
        _body(DATA, signature=None),
        _body(DATA, signature=""),
        _body(DATA, signature="é" * 64),
        _body(DATA, signature=["0" * 64]),
        _body(DATA, signature="0" * 63),
        _body(DATA, signature="0x" + "0" * 62),
        _body(DATA, signature="0" * 65_000),
    ],
)
def test_spoiled_webhooks_are_rejected(body: bytes) -> None:
    with pytest.raises(CallbackRejected):
        PAYOS.verify(post(body), KEYS, NOW)


@pytest.mark.parametrize(
    "material",
    [b"", CHECKSUM_KEY, b"client-id:api-key", b"client-id:api-key:", MATERIAL + b"0"],
)
def test_another_key_signs_nothing(material: bytes) -> None:
    with pytest.raises(CallbackRejected):
        PAYOS.verify(post(_body(DATA)), [key(Algorithm.HMAC_SHA256_HEX, material)], NOW)


@given(st.integers(min_value=0, max_value=255), st.integers(min_value=0, max_value=10_000))
def test_no_flipped_bit_of_data_is_believed(bit: int, place: int) -> None:
    body = bytearray(_body(DATA))
    start, end = body.index(b'"data"'), body.index(b', "signature"')
    content = PAYOS.verify(post(bytes(body)), KEYS, NOW)
    body[start + place % (end - start)] ^= 1 << (bit % 8)
    try:
        # Some bits change the case of an escape or a blank only: then the message is the same.
        assert PAYOS.verify(post(bytes(body)), KEYS, NOW) == content
    except CallbackRejected:
        return
    assert PAYOS.read(post(bytes(body))) == _read()


@given(st.binary(max_size=300))
def test_random_bytes_raise_only_what_the_contract_names(body: bytes) -> None:
    with pytest.raises(CallbackRejected):
        PAYOS.verify(post(body), KEYS, NOW)
    with pytest.raises(NoticeUnreadable):
        PAYOS.read(post(body))


JSON_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(10**17), max_value=10**17),
    st.text(max_size=20),
    st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2), max_size=2),
    st.floats(),
    st.dictionaries(st.text(max_size=5), st.none(), max_size=1),
)


@given(st.sampled_from(sorted(DATA)), JSON_VALUES)
def test_any_value_in_any_field_is_read_or_refused(name: str, value: object) -> None:
    body = json.dumps({"data": DATA | {name: value}, "signature": "0" * 64}).encode()
    with suppress(NoticeUnreadable):
        assert PAYOS.read(post(body)).merchant


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", 0),
        ("amount", -1),
        ("amount", True),
        ("amount", "20000"),
        ("amount", 20000.5),
        ("amount", 10**16),
        ("orderCode", "1"),
        ("orderCode", -1),
        ("orderCode", True),
        ("orderCode", ORDER_CODE_MAX + 1),
        ("reference", ""),
        ("reference", ...),
        ("accountNumber", "01 23"),
        ("currency", "vnd"),
        ("code", ""),
        ("code", 0),
        ("transactionDateTime", "2025-02-31 09:00:00"),
        ("transactionDateTime", "2025-12-12T09:00:00"),
        ("transactionDateTime", ...),
        ("description", "a" * 1001),
        ("description", "tien&orderCode=2"),
        ("counterAccountName", "A&paymentLinkId=x"),
    ],
)
def test_webhooks_that_break_the_contract_are_unreadable(name: str, value: object) -> None:
    body = json.dumps({"data": {k: v for k, v in (DATA | {name: value}).items() if v is not ...}})
    with pytest.raises(NoticeUnreadable):
        PAYOS.read(post(body.encode()))


@pytest.mark.parametrize(
    ("outcome", "status", "body"),
    [
        (Outcome.RECORDED, 200, b'{"success":true}'),
        (Outcome.ALREADY_RECORDED, 200, b'{"success":true}'),
        (Outcome.UNKNOWN_REFERENCE, 200, b'{"success":true}'),
        (Outcome.AMOUNT_DIFFERS, 200, b'{"success":true}'),
        (Outcome.ALREADY_COVERED, 200, b'{"success":true}'),
        (Outcome.OTHER_MERCHANT, 200, b'{"success":true}'),
        (Outcome.UNCONFIRMED, 422, b'{"success":false}'),
        (Outcome.UNREADABLE, 422, b'{"success":false}'),
        (Outcome.REJECTED, 401, b'{"success":false}'),
        (Outcome.RETRY_LATER, 503, b'{"success":false}'),
    ],
)
def test_replies_are_exact(outcome: Outcome, status: int, body: bytes) -> None:
    reply = PAYOS.acknowledge(outcome)
    assert (reply.status, reply.content_type, reply.body) == (status, "application/json", body)


def test_every_outcome_has_a_reply_and_the_scheme_is_not_weak() -> None:
    assert all(PAYOS.acknowledge(outcome).body for outcome in Outcome)
    assert not PAYOS.scheme.is_weak


def test_every_code_has_two_sentences() -> None:
    for meaning in (*RESULT_CODES.values(), UNKNOWN_CODE):
        assert meaning.vietnamese.endswith(".")
        assert not meaning.vietnamese.isascii()
        assert meaning.english.endswith(".")


@given(
    result=st.sampled_from(NoticeResult),
    order_code=st.integers(min_value=0, max_value=ORDER_CODE_MAX),
    amount_minor=st.integers(min_value=1, max_value=10**15),
    memo=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0&"), max_size=99),
    paid_at=st.datetimes(
        min_value=datetime(2001, 1, 1),  # noqa: DTZ001  hypothesis wants bounds without a zone
        max_value=datetime(2098, 1, 1),  # noqa: DTZ001  the same
        timezones=st.just(UTC),
    ),
)
def test_what_the_counterpart_writes_is_read_back(
    result: NoticeResult, order_code: int, amount_minor: int, memo: str, paid_at: datetime
) -> None:
    notice = PaymentNotice(
        result=result,
        result_code=COUNTERPART.result_code(result),
        merchant="0123456789",
        our_reference=reference_of(order_code),
        provider_transaction="FT25346000001",
        amount_minor=amount_minor,
        currency="VND",
        paid_at=paid_at.replace(microsecond=0),
        memo=memo,
        account_number="0123456789",
        payer_account="9876543210",
        payer_name=memo,
    )
    request = COUNTERPART.notify(notice, MATERIAL, NOW)
    assert PAYOS.verify(request, KEYS, NOW) == PAYOS.verify(
        COUNTERPART.notify(notice, MATERIAL, datetime(2027, 1, 1, tzinfo=UTC)), KEYS, NOW
    )
    assert PAYOS.read(request) == notice
