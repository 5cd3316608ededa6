"""Makes explanations from what was stored: a pure replay that finds nothing new."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from reconciliation.act_sentences import ACTS, REASONS
from reconciliation.breaks import BreakCode, Language, fill, sentence
from reconciliation.decision_sentences import (
    BY_PEOPLE,
    BY_RULE,
    CLASSES,
    DONE,
    MATCHED,
    PASS_WORDS,
    RULE_OF,
)  # fmt: skip
from reconciliation.explain_sentences import FAILED, NEAR, PAYMENTS, STANDING, SUBJECTS
from reconciliation.explanation import (
    Difference,
    Match,
    Miss,
    Payment,
    Proposed,
    ProposedPart,
    Rule,
    Said,
    Subject,
)  # fmt: skip
from reconciliation.passes import PASSES
from reconciliation.suggestion_sentences import SUGGESTION_SENTENCES


def _said(pair: tuple[str, str], details: Mapping[str, object]) -> Said:
    return Said(vi=fill(pair[0], details, "vi"), en=fill(pair[1], details, "en"))


def subject_of(*, is_cancelled: bool, is_known: bool, item_kind: str, **values: Any) -> Subject:
    """Return the subject; `is_known` when a match, a payment or a break tells more about it."""
    place = "line" if values["kind"] == "line" else "item" if item_kind != "due" else "due"
    standing = "cancelled" if is_cancelled else place
    needs_words = is_cancelled or (values["residual_minor"] > 0 and not is_known)
    words = {
        name: str(value) if isinstance(value, date) else value for name, value in values.items()
    }
    key = place if values["kind"] != "request" else "request"
    return Subject(
        **values,
        said=_said(SUBJECTS[key], words),
        standing=_said(STANDING[standing], words) if needs_words else None,
    )


def payment_of(**values: Any) -> Payment:
    """Return a payment with its sentence."""
    words = {**values, "paid_on": values["paid_on"].isoformat()}
    return Payment(**values, said=_said(PAYMENTS[values["kind"]], words))


def match_of(
    *, pass_name: str, evidence_class: str, evidence: Mapping[str, Any], **values: Any
) -> Match:
    """Return a match with its pass, its class of evidence and why it was made."""
    name = RULE_OF.get(pass_name, pass_name)
    return Match(
        pass_name=pass_name,
        rule=_rule(name) if name in PASSES else None,
        evidence_class=evidence_class,
        evidence_is=_said(CLASSES[evidence_class], {}),
        evidence=evidence,
        why=_why(pass_name, evidence),
        **values,
    )


def _rule(name: str) -> Rule:
    title, words = PASS_WORDS[name]
    known = PASSES[name]
    return Rule(
        name=name,
        title=Said(vi=title, en=known.title),
        sentence=Said(vi=words, en=known.sentence),
    )


def _why(pass_name: str, evidence: Mapping[str, Any]) -> Said:
    if "proposed_by" in evidence:
        return _by_people(evidence)
    pair = MATCHED.get(str(evidence.get("pass")), DONE.get(pass_name, BY_RULE))
    return _said(pair, {"pass_name": pass_name, **evidence})


def _by_people(evidence: Mapping[str, Any]) -> Said:
    act, reason = str(evidence["act"]), str(evidence["reason"])
    acts, reasons = ACTS.get(act, (act, act)), REASONS.get(reason, (reason, reason))
    vi, en = ({**evidence, "act": acts[of], "reason": reasons[of]} for of in (0, 1))
    return Said(vi=fill(BY_PEOPLE[0], vi, "vi"), en=fill(BY_PEOPLE[1], en, "en"))


def difference_of(*, code: str, details: Mapping[str, Any], **values: Any) -> Difference:
    """Return an open break with what failed and what came near."""
    known = BreakCode(code)
    failed_criterion = str(details.get("failed_criterion", ""))
    failed = FAILED.get(failed_criterion)
    misses = details.get("nearest_miss", [])
    return Difference(
        code=code,
        said=Said(vi=sentence(known, details, "vi"), en=sentence(known, details, "en")),
        failed_criterion=failed_criterion,
        failed=_said(failed, {}) if failed else None,
        nearest_misses=tuple(
            _miss(miss, details) for miss in (misses if isinstance(misses, list) else [])
        ),
        **values,
    )


def _miss(miss: Mapping[str, Any], details: Mapping[str, Any]) -> Miss:
    kind = str(miss.get("kind", ""))
    template = NEAR.get(kind)
    values = {"currency": details.get("currency", "VND"), **miss}
    return Miss(
        kind=kind,
        values={name: value for name, value in miss.items() if name != "kind"},
        said=_said(template, values) if template else None,
    )


def proposed_of(*, kind: str, parts: Sequence[ProposedPart], **values: Any) -> Proposed:
    """Return a suggestion with why it is made."""
    vi, en = SUGGESTION_SENTENCES[kind]
    return Proposed(kind=kind, said=Said(vi=vi, en=en), parts=tuple(parts), **values)


def why_matched(evidence: Mapping[str, object], language: Language) -> str:
    """Return in one sentence why a decision was taken; raises `KeyError` for no known pass."""
    return fill(MATCHED[str(evidence["pass"])][language == "en"], evidence, language)


def why_not(code: BreakCode, details: Mapping[str, object], language: Language) -> tuple[str, ...]:
    """Return what is wrong, the first criterion that failed, and the nearest misses (at most 3)."""
    nobody = UUID(int=0)
    told = difference_of(
        code=code.value, details=details, break_id=nobody, line_id=None, item_id=None,
        opened_on=date.min,
    )  # fmt: skip
    return tuple(each.told(language) for each in sentences_of(told))


def sentences_of(difference: Difference) -> tuple[Said, ...]:
    """Return everything a break says, in order."""
    found = (difference.said, difference.failed, *(miss.said for miss in difference.nearest_misses))
    return tuple(each for each in found if each is not None)
