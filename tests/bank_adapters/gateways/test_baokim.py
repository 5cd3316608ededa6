"""Baokim's notices of collected payments and our signed replies."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import (
    Algorithm,
    CallbackRejected,
    NoticeUnreadable,
    Outcome,
)
from bank_adapters.counterpart import baokim as other_side
from bank_adapters.counterpart.baokim import BaokimCounterpart
from bank_adapters.gateways.baokim import Baokim
from bank_adapters.money import AMOUNT_MINOR_MAX
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from tests.bank_adapters.drawn import SECONDS
from tests.bank_adapters.key_pairs import mirrored, own_key, registered
from tests.bank_adapters.keys import NOW, key, pem, post, rsa_key

GATEWAY = Baokim()
BAOKIM = BaokimCounterpart()
KEY = key(Algorithm.RSA_SHA1, registered())
MIRROR = mirrored()
NOTICE = PaymentNotice(
    result=NoticeResult.PAID,
    result_code="200",
    merchant="HPC",
    our_reference="HPFEE7K2M9QXW001",
    provider_transaction="BK6438AF4ADCC96QHZIG",
    amount_minor=50_000,
    currency="VND",
    paid_at=NOW,
    virtual_account="900300000000",
)


@st.composite
def notices(draw: st.DrawFn) -> PaymentNotice:
    """Draw a collected payment."""
    return PaymentNotice(
        result=NoticeResult.PAID,
        result_code="200",
        merchant=draw(st.text("HPC0123456789", min_size=1, max_size=10)),
        our_reference=draw(st.text("HPFE0123456789.", min_size=1, max_size=20)),
        provider_transaction=draw(st.text("BK0123456789", min_size=1, max_size=30)),
        amount_minor=draw(st.integers(min_value=1, max_value=AMOUNT_MINOR_MAX)),
        currency="VND",
        paid_at=draw(SECONDS),
        virtual_account=draw(st.text("9003", min_size=1, max_size=17)),
    )


def _fields(**changes: object) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(BAOKIM.notify(NOTICE, MIRROR, NOW).body)
    del fields["Signature"]
    return fields | changes


@given(notices())
def test_what_is_written_is_read_back(notice: PaymentNotice) -> None:
    request = BAOKIM.notify(notice, MIRROR, NOW)
    GATEWAY.verify(request, [KEY], NOW)
    assert GATEWAY.read(request) == notice


def test_a_notice_sent_again_under_another_request_is_the_same_message() -> None:
    first = GATEWAY.verify(other_side.sign(_fields(), MIRROR), [KEY], NOW)
    again = other_side.sign(_fields(RequestId="BK2", RequestTime="2026-11-23 00:00:00"), MIRROR)
    assert GATEWAY.verify(again, [KEY], NOW) == first
    other = other_side.sign(_fields(TransAmount=50_001), MIRROR)
    assert GATEWAY.verify(other, [KEY], NOW) != first


@pytest.mark.parametrize("amount", [50_000, "50000"])
def test_an_amount_may_be_a_number_or_its_digits(amount: object) -> None:
    request = other_side.sign(_fields(TransAmount=amount), MIRROR)
    GATEWAY.verify(request, [KEY], NOW)
    assert GATEWAY.read(request).amount_minor == 50_000


@pytest.mark.parametrize(
    "changes",
    [
        {"TransAmount": 50_001},
        {"TransAmount": 50_000.0},
        {"TransAmount": True},
        {"OrderId": "OTHER.HPFEE7K2M9QXW001"},
        {"AccNo": "1"},
        {"TransId": "BK2"},
        {"TransTime": "2020-01-01 00:00:00"},
        {"ClientIdNo": "1"},
        {"PartnerCode": "BAOKIM|1"},
        {"Signature": None},
        {"Signature": ""},
        {"Signature": "AAAA"},
        {"Signature": 7},
    ],
)
def test_a_changed_notice_is_rejected(changes: dict[str, object]) -> None:
    fields = json.loads(BAOKIM.notify(NOTICE, MIRROR, NOW).body) | changes
    with pytest.raises(CallbackRejected):
        GATEWAY.verify(post(json.dumps(fields).encode()), [KEY], NOW)


def test_a_mark_inside_a_value_cannot_shift_fields() -> None:
    shifted = other_side.sign(_fields(AccNo="1|", ClientIdNo=""), MIRROR)
    with pytest.raises(CallbackRejected):
        GATEWAY.verify(shifted, [KEY], NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"TransAmount": 0},
        {"TransAmount": "-1"},
        {"TransAmount": "１"},
        {"TransTime": "2026-02-30 00:00:00"},
        {"TransTime": "20261122093045"},
        {"TransId": None},
        {"OrderId": None},
        {"AccNo": "9 0"},
    ],
)
def test_a_signed_notice_of_another_form_is_unreadable(changes: dict[str, object]) -> None:
    request = other_side.sign(_fields(**changes), MIRROR)
    GATEWAY.verify(request, [KEY], NOW)
    with pytest.raises(NoticeUnreadable):
        GATEWAY.read(request)


def test_a_notice_of_another_partner_names_another_merchant() -> None:
    stranger = other_side.sign(_fields(OrderId="trans1681436471"), MIRROR)
    assert GATEWAY.read(stranger).merchant == "BAOKIM"
    other = other_side.sign(_fields(OrderId="OTHER.1"), MIRROR)
    assert GATEWAY.read(other).merchant == "OTHER"


def test_two_live_keys_are_both_accepted_and_an_unknown_one_is_not() -> None:
    keys = [key(Algorithm.RSA_SHA1, registered(sender)) for sender in (rsa_key(), own_key(2))]
    for sender in (rsa_key(), own_key(2)):
        GATEWAY.verify(BAOKIM.notify(NOTICE, mirrored(sender), NOW), keys, NOW)
    with pytest.raises(CallbackRejected):
        GATEWAY.verify(BAOKIM.notify(NOTICE, mirrored(own_key(3)), NOW), keys, NOW)
    with pytest.raises(CallbackRejected):
        stronger = key(Algorithm.RSA_SHA256, registered())
        GATEWAY.verify(BAOKIM.notify(NOTICE, MIRROR, NOW), [stronger], NOW)


@pytest.mark.parametrize("outcome", Outcome)
def test_replies_are_signed_unless_rejected(outcome: Outcome) -> None:
    reply = GATEWAY.reply(BAOKIM.notify(NOTICE, MIRROR, NOW), outcome, [KEY])
    plain = GATEWAY.acknowledge(outcome)
    assert reply.status == plain.status
    if outcome is Outcome.REJECTED:
        assert reply == plain
        assert json.loads(reply.body)["ResponseCode"] == 120
    else:
        fields = other_side.read_reply(reply.body, MIRROR)
        assert fields["ReferenceId"] == NOTICE.provider_transaction
        assert (fields["AccNo"], fields["AffTransDebt"]) == ("900300000000", "0")
        assert (fields["ResponseCode"] == 200) == (
            outcome
            in {
                Outcome.RECORDED,
                Outcome.ALREADY_RECORDED,
                Outcome.UNKNOWN_REFERENCE,
                Outcome.AMOUNT_DIFFERS,
                Outcome.ALREADY_COVERED,
            }
        )


def test_a_key_without_our_private_half_signs_no_reply() -> None:
    public_only = key(Algorithm.RSA_SHA1, pem(rsa_key().public_key()))
    reply = GATEWAY.reply(BAOKIM.notify(NOTICE, MIRROR, NOW), Outcome.RECORDED, [public_only])
    assert reply == GATEWAY.acknowledge(Outcome.RECORDED)


def test_a_notice_beyond_the_size_is_rejected_though_it_is_signed() -> None:
    request = other_side.sign(_fields(padding="x" * 65_536), MIRROR)
    with pytest.raises(CallbackRejected, match="bytes"):
        GATEWAY.verify(request, [KEY], NOW)


def test_baokim_is_asked_to_send_again_when_we_are_down() -> None:
    assert {each for each in Outcome if GATEWAY.acknowledge(each).status != 200} == {
        Outcome.RETRY_LATER
    }


@given(st.binary(max_size=300))
def test_whatever_comes_only_typed_errors_come_out(body: bytes) -> None:
    with pytest.raises(CallbackRejected):
        GATEWAY.verify(post(body), [KEY], NOW)
    with pytest.raises(NoticeUnreadable):
        GATEWAY.read(post(body))
    assert GATEWAY.reply(post(body), Outcome.UNREADABLE, [KEY]).status == 200
