"""Every way books and bank can differ: sentence, severity, owner, days to act and resolutions.

A table and the function that fills its sentences; nothing here decides which break it is.
"""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

from bank_adapters.money import MoneyError, currency_exponent, format_minor
from reconciliation.break_codes import BreakCode, OwnerRole, Resolution, Severity
from reconciliation.break_sentences import SENTENCES

__all__ = [
    "BREAK_RULES",
    "RETURNS",
    "BreakCode",
    "BreakRule",
    "Language",
    "OwnerRole",
    "Resolution",
    "Severity",
    "fill",
    "placeholders",
    "sentence",
]

Language = Literal["vi", "en"]

_INFO, _WARNING, _ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR
_ACCOUNTANT, _CHIEF = OwnerRole.ACCOUNTANT, OwnerRole.CHIEF_ACCOUNTANT
_OPERATOR = OwnerRole.OPERATOR
_R = Resolution


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakRule:
    """What follows from a break: its weight, who acts, until when, how, and if the day can close.

    `business_days` are left to act after the day a break is opened on: one while a day cannot
    close or money is gone, two while a payer waits for an answer, three while a bank or gateway
    still finds the trail, five to ask around for what a payment was for, ten to pay money back,
    twenty for a payer to pay the rest. `blocks_certificate` holds for breaks that put completeness
    in doubt; money under its right name, though unexplained, does not stop a day.
    """

    severity: Severity
    owner: OwnerRole
    business_days: int
    blocks_certificate: bool
    resolutions: frozenset[Resolution]


def _rule(
    severity: Severity,
    owner: OwnerRole,
    business_days: int,
    *resolutions: Resolution,
    blocks: bool = False,
) -> BreakRule:
    return BreakRule(
        severity=severity,
        owner=owner,
        business_days=business_days,
        blocks_certificate=blocks,
        resolutions=frozenset(resolutions),
    )


_OF_RETURN = _rule(_ERROR, _ACCOUNTANT, 3, _R.ASK_BANK, _R.PAIR_LINES, _R.REFUND, _R.BOOK_AS_CHARGE)
_OF_SETTLED = _rule(
    _ERROR, _ACCOUNTANT, 3, _R.ASK_BANK, _R.PAIR_LINES, _R.SETTLE_ITEM, _R.REFUND, _R.BOOK_AS_CHARGE
)
_C = BreakCode
RETURNS: Final = frozenset({_C.RETURN_UNMATCHED, _C.RETURN_AMBIGUOUS, _C.RETURN_SETTLED})
"""Breaks of a line by which the bank gave money back, or took it back."""
BREAK_RULES: Final[Mapping[BreakCode, BreakRule]] = MappingProxyType(
    {
        _C.UNREADABLE: _rule(_ERROR, _OPERATOR, 1, _R.ASK_BANK, _R.ANSWER, blocks=True),
        _C.PROOF_FAILED: _rule(
            _ERROR, _CHIEF, 1, _R.REPLACE_STATEMENT, _R.ASK_BANK, _R.ANSWER, blocks=True
        ),
        _C.GAP: _rule(_ERROR, _CHIEF, 1, _R.REPLACE_STATEMENT, _R.ASK_BANK, _R.ANSWER, blocks=True),
        _C.OVERLAP_CONFLICT: _rule(
            _ERROR, _CHIEF, 1, _R.REPLACE_STATEMENT, _R.ASK_BANK, _R.ANSWER, blocks=True
        ),
        _C.WRONG_ACCOUNT: _rule(_ERROR, _ACCOUNTANT, 3, _R.ASK_BANK, _R.ANSWER),
        _C.NOT_CONFIRMED: _rule(_WARNING, _CHIEF, 1, _R.CONFIRM_STATEMENT, _R.ANSWER, blocks=True),
        _C.VND_FRACTION: _rule(
            _ERROR, _OPERATOR, 1, _R.ASK_BANK, _R.REPLACE_STATEMENT, _R.ANSWER, blocks=True
        ),
        _C.RETURN_UNMATCHED: _OF_RETURN,
        _C.RETURN_AMBIGUOUS: _OF_RETURN,
        _C.RETURN_SETTLED: _OF_SETTLED,
        _C.NOTICE_AMOUNT: _rule(
            _ERROR, _ACCOUNTANT, 3, _R.ASK_BANK, _R.SETTLE_ITEM, _R.MATCH_BY_HAND
        ),
        _C.BATCH_AMOUNT: _rule(
            _ERROR, _ACCOUNTANT, 3, _R.ASK_GATEWAY, _R.SETTLE_ITEM, _R.MATCH_BY_HAND, _R.WRITE_OFF
        ),
        _C.AMBIGUOUS_REFERENCE: _rule(
            _WARNING, _ACCOUNTANT, 5, _R.MATCH_BY_HAND, _R.SETTLE_ITEM, _R.ASK_PAYER, _R.REFUND
        ),
        _C.CURRENCY: _rule(_ERROR, _ACCOUNTANT, 3, _R.REFUND, _R.ASK_BANK),
        _C.BANK_NO_BATCH: _rule(
            _WARNING, _ACCOUNTANT, 3, _R.WAIT, _R.ASK_GATEWAY, _R.SETTLE_ITEM, _R.MATCH_BY_HAND
        ),
        _C.WRONG_UNIT: _rule(
            _WARNING, _ACCOUNTANT, 5, _R.MOVE_TO_UNIT, _R.REFUND, _R.MATCH_BY_HAND
        ),
        _C.UNKNOWN_REFERENCE: _rule(
            _WARNING,
            _ACCOUNTANT,
            5,
            _R.ASK_PAYER,
            _R.MATCH_BY_HAND,
            _R.SETTLE_ITEM,
            _R.REFUND,
            _R.MOVE_TO_UNIT,
        ),
        _C.BROKEN_REFERENCE: _rule(
            _WARNING,
            _ACCOUNTANT,
            5,
            _R.MATCH_BY_HAND,
            _R.ASK_PAYER,
            _R.SETTLE_ITEM,
            _R.REFUND,
            _R.MOVE_TO_UNIT,
        ),
        _C.NO_REFERENCE: _rule(
            _WARNING,
            _ACCOUNTANT,
            5,
            _R.ASK_PAYER,
            _R.MATCH_BY_HAND,
            _R.SETTLE_ITEM,
            _R.REFUND,
            _R.MOVE_TO_UNIT,
            _R.BOOK_AS_CHARGE,
            _R.WRITE_OFF,
        ),
        _C.UNEXPLAINED_DEBIT: _rule(
            _ERROR,
            _ACCOUNTANT,
            1,
            _R.BOOK_AS_CHARGE,
            _R.PAIR_LINES,
            _R.MATCH_BY_HAND,
            _R.SETTLE_ITEM,
            _R.ASK_BANK,
        ),
        _C.TAKEN_APART: _rule(
            _WARNING,
            _ACCOUNTANT,
            5,
            _R.MATCH_BY_HAND,
            _R.SETTLE_ITEM,
            _R.ASK_PAYER,
            _R.ASK_BANK,
            _R.BOOK_AS_CHARGE,
            _R.PAIR_LINES,
            _R.WRITE_OFF,
            _R.REFUND,
            _R.MOVE_TO_UNIT,
        ),
        _C.UNDERPAID: _rule(_INFO, _ACCOUNTANT, 20, _R.WAIT, _R.ASK_PAYER, _R.REFUND),
        _C.OVERPAID: _rule(_INFO, _ACCOUNTANT, 10, _R.REFUND, _R.WRITE_OFF),
        _C.REFERENCE_CLOSED: _rule(_WARNING, _ACCOUNTANT, 10, _R.REFUND, _R.WRITE_OFF),
        _C.REFERENCE_CANCELLED: _rule(_WARNING, _ACCOUNTANT, 10, _R.REFUND, _R.WRITE_OFF),
        _C.NOTICE_NO_BANK: _rule(
            _ERROR, _ACCOUNTANT, 3, _R.WAIT, _R.ASK_BANK, _R.SETTLE_ITEM, _R.ANSWER
        ),
        _C.BATCH_NO_BANK: _rule(
            _ERROR,
            _ACCOUNTANT,
            3,
            _R.WAIT,
            _R.ASK_GATEWAY,
            _R.ASK_BANK,
            _R.MATCH_BY_HAND,
            _R.SETTLE_ITEM,
            _R.WRITE_OFF,
        ),
        _C.COST_NOT_RETURNED: _rule(_WARNING, _ACCOUNTANT, 5, _R.WAIT, _R.MATCH_BY_HAND),
        _C.REFUND_NOT_SEEN: _rule(_ERROR, _ACCOUNTANT, 3, _R.WAIT, _R.ASK_BANK, _R.MATCH_BY_HAND),
        _C.TRANSFER_NOT_SEEN: _rule(_ERROR, _ACCOUNTANT, 3, _R.WAIT, _R.ASK_BANK, _R.MATCH_BY_HAND),
        _C.CALLBACK_REVIEW: _rule(_WARNING, _ACCOUNTANT, 2, _R.ASK_GATEWAY, _R.WAIT, _R.ANSWER),
        _C.CALLBACK_UNKNOWN_CODE: _rule(_WARNING, _OPERATOR, 2, _R.ASK_GATEWAY, _R.ANSWER),
        _C.UNCONFIRMED_NOTICE: _rule(
            _ERROR, _OPERATOR, 2, _R.ASK_GATEWAY, _R.ASK_BANK, _R.WAIT, _R.ANSWER
        ),
        _C.CONFLICTING_DUPLICATE: _rule(
            _ERROR, _ACCOUNTANT, 3, _R.ASK_GATEWAY, _R.ASK_BANK, _R.ANSWER
        ),
        _C.UNREADABLE_NOTICE: _rule(_ERROR, _OPERATOR, 2, _R.ASK_GATEWAY, _R.ANSWER),
        _C.OTHER_MERCHANT: _rule(_ERROR, _OPERATOR, 2, _R.ASK_GATEWAY, _R.ANSWER),
        _C.REPORTED_NO_NOTICE: _rule(_WARNING, _ACCOUNTANT, 5, _R.ASK_GATEWAY, _R.WAIT, _R.ANSWER),
        _C.NOTICE_NO_REPORT: _rule(
            _WARNING, _ACCOUNTANT, 3, _R.WAIT, _R.ASK_GATEWAY, _R.SETTLE_ITEM, _R.WRITE_OFF
        ),
        _C.REPORT_AMOUNT: _rule(
            _ERROR, _ACCOUNTANT, 3, _R.ASK_GATEWAY, _R.SETTLE_ITEM, _R.WRITE_OFF
        ),
        _C.REPORTED_SETTLED: _rule(
            _ERROR, _ACCOUNTANT, 3, _R.ASK_GATEWAY, _R.WAIT, _R.SETTLE_ITEM, _R.WRITE_OFF
        ),
        _C.CHARGEBACK: _rule(_WARNING, _ACCOUNTANT, 5, _R.ASK_PAYER, _R.ASK_GATEWAY, _R.ANSWER),
        _C.REFUND_NOT_ORDERED: _rule(
            _WARNING, _ACCOUNTANT, 5, _R.ASK_GATEWAY, _R.ASK_PAYER, _R.ANSWER
        ),
        _C.TAKEN_BACK_UNKNOWN: _rule(
            _ERROR, _ACCOUNTANT, 3, _R.ASK_GATEWAY, _R.WAIT, _R.SETTLE_ITEM, _R.WRITE_OFF
        ),
        _C.REPORT_ADJUSTMENT: _rule(
            _WARNING, _ACCOUNTANT, 3, _R.ASK_GATEWAY, _R.WAIT, _R.SETTLE_ITEM, _R.WRITE_OFF
        ),
        _C.FEE_VARIANCE: _rule(_WARNING, _ACCOUNTANT, 5, _R.ASK_GATEWAY, _R.ANSWER),
    }
)
"""One rule for every code; a test holds that none is missing."""


def _amount_text(amount_minor: int, currency: str, language: Language) -> str:
    try:
        whole, _, decimals = format_minor(amount_minor, currency_exponent(currency)).partition(".")
    except MoneyError:
        return f"{amount_minor} {currency}"
    group, point = (".", ",") if language == "vi" else (",", ".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(digits):,}".replace(",", group)
    return f"{sign}{grouped}{point + decimals if decimals else ''} {currency}"


def _value_text(name: str, details: Mapping[str, object], language: Language) -> str:
    value = details.get(name)
    if value is None or value in ("", []):
        return "—"
    if name.endswith("_minor") and isinstance(value, int):
        return _amount_text(value, str(details.get("currency", "VND")), language)
    if name.endswith("_on") and isinstance(value, str):
        day = date.fromisoformat(value)
        return f"{day:%d/%m/%Y}" if language == "vi" else f"{day:%d %b %Y}"
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return str(value)


def placeholders(template: str) -> frozenset[str]:
    """Return the names between braces in a sentence."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)


def fill(template: str, details: Mapping[str, object], language: Language) -> str:
    """Fill a sentence: `…_minor` as money, `…_on` as a date; what is not known becomes a dash."""
    names = placeholders(template)
    return template.format_map({name: _value_text(name, details, language) for name in names})


def sentence(code: BreakCode, details: Mapping[str, object], language: Language) -> str:
    """Return what happened, in one sentence, from the details a break carries."""
    vietnamese, english = SENTENCES[code]
    return fill(vietnamese if language == "vi" else english, details, language)
