"""SePay webhooks are read strictly, answered exactly, and come back as they were written."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import NoticeUnreadable, Outcome
from bank_adapters.counterpart.gateway import GatewayCounterpart
from bank_adapters.counterpart.sepay import SepayCounterpart
from bank_adapters.gateways.sepay_codes import RESULT_CODES, UNKNOWN_CODE
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from tests.bank_adapters.gateways.test_sepay import FIELDS, KEYS, SEPAY
from tests.bank_adapters.keys import NOW, post

COUNTERPART: GatewayCounterpart = SepayCounterpart()


def _read(**changes: object) -> PaymentNotice:
    values = {name: value for name, value in (FIELDS | changes).items() if value is not ...}
    return SEPAY.read(post(json.dumps(values).encode()))


JSON_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(10**20), max_value=10**20),
    st.text(max_size=20),
    st.floats(),
    st.lists(st.none(), max_size=1),
)


@given(st.sampled_from(sorted(FIELDS)), JSON_VALUES)
def test_any_value_in_any_field_is_read_or_refused(name: str, value: object) -> None:
    with suppress(NoticeUnreadable):
        assert _read(**{name: value}).account_number


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", None),
        ("id", ""),
        ("id", 1.5),
        ("accountNumber", None),
        ("accountNumber", 123499999),
        ("transferAmount", 0),
        ("transferAmount", -8000),
        ("transferAmount", "8000"),
        ("transferAmount", 8000.0),
        ("transferAmount", True),
        ("transferType", None),
        ("transferType", "IN"),
        ("transactionDate", "2026-02-31 10:00:00"),
        ("transactionDate", "2026-11-22T16:30:45"),
        ("transactionDate", ...),
        ("referenceCode", "a b"),
        ("referenceCode", 1),
        ("content", "a" * 1001),
        ("content", "\0"),
    ],
)
def test_webhooks_that_break_the_contract_are_unreadable(name: str, value: object) -> None:
    with pytest.raises(NoticeUnreadable):
        _read(**{name: value})


def test_a_transaction_without_a_reference_of_the_bank_bears_sepays_number() -> None:
    for absent in (None, "", ...):
        assert _read(referenceCode=absent).provider_transaction == "sepay:92704"
    assert _read(referenceCode=None, id="a1b2-c3").provider_transaction == "sepay:a1b2-c3"


@pytest.mark.parametrize(
    ("direction", "result"),
    [
        ("in", NoticeResult.PAID),
        ("out", NoticeResult.FAILED),
        ("sideways", NoticeResult.UNKNOWN),
    ],
)
def test_only_money_that_comes_in_is_a_payment(direction: str, result: NoticeResult) -> None:
    assert _read(transferType=direction).result is result


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
    reply = SEPAY.acknowledge(outcome)
    assert (reply.status, reply.content_type, reply.body) == (status, "application/json", body)


def test_every_outcome_has_a_reply_and_the_scheme_is_not_weak() -> None:
    assert all(SEPAY.acknowledge(outcome).body for outcome in Outcome)
    assert not SEPAY.scheme.is_weak
    assert SEPAY.is_bank


def test_every_code_has_two_sentences() -> None:
    for meaning in (*RESULT_CODES.values(), UNKNOWN_CODE):
        assert meaning.vietnamese.endswith(".")
        assert not meaning.vietnamese.isascii()
        assert meaning.english.endswith(".")


@given(
    result=st.sampled_from([NoticeResult.PAID, NoticeResult.FAILED, NoticeResult.UNKNOWN]),
    amount_minor=st.integers(min_value=1, max_value=10**15),
    transaction=st.sampled_from(["FT26326000001", "sepay:92704"]),
    memo=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=99),
    paid_at=st.datetimes(
        min_value=datetime(2001, 1, 1),  # noqa: DTZ001  hypothesis wants bounds without a zone
        max_value=datetime(2098, 1, 1),  # noqa: DTZ001  the same
        timezones=st.just(UTC),
    ),
)
def test_what_the_counterpart_writes_is_read_back(
    result: NoticeResult, amount_minor: int, transaction: str, memo: str, paid_at: datetime
) -> None:
    notice = PaymentNotice(
        result=result,
        result_code=COUNTERPART.result_code(result),
        merchant="0123499999",
        our_reference=None,
        provider_transaction=transaction,
        amount_minor=amount_minor,
        currency="VND",
        paid_at=paid_at.replace(microsecond=0),
        memo=memo,
        account_number="0123499999",
    )
    request = COUNTERPART.notify(notice, KEYS[0].material, NOW)
    assert SEPAY.verify(request, KEYS, NOW) == request.body
    assert SEPAY.read(request) == notice
    assert SEPAY.read(replace(request, headers=())) == notice


def test_the_counterpart_knows_no_word_for_doubt() -> None:
    with pytest.raises(ValueError, match="never says"):
        COUNTERPART.result_code(NoticeResult.REVIEW)
