"""VNPAY: published notices verify, hostile ones are refused, answers are exact to the byte."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import Algorithm, CallbackRejected, NoticeUnreadable, Outcome
from bank_adapters.counterpart.vnpay import sign_vnpay_ipn, vnpay_ipn_fields
from bank_adapters.gateways.vnpay import Vnpay
from bank_adapters.gateways.vnpay_signing import canonical
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from tests.bank_adapters.keys import NOW, VNPAY_SECRET, get, key
from tests.bank_adapters.published import gateway_vectors

VNPAY = Vnpay()
KEYS = [key(Algorithm.HMAC_SHA512_HEX, VNPAY_SECRET)]
FIELDS = {
    "vnp_Amount": "1000000",
    "vnp_BankCode": "NCB",
    "vnp_BankTranNo": "VNP14422574",
    "vnp_CardType": "ATM",
    "vnp_OrderInfo": "Thanh toan don hang 2024-05-21T02:17:31.249Z",
    "vnp_PayDate": "20240521091806",
    "vnp_ResponseCode": "00",
    "vnp_TmnCode": "TEST_TMN_CODE",
    "vnp_TransactionNo": "14422574",
    "vnp_TransactionStatus": "00",
    "vnp_TxnRef": "1716257871703",
}
PUBLISHED_HASH = (
    "649982421beb422556a1374713c74e58e716ecbd05007c0c0e1f7effdfaf361d"
    "bf146889ca446139afe11b9954c4d5c486e99e3b86fcfab6957f29eb0be72895"
)


def _read(**changes: str | None) -> PaymentNotice:
    fields = {name: value for name, value in (FIELDS | changes).items() if value is not None}
    return VNPAY.read(get(urlencode(fields).encode()))


def test_the_published_notice_verifies_and_is_read() -> None:
    request = get(urlencode(FIELDS | {"vnp_SecureHash": PUBLISHED_HASH}).encode())
    published = [key(Algorithm.HMAC_SHA512_HEX, b"test_secret")]
    assert VNPAY.verify(request, published, NOW) == canonical(FIELDS)
    assert VNPAY.read(request) == PaymentNotice(
        result=NoticeResult.PAID,
        result_code="00/00",
        merchant="TEST_TMN_CODE",
        our_reference="1716257871703",
        provider_transaction="14422574",
        amount_minor=10_000,
        currency="VND",
        paid_at=datetime(2024, 5, 21, 2, 18, 6, tzinfo=UTC),
        memo="Thanh toan don hang 2024-05-21T02:17:31.249Z",
    )


def test_every_published_notice() -> None:
    vectors = gateway_vectors(scheme="VNPAY 2.1.0 (pay/IPN/return)")
    assert len(vectors) == 3
    for vector in vectors:
        assert canonical(vector["input"]).decode() == vector["string_to_sign"]
        query = urlencode(vector["input"] | {"vnp_SecureHash": vector["expected"]}).encode()
        live = [key(Algorithm.HMAC_SHA512_HEX, vector["secret"].encode())]
        if vector["expect_valid"]:
            assert VNPAY.verify(get(query), live, NOW) == vector["string_to_sign"].encode()
            is_paid = vector["input"]["vnp_ResponseCode"] == "00"
            assert (VNPAY.read(get(query)).result is NoticeResult.PAID) == is_paid
        else:
            with pytest.raises(CallbackRejected):
                VNPAY.verify(get(query), live, NOW)


def test_old_md5_notices_are_refused_whatever_they_call_themselves() -> None:
    vectors = gateway_vectors(scheme="VNPAY 2.0 legacy")
    assert len(vectors) == 2
    for vector in vectors:
        hashes = {"vnp_SecureHashType": "MD5", "vnp_SecureHash": vector["expected"]}
        live = [key(Algorithm.HMAC_SHA512_HEX, vector["secret"].encode())]
        with pytest.raises(CallbackRejected):
            VNPAY.verify(get(urlencode(vector["input"] | hashes).encode()), live, NOW)


def test_hash_type_order_case_and_empty_fields_do_not_change_the_message() -> None:
    plain = sign_vnpay_ipn(FIELDS, VNPAY_SECRET)
    signed = dict(parse_qsl(plain.decode()))
    signed["vnp_SecureHash"] = signed["vnp_SecureHash"].upper()
    other = {"vnp_SecureHashType": "MD5", "vnp_Empty": ""} | dict(reversed(signed.items()))
    first = VNPAY.verify(get(plain), KEYS, NOW)
    assert VNPAY.verify(get(urlencode(other).encode()), KEYS, NOW) == first


def test_extra_signed_fields_pass_and_unsigned_ones_do_not() -> None:
    VNPAY.verify(get(sign_vnpay_ipn(FIELDS | {"vnp_New": "1"}, VNPAY_SECRET)), KEYS, NOW)
    with pytest.raises(CallbackRejected):
        VNPAY.verify(get(sign_vnpay_ipn(FIELDS, VNPAY_SECRET) + b"&utm=1"), KEYS, NOW)


@pytest.mark.parametrize(
    "spoiled",
    [
        b"",
        b"vnp_SecureHash",
        sign_vnpay_ipn(FIELDS, VNPAY_SECRET).replace(b"1000000", b"9000000"),
        sign_vnpay_ipn(FIELDS, VNPAY_SECRET) + b"&vnp_Amount=1000000",
        sign_vnpay_ipn(FIELDS, VNPAY_SECRET) + b"&vnp_SecureHash=" + b"0" * 128,
        b"vnp_Amount=&" + sign_vnpay_ipn(FIELDS, VNPAY_SECRET),
        sign_vnpay_ipn(FIELDS, VNPAY_SECRET).split(b"&vnp_SecureHash")[0],
        sign_vnpay_ipn(FIELDS, VNPAY_SECRET) + b"%0A",
        sign_vnpay_ipn(FIELDS, b"another merchant secret"),
        b"vnp_OrderInfo=%FF&" + sign_vnpay_ipn(FIELDS, VNPAY_SECRET),
        b"vnp_OrderInfo=\xff",
        b"a=1&" * 101 + b"b=2",
        b"a=" + b"1" * 65_536,
    ],
)
def test_spoiled_queries_are_rejected(spoiled: bytes) -> None:
    with pytest.raises(CallbackRejected):
        VNPAY.verify(get(spoiled), KEYS, NOW)


@given(st.binary(max_size=300))
def test_random_bytes_raise_only_what_the_contract_names(query: bytes) -> None:
    with pytest.raises(CallbackRejected):
        VNPAY.verify(get(query), KEYS, NOW)
    with pytest.raises(NoticeUnreadable):
        VNPAY.read(get(query))


@pytest.mark.parametrize(
    ("response", "status", "result"),
    [
        ("00", "00", NoticeResult.PAID),
        ("00", "02", NoticeResult.FAILED),
        ("24", "02", NoticeResult.FAILED),
        ("99", "00", NoticeResult.REVIEW),
        ("07", "00", NoticeResult.REVIEW),
        ("07", "02", NoticeResult.REVIEW),
        ("00", "07", NoticeResult.REVIEW),
        ("24", "04", NoticeResult.REVIEW),
        ("77", "00", NoticeResult.UNKNOWN),
        ("77", "02", NoticeResult.UNKNOWN),
        ("00", "01", NoticeResult.PENDING),
        ("24", "01", NoticeResult.PENDING),
        ("77", "01", NoticeResult.UNKNOWN),
        ("00", "88", NoticeResult.UNKNOWN),
    ],
)
def test_both_codes_decide(response: str, status: str, result: NoticeResult) -> None:
    notice = _read(vnp_ResponseCode=response, vnp_TransactionStatus=status)
    assert (notice.result, notice.result_code) == (result, f"{response}/{status}")


def test_failed_attempts_without_a_number_stay_apart() -> None:
    failed: dict[str, str | None] = {"vnp_ResponseCode": "24", "vnp_TransactionStatus": "02"}
    zero = _read(vnp_TransactionNo="0", **failed)
    missing = _read(vnp_TransactionNo=None, **failed)
    later = _read(vnp_TransactionNo="0", vnp_PayDate="20240521091807", **failed)
    assert zero.provider_transaction == "unnumbered:1716257871703:20240521091806"
    assert missing == zero
    assert later.provider_transaction != zero.provider_transaction


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("vnp_Amount", "1000001"),
        ("vnp_Amount", "0"),
        ("vnp_Amount", "-100"),
        ("vnp_Amount", "-0"),
        ("vnp_Amount", "1_000"),
        ("vnp_Amount", "1000.00"),
        ("vnp_Amount", "1e5"),
        ("vnp_Amount", "１０００"),
        ("vnp_Amount", "9" * 5000),
        ("vnp_Amount", None),
        ("vnp_PayDate", None),
        ("vnp_PayDate", "2024052109180"),
        ("vnp_PayDate", "20240521091806 "),
        ("vnp_PayDate", "20240231091806"),
        ("vnp_PayDate", "20240521241806"),
        ("vnp_PayDate", "２０240521091806"),
        ("vnp_TransactionNo", "0"),
        ("vnp_TransactionNo", None),
        ("vnp_TransactionNo", "12a"),
        ("vnp_TmnCode", None),
        ("vnp_TxnRef", ""),
        ("vnp_ResponseCode", None),
        ("vnp_TransactionStatus", None),
        ("vnp_CurrCode", "đồng"),
        ("vnp_OrderInfo", "NUL\0"),
    ],
)
def test_notices_that_break_the_contract_are_unreadable(name: str, value: str | None) -> None:
    with pytest.raises(NoticeUnreadable, match=name):
        _read(**{name: value})


def test_another_currency_is_read_as_it_is() -> None:
    assert _read(vnp_CurrCode="USD").currency == "USD"


@pytest.mark.parametrize(
    ("outcome", "body"),
    [
        (Outcome.RECORDED, b'{"RspCode":"00","Message":"Confirm Success"}'),
        (Outcome.ALREADY_RECORDED, b'{"RspCode":"02","Message":"Order already confirmed"}'),
        (Outcome.ALREADY_COVERED, b'{"RspCode":"02","Message":"Order already confirmed"}'),
        (Outcome.UNKNOWN_REFERENCE, b'{"RspCode":"01","Message":"Order not found"}'),
        (Outcome.OTHER_MERCHANT, b'{"RspCode":"01","Message":"Order not found"}'),
        (Outcome.AMOUNT_DIFFERS, b'{"RspCode":"04","Message":"Invalid amount"}'),
        (Outcome.REJECTED, b'{"RspCode":"97","Message":"Fail checksum"}'),
        (Outcome.UNREADABLE, b'{"RspCode":"99","Message":"Unknown error"}'),
        (Outcome.UNCONFIRMED, b'{"RspCode":"99","Message":"Unknown error"}'),
        (Outcome.RETRY_LATER, b'{"RspCode":"99","Message":"Unknown error"}'),
    ],
)
def test_answers_are_exact(outcome: Outcome, body: bytes) -> None:
    answer = VNPAY.acknowledge(outcome)
    assert (answer.status, answer.content_type, answer.body) == (200, "application/json", body)


def test_every_outcome_has_an_answer() -> None:
    assert all(VNPAY.acknowledge(outcome).status == 200 for outcome in Outcome)


@given(
    amount_minor=st.integers(min_value=1, max_value=10**13 - 1),
    memo=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=99),
    paid_at=st.datetimes(
        min_value=datetime(2001, 1, 1),  # noqa: DTZ001  hypothesis wants bounds without a zone
        max_value=datetime(2098, 1, 1),  # noqa: DTZ001  the same
        timezones=st.just(UTC),
    ),
    codes=st.sampled_from(["00/00", "24/02", "07/00", "77/77"]),
)
def test_what_the_counterpart_writes_is_read_back(
    amount_minor: int, memo: str, paid_at: datetime, codes: str
) -> None:
    notice = PaymentNotice(
        result=_read(vnp_ResponseCode=codes[:2], vnp_TransactionStatus=codes[3:]).result,
        result_code=codes,
        merchant="HAIPHONG",
        our_reference="HPF-1",
        provider_transaction="14422575",
        amount_minor=amount_minor,
        currency="VND",
        paid_at=paid_at.replace(microsecond=0),
        memo=memo,
    )
    request = get(sign_vnpay_ipn(vnpay_ipn_fields(notice), VNPAY_SECRET))
    VNPAY.verify(request, KEYS, NOW)
    assert VNPAY.read(request) == notice
