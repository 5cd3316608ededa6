"""Words for every pass, class of evidence and criterion, the same in both languages."""

import pytest

from reconciliation import decision_sentences, explain_sentences
from reconciliation.breaks import placeholders
from reconciliation.explain import match_of
from reconciliation.passes import PASSES
from tests.reconciliation.tables import DAY

_PAIRS = {
    f"{module.__name__}:{name}:{key}": pair
    for module in (decision_sentences, explain_sentences)
    for name, table in vars(module).items()
    if name.isupper() and name not in {"PASS_WORDS", "RULE_OF", "BY_PEOPLE", "BY_RULE"}
    for key, pair in table.items()
}


@pytest.mark.parametrize("name", _PAIRS)
def test_a_sentence_says_the_same_in_both_languages(name: str) -> None:
    vietnamese, english = _PAIRS[name]
    assert placeholders(vietnamese) == placeholders(english)
    assert vietnamese != english


def test_every_pass_has_a_title_and_a_sentence_in_vietnamese() -> None:
    assert decision_sentences.PASS_WORDS.keys() == PASSES.keys()
    assert set(decision_sentences.RULE_OF.values()) <= PASSES.keys()
    for title, sentence in decision_sentences.PASS_WORDS.values():
        assert title
        assert sentence.endswith(".")


def test_a_match_by_a_rule_nobody_wrote_words_for_is_still_told() -> None:
    match = match_of(
        pass_name="of_tomorrow", evidence_class="A", evidence={}, match_id=None, amount_minor=1,
        line_id=None, opposite_line_id=None, item_id=None, item_kind="", reference="",
        made_at=DAY, undone_at=None,
    )  # fmt: skip
    assert match.why.en == "By the rule of_tomorrow."
    assert match.rule is None
