"""ViettelPay's notices: the checksum is compared before anything is read; its gaps are shown."""

import json
from base64 import b64decode, b64encode
from contextlib import suppress
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import Algorithm, CallbackRejected, NoticeUnreadable, Outcome
from bank_adapters.counterpart.viettelpay import ViettelPayCounterpart
from bank_adapters.fields import TIME_NOT_STATED
from bank_adapters.gateways.viettelpay import REPLY_FIELDS, ViettelPay
from bank_adapters.gateways.viettelpay_codes import ERROR_CODES, UNKNOWN_CODE, explain
from bank_adapters.gateways.viettelpay_signature import check_sum, digest, require_check_sum
from bank_adapters.scheme import Weakness
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.gateways.portal import AMOUNTS, REFERENCES, notice
from tests.bank_adapters.keys import NOW, key, post
from tests.bank_adapters.published import gateway_vectors

VIETTELPAY = ViettelPay()
OTHER_SIDE = ViettelPayCounterpart()
MATERIAL = b"ACCESS01:a-hash-key-of-viettel"
KEYS = [key(Algorithm.HMAC_SHA1_HEX, MATERIAL)]
NOTICE = notice(result_code="00/1", provider_transaction="9911", payer_account="84900000001")
FIELDS = dict(
    parse_qsl(OTHER_SIDE.notify(NOTICE, MATERIAL, NOW).body.decode(), keep_blank_values=True)
)


def _body(**changes: str | None) -> bytes:
    fields = {name: value for name, value in (FIELDS | changes).items() if value is not None}
    return urlencode(fields).encode()


def _signed(**changes: str) -> bytes:
    values = {name: text for name, text in (FIELDS | changes).items() if name != "check_sum"}
    return urlencode(values | {"check_sum": check_sum(values, MATERIAL)}).encode()


def test_the_published_checksum() -> None:
    vectors = gateway_vectors(scheme="ViettelPay")
    assert len(vectors) == 1
    for vector in vectors:
        values = dict(vector["input"])
        values["trans_amount"] = values.pop("amount")
        access_code = values.pop("access_code").encode()
        material = access_code + b":" + vector["secret"].encode()
        assert digest(values, material).hex() == vector["expected"]
        live = key(Algorithm.HMAC_SHA1_HEX, material)
        assert require_check_sum(values, vector["expected"], [live]) is live
        assert require_check_sum(values, check_sum(values, material), [live]) is live


def test_a_plus_sign_that_was_sent_unencoded_is_a_plus_sign() -> None:
    bodies = (_signed(vt_transaction_id=str(number)) for number in range(99))
    body = next(body for body in bodies if b"%2B" in body)
    for sent in (body, body.replace(b"%2B", b"+")):
        VIETTELPAY.verify(post(sent), KEYS, NOW)


def test_hexadecimal_digits_in_any_case_are_the_same_checksum() -> None:
    raw = b64decode(FIELDS["check_sum"])
    content = VIETTELPAY.verify(post(_body()), KEYS, NOW)
    for shown in (raw.hex(), raw.hex().upper()):
        assert VIETTELPAY.verify(post(_body(check_sum=shown)), KEYS, NOW) == content


@pytest.mark.parametrize(
    "changes",
    [
        {"check_sum": None},
        {"check_sum": ""},
        {"check_sum": "é" * 20},
        {"check_sum": "0x" + "0" * 38},
        {"check_sum": "0" * 39},
        {"check_sum": FIELDS["check_sum"].rstrip("=")},
        {"check_sum": b64encode(bytes(20)).decode()},
        {"check_sum": b64encode(b64decode(FIELDS["check_sum"])[:19]).decode()},
        {"check_sum": f"{b64decode(FIELDS['check_sum']).hex()}\n"},
        {"payment_status": "0"},
        {"error_code": "V06"},
        {"trans_amount": "9000"},
        {"order_id": "HPFX3F3CZ7GCG"},
        {"merchant_code": "HPH"},
        {"vt_transaction_id": "9912"},
        {"cust_msisdn": None},
        {"billcode": "nul\0"},
    ],
)
def test_a_result_is_never_read_before_its_checksum_is_compared(
    changes: dict[str, str | None],
) -> None:
    with pytest.raises(CallbackRejected):
        VIETTELPAY.verify(post(_body(**changes)), KEYS, NOW)


def test_one_bit_off_is_rejected() -> None:
    raw = bytearray(b64decode(FIELDS["check_sum"]))
    raw[-1] ^= 1
    with pytest.raises(CallbackRejected):
        VIETTELPAY.verify(post(_body(check_sum=b64encode(raw).decode())), KEYS, NOW)


def test_digits_can_move_between_joined_values_and_are_another_message() -> None:
    genuine = _signed(order_id="HPF", payment_status="1", trans_amount="18000")
    fields = dict(parse_qsl(genuine.decode(), keep_blank_values=True))
    moved = urlencode(fields | {"order_id": "HPF1", "trans_amount": "8000"}).encode()
    contents = [VIETTELPAY.verify(post(body), KEYS, NOW) for body in (genuine, moved)]
    assert contents[0] != contents[1]
    assert VIETTELPAY.read(post(genuine)).amount_minor == 18_000
    assert VIETTELPAY.read(post(moved)).amount_minor == 8_000
    assert VIETTELPAY.scheme.weaknesses == (Weakness.SHA1, Weakness.JOINED_FIELDS)
    assert VIETTELPAY.scheme.is_weak


def test_a_status_that_was_flipped_and_signed_is_another_message() -> None:
    paid, failed = post(_signed()), post(_signed(payment_status="0", error_code="V06"))
    assert VIETTELPAY.verify(paid, KEYS, NOW) != VIETTELPAY.verify(failed, KEYS, NOW)
    assert VIETTELPAY.read(paid).result is NoticeResult.PAID
    assert VIETTELPAY.read(failed).result is NoticeResult.FAILED


@pytest.mark.parametrize("material", [b"", b"a-hash-key-of-viettel", b":x", b"ACCESS01:"])
def test_a_key_without_both_parts_proves_nothing(material: bytes) -> None:
    live = [key(Algorithm.HMAC_SHA1_HEX, material)]
    with pytest.raises(CallbackRejected):
        VIETTELPAY.verify(post(_body()), live, NOW)
    if material == b":x":
        with pytest.raises(CallbackRejected):
            VIETTELPAY.verify(OTHER_SIDE.notify(NOTICE, material, NOW), live, NOW)
    with pytest.raises(CallbackRejected):
        VIETTELPAY.verify(post(_body()), [key(Algorithm.HMAC_SHA256_HEX, MATERIAL)], NOW)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("trans_amount", "0"),
        ("trans_amount", "8000.0"),
        ("trans_amount", "８０００"),
        ("trans_amount", None),
        ("order_id", None),
        ("merchant_code", ""),
        ("error_code", ""),
        ("payment_status", "yes"),
        ("vt_transaction_id", ""),
        ("cust_msisdn", "8" * 21),
    ],
)
def test_notices_that_break_the_contract_are_unreadable(name: str, value: str | None) -> None:
    with pytest.raises(NoticeUnreadable, match=name):
        VIETTELPAY.read(post(_body(**{name: value})))


def test_failures_without_a_number_stay_apart() -> None:
    first, second = (
        VIETTELPAY.read(post(_body(error_code=code, payment_status="", vt_transaction_id="")))
        for code in ("V06", "22")
    )
    assert first.provider_transaction == "unnumbered:HPFX3F3CZ7GCF:V06/"
    assert first.provider_transaction != second.provider_transaction
    assert first.paid_at == TIME_NOT_STATED


@pytest.mark.parametrize(
    ("result_code", "result"),
    [
        ("00/1", NoticeResult.PAID),
        ("00/0", NoticeResult.UNKNOWN),
        ("00/", NoticeResult.UNKNOWN),
        ("16/0", NoticeResult.FAILED),
        ("16/1", NoticeResult.REVIEW),
        ("W04/", NoticeResult.PENDING),
        ("99/0", NoticeResult.UNKNOWN),
        ("99/1", NoticeResult.REVIEW),
        ("", NoticeResult.UNKNOWN),
    ],
)
def test_both_codes_decide(result_code: str, result: NoticeResult) -> None:
    assert explain(result_code).result is result


def test_every_code_has_two_sentences_and_the_counterpart_knows_a_code_for_each_result() -> None:
    for row in (*ERROR_CODES.values(), UNKNOWN_CODE):
        assert row.vietnamese.endswith(".")
        assert not row.vietnamese.isascii()
        assert row.english.endswith(".")
    for result in NoticeResult:
        assert explain(OTHER_SIDE.result_code(result)).result is result


@given(
    st.binary(max_size=300)
    | st.dictionaries(st.sampled_from(sorted(FIELDS)), st.text(max_size=9)).map(
        lambda fields: urlencode(fields, errors="replace").encode()
    )
)
def test_random_bytes_raise_only_what_the_contract_names(body: bytes) -> None:
    with pytest.raises(CallbackRejected):
        VIETTELPAY.verify(post(body), KEYS, NOW)
    with suppress(NoticeUnreadable):
        VIETTELPAY.read(post(body))
    assert VIETTELPAY.reply(post(body), Outcome.REJECTED, KEYS) == VIETTELPAY.acknowledge(
        Outcome.REJECTED
    )


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (Outcome.RECORDED, "00"),
        (Outcome.ALREADY_RECORDED, "00"),
        (Outcome.ALREADY_COVERED, "00"),
        (Outcome.AMOUNT_DIFFERS, "00"),
        (Outcome.UNKNOWN_REFERENCE, "01"),
        (Outcome.OTHER_MERCHANT, "01"),
        (Outcome.REJECTED, "02"),
        (Outcome.UNCONFIRMED, "03"),
        (Outcome.UNREADABLE, "03"),
        (Outcome.RETRY_LATER, "03"),
    ],
)
def test_replies_are_exact_and_signed_with_the_key_that_signed_the_notice(
    outcome: Outcome, code: str
) -> None:
    older = key(Algorithm.HMAC_SHA1_HEX, b"ACCESS00:an-older-hash-key")
    reply = VIETTELPAY.reply(post(_body()), outcome, [older, *KEYS])
    said = json.loads(reply.body)
    assert (reply.status, reply.content_type) == (200, "application/json")
    signed = {name: said[name] for name in REPLY_FIELDS}
    assert signed == {"error_code": code, "merchant_code": "HPG", "order_id": "HPFX3F3CZ7GCF"}
    assert said["check_sum"] == check_sum(signed, MATERIAL)
    assert [*said] == [
        *REPLY_FIELDS,
        "return_url",
        "return_bill_code",
        "return_other_info",
        "check_sum",
    ]
    bare = VIETTELPAY.acknowledge(outcome)
    assert json.loads(bare.body) == dict.fromkeys(said, "") | {"error_code": code}


@given(
    reference=REFERENCES,
    amount_minor=AMOUNTS,
    transaction=st.from_regex(r"[0-9]{1,18}", fullmatch=True),
    result=st.sampled_from(sorted(NoticeResult)),
    payer=st.from_regex(r"(84[0-9]{9})?", fullmatch=True),
)
def test_what_the_counterpart_writes_is_read_back(
    reference: str, amount_minor: int, transaction: str, result: NoticeResult, payer: str
) -> None:
    written = notice(
        result=result,
        result_code=OTHER_SIDE.result_code(result),
        our_reference=reference,
        provider_transaction=transaction,
        amount_minor=amount_minor,
        payer_account=payer,
    )
    request = OTHER_SIDE.notify(written, MATERIAL, NOW)
    VIETTELPAY.verify(request, KEYS, NOW)
    assert VIETTELPAY.read(request) == written
