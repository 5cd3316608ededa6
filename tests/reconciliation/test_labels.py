"""The label over the whole table of facts."""

import itertools
from collections.abc import Sequence
from typing import Any

import pytest

from reconciliation.labels import LABEL_TEXTS, UNPAID, Fact, Facts, Label, label, missing_facts

_AMOUNTS = ("notified", "reported", "collected", "returned", "refunded", "surplus")
_SIZES = ((0, 60, 100, 150), (0, 100), (0, 60, 100), (0, 100), (0, 100), (0, 50))
_FLAGS = ("is_cancelled", "is_expired", "is_late", "is_exempt", "is_settled_elsewhere")


def _named(amounts: Sequence[int], flags: Sequence[bool]) -> dict[str, Any]:
    """Return amounts and flags under the names `Facts` gives them."""
    minor = [f"{name}_minor" for name in _AMOUNTS]
    return dict(zip((*minor, *_FLAGS), (*amounts, *flags), strict=True))


TABLE = [
    Facts(
        asked_minor=asked,
        **_named(amounts, flags),
    )
    for asked in (0, 100)
    for amounts in itertools.product(
        (0, 60, 100, 150), (0, 100), (0, 60, 100), (0, 100), (0, 100), (0, 50)
    )
    for flags in itertools.product((False, True), repeat=len(_FLAGS))
]


def test_every_combination_has_a_label_and_money_is_never_unpaid() -> None:
    seen = set()
    for facts in TABLE:
        found = label(facts)
        seen.add(found)
        has_money = facts.received_minor > 0 or facts.gone_minor > 0
        assert (found in UNPAID) == (not has_money), facts
    assert seen == set(Label)


def test_properties_of_the_table() -> None:
    for facts in TABLE:
        found = label(facts)
        kept_minor = facts.received_minor - facts.gone_minor
        is_free = facts.is_exempt or facts.is_settled_elsewhere
        if found is Label.COLLECTED:
            assert facts.collected_minor - facts.gone_minor >= facts.asked_minor or is_free
            assert not facts.is_cancelled
        if found in {Label.RETURNED, Label.REFUNDED}:
            assert kept_minor <= 0
            assert (found is Label.REFUNDED) == (facts.refunded_minor > 0)
        if found is Label.PART_PAID:
            assert 0 < kept_minor < facts.asked_minor
        if found is Label.OVERPAID:
            assert facts.surplus_minor or is_free or kept_minor > facts.asked_minor
        if found is Label.CANCELLED_BUT_PAID:
            assert facts.is_cancelled
            assert kept_minor > 0


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(asked_minor=100), Label.REQUESTED),
        (Facts(asked_minor=100, notified_minor=100), Label.PAID_NOT_COLLECTED),
        (Facts(asked_minor=100, notified_minor=100, reported_minor=100), Label.REPORTED),
        (Facts(asked_minor=100, collected_minor=100, is_expired=True), Label.COLLECTED),
        (Facts(asked_minor=100, collected_minor=100, is_late=True), Label.LATE),
        (Facts(asked_minor=100, collected_minor=100, returned_minor=100), Label.RETURNED),
        (Facts(asked_minor=100, collected_minor=200, refunded_minor=100), Label.COLLECTED),
        (Facts(asked_minor=100, collected_minor=40), Label.PART_PAID),
        (Facts(asked_minor=0, is_exempt=True), Label.EXEMPT),
    ],
)
def test_ordinary_lives(facts: Facts, expected: Label) -> None:
    assert label(facts) is expected


def test_only_facts_the_channel_owes_are_missing() -> None:
    transfer = Facts(asked_minor=100, collected_minor=100, owes_notice=False)
    assert missing_facts(transfer) == ()
    gateway = Facts(asked_minor=100, notified_minor=100, owes_report=True)
    assert missing_facts(gateway) == (Fact.REPORTED, Fact.COLLECTED)
    assert missing_facts(Facts(asked_minor=100)) == ()


def test_negative_facts_are_refused() -> None:
    for name in _AMOUNTS:
        values: dict[str, Any] = {f"{name}_minor": -1}
        with pytest.raises(ValueError, match="not negative"):
            Facts(asked_minor=100, **values)


def test_every_label_has_words() -> None:
    assert set(LABEL_TEXTS) == set(Label)
    assert len({text.name_vi for text in LABEL_TEXTS.values()}) == len(Label)
