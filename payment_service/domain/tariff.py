"""What a procedure costs on the day it was asked for: chooses the one rule and prices a quantity.

Pure: rules and question come as values. Amounts are whole đồng; zero is a price like any other.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from payment_service.domain.fee_rule import (
    ANY,
    QUANTITY_MAX,
    Channel,
    FeeCategory,
    FeeRule,
    PayerKind,
    Per,
    RuleMalformed,
    TariffError,
    Territory,
)
from payment_service.domain.tariff_explanation import explain_in_english, explain_in_vietnamese

__all__ = [
    "ANY",
    "QUANTITY_MAX",
    "AmbiguousRule",
    "Channel",
    "FeeCategory",
    "FeeRule",
    "NoRuleInForce",
    "PayerKind",
    "Per",
    "PricedLine",
    "QuantityOutOfRange",
    "QuestionMalformed",
    "RuleMalformed",
    "TariffError",
    "TariffQuestion",
    "Territory",
    "overlapping_rules",
    "price",
]


class NoRuleInForce(TariffError):
    """No rate covers this question on this day; nothing may be collected (Art. 16 of the law)."""

    code = "no-fee-rule"


class AmbiguousRule(TariffError):
    """Two rates are equally specific; the tariff must be corrected before anyone pays."""

    code = "ambiguous-fee-rule"
    status = 500


class QuestionMalformed(TariffError):
    """The territory, channel or kind of payer is not one that the tariff knows."""

    code = "tariff-question-malformed"


class QuantityOutOfRange(TariffError):
    """The quantity is not a whole number from 1 to 10,000."""

    code = "quantity-out-of-range"


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffQuestion:
    """What is asked of the tariff; `submitted_on` is the Vietnamese day the dossier came in.

    `territory`, `channel` and `payer_kind` are texts of `Territory`, `Channel` and `PayerKind`;
    an unknown one would silently miss the rules for it, so it raises `QuestionMalformed`.
    """

    fee_kind: str
    procedure_code: str
    territory: str
    channel: str
    payer_kind: str
    variant: str = ""
    quantity: int = 1
    submitted_on: date

    def __post_init__(self) -> None:
        for value, allowed in (
            (self.territory, Territory),
            (self.channel, Channel),
            (self.payer_kind, PayerKind),
        ):
            if value not in tuple(allowed):
                raise QuestionMalformed(f"{value!r} is no {allowed.__name__}")
        if type(self.quantity) is not int or not 1 <= self.quantity <= QUANTITY_MAX:
            raise QuantityOutOfRange(f"quantity {self.quantity!r} is not from 1 to {QUANTITY_MAX}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """The price of one line with the rule behind it; `verified` is the rule's own mark."""

    fee_kind: str
    quantity: int
    amount_minor: int
    rule_code: str
    citation: str
    verified: bool
    explanation_vi: str
    explanation_en: str


def price(rules: Sequence[FeeRule], question: TariffQuestion) -> PricedLine:
    """Price a question by the most specific rule in force on the day of submission.

    Specificity is compared in this order: channel, territory, payer kind, procedure, variant; an
    exact value beats `*`. Raises `NoRuleInForce` or `AmbiguousRule`. The order of `rules` does
    not matter.
    """
    candidates = [rule for rule in rules if _covers(rule, question)]
    if not candidates:
        raise NoRuleInForce(
            f"no rate for {question.fee_kind} {question.variant} of procedure "
            f"{question.procedure_code} ({question.territory}, {question.channel}, "
            f"{question.payer_kind}) on {question.submitted_on.isoformat()}"
        )
    most_specific = max(_specificity(rule) for rule in candidates)
    winners = [rule for rule in candidates if _specificity(rule) == most_specific]
    if len(winners) > 1:
        codes = ", ".join(sorted(rule.code for rule in winners))
        raise AmbiguousRule(f"equally specific rates for {question.fee_kind}: {codes}")
    return _priced(winners[0], question)


def overlapping_rules(rules: Iterable[FeeRule]) -> list[tuple[FeeRule, FeeRule]]:
    """Return the pairs of one key that are in force on a common day; a sound tariff has none."""
    by_key: defaultdict[tuple[str, ...], list[FeeRule]] = defaultdict(list)
    for rule in rules:
        by_key[rule.key].append(rule)
    pairs = []
    for same_key in by_key.values():
        ordered = sorted(same_key, key=lambda rule: (rule.valid_from, rule.code))
        for position, earlier in enumerate(ordered):
            pairs += [
                (earlier, later)
                for later in ordered[position + 1 :]
                if earlier.is_in_force(later.valid_from)
            ]
    return pairs


def _covers(rule: FeeRule, question: TariffQuestion) -> bool:
    return (
        rule.fee_kind == question.fee_kind
        and rule.procedure_code in {ANY, question.procedure_code}
        and rule.territory in {ANY, question.territory}
        and rule.channel in {ANY, question.channel}
        and rule.payer_kind in {ANY, question.payer_kind}
        and rule.variant in {ANY, question.variant}
        and rule.is_in_force(question.submitted_on)
    )


def _specificity(rule: FeeRule) -> tuple[bool, ...]:
    """Order rules; channel first, because a resolution's online rate overrides all the rest."""
    return tuple(
        value != ANY
        for value in (
            rule.channel,
            rule.territory,
            rule.payer_kind,
            rule.procedure_code,
            rule.variant,
        )
    )


def _priced(rule: FeeRule, question: TariffQuestion) -> PricedLine:
    return PricedLine(
        fee_kind=question.fee_kind,
        quantity=question.quantity,
        amount_minor=rule.amount_minor(question.quantity),
        rule_code=rule.code,
        citation=rule.citation,
        verified=rule.verified,
        explanation_vi=explain_in_vietnamese(rule, question.quantity),
        explanation_en=explain_in_english(rule, question.quantity),
    )
