"""KeyPay's notices: the published checksum verifies, hostile ones do not, the status is a claim."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import Algorithm, CallbackRejected, NoticeUnreadable, Outcome
from bank_adapters.counterpart.keypay import KeyPayCounterpart
from bank_adapters.fields import TIME_NOT_STATED
from bank_adapters.gateways.keypay import KeyPay
from bank_adapters.gateways.keypay_codes import STATUSES, UNKNOWN_CODE, explain
from bank_adapters.scheme import Weakness
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.gateways.portal import AMOUNTS, REFERENCES, TEXTS, notice
from tests.bank_adapters.keys import NOW, key, post
from tests.bank_adapters.published import gateway_vectors

KEYPAY = KeyPay()
OTHER_SIDE = KeyPayCounterpart()
MATERIAL = b"our-hash-key-number-1:their-hash-key-number-2"
KEYS = [key(Algorithm.HMAC_SHA256_HEX, MATERIAL)]
NOTICE = notice(result_code="0", provider_transaction="HPFX3F3CZ7GCF")
BODY: dict[str, Any] = json.loads(OTHER_SIDE.notify(NOTICE, MATERIAL, NOW).body)


def _body(**changes: object) -> bytes:
    values = {name: value for name, value in (BODY | changes).items() if value is not None}
    return json.dumps(values).encode()


def test_the_published_checksum_is_a_notice_of_hash_key_2() -> None:
    vectors = gateway_vectors(scheme="KeyPay v3 / KeyPay-DVCQG create + callback")
    assert len(vectors) == 1
    for vector in vectors:
        live = [key(Algorithm.HMAC_SHA256_HEX, b"another:" + vector["secret"].encode())]
        body = vector["input"] | {"check_sum": vector["expected"], "status": 0}
        content = KEYPAY.verify(post(json.dumps(body).encode()), live, NOW)
        assert content == vector["string_to_sign"].encode() + b"|0|"
        first_key = [key(Algorithm.HMAC_SHA256_HEX, vector["secret"].encode() + b":another")]
        with pytest.raises(CallbackRejected):
            KEYPAY.verify(post(json.dumps(body).encode()), first_key, NOW)


def test_a_failure_can_be_sent_again_as_paid_and_is_another_message() -> None:
    failed, paid = post(_body(status=-1)), post(_body(status=0))
    assert KEYPAY.verify(failed, KEYS, NOW) != KEYPAY.verify(paid, KEYS, NOW)
    assert KEYPAY.read(failed).result is NoticeResult.FAILED
    assert KEYPAY.read(paid).result is NoticeResult.PAID
    assert Weakness.STATUS_UNSIGNED in KEYPAY.scheme.weaknesses
    assert KEYPAY.scheme.is_weak


def test_one_transaction_is_one_payment_whatever_unsigned_code_it_carries() -> None:
    again = post(_body(transaction_code="KP2"))
    assert KEYPAY.verify(again, KEYS, NOW) == KEYPAY.verify(post(_body()), KEYS, NOW)
    assert KEYPAY.read(again).provider_transaction == "HPFX3F3CZ7GCF"


def test_numbers_and_texts_are_one_message() -> None:
    numbers = post(_body(trans_amount=8000, addition_fee=0, status=0))
    assert KEYPAY.verify(numbers, KEYS, NOW) == KEYPAY.verify(post(_body()), KEYS, NOW)
    assert KEYPAY.read(numbers) == NOTICE


def test_capitals_in_the_checksum_are_taken() -> None:
    KEYPAY.verify(post(_body(check_sum=BODY["check_sum"].upper())), KEYS, NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"check_sum": None},
        {"check_sum": ""},
        {"check_sum": 5},
        {"check_sum": "é" * 64},
        {"check_sum": f"0x{BODY['check_sum'][:62]}"},
        {"check_sum": f" {BODY['check_sum']}"},
        {"check_sum": f"{BODY['check_sum']}\n"},
        {"check_sum": BODY["check_sum"][:63]},
        {"check_sum": f"{int(BODY['check_sum'], 16) ^ 1:064x}"},
        {"trans_amount": "9000"},
        {"trans_amount": "8000|HPFX3F3CZ7GCF", "transaction_id": None},
        {"transaction_id": "HPFX3F3CZ7GCG"},
        {"client_id": "HPH"},
        {"client_id": ["HPG"]},
        {"addition_fee": True},
        {"status": ["0"]},
        {"version": 3.0},
    ],
)
def test_spoiled_notices_are_rejected(changes: dict[str, object]) -> None:
    with pytest.raises(CallbackRejected):
        KEYPAY.verify(post(_body(**changes)), KEYS, NOW)


@pytest.mark.parametrize(
    "material", [b"", b":", b"only-one-part", MATERIAL[::-1], b"their-hash-key-number-2"]
)
def test_a_key_that_lacks_the_second_part_proves_nothing(material: bytes) -> None:
    with pytest.raises(CallbackRejected):
        KEYPAY.verify(post(_body()), [key(Algorithm.HMAC_SHA256_HEX, material)], NOW)


def test_a_key_of_another_algorithm_and_a_huge_body_are_rejected() -> None:
    for request, keys in (
        (post(_body()), [key(Algorithm.HMAC_SHA1_HEX, MATERIAL)]),
        (post(_body() + b" " * 65_536), KEYS),
        (post(b"[" * 60_000), KEYS),
        (post(_body().replace(b"{", b'{"status":"0",', 1)), KEYS),
    ):
        with pytest.raises(CallbackRejected):
            KEYPAY.verify(request, keys, NOW)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("trans_amount", "0"),
        ("trans_amount", "-8000"),
        ("trans_amount", "08000"),
        ("trans_amount", "8_000"),
        ("trans_amount", 8000.0),
        ("trans_amount", True),
        ("trans_amount", None),
        ("transaction_id", ""),
        ("transaction_id", "a|b"),
        ("status", None),
        ("status", "paid really"),
        ("currency_code", "đồng"),
        ("client_id", None),
    ],
)
def test_notices_that_break_the_contract_are_unreadable(name: str, value: object) -> None:
    with pytest.raises(NoticeUnreadable, match=name):
        KEYPAY.read(post(_body(**{name: value})))


def test_what_is_not_said_is_not_invented() -> None:
    read = KEYPAY.read(post(_body(currency_code=None, description=None)))
    assert KEYPAY.read(post(_body(currency_code=None, description=5))) == read
    assert (read.currency, read.memo, read.paid_at) == ("VND", "", TIME_NOT_STATED)
    assert KEYPAY.read(post(_body(currency_code="USD"))).currency == "USD"


@given(
    st.binary(max_size=300)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*BODY, "x"]), inner, max_size=9)
        ),
        max_leaves=9,
    ).map(lambda value: json.dumps(value).encode())
)
def test_random_bytes_raise_only_what_the_contract_names(body: bytes) -> None:
    with pytest.raises(CallbackRejected):
        KEYPAY.verify(post(body), KEYS, NOW)
    with pytest.raises(NoticeUnreadable):
        KEYPAY.read(post(body))


@pytest.mark.parametrize(
    ("outcome", "body"),
    [
        (Outcome.RECORDED, b'{"return_code":0,"return_msg":"success"}'),
        (Outcome.ALREADY_RECORDED, b'{"return_code":0,"return_msg":"success"}'),
        (Outcome.ALREADY_COVERED, b'{"return_code":0,"return_msg":"success"}'),
        (Outcome.AMOUNT_DIFFERS, b'{"return_code":0,"return_msg":"success"}'),
        (
            Outcome.UNKNOWN_REFERENCE,
            b'{"return_code":-1,"return_msg":"error: unknown transaction"}',
        ),
        (Outcome.OTHER_MERCHANT, b'{"return_code":-1,"return_msg":"error: unknown client"}'),
        (Outcome.UNCONFIRMED, b'{"return_code":-1,"return_msg":"error: not confirmed"}'),
        (Outcome.UNREADABLE, b'{"return_code":-1,"return_msg":"error: unreadable"}'),
        (Outcome.REJECTED, b'{"return_code":-1,"return_msg":"error: check_sum invalid"}'),
        (Outcome.RETRY_LATER, b'{"return_code":-1,"return_msg":"error: system"}'),
    ],
)
def test_answers_are_exact(outcome: Outcome, body: bytes) -> None:
    answer = KEYPAY.acknowledge(outcome)
    assert (answer.status, answer.content_type, answer.body) == (200, "application/json", body)


def test_every_outcome_has_an_answer() -> None:
    assert all(KEYPAY.acknowledge(outcome).status == 200 for outcome in Outcome)


def test_every_status_has_two_sentences_and_an_unknown_one_is_unknown() -> None:
    for row in (*STATUSES.values(), UNKNOWN_CODE):
        assert row.vietnamese.endswith(".")
        assert not row.vietnamese.isascii()
        assert row.english.endswith(".")
    assert explain("77").result is NoticeResult.UNKNOWN
    for result in set(NoticeResult) - {NoticeResult.REVIEW}:
        assert explain(OTHER_SIDE.result_code(result)).result is result
    with pytest.raises(ValueError, match="review"):
        OTHER_SIDE.result_code(NoticeResult.REVIEW)


@given(
    reference=REFERENCES,
    amount_minor=AMOUNTS,
    memo=TEXTS,
    result=st.sampled_from(sorted(set(NoticeResult) - {NoticeResult.REVIEW})),
)
def test_what_the_counterpart_writes_is_read_back(
    reference: str, amount_minor: int, memo: str, result: NoticeResult
) -> None:
    written = notice(
        result=result,
        result_code=OTHER_SIDE.result_code(result),
        our_reference=reference,
        provider_transaction=reference,
        amount_minor=amount_minor,
        memo=memo,
    )
    request = OTHER_SIDE.notify(written, MATERIAL, NOW)
    KEYPAY.verify(request, KEYS, NOW)
    assert KEYPAY.read(request) == written
