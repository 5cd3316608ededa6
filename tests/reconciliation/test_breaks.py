"""The glossary of breaks is whole, and its sentences say figures as people write them."""

import pytest

from reconciliation.break_sentences import SENTENCES
from reconciliation.breaks import BREAK_RULES, BreakCode, placeholders, sentence
from reconciliation.explain import why_not


@pytest.mark.parametrize("code", BreakCode)
def test_every_code_has_a_rule_and_two_sentences_with_the_same_places(code: BreakCode) -> None:
    vietnamese, english = SENTENCES[code]
    assert placeholders(vietnamese) == placeholders(english)
    assert vietnamese != english
    assert vietnamese.endswith(".")
    assert BREAK_RULES[code].resolutions
    assert code == code.value == code.name


def test_only_doubts_about_completeness_stop_a_day() -> None:
    blocking = {code for code, rule in BREAK_RULES.items() if rule.blocks_certificate}
    assert blocking == {
        BreakCode.UNREADABLE,
        BreakCode.PROOF_FAILED,
        BreakCode.GAP,
        BreakCode.OVERLAP_CONFLICT,
        BreakCode.NOT_CONFIRMED,
        BreakCode.VND_FRACTION,
    }


def test_amounts_and_dates_are_written_in_the_language() -> None:
    details = {"amount_minor": 1234567, "booked_on": "2026-11-16", "currency": "VND"}
    assert sentence(BreakCode.NO_REFERENCE, details, "vi") == (
        "Dòng 1.234.567 VND ngày 16/11/2026 không có mã nộp tiền."
    )
    assert sentence(BreakCode.NO_REFERENCE, details, "en") == (
        "The line of 1,234,567 VND on 16 Nov 2026 has no payment reference."
    )
    dollars = {"difference_minor": -123456, "currency": "USD", "statement": "7/1"}
    assert "-1,234.56 USD" in sentence(BreakCode.PROOF_FAILED, dollars, "en")
    cents = {"difference_minor": -5, "currency": "USD", "statement": "7/1"}
    assert "-0.05 USD" in sentence(BreakCode.PROOF_FAILED, cents, "en")


def test_what_is_not_known_is_a_dash() -> None:
    assert sentence(BreakCode.UNREADABLE, {}, "en").endswith(": —.")


def test_why_not_names_the_failed_criterion_and_the_nearest_misses() -> None:
    details = {
        "amount_minor": 45000,
        "expected_minor": 50000,
        "currency": "VND",
        "reference": "FT1",
        "failed_criterion": "amount",
        "nearest_miss": [{"kind": "expected_amount", "reference": "FT1", "expected_minor": 50000}],
    }
    assert why_not(BreakCode.NOTICE_AMOUNT, details, "en") == (
        "The line with key FT1 is of 45,000 VND, the bank's notice said 50,000 VND.",
        "The amount differs.",
        "Nearest: FT1, expected 50,000 VND.",
    )
