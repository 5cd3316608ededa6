"""MoMo: what a notice says, and what we answer to it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import (
    Algorithm,
    CallbackRequest,
    NoticeUnreadable,
    Outcome,
)
from bank_adapters.counterpart.momo import MomoCounterpart, sign_momo_ipn
from bank_adapters.gateways.momo import Momo
from bank_adapters.gateways.momo_codes import QUESTION_REFUSED, RESULT_CODES, UNKNOWN_CODE, explain
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from tests.bank_adapters.gateways.exchanges import MEMOS, MOMENTS
from tests.bank_adapters.keys import NOW, key

MOMO = Momo()
SHA256 = Algorithm.HMAC_SHA256_HEX
MATERIAL = b"HPACCESSKEY1:a-secret-key-of-thirty-two-letters"
KEYS = [key(SHA256, MATERIAL)]
VALUES: dict[str, str | int] = {
    "partnerCode": "HAIPHONG",
    "orderId": "HPFX3F3CZ7GCF001",
    "requestId": "HPFX3F3CZ7GCF001",
    "amount": 50_000,
    "orderInfo": "Nộp phí hồ sơ",
    "orderType": "momo_wallet",
    "transId": 4_088_878_653,
    "resultCode": 0,
    "message": "Thành công.",
    "payType": "qr",
    "responseTime": 1_721_720_663_942,
    "extraData": "",
}
GOOD = sign_momo_ipn(VALUES, MATERIAL)


def _signed(**changes: object) -> CallbackRequest:
    values = {name: value for name, value in (VALUES | changes).items() if value is not ...}
    return sign_momo_ipn(values, MATERIAL)  # type: ignore[arg-type]  # wrong values are the point


def test_the_notice_is_read() -> None:
    assert MOMO.read(GOOD) == PaymentNotice(
        result=NoticeResult.PAID,
        result_code="0",
        merchant="HAIPHONG",
        our_reference="HPFX3F3CZ7GCF001",
        provider_transaction="4088878653",
        amount_minor=50_000,
        currency="VND",
        paid_at=datetime(2024, 7, 23, 7, 44, 23, 942_000, tzinfo=UTC),
        memo="Nộp phí hồ sơ",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", 0),
        ("amount", -50_000),
        ("amount", "1_000"),
        ("amount", "１０００"),
        ("amount", "1e3"),
        ("amount", "050000"),
        ("amount", ...),
        ("amount", 10**15 + 1),
        ("responseTime", 0),
        ("responseTime", "soon"),
        ("responseTime", ...),
        ("resultCode", ...),
        ("resultCode", ""),
        ("resultCode", "00"),
        ("resultCode", "0 "),
        ("transId", 0),
        ("transId", ...),
        ("transId", "12a"),
        ("transId", -1),
        ("partnerCode", ...),
        ("orderId", ""),
        ("orderId", "a b"),
        ("orderInfo", "x" * 1_001),
    ],
)
def test_notices_that_break_the_contract_are_unreadable(name: str, value: object) -> None:
    request = _signed(**{name: value})
    MOMO.verify(request, KEYS, NOW)
    with pytest.raises(NoticeUnreadable, match=name):
        MOMO.read(request)


@pytest.mark.parametrize(
    ("code", "result"),
    [
        (0, NoticeResult.PAID),
        (9000, NoticeResult.PENDING),
        (7000, NoticeResult.PENDING),
        (7002, NoticeResult.PENDING),
        (1000, NoticeResult.PENDING),
        (1006, NoticeResult.FAILED),
        (1003, NoticeResult.FAILED),
        (99, NoticeResult.UNKNOWN),
        (77, NoticeResult.UNKNOWN),
        (-1, NoticeResult.UNKNOWN),
    ],
)
def test_the_code_decides(code: int, result: NoticeResult) -> None:
    notice = MOMO.read(_signed(resultCode=code))
    assert (notice.result, notice.result_code) == (result, str(code))


def test_failed_attempts_without_a_number_stay_apart() -> None:
    failed = MOMO.read(_signed(resultCode=1006, transId=0))
    later = MOMO.read(_signed(resultCode=1006, transId=0, responseTime=1_721_720_663_943))
    assert failed.provider_transaction == "unnumbered:HPFX3F3CZ7GCF001:1721720663942"
    assert later.provider_transaction != failed.provider_transaction


def test_every_code_has_two_sentences_and_only_0_is_paid() -> None:
    for meaning in (*RESULT_CODES.values(), UNKNOWN_CODE):
        assert meaning.vietnamese.endswith(".")
        assert meaning.english.endswith(".")
    paid = {code for code, each in RESULT_CODES.items() if each.result is NoticeResult.PAID}
    assert paid == {"0"}
    assert set(RESULT_CODES) > QUESTION_REFUSED
    assert explain("") == explain("00") == UNKNOWN_CODE


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Outcome.RECORDED, 204),
        (Outcome.ALREADY_RECORDED, 204),
        (Outcome.UNKNOWN_REFERENCE, 204),
        (Outcome.AMOUNT_DIFFERS, 204),
        (Outcome.ALREADY_COVERED, 204),
        (Outcome.UNCONFIRMED, 503),
        (Outcome.OTHER_MERCHANT, 422),
        (Outcome.UNREADABLE, 422),
        (Outcome.REJECTED, 401),
        (Outcome.RETRY_LATER, 503),
    ],
)
def test_answers_are_exact(outcome: Outcome, status: int) -> None:
    answer = MOMO.acknowledge(outcome)
    assert (answer.status, answer.body) == (status, b"")


def test_every_outcome_has_an_answer() -> None:
    for outcome in Outcome:
        MOMO.acknowledge(outcome)


@given(
    amount_minor=st.integers(min_value=1, max_value=10**15),
    memo=MEMOS,
    paid_at=MOMENTS,
    result=st.sampled_from(NoticeResult),
    number=st.integers(min_value=1, max_value=10**18 - 1),
    reference=st.from_regex(r"[0-9A-Za-z][0-9A-Za-z._-]{0,40}", fullmatch=True),
)
def test_what_the_counterpart_writes_is_read_back(
    amount_minor: int,
    memo: str,
    paid_at: datetime,
    result: NoticeResult,
    number: int,
    reference: str,
) -> None:
    them = MomoCounterpart()
    notice = PaymentNotice(
        result=result,
        result_code=them.result_code(result),
        merchant="HAIPHONG",
        our_reference=reference,
        provider_transaction=str(number),
        amount_minor=amount_minor,
        currency="VND",
        paid_at=paid_at.replace(microsecond=paid_at.microsecond // 1000 * 1000),
        memo=memo,
    )
    request = them.notify(notice, MATERIAL, NOW)
    MOMO.verify(request, KEYS, NOW)
    assert MOMO.read(request) == notice
