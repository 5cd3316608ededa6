"""Words for every pass, class of evidence and criterion, the same in both languages."""

import pytest

from reconciliation import decision_sentences, explain_sentences
from reconciliation.breaks import placeholders
from reconciliation.explain import match_of
from reconciliation.passes import PASSES
from tests.reconciliation.tables import DAY, item, line, run

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


def test_what_people_did_is_told_in_words() -> None:
    evidence = {
        "act": "move_to_unit", "reason": "other_unit", "proposed_by": "Lan", "approved_by": "Minh",
    }  # fmt: skip
    match = match_of(
        pass_name="move_to_unit", evidence_class="E", evidence=evidence, match_id=None,
        amount_minor=1, line_id=None, opposite_line_id=None, item_id=None, item_kind="",
        reference="", made_at=DAY, undone_at=None,
    )  # fmt: skip
    assert match.why.vi == (
        "Hai người xử lý (Chuyển cho đơn vị được nộp): Lan đề nghị, Minh duyệt. "
        "Lý do: Nội dung hoặc người nộp chỉ rõ khoản của đơn vị khác."
    )
    assert "_" not in match.why.en


def test_class_a_is_also_a_payout_that_only_the_narrative_names() -> None:
    payout = item("p", "payout", 7, reference="LO2611230001")
    [row] = run([line("l", 7, narrative="TT LO2611230001")], [payout]).decisions.to_pylist()
    assert row["evidence_class"] == "A"
    assert "payout's key in the narrative" in decision_sentences.CLASSES["A"][1]


def test_a_match_by_a_rule_nobody_wrote_words_for_is_still_told() -> None:
    match = match_of(
        pass_name="of_tomorrow", evidence_class="A", evidence={}, match_id=None, amount_minor=1,
        line_id=None, opposite_line_id=None, item_id=None, item_kind="", reference="",
        made_at=DAY, undone_at=None,
    )  # fmt: skip
    assert match.why.en == "By the rule of_tomorrow."
    assert match.rule is None
