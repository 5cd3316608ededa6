"""VietinBank's notices and our signed replies."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.banks.vietinbank import VietinBank
from bank_adapters.contract import (
    Algorithm,
    CallbackRejected,
    CallbackRequest,
    NoticeUnreadable,
    Outcome,
)
from bank_adapters.counterpart import vietinbank
from bank_adapters.money import AMOUNT_MINOR_MAX
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from tests.bank_adapters.drawn import SECONDS, TEXTS
from tests.bank_adapters.key_pairs import mirrored, own_key, registered
from tests.bank_adapters.keys import NOW, key, pem, post, rsa_key

BANK = VietinBank()
KEY = key(Algorithm.RSA_SHA256, registered())
MIRROR = mirrored()


@st.composite
def notices(draw: st.DrawFn) -> PaymentNotice:
    """Draw a credit to a real account, perhaps through a virtual one."""
    return PaymentNotice(
        result=NoticeResult.PAID,
        result_code=draw(st.sampled_from(["1", "2"])),
        merchant=draw(st.text("HPC0123456789", min_size=1, max_size=10)),
        our_reference=draw(st.none() | st.text("HPFE0123456789", min_size=1, max_size=20)),
        provider_transaction=draw(st.text("FT0123456789", min_size=1, max_size=30)),
        amount_minor=draw(st.integers(min_value=1, max_value=AMOUNT_MINOR_MAX)),
        currency="VND",
        paid_at=draw(SECONDS),
        memo=draw(TEXTS),
        account_number=draw(st.text("0123456789", min_size=6, max_size=19)),
        virtual_account=draw(st.text("V0123456789", max_size=19)),
        payer_account=draw(TEXTS),
        payer_name=draw(TEXTS),
    )


def _message() -> dict[str, Any]:
    notice = PaymentNotice(
        result=NoticeResult.PAID,
        result_code="1",
        merchant="HPC",
        our_reference="HPFEE7K2M9QXW",
        provider_transaction="FT1",
        amount_minor=8000,
        currency="VND",
        paid_at=NOW,
        account_number="112000111222",
        virtual_account="9612345",
    )
    message: dict[str, Any] = json.loads(vietinbank.notify(notice, MIRROR, NOW).body)
    return message


def _sent(**changes: object) -> CallbackRequest:
    message = _message()
    message["data"] |= changes
    return vietinbank.sign(message, MIRROR)


@given(notices())
def test_what_is_written_is_read_back(notice: PaymentNotice) -> None:
    request = vietinbank.notify(notice, MIRROR, NOW)
    assert BANK.verify(request, [KEY], NOW) == request.body
    assert BANK.read(request) == notice


def test_empty_and_absent_parts_are_skipped_alike() -> None:
    message = _message()
    message["data"]["remark"] = ""
    request = vietinbank.sign(message, MIRROR)
    fields = json.loads(request.body)
    del fields["data"]["remark"]
    BANK.verify(post(json.dumps(fields).encode()), [KEY], NOW)


def test_joined_fields_let_digits_move_so_that_the_scheme_is_weak() -> None:
    request = _sent(custCode="HPFEE1", amount="8000")
    moved = json.loads(request.body)
    moved["data"] |= {"custCode": "HPFEE", "amount": "18000"}
    body = json.dumps(moved).encode()
    assert BANK.verify(post(body), [KEY], NOW) == body
    assert BANK.read(post(body)).amount_minor == 18000
    assert BANK.scheme.is_weak


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("data", "amount", "9000"),
        ("data", "recvAcctId", "999"),
        ("data", "transId", "FT2"),
        ("data", "remark", "x"),
        ("header", "recordNum", "2"),
        ("header", "providerId", "OTHER"),
        ("header", "timestamp", "20260101000000"),
        ("header", "signature", ""),
        ("header", "signature", "AAAA"),
        ("header", "signature", None),
        ("header", "signature", 1),
        ("data", "amount", 8000.5),
        ("data", "amount", True),
        ("data", "remark", ["x"]),
    ],
)
def test_a_changed_message_is_rejected(part: str, name: str, value: object) -> None:
    message = json.loads(_sent().body)
    message[part][name] = value
    with pytest.raises(CallbackRejected):
        BANK.verify(post(json.dumps(message).encode()), [KEY], NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "0"},
        {"amount": "-1"},
        {"amount": "1.0"},
        {"amount": "０1"},
        {"amount": 8000},
        {"transTime": "20260230000000"},
        {"transTime": "2026-11-22"},
        {"recvAcctId": ""},
        {"recvVirtualAcctId": "a b"},
        {"currencyCode": "vnd"},
        {"transId": ""},
    ],
)
def test_a_signed_message_of_another_form_is_unreadable(changes: dict[str, object]) -> None:
    request = _sent(**changes)
    BANK.verify(request, [KEY], NOW)
    with pytest.raises(NoticeUnreadable):
        BANK.read(request)


def test_a_message_beyond_the_size_is_rejected_though_it_is_signed() -> None:
    with pytest.raises(CallbackRejected, match="bytes"):
        BANK.verify(_sent(preseve1="x" * 65_536), [KEY], NOW)


def test_two_live_keys_are_both_accepted_and_an_unknown_one_is_not() -> None:
    old, new, unknown = rsa_key(), own_key(2), own_key(3)
    keys = [key(Algorithm.RSA_SHA256, registered(sender)) for sender in (old, new)]
    for sender in (old, new):
        BANK.verify(vietinbank.sign(_message(), mirrored(sender)), keys, NOW)
    with pytest.raises(CallbackRejected):
        BANK.verify(vietinbank.sign(_message(), mirrored(unknown)), keys, NOW)
    with pytest.raises(CallbackRejected):
        BANK.verify(_sent(), [key(Algorithm.RSA_SHA1, registered())], NOW)


@pytest.mark.parametrize("outcome", Outcome)
def test_replies_name_the_transaction_and_are_signed_unless_rejected(outcome: Outcome) -> None:
    reply = BANK.reply(_sent(), outcome, [KEY])
    plain = BANK.acknowledge(outcome)
    assert reply.status == plain.status
    if outcome is Outcome.REJECTED:
        assert reply == plain
    else:
        fields = vietinbank.read_reply(reply.body, MIRROR)
        assert (fields["providerId"], fields["transId"]) == ("HPC", "FT1")
        assert fields["errorCode"] == json.loads(plain.body)["errorCode"]


def test_only_recorded_money_and_retries_are_answered_as_such() -> None:
    codes = {each: json.loads(BANK.acknowledge(each).body)["errorCode"] for each in Outcome}
    assert codes[Outcome.RECORDED] == codes[Outcome.ALREADY_RECORDED] == "00"
    assert codes[Outcome.UNCONFIRMED] == "00", "the bank cannot be asked: what is kept is enough"
    assert "00" not in {
        codes[each]
        for each in (
            Outcome.OTHER_MERCHANT, Outcome.UNREADABLE, Outcome.REJECTED, Outcome.RETRY_LATER,
        )
    }  # fmt: skip
    assert BANK.acknowledge(Outcome.RETRY_LATER).status == 503


def test_a_key_without_our_private_half_verifies_but_signs_no_reply() -> None:
    public_only = key(Algorithm.RSA_SHA256, pem(rsa_key().public_key()))
    BANK.verify(_sent(), [public_only], NOW)
    reply = BANK.reply(_sent(), Outcome.RECORDED, [public_only])
    assert reply == BANK.acknowledge(Outcome.RECORDED)


@given(
    st.binary(max_size=300)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.dictionaries(
                st.sampled_from(["header", "data", "transId", "amount", "signature", "providerId"]),
                inner,
            )
            | st.lists(inner)
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_whatever_comes_only_typed_errors_come_out(body: bytes) -> None:
    request = post(body)
    with pytest.raises(CallbackRejected):
        BANK.verify(request, [KEY], NOW)
    with pytest.raises(NoticeUnreadable):
        BANK.read(request)
    assert BANK.reply(request, Outcome.UNREADABLE, [KEY]).status == 200
