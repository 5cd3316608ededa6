"""What a citizen sees of a payment: four lights, one label, and what happens next.

Words and choices for display only; amounts and the label come from the records.
"""

from dataclasses import dataclass

from payment_service.db.requests import PaymentRequest
from payment_service.db.standing import Payment, Standing
from payment_service.web.formats import Language, day, instant, money
from payment_service.web.texts import text
from reconciliation.labels import LABEL_TEXTS, UNPAID, Label

_TONES = {
    Label.REQUESTED: "waiting",
    Label.EXPIRED: "warning",
    Label.CANCELLED: "plain",
    Label.EXEMPT: "plain",
    Label.SETTLED_ELSEWHERE: "done",
    Label.PART_PAID: "warning",
    Label.PAID_NOT_COLLECTED: "done",
    Label.REPORTED: "done",
    Label.COLLECTED: "done",
    Label.LATE: "done",
    Label.OVERPAID: "warning",
    Label.CANCELLED_BUT_PAID: "warning",
    Label.RETURNED: "warning",
    Label.REFUNDED: "plain",
}
_FINAL = frozenset(
    {
        Label.CANCELLED,
        Label.EXEMPT,
        Label.SETTLED_ELSEWHERE,
        Label.COLLECTED,
        Label.REFUNDED,
    }
)
_NOTHING_OWED = frozenset({Label.CANCELLED, Label.EXEMPT, Label.SETTLED_ELSEWHERE})
_NEXT = {Label.PAID_NOT_COLLECTED: "next.paid", Label.REPORTED: "next.paid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """One step: `state` is `done`, `part`, `waiting` or `needless`."""

    name: str
    state: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Everything the state of a payment is shown with."""

    name: str
    sentence: str
    tone: str
    next_steps: tuple[str, ...]
    lights: tuple[Light, ...]
    has_money: bool
    is_finished: bool


def progress_of(request: PaymentRequest, standing: Standing, language: Language) -> Progress:
    """Return the progress of a payment in words."""
    words = LABEL_TEXTS[standing.label]
    is_vietnamese = language == "vi"
    return Progress(
        name=words.name_vi if is_vietnamese else words.name_en,
        sentence=words.sentence_vi if is_vietnamese else words.sentence_en,
        tone=_TONES[standing.label],
        next_steps=_next_steps(request, standing, language),
        lights=_lights(request, standing, language),
        has_money=standing.label not in UNPAID,
        is_finished=_is_finished(standing),
    )


def _is_finished(standing: Standing) -> bool:
    facts = standing.facts
    if standing.label is Label.LATE:
        return facts.collected_minor - facts.gone_minor >= facts.asked_minor
    return standing.label in _FINAL and not standing.refund_ordered_minor


def _next_steps(request: PaymentRequest, standing: Standing, language: Language) -> tuple[str, ...]:
    facts, label = standing.facts, standing.label
    key = _NEXT.get(label, f"next.{label.value}")
    if label in {Label.EXEMPT, Label.SETTLED_ELSEWHERE}:
        return ()
    surplus_minor = facts.surplus_minor
    if label is Label.OVERPAID:
        if not surplus_minor:
            key = ""
        elif len(standing.received) > 1:
            key = "next.doubled"
    if label is Label.CANCELLED_BUT_PAID and not surplus_minor:
        key = ""
    steps = []
    if key:
        values = {
            "short": money(request.residual_minor, language),
            "surplus": money(surplus_minor, language),
        }
        steps.append(text(key, language, **values))
    if standing.refund_ordered_minor:
        ordered = money(standing.refund_ordered_minor, language)
        steps.append(text("next.refund.ordered", language, amount=ordered))
    return tuple(steps)


def _lights(request: PaymentRequest, standing: Standing, language: Language) -> tuple[Light, ...]:
    asked = Light(
        name=text("light.requested", language),
        state="done",
        details=(
            money(request.amount_minor, language),
            instant(request.created_at, language),
        ),
    )
    return (
        asked,
        _notified(request, standing, language),
        _reported(request, standing, language),
        _collected(request, standing, language),
    )


def _notified(request: PaymentRequest, standing: Standing, language: Language) -> Light:
    told = [payment for payment in standing.received if payment.is_notified or payment.is_reported]
    name = text("light.notified", language)
    if told:
        at = instant(told[-1].paid_at, language)
        return _light(name, told, request, at, language)
    if standing.received:
        return Light(name=name, state="needless", details=(text("light.direct", language),))
    if standing.label in _NOTHING_OWED:
        return Light(name=name, state="needless", details=())
    return Light(name=name, state="waiting", details=(text("light.no.confirmation", language),))


def _reported(request: PaymentRequest, standing: Standing, language: Language) -> Light:
    name = text("light.reported", language)
    owed = [payment for payment in standing.received if payment.is_of_gateway]
    if not owed:
        return Light(name=name, state="needless", details=())
    reported = [payment for payment in owed if payment.is_reported]
    days = [payment.reported_on for payment in reported if payment.reported_on]
    at = day(max(days), language) if days else ""
    owed_minor = sum(payment.amount_minor for payment in owed)
    return _light(name, reported, request, at, language, of_minor=owed_minor)


def _collected(request: PaymentRequest, standing: Standing, language: Language) -> Light:
    if standing.label in _NOTHING_OWED:
        return Light(name=text("light.collected", language), state="needless", details=())
    collected = [payment for payment in standing.received if payment.is_collected]
    days = [payment.collected_on for payment in collected if payment.collected_on]
    at = day(max(days), language) if days else ""
    gone_minor = standing.facts.gone_minor
    name = text("light.collected", language)
    return _light(name, collected, request, at, language, gone_minor=gone_minor)


def _light(
    name: str,
    payments: list[Payment],
    request: PaymentRequest,
    at: str,
    language: Language,
    *,
    of_minor: int | None = None,
    gone_minor: int = 0,
) -> Light:
    """Return a light that is on for the sum of payments, compared with what was asked."""
    total_minor = request.amount_minor if of_minor is None else of_minor
    sum_minor = max(0, sum(payment.amount_minor for payment in payments) - gone_minor)
    if not sum_minor:
        return Light(name=name, state="waiting", details=())
    amount = money(sum_minor, language)
    if sum_minor < total_minor:
        of_total = text(
            "light.of.total", language, amount=amount, total=money(total_minor, language)
        )
        return Light(name=name, state="part", details=(of_total, at))
    return Light(name=name, state="done", details=(amount, at))
