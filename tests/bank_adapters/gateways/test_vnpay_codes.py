"""Every code says what it means in both languages."""

import pytest

from bank_adapters.gateways.vnpay_codes import (
    RESPONSE_CODES,
    TRANSACTION_STATUSES,
    UNKNOWN_CODE,
    explain,
    judge,
)
from bank_adapters.vocabulary import NoticeResult


def test_every_code_has_two_sentences() -> None:
    for meaning in (*RESPONSE_CODES.values(), *TRANSACTION_STATUSES.values(), UNKNOWN_CODE):
        assert meaning.vietnamese.endswith(".")
        assert not meaning.vietnamese.isascii()
        assert meaning.english.endswith(".")


def test_only_00_is_paid_and_07_goes_to_a_person() -> None:
    for table in (RESPONSE_CODES, TRANSACTION_STATUSES):
        paid = {code for code, meaning in table.items() if meaning.result is NoticeResult.PAID}
        assert paid == {"00"}
        assert table["07"].result is NoticeResult.REVIEW


@pytest.mark.parametrize(
    ("result_code", "english"),
    [
        ("00/00", "The payment succeeded."),
        ("24/02", "The payer cancelled the payment."),
        ("00/02", "The payment failed."),
        ("77/00", UNKNOWN_CODE.english),
        ("00/77", UNKNOWN_CODE.english),
        ("", UNKNOWN_CODE.english),
        ("24/00", "VNPAY names an error, but its books say paid; an officer will check."),
        ("24/04", "The bank took the money, but VNPAY did not record a success."),
        ("91/", "VNPAY knows of no such payment."),
    ],
)
def test_explain(result_code: str, english: str) -> None:
    assert explain(result_code).english == english


def test_the_sentences_never_speak_of_another_result_than_the_codes_mean() -> None:
    for response in (*RESPONSE_CODES, "77"):
        for status in (*TRANSACTION_STATUSES, "77"):
            assert explain(f"{response}/{status}").result is judge(response, status)
