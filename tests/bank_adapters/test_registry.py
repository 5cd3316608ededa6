"""The list of channels agrees with the dialects it lists, with the documents and with itself."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bank_adapters.contract import Algorithm, CallbackRejected, CallbackRequest, Outcome
from bank_adapters.counterpart.banks import BANKS
from bank_adapters.counterpart.gateways import COUNTERPARTS
from bank_adapters.registry import (
    ALGORITHMS,
    CHECKOUT_DIALECTS,
    DIALECTS,
    ENDS_ORDERS,
    EXPLANATIONS,
    KEY_SETS,
    REFUND_DIALECTS,
    SIGNED_BY_US,
    SIGNED_REPLIES,
    STATUS_DIALECTS,
    TOKEN_DIALECTS,
    require_usable_key,
    takes_amount,
)
from bank_adapters.scheme import COLUMNS, Weakness, markdown_table
from bank_adapters.signing_keys import WeakKey
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.channels import channel_keys
from tests.bank_adapters.keys import NOW
from tests.fuzz.messages import ORDER
from tests.fuzz.targets import merchant_at

SCHEMES = Path(__file__).resolve().parents[2] / "docs" / "schemes.md"
NEVER_ASKED = {"vietinbank", "hyperlogy"}
"""Weak channels that publish no query: their notices never bring money by themselves."""


def test_each_dialect_is_listed_under_its_own_code() -> None:
    assert {code: dialect.code for code, dialect in DIALECTS.items()} == {
        code: code for code in DIALECTS
    }
    assert set(ALGORITHMS) == set(DIALECTS)


@pytest.mark.parametrize("channel", CHECKOUT_DIALECTS)
def test_only_who_ends_orders_is_told_when(channel: str) -> None:
    later = replace(ORDER, expires_at=ORDER.expires_at + timedelta(minutes=5))
    asked = [
        CHECKOUT_DIALECTS[channel].order(merchant_at(channel), each) for each in (ORDER, later)
    ]
    assert (asked[0] != asked[1]) is (channel in ENDS_ORDERS)


@pytest.mark.parametrize(
    "offered",
    [CHECKOUT_DIALECTS, STATUS_DIALECTS, REFUND_DIALECTS, SIGNED_REPLIES, TOKEN_DIALECTS, KEY_SETS],
)
def test_what_a_channel_offers_is_offered_by_a_channel(offered: dict[str, object]) -> None:
    assert set(offered) <= set(DIALECTS)


def test_every_weak_channel_can_be_asked_or_is_known_not_to_be() -> None:
    weak = {code for code, dialect in DIALECTS.items() if dialect.scheme.is_weak}
    assert weak - set(STATUS_DIALECTS) == NEVER_ASKED
    assert {"keypay", "viettelpay", "npsp", "baokim", "vietqrvn"} <= weak
    assert {"vnpay", "momo", "zalopay", "payos", "onepay", "sepay"}.isdisjoint(weak)


@pytest.mark.parametrize("code", DIALECTS)
def test_every_code_is_said_in_words_and_a_strange_one_is_said_to_be_unknown(code: str) -> None:
    explain = EXPLANATIONS[code]
    if code in BANKS:
        told = [(NoticeResult.PAID, BANKS[code].credit_code)]
    else:
        sender = COUNTERPARTS[code]
        told = [(each, sender.result_code(each)) for each in sorted(sender.notifies)]
    for result, written in told:
        said = explain(written)
        assert said.vietnamese.endswith(".")
        assert said.english.endswith(".")
        if result is not NoticeResult.PAID or code != "sepay":
            assert said.result is result
    for strange in ("", "not-a-code", "/", "９９", "x" * 4000):
        said = explain(strange)
        assert said.result is NoticeResult.UNKNOWN, strange
        assert "chưa biết" in said.vietnamese
        assert "not known" in said.english


def test_every_channel_is_explained_by_its_own_table() -> None:
    assert EXPLANATIONS.keys() == DIALECTS.keys()
    assert EXPLANATIONS["vnpay"]("07/00").result is NoticeResult.REVIEW
    assert EXPLANATIONS["vnpay"]("51/02").vietnamese == "Tài khoản không đủ số dư."


def test_keypays_beneficiary_is_known_to_be_unsigned() -> None:
    assert set(DIALECTS["keypay"].scheme.weaknesses) == {
        Weakness.STATUS_UNSIGNED, Weakness.BENEFICIARY_UNSIGNED,
    }  # fmt: skip


def test_a_gateway_with_limits_is_offered_within_them() -> None:
    limits = [9_999, 10_000, 100_000_000, 100_000_001]
    assert [takes_amount("baokim", minor) for minor in limits] == [False, True, True, False]
    assert all(takes_amount("vnpay", minor) for minor in limits)


def test_the_table_in_the_documents_is_the_registrys() -> None:
    table = markdown_table({code: dialect.scheme for code, dialect in DIALECTS.items()})
    assert table in SCHEMES.read_text(encoding="utf-8"), "payment-service channels --markdown"
    rows = table.splitlines()
    assert len(rows) == len(DIALECTS) + 2
    unescaped = [row.replace("\\|", "") for row in rows]
    assert {row.count("|") for row in unescaped} == {len(COLUMNS) + 1}


@pytest.mark.parametrize("code", DIALECTS)
def test_every_outcome_has_an_answer_without_a_database(code: str) -> None:
    answers = {outcome: DIALECTS[code].acknowledge(outcome) for outcome in Outcome}
    assert answers[Outcome.RETRY_LATER] != answers[Outcome.RECORDED]
    assert answers[Outcome.REJECTED] != answers[Outcome.RECORDED]


@pytest.mark.parametrize("code", DIALECTS)
def test_a_registered_key_is_usable_and_half_of_it_is_not(code: str) -> None:
    for key in channel_keys(code):
        require_usable_key(code, key.algorithm, key.material)
        with pytest.raises(WeakKey):
            require_usable_key(code, key.algorithm, b"")
        with pytest.raises(WeakKey):
            require_usable_key(code, key.algorithm, key.material[: len(key.material) // 8])
    strange = next(each for each in Algorithm if each not in ALGORITHMS[code])
    with pytest.raises(WeakKey):
        require_usable_key(code, strange, channel_keys(code)[0].material)


@pytest.mark.parametrize("code", sorted(SIGNED_BY_US))
def test_a_channel_that_wants_our_signature_wants_our_key(code: str) -> None:
    [key] = channel_keys(code)
    public_only = key.material[: key.material.index(b"-----BEGIN PRIVATE")]
    with pytest.raises(WeakKey):
        require_usable_key(code, key.algorithm, public_only)


HEADERS = (
    "x-signature", "signature", "signature-input", "content-digest", "webhook-id",
    "webhook-signature", "webhook-timestamp", "x-sepay-signature", "x-sepay-timestamp",
    "authorization",
)  # fmt: skip


@pytest.mark.parametrize("code", DIALECTS)
@pytest.mark.parametrize(
    "value", [b"", b"\xe9", b"\x00", b"a" * 70_000, b"()", b"sha256=" + b"g" * 64]
)
def test_a_strange_signature_header_is_refused_and_never_an_error(code: str, value: bytes) -> None:
    dialect = DIALECTS[code]
    for headers in (
        tuple((name, value) for name in HEADERS),
        tuple((name, value) for name in HEADERS for _ in range(2)),
        (),
    ):
        request = CallbackRequest(
            method=dialect.method,
            query=b"a=1&vnp_SecureHash=x&vpc_SecureHash=x" if dialect.method == "GET" else b"",
            headers=headers,
            body=b"" if dialect.method == "GET" else b'{"a":1,"signature":"\xc3\xa9","mac":1}',
            authority="phi.example",
            path="/callbacks/x/y",
        )
        with pytest.raises(CallbackRejected):
            dialect.verify(request, channel_keys(code), NOW)
