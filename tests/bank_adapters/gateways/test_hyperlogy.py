"""Hyperlogy's notices of credits to a virtual account."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import (
    Algorithm,
    CallbackRejected,
    CallbackRequest,
    NoticeUnreadable,
    Outcome,
)
from bank_adapters.counterpart import hyperlogy
from bank_adapters.fields import TIME_NOT_STATED
from bank_adapters.gateways import momo_signing
from bank_adapters.gateways.hyperlogy import SIGNED_FIELDS, Hyperlogy
from bank_adapters.gateways.raw_pairs import join_pairs
from bank_adapters.money import AMOUNT_MINOR_MAX
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from tests.bank_adapters.drawn import TEXTS
from tests.bank_adapters.keys import NOW, key, post
from tests.bank_adapters.published import gateway_vectors

HYPERLOGY = Hyperlogy()
MATERIAL = b"an-access-key-of-20c:a-secret-of-sixteen-or-more"
KEY = key(Algorithm.HMAC_SHA256_HEX, MATERIAL)
NOTICE = PaymentNotice(
    result=NoticeResult.PAID,
    result_code="0",
    merchant="HP-VA-001",
    our_reference=None,
    provider_transaction="FT26326000001",
    amount_minor=8000,
    currency="VND",
    paid_at=TIME_NOT_STATED,
    memo="HPFEE7K2M9QXW",
    virtual_account="HP-VA-001",
)
IDENTIFIERS = st.text("HPVA-0123456789", min_size=1, max_size=30)


@st.composite
def notices(draw: st.DrawFn) -> PaymentNotice:
    """Draw what Hyperlogy may tell of a virtual account."""
    account, status = draw(IDENTIFIERS), draw(st.sampled_from(["0", "1", "00"]))
    return PaymentNotice(
        result=NoticeResult.PAID if status == "0" else NoticeResult.UNKNOWN,
        result_code=status,
        merchant=account,
        our_reference=None,
        provider_transaction=draw(IDENTIFIERS),
        amount_minor=draw(st.integers(min_value=1, max_value=AMOUNT_MINOR_MAX)),
        currency="VND",
        paid_at=TIME_NOT_STATED,
        memo=draw(TEXTS.filter(lambda text: "&" not in text)),
        virtual_account=account,
    )


def _fields(**changes: object) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(hyperlogy.notify(NOTICE, MATERIAL, NOW).body)
    return fields | changes


def _changed(**changes: object) -> CallbackRequest:
    return post(json.dumps(_fields(**changes)).encode())


def test_the_published_vector_verifies_and_every_figure_of_it_is_read() -> None:
    (vector,) = gateway_vectors(scheme="Hyperlogy")
    pairs = dict(pair.split("=") for pair in vector["string_to_sign"].split("&"))
    access_key = pairs.pop("accessKey").encode()
    assert tuple(pairs) == SIGNED_FIELDS
    request = post(json.dumps(pairs | {"signature": vector["expected"]}).encode())
    secret = vector["secret"].encode()
    content = HYPERLOGY.verify(
        request, [key(Algorithm.HMAC_SHA256_HEX, access_key + b":" + secret)], NOW
    )
    assert b"accessKey=" + access_key + b"&" + content == vector["string_to_sign"].encode()
    notice = HYPERLOGY.read(request)
    assert (notice.result, notice.result_code, notice.memo) == (NoticeResult.PAID, "0", "Successed")
    assert (notice.merchant, notice.virtual_account) == ("HYPERLOGY-SVM001", "HYPERLOGY-SVM001")
    assert (notice.provider_transaction, notice.amount_minor) == ("1234567890", 100_000)
    assert (notice.account_number, notice.our_reference) == (None, None)
    for other in (b"another-access-key:" + secret, access_key + b":another-secret-key", secret):
        with pytest.raises(CallbackRejected):
            HYPERLOGY.verify(request, [key(Algorithm.HMAC_SHA256_HEX, other)], NOW)


@given(notices())
def test_what_is_written_is_read_back(notice: PaymentNotice) -> None:
    request = hyperlogy.notify(notice, MATERIAL, NOW)
    HYPERLOGY.verify(request, [KEY], NOW)
    assert HYPERLOGY.read(request) == notice


@given(st.integers(min_value=0, max_value=255))
def test_one_bit_off_is_rejected(bit: int) -> None:
    digits = bytearray.fromhex(_fields()["signature"])
    digits[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CallbackRejected):
        HYPERLOGY.verify(_changed(signature=digits.hex()), [KEY], NOW)


@pytest.mark.parametrize(
    "changes",
    [
        *({name: "1"} for name in SIGNED_FIELDS),
        *({name: None} for name in SIGNED_FIELDS),
        {"amount": 8000.0},
        {"amount": True},
        {"message": ["x"]},
        {"signature": None},
        {"signature": ""},
        {"signature": 1.5},
        {"signature": "é" * 64},
        {"signature": "a" * 10_000},
    ],
)
def test_a_changed_notice_is_rejected(changes: dict[str, object]) -> None:
    with pytest.raises(CallbackRejected):
        HYPERLOGY.verify(_changed(**changes), [KEY], NOW)


def test_the_signature_may_stand_in_capitals_and_numbers_as_text() -> None:
    honest = HYPERLOGY.verify(_changed(), [KEY], NOW)
    capitals = _changed(signature=_fields()["signature"].upper(), amount="8000", status=0)
    assert HYPERLOGY.verify(capitals, [KEY], NOW) == honest
    assert HYPERLOGY.read(capitals) == NOTICE


def test_another_notice_has_other_signed_content_and_unsigned_fields_change_nothing() -> None:
    honest = HYPERLOGY.verify(_changed(), [KEY], NOW)
    failed = hyperlogy.sign(_fields(status="1"), MATERIAL)
    assert HYPERLOGY.verify(failed, [KEY], NOW) != honest
    more = _changed(accessKey="x", account="1132900001", paidAt="2026-11-22")
    assert HYPERLOGY.verify(more, [KEY], NOW) == honest
    assert HYPERLOGY.read(more) == NOTICE


def test_a_text_that_could_be_cut_into_two_fields_is_refused() -> None:
    fields = _fields(message="paid&status=0")
    text = join_pairs((name, fields[name]) for name in SIGNED_FIELDS)
    request = post(json.dumps(fields | {"signature": momo_signing.sign(text, MATERIAL)}).encode())
    with pytest.raises(CallbackRejected, match="message"):
        HYPERLOGY.verify(request, [KEY], NOW)
    with pytest.raises(NoticeUnreadable, match="message"):
        HYPERLOGY.read(request)


def test_the_account_that_is_credited_is_named_nowhere_so_that_the_scheme_is_weak() -> None:
    assert HYPERLOGY.scheme.is_weak
    assert HYPERLOGY.read(_changed()).account_number is None


@pytest.mark.parametrize(
    "changes",
    [
        {"accountNo": ""},
        {"accountNo": "a b"},
        {"bankRefNo": None},
        {"status": None},
        {"amount": 0},
        {"amount": -8000},
        {"amount": "0800"},
        {"amount": "8000.0"},
        {"amount": "８０"},
        {"amount": AMOUNT_MINOR_MAX + 1},
        {"message": "x" * 1001},
    ],
)
def test_a_signed_notice_of_another_form_is_unreadable(changes: dict[str, object]) -> None:
    request = hyperlogy.sign(_fields(**changes), MATERIAL)
    HYPERLOGY.verify(request, [KEY], NOW)
    with pytest.raises(NoticeUnreadable):
        HYPERLOGY.read(request)


def test_two_live_keys_are_both_accepted_and_an_unknown_one_is_not() -> None:
    new = MATERIAL.replace(b"an-", b"our")
    keys = [KEY, key(Algorithm.HMAC_SHA256_HEX, new)]
    contents = {HYPERLOGY.verify(_signed(material), keys, NOW) for material in (MATERIAL, new)}
    assert len(contents) == 1
    with pytest.raises(CallbackRejected):
        HYPERLOGY.verify(_signed(MATERIAL + b"x"), keys, NOW)
    with pytest.raises(CallbackRejected):
        HYPERLOGY.verify(_changed(), [key(Algorithm.HMAC_SHA1_HEX, MATERIAL)], NOW)


def _signed(material: bytes) -> CallbackRequest:
    return hyperlogy.notify(NOTICE, material, NOW)


def test_a_notice_beyond_the_size_or_with_a_doubled_field_is_rejected() -> None:
    with pytest.raises(CallbackRejected, match="bytes"):
        HYPERLOGY.verify(_changed(more="x" * 65_536), [KEY], NOW)
    doubled = _changed().body.replace(b"{", b'{"status":"0",', 1)
    with pytest.raises(CallbackRejected, match="twice"):
        HYPERLOGY.verify(post(doubled), [KEY], NOW)


@pytest.mark.parametrize("outcome", Outcome)
def test_what_is_kept_is_confirmed_and_our_own_fault_is_sent_again(outcome: Outcome) -> None:
    answer = HYPERLOGY.acknowledge(outcome)
    assert json.loads(answer.body)["success"] == (answer.status == 200)
    assert (answer.status == 503) == (outcome is Outcome.RETRY_LATER)
    refused = {Outcome.OTHER_MERCHANT, Outcome.UNREADABLE, Outcome.REJECTED, Outcome.RETRY_LATER}
    assert (answer.status != 200) == (outcome in refused)


@given(
    st.binary(max_size=300)
    | st.dictionaries(
        st.sampled_from([*SIGNED_FIELDS, "signature"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.none()),
    ).map(lambda fields: json.dumps(fields).encode())
)
def test_whatever_comes_only_typed_errors_come_out(body: bytes) -> None:
    with pytest.raises(CallbackRejected):
        HYPERLOGY.verify(post(body), [KEY], NOW)
    with contextlib.suppress(NoticeUnreadable):
        HYPERLOGY.read(post(body))
