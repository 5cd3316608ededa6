"""The JSON of credit notices: one strict reading, no other error than `NoticeUnreadable`."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.banks.credit_notice import answer, read_credit_notice, read_notice_body
from bank_adapters.contract import NoticeUnreadable, Outcome
from bank_adapters.vocabulary import PaymentNotice

BODY = (
    b'{"transactionId":"FT26326276428461","accountNumber":"0011012345678","amount":50000,'
    b'"currency":"VND","direction":"credit","bookedAt":"2026-11-22T09:30:45+07:00",'
    b'"memo":"HPFX3F3CZ7GCF","payerAccount":"0123456789","payerName":"NGUYEN VAN A"}'
)


def _read(body: bytes) -> PaymentNotice:
    return read_credit_notice(read_notice_body(body))


def test_a_notice_is_read() -> None:
    notice = _read(BODY)
    assert (notice.merchant, notice.account_number) == ("0011012345678", "0011012345678")
    assert (notice.amount_minor, notice.currency, notice.our_reference) == (50_000, "VND", None)
    assert notice.paid_at.isoformat() == "2026-11-22T02:30:45+00:00"
    assert (notice.memo, notice.payer_name) == ("HPFX3F3CZ7GCF", "NGUYEN VAN A")


def test_a_byte_order_mark_extra_fields_and_absent_optional_ones_are_fine() -> None:
    assert _read(b"\xef\xbb\xbf" + BODY) == _read(BODY)
    assert _read(BODY[:-1] + b',"rate":1.5,"more":[{"x":null}]}') == _read(BODY)
    bare = json.loads(BODY)
    del bare["memo"], bare["payerAccount"]
    bare["payerName"] = None
    notice = _read(json.dumps(bare).encode())
    assert (notice.memo, notice.payer_account, notice.payer_name) == ("", "", "")


def test_invisible_characters_are_kept_as_they_are() -> None:
    body = BODY.replace(b"NGUYEN VAN A", "A\u202e\u200bB 🙂".encode())
    assert _read(body).payer_name == "A\u202e\u200bB 🙂"
    assert _read(BODY.replace(b"NGUYEN VAN A", b"\\ud83d\\ude42")).payer_name == "🙂"


@pytest.mark.parametrize(
    "amount",
    [
        "1.0", "1e3", '"1"', "true", "null", "1_000", "１０００", "NaN", '"NaN"', "Infinity",
        "-Infinity", "1e400", "0", "-0", "-5", "01", "+1", "9223372036854775808", "9" * 5000,
        "1000000000000001", "[1]", '{"value":1}', "",
    ],
)  # fmt: skip
def test_only_a_positive_whole_number_is_an_amount(amount: str) -> None:
    with pytest.raises(NoticeUnreadable):
        _read(BODY.replace(b"50000", amount.encode()))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'"credit"', b'"debit"'),
        (b'"credit"', b'"Credit"'),
        (b'"credit"', b"1"),
        (b'"direction"', b'"x"'),
        (b'"VND"', b'"vnd"'),
        (b'"VND"', b'"VND "'),
        (b'"VND"', b"704"),
        (b'"FT26326276428461"', b'""'),
        (b'"FT26326276428461"', b"1.5"),
        (b'"FT26326276428461"', b'"a b"'),
        (b'"0011012345678"', b'"001 101"'),
        (b'"0011012345678"', b"11012345678"),
        (b"+07:00", b""),
        (b"+07:00", b"+99:99"),
        (b"2026-11-22T", b"2026-11-22 "),
        (b"2026-11-22T", b"2026-02-30T"),
        (b"2026-11-22T", b"22/11/2026T"),
        (b"09:30:45", b"09:30"),
        (b'"2026-11-22T09:30:45+07:00"', b"1795314645"),
        (b'"HPFX3F3CZ7GCF"', b"5"),
        (b'"HPFX3F3CZ7GCF"', b'"' + b"x" * 1001 + b'"'),
        (b"NGUYEN", b"\\u0000"),
        (b"NGUYEN", b"\\ud800"),
        (b"NGUYEN", b"\xff"),
        (b"NGUYEN", b"\xed\xa0\x80"),
        (b"NGUYEN", b"\n"),
        (b'"memo"', b'"amount":2,"memo"'),
        (b'"memo"', b'"x":{"a":1,"a":2},"memo"'),
        (b'"memo"', b'"x":["\\u0000"],"memo"'),
        (b'"memo"', b'"\\udfff":1,"memo"'),
        (b'"memo"', b'"x":NaN,"memo"'),
        (BODY, BODY + b"x"),
        (BODY, BODY * 2),
        (BODY, b"[" + BODY + b"]"),
        (BODY, b"[" * 100_000),
        (BODY, b'{"a":' * 60_000),
        (BODY, b'{"a":' + b"[" * 40_000 + b"]" * 40_000 + b"}"),
        (BODY, b""),
        (BODY, b"null"),
        (BODY, b'"text"'),
        (BODY, BODY.decode().encode("utf-16")),
    ],
)
def test_everything_else_is_unreadable(before: bytes, after: bytes) -> None:
    assert before in BODY
    with pytest.raises(NoticeUnreadable):
        _read(BODY.replace(before, after, 1))


@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_else(body: bytes) -> None:
    with pytest.raises(NoticeUnreadable):
        _read(body)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(json.loads(BODY))), JSON_VALUES)
def test_any_value_in_any_field_is_read_or_unreadable(name: str, value: object) -> None:
    body = json.dumps(json.loads(BODY) | {name: value}).encode()
    try:
        notice = _read(body)
    except NoticeUnreadable:
        return
    assert type(notice.amount_minor) is int
    assert notice.amount_minor > 0


def test_every_outcome_has_a_code_of_its_own() -> None:
    answers = [answer(outcome) for outcome in Outcome]
    assert len({json.loads(each.body)["code"] for each in answers}) == len(Outcome)


@pytest.mark.parametrize(
    ("outcome", "status", "body"),
    [
        (Outcome.RECORDED, 200, b'{"code":"00","message":"recorded"}'),
        (Outcome.ALREADY_RECORDED, 200, b'{"code":"01","message":"already recorded"}'),
        (Outcome.OTHER_MERCHANT, 422, b'{"code":"10","message":"not an account of this endpoint"}'),
        (Outcome.UNREADABLE, 422, b'{"code":"11","message":"not a readable credit notice"}'),
        (Outcome.REJECTED, 401, b'{"code":"20","message":"signature not accepted"}'),
        (Outcome.RETRY_LATER, 503, b'{"code":"30","message":"try again later"}'),
    ],
)
def test_answers_are_exact(outcome: Outcome, status: int, body: bytes) -> None:
    given_answer = answer(outcome)
    assert (given_answer.status, given_answer.body) == (status, body)
    assert given_answer.content_type == "application/json"
