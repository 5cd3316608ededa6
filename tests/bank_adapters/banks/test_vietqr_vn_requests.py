"""Tokens and look-ups of credits at vietqr.vn, against its other side."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import (
    Algorithm,
)
from bank_adapters.counterpart.gateway import GatewayBooks, TakenOrder
from bank_adapters.outgoing import (
    Answer,
    AnswerUnreadable,
    Question,
    RequestRefused,
    with_token,
)
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.banks.test_vietqr_vn import BANK, MATERIAL, MERCHANT, VIETQR
from tests.bank_adapters.keys import NOW, key

QUESTION = Question(
    request_id="Q1",
    our_reference="HPFEE7K2M9QXW",
    ordered_at=NOW,
    asked_at=NOW,
    provider_transaction="FT26326000001",
)


def _books(result: NoticeResult = NoticeResult.PAID) -> GatewayBooks:
    taken = TakenOrder(
        merchant=MERCHANT.code,
        our_reference="HPFEE7K2M9QXW",
        amount_minor=8000,
        result=result,
        provider_transaction="FT26326000001",
    )
    return GatewayBooks(orders={taken.our_reference: taken})


def _asked(question: Question, books: GatewayBooks) -> Answer:
    token = BANK.read_token(MERCHANT, VIETQR.answer(BANK.ask_token(MERCHANT), books, MATERIAL, NOW))
    request = with_token(BANK.ask(MERCHANT, question), token)
    return VIETQR.answer(request, books, MATERIAL, NOW)


@pytest.mark.parametrize("result", [NoticeResult.PAID, NoticeResult.PENDING, NoticeResult.FAILED])
def test_a_credit_is_looked_up_by_reference_or_order(result: NoticeResult) -> None:
    for question in (QUESTION, replace(QUESTION, provider_transaction="")):
        status = BANK.read_status(MERCHANT, question, _asked(question, _books(result)))
        assert (status.result, status.amount_minor) == (result, 8000)
        assert status.provider_transaction == "FT26326000001"
        assert status.our_reference == "HPFEE7K2M9QXW"


def test_a_credit_that_is_not_there_yet_is_unknown() -> None:
    status = BANK.read_status(MERCHANT, QUESTION, _asked(QUESTION, GatewayBooks()))
    assert (status.result, status.result_code) == (NoticeResult.UNKNOWN, "E96")


def test_without_a_token_or_a_whole_key_nothing_is_learnt() -> None:
    answer = VIETQR.answer(BANK.ask(MERCHANT, QUESTION), _books(), MATERIAL, NOW)
    with pytest.raises(AnswerUnreadable, match="E74"):
        BANK.read_status(MERCHANT, QUESTION, answer)
    short = replace(MERCHANT, key=key(Algorithm.HMAC_SHA256_HEX, b"only-one-secret-here"))
    with pytest.raises(RequestRefused):
        BANK.ask(short, QUESTION)
    with pytest.raises(RequestRefused):
        BANK.ask(MERCHANT, replace(QUESTION, provider_transaction="", our_reference=""))


def test_a_token_stays_out_of_sight() -> None:
    token = BANK.read_token(
        MERCHANT, VIETQR.answer(BANK.ask_token(MERCHANT), GatewayBooks(), MATERIAL, NOW)
    )
    assert token.value not in repr(token)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'"FT26326000001"', b'"FT2"'),
        (b"[", b"[{},"),
        (b"]", b'],"x":[]'),
        (b'"amount":8000', b'"amount":8000.0'),
        (b'"amount":8000', b'"amount":0'),
        (b'"status":1', b'"status":null'),
    ],
)
def test_an_answer_about_something_else_proves_nothing(before: bytes, after: bytes) -> None:
    answer = _asked(QUESTION, _books())
    assert before in answer.body
    with pytest.raises(AnswerUnreadable):
        BANK.read_status(
            MERCHANT, QUESTION, replace(answer, body=answer.body.replace(before, after, 1))
        )


def test_an_answer_about_another_order_or_beyond_the_size_proves_nothing() -> None:
    by_order = replace(QUESTION, provider_transaction="")
    answer = _asked(by_order, _books())
    for body in (
        answer.body.replace(b"HPFEE7K2M9QXW", b"HPFEE7K2M9QXX"),
        answer.body + b" " * 1024 * 1024,
    ):
        with pytest.raises(AnswerUnreadable):
            BANK.read_status(MERCHANT, by_order, replace(answer, body=body))


def test_a_debit_under_our_reference_is_no_payment() -> None:
    answer = _asked(QUESTION, _books())
    debit = replace(answer, body=answer.body.replace(b'"transType":"C"', b'"transType":"D"'))
    assert BANK.read_status(MERCHANT, QUESTION, debit).result is NoticeResult.FAILED


@given(
    st.binary(max_size=300)
    | st.recursive(
        st.none() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["status", "amount", "transType", "message"]), inner)
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_whatever_is_answered_only_typed_errors_come_out(body: bytes) -> None:
    answer = Answer(status=200, body=body)
    with pytest.raises(AnswerUnreadable):
        BANK.read_token(MERCHANT, answer)
    with pytest.raises(AnswerUnreadable):
        BANK.read_status(MERCHANT, QUESTION, answer)
