"""OnePay: published notices verify, hostile ones are refused, replies are exact to the byte."""

from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

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
from bank_adapters.counterpart.onepay import OnepayCounterpart
from bank_adapters.fields import TIME_NOT_STATED
from bank_adapters.gateways.onepay import Onepay
from bank_adapters.gateways.onepay_codes import RESULT_CODES, UNKNOWN_CODE
from bank_adapters.gateways.onepay_signing import canonical
from bank_adapters.signatures.primitives import hmac_hex
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from tests.bank_adapters.keys import NOW, get, key
from tests.bank_adapters.published import gateway_vectors

ONEPAY: CallbackDialect = Onepay()
COUNTERPART: GatewayCounterpart = OnepayCounterpart()
SECRET = b"8F14E45FCEEA167A5A36DEDD4BEA2543"
MATERIAL = b"6BEB2546:" + SECRET
KEYS = [key(Algorithm.HMAC_SHA256_HEX_DECODED, MATERIAL)]
SANDBOX = [key(Algorithm.HMAC_SHA256_HEX_DECODED, b"6BEB2546:6D0870CDE5F24F34F3915FB0045120DB")]
PAID = (
    b"vpc_Command=pay&vpc_Amount=1000000&vpc_AuthorizeId=831000&vpc_Card=VC&vpc_CardExp=0524"
    b"&vpc_CardNum=400000xxx0002&vpc_CardUid=INS-kjBjd-ULTK7gUAB_AQBDlQ"
    b"&vpc_MerchTxnRef=REF_1666149347206&vpc_Merchant=TESTONEPAY&vpc_Message=Approved"
    b"&vpc_OrderInfo=Ma+Don+Hang&vpc_PayChannel=WEB"
    b"&vpc_TransactionNo=PAY-Xz1OcTFySqutuCbv4kCfTA&vpc_TxnResponseCode=0&vpc_Version=2"
    b"&vpc_BinCountry=US&vpc_Locale=en&vpc_PaymentTime=20221019T031549Z"
    b"&vpc_MerchantAdviceCode=01&vpc_NetworkTransactionID=016153570198200"
    b"&vpc_AcqResponseCode=00&vpc_CavvResponseCode=2&vpc_SecureHash="
    b"4447268CEE4EE6968839C2F2CBD98C466635656D9E559F7253B3B3E01C0E5FE3"
)
"""A notice of OnePay's sandbox, printed in a public test suite of its paygate interface."""
CANCELLED = (
    b"vpc_Amount=10000000&vpc_Command=pay&vpc_MerchTxnRef=TEST_1711444940129917200"
    b"&vpc_Merchant=DUONGTT&vpc_Message=Canceled&vpc_OrderInfo=Ma+Don+Hang"
    b"&vpc_TxnResponseCode=99&vpc_Version=2&vpc_SecureHash="
    b"E083AFF7100E679678A68E6FDCB4751A75C2775EB42A5D24209E42B7665313D0"
)
"""A cancelled payment, printed in OnePay's sample code for several languages."""
FIELDS = {
    "vpc_Amount": "5000000",
    "vpc_MerchTxnRef": "HPFX3F3CZ7GCF001",
    "vpc_Merchant": "HAIPHONG",
    "vpc_OrderInfo": "Nop phi HPFX3F3CZ7GCF",
    "vpc_PaymentTime": "20261122T023045Z",
    "vpc_TransactionNo": "PAY-1",
    "vpc_TxnResponseCode": "0",
}


def _query(fields: dict[str, str]) -> bytes:
    signature = hmac_hex(Algorithm.HMAC_SHA256_HEX_DECODED, canonical(fields), SECRET).upper()
    return urlencode(fields | {"vpc_SecureHash": signature}).encode("ascii")


def _read(**changes: str) -> PaymentNotice:
    return ONEPAY.read(get(urlencode(FIELDS | changes).encode("ascii")))


def test_every_published_vector_verifies() -> None:
    vectors = gateway_vectors(scheme="OnePay")
    assert len(vectors) == 6
    for vector in vectors:
        live = [key(Algorithm.HMAC_SHA256_HEX_DECODED, b"code:" + vector["secret"].encode())]
        query = urlencode(vector["input"] | {"vpc_SecureHash": vector["expected"]}).encode()
        assert vector["expect_valid"]
        assert ONEPAY.verify(get(query), live, NOW) == vector["string_to_sign"].encode()


def test_a_published_payment_is_read() -> None:
    ONEPAY.verify(get(PAID), SANDBOX, NOW)
    assert ONEPAY.read(get(PAID)) == PaymentNotice(
        result=NoticeResult.PAID,
        result_code="0",
        merchant="TESTONEPAY",
        our_reference="REF_1666149347206",
        provider_transaction="PAY-Xz1OcTFySqutuCbv4kCfTA",
        amount_minor=10_000,
        currency="VND",
        paid_at=datetime(2022, 10, 19, 3, 15, 49, tzinfo=UTC),
        memo="Ma Don Hang",
    )


def test_a_published_cancellation_has_neither_number_nor_time() -> None:
    ONEPAY.verify(get(CANCELLED), SANDBOX, NOW)
    notice = ONEPAY.read(get(CANCELLED))
    assert (notice.result, notice.result_code) == (NoticeResult.FAILED, "99")
    assert notice.provider_transaction == "unnumbered:TEST_1711444940129917200"
    assert (notice.paid_at, notice.amount_minor) == (TIME_NOT_STATED, 100_000)


def test_order_case_empty_and_unsigned_fields_do_not_change_the_message() -> None:
    plain = _query(FIELDS)
    first = ONEPAY.verify(get(plain), KEYS, NOW)
    fields = dict(parse_qsl(plain.decode()))
    fields["vpc_SecureHash"] = fields["vpc_SecureHash"].lower()
    other = {"Title": "x", "AgainLink": "y", "vpc_Empty": ""} | dict(reversed(fields.items()))
    query = urlencode(other).encode()
    assert ONEPAY.verify(get(query), KEYS, NOW) == first
    assert ONEPAY.read(get(query)) == _read()


@pytest.mark.parametrize(
    "query",
    [
        b"",
        b"vpc_SecureHash",
        b"Title=x&vpc_SecureHash=" + b"0" * 64,
        b"vpc_SecureHash=" + hmac_hex(Algorithm.HMAC_SHA256_HEX_DECODED, b"", SECRET).encode(),
        _query(FIELDS).replace(b"5000000", b"9000000"),
        _query(FIELDS).replace(b"ResponseCode=0", b"ResponseCode=1"),
        _query(FIELDS).replace(b"HAIPHONG", b"HAIDUONG"),
        _query(FIELDS) + b"&vpc_Amount=5000000",
        _query(FIELDS) + b"&vpc_New=1",
        _query(FIELDS) + b"&user_new=1",
        _query(FIELDS) + b"&vpc_SecureHash=" + b"0" * 64,
        _query(FIELDS).split(b"&vpc_SecureHash")[0],
        _query(FIELDS)[:-1],
        _query(FIELDS)[:-2] + b"+0",
        _query(FIELDS)[:-64] + b"0x" + b"0" * 62,
        _query(FIELDS)[:-64] + "é".encode() * 32,
        _query(FIELDS)[:-64] + b"%C3%A9" * 32,
        _query(FIELDS) + b"%0A",
        b"vpc_OrderInfo=%FF&" + _query(FIELDS),
        b"a=1&" * 101 + b"b=2",
        b"vpc_a=" + b"1" * 65_536,
    ],
)
def test_spoiled_queries_are_rejected(query: bytes) -> None:
    with pytest.raises(CallbackRejected):
        ONEPAY.verify(get(query), KEYS, NOW)


@pytest.mark.parametrize(
    "material",
    [b"", b"6BEB2546", b"6BEB2546:", b"6BEB2546:not hexadecimal", SECRET, MATERIAL + b"01"],
)
def test_another_key_signs_nothing(material: bytes) -> None:
    keys = [key(Algorithm.HMAC_SHA256_HEX_DECODED, material)]
    with pytest.raises(CallbackRejected):
        ONEPAY.verify(get(_query(FIELDS)), keys, NOW)


@given(st.integers(min_value=0, max_value=7), st.integers(min_value=0, max_value=10_000))
def test_no_flipped_bit_is_believed(bit: int, place: int) -> None:
    query = bytearray(_query(FIELDS))
    content = ONEPAY.verify(get(bytes(query)), KEYS, NOW)
    query[place % len(query)] ^= 1 << bit
    with suppress(CallbackRejected):
        # The case of the signature's digits is the one thing that may differ.
        assert ONEPAY.verify(get(bytes(query)), KEYS, NOW) == content


@given(st.binary(max_size=300))
def test_random_bytes_raise_only_what_the_contract_names(query: bytes) -> None:
    with pytest.raises(CallbackRejected):
        ONEPAY.verify(get(query), KEYS, NOW)
    with pytest.raises(NoticeUnreadable):
        ONEPAY.read(get(query))


@given(st.sampled_from(sorted(FIELDS)), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_in_any_field_is_read_or_refused(name: str, value: str) -> None:
    query = _query(FIELDS | {name: value})
    ONEPAY.verify(get(query), KEYS, NOW)
    with suppress(NoticeUnreadable):
        assert ONEPAY.read(get(query)).merchant


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("vpc_Amount", "5000001"),
        ("vpc_Amount", "0"),
        ("vpc_Amount", "-100"),
        ("vpc_Amount", "1e5"),
        ("vpc_Amount", "１００"),
        ("vpc_Amount", ""),
        ("vpc_Amount", "9" * 5000),
        ("vpc_Merchant", ""),
        ("vpc_MerchTxnRef", ""),
        ("vpc_TxnResponseCode", ""),
        ("vpc_TxnResponseCode", "00000"),
        ("vpc_TransactionNo", ""),
        ("vpc_TransactionNo", "0 1"),
        ("vpc_PaymentTime", "20261122T023045"),
        ("vpc_PaymentTime", "20260231T023045Z"),
        ("vpc_CurrencyCode", "đồng"),
        ("vpc_OrderInfo", "NUL\0"),
        ("vpc_OrderInfo", "x&vpc_TxnResponseCode=0"),
        ("vpc_OrderInfo", "x&user_name=0"),
    ],
)
def test_notices_that_break_the_contract_are_unreadable(name: str, value: str) -> None:
    with pytest.raises(NoticeUnreadable, match=name):
        _read(**{name: value})


@pytest.mark.parametrize(
    ("code", "result"),
    [
        ("0", NoticeResult.PAID),
        ("7", NoticeResult.REVIEW),
        ("3", NoticeResult.REVIEW),
        ("?", NoticeResult.REVIEW),
        ("99", NoticeResult.FAILED),
        ("253", NoticeResult.FAILED),
        ("F", NoticeResult.FAILED),
        ("100", NoticeResult.PENDING),
        ("300", NoticeResult.PENDING),
        ("00", NoticeResult.UNKNOWN),
        ("404", NoticeResult.UNKNOWN),
    ],
)
def test_the_code_decides(code: str, result: NoticeResult) -> None:
    notice = _read(vpc_TxnResponseCode=code, vpc_CurrencyCode="USD")
    assert (notice.result, notice.currency) == (result, "USD")


@pytest.mark.parametrize(
    ("outcome", "is_confirmed"),
    [
        (Outcome.RECORDED, True),
        (Outcome.ALREADY_RECORDED, True),
        (Outcome.UNKNOWN_REFERENCE, True),
        (Outcome.AMOUNT_DIFFERS, True),
        (Outcome.ALREADY_COVERED, True),
        (Outcome.OTHER_MERCHANT, True),
        (Outcome.UNCONFIRMED, False),
        (Outcome.UNREADABLE, False),
        (Outcome.REJECTED, False),
        (Outcome.RETRY_LATER, False),
    ],
)
def test_replies_are_exact(outcome: Outcome, *, is_confirmed: bool) -> None:
    reply = ONEPAY.acknowledge(outcome)
    confirmed = b"responsecode=1&desc=confirm-success"
    body = confirmed if is_confirmed else b"responsecode=0&desc=confirm-fail"
    assert (reply.status, reply.content_type, reply.body) == (200, "text/plain", body)


def test_every_outcome_has_a_reply_and_the_scheme_is_not_weak() -> None:
    assert all(ONEPAY.acknowledge(outcome).status == 200 for outcome in Outcome)
    assert not ONEPAY.scheme.is_weak


def test_every_code_has_two_sentences_and_only_0_is_paid() -> None:
    for meaning in (*RESULT_CODES.values(), UNKNOWN_CODE):
        assert meaning.vietnamese.endswith(".")
        assert not meaning.vietnamese.isascii()
        assert meaning.english.endswith(".")
    paid = {code for code, row in RESULT_CODES.items() if row.result is NoticeResult.PAID}
    assert paid == {"0"}


@given(
    result=st.sampled_from(NoticeResult),
    amount_minor=st.integers(min_value=1, max_value=10**13),
    memo=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0&"), max_size=99),
    paid_at=st.datetimes(
        min_value=datetime(2001, 1, 1),  # noqa: DTZ001  hypothesis wants bounds without a zone
        max_value=datetime(2098, 1, 1),  # noqa: DTZ001  the same
        timezones=st.just(UTC),
    ),
    is_numbered=st.booleans(),
)
def test_what_the_counterpart_writes_is_read_back(
    *, result: NoticeResult, amount_minor: int, memo: str, paid_at: datetime, is_numbered: bool
) -> None:
    is_made = is_numbered or result is NoticeResult.PAID
    notice = PaymentNotice(
        result=result,
        result_code=COUNTERPART.result_code(result),
        merchant="HAIPHONG",
        our_reference="HPFX3F3CZ7GCF001",
        provider_transaction="PAY-2" if is_made else "unnumbered:HPFX3F3CZ7GCF001",
        amount_minor=amount_minor,
        currency="VND",
        paid_at=paid_at.replace(microsecond=0) if is_made else TIME_NOT_STATED,
        memo=memo,
    )
    request = COUNTERPART.notify(notice, MATERIAL, NOW)
    ONEPAY.verify(request, KEYS, NOW)
    assert ONEPAY.read(request) == notice
