"""Whatever the engine proposes can be said, with both sides, in both languages."""

import json

import pytest

from reconciliation.breaks import Language, placeholders
from reconciliation.suggestion_sentences import (
    _CRITERIA,
    CRITERIA,
    SUGGESTION_SENTENCES,
    criteria_in_words,
)
from tests.reconciliation.tables import item, line, reference, run

ONE, TWO = reference(1), reference(2)


@pytest.mark.parametrize("key", [*_CRITERIA, *SUGGESTION_SENTENCES])
def test_a_sentence_says_the_same_in_both_languages(key: str) -> None:
    vietnamese, english = {**_CRITERIA, **SUGGESTION_SENTENCES}[key]
    assert placeholders(vietnamese) == placeholders(english)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_whatever_is_proposed_has_its_words(language: Language) -> None:
    slip = ONE[:6] + ("A" if ONE[6] != "A" else "B") + ONE[7:]
    memos = [f"{ONE} {TWO}", slip, ONE[:9], "khong ro", "khong ro"]
    paid = [line(f"l{n}", amount, narrative=memos[n]) for n, amount in enumerate((7, 5, 5, 9, 40))]
    amounts = (5, 2, 9, 20, 11)
    dues = [
        item(f"d{n}", "due", amount, reference=reference(n)) for n, amount in enumerate(amounts, 1)
    ]
    rows = run(paid, dues).suggestions.to_pylist()
    assert {row["kind"] for row in rows} == SUGGESTION_SENTENCES.keys()
    for row in rows:
        found = criteria_in_words(json.loads(row["criteria"]), language)
        assert len(found) == len(CRITERIA)
        assert "{" not in "".join(each.sentence for each in found)


def test_why_and_why_not_stand_with_both_sides() -> None:
    paid = line("l", 100, narrative="khong ro", counterparty_account="0071")
    due = item("d", "due", 100, reference=ONE, payer_account="0099")
    [row] = run([paid], [due]).suggestions.to_pylist()
    found = criteria_in_words(json.loads(row["criteria"]), "en")
    assert [(each.name, each.is_passed, each.sentence) for each in found] == [
        ("Amount", True, "line 100 VND, left to pay 100 VND"),
        ("Reference", False, f"the memo holds no reference; the request has {ONE}"),
        (
            "Payer",
            False,
            "the line comes from account 0071; this request was paid before from 0099",
        ),
        ("Days", True, "line and request are both of 16 Nov 2026"),
    ]
