"""Notice and answer, every combination: money only when the gateway itself names it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from payment_service.domain.errors import GatewayUnavailable
from payment_service.domain.weak_notice import StatusAnswer, weigh

R = NoticeResult
SOON = timedelta(minutes=1)


def _notice(result: NoticeResult) -> PaymentNotice:
    return PaymentNotice(
        result=result,
        result_code="n",
        merchant="HPG",
        our_reference="HPFX3F3CZ7GCF001",
        provider_transaction="T1",
        amount_minor=8_000,
        currency="VND",
        paid_at=datetime(2026, 11, 23, tzinfo=UTC),
    )


def _answer(
    result: NoticeResult,
    *,
    reference: str = "HPFX3F3CZ7GCF001",
    transaction: str = "T1",
    amount_minor: int | None = 8_000,
) -> StatusAnswer:
    return StatusAnswer(
        result=result,
        result_code="a",
        our_reference=reference,
        provider_transaction=transaction,
        amount_minor=amount_minor,
    )


@pytest.mark.parametrize("told", list(NoticeResult))
@pytest.mark.parametrize("answered", list(NoticeResult))
def test_the_whole_table(told: NoticeResult, answered: NoticeResult) -> None:
    notice, answer = _notice(told), _answer(answered)
    if answered is R.PENDING or (answered is R.UNKNOWN and told is R.PAID):
        with pytest.raises(GatewayUnavailable):
            weigh(notice, answer, waited=SOON)
        assert weigh(notice, answer, waited=timedelta(days=3)) is None
        return
    believed = weigh(notice, answer, waited=SOON)
    if answered is R.PAID:
        assert believed is not None
        assert believed.result is R.PAID
    elif told is R.PAID:
        assert believed is None
    else:
        assert believed is not None
        assert (believed.result, believed.result_code) == (answered, "a")


@pytest.mark.parametrize(
    "answer",
    [
        None,
        _answer(R.PAID, reference="HPFX3F3CZ7GCF002"),
        _answer(R.PAID, reference=""),
        _answer(R.PAID, transaction="T2"),
        _answer(R.PAID, transaction=""),
        _answer(R.PAID, amount_minor=8_001),
        _answer(R.PAID, amount_minor=None),
    ],
)
def test_money_that_the_gateway_does_not_name_is_not_believed(answer: StatusAnswer | None) -> None:
    assert weigh(_notice(R.PAID), answer, waited=SOON) is None


def test_a_pending_notice_without_a_number_takes_the_gateways() -> None:
    notice = replace(_notice(R.PENDING), provider_transaction="unnumbered:x")
    believed = weigh(notice, _answer(R.PAID), waited=SOON)
    assert believed is not None
    assert believed.provider_transaction == "T1"


def test_a_banks_memo_comes_from_its_own_answer() -> None:
    notice = replace(_notice(R.PAID), account_number="1132900001", memo="HPFOTHER")
    answer = replace(_answer(R.PAID), memo="HPFX3F3CZ7GCF")
    believed = weigh(notice, answer, waited=SOON)
    assert believed is not None
    assert believed.memo == "HPFX3F3CZ7GCF"
