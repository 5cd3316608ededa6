"""What people know about payers moves proposals up and makes some; it never joins anything."""

from datetime import date
from uuid import UUID

from reconciliation.explanation import Proposed, ProposedPart, Said
from reconciliation.known_payers import KNOWN_MAX, KnownDue, with_known_payers
from reconciliation.suggestion_sentences import criteria_in_words

LINE, BREAK = UUID(int=1), UUID(int=2)
DAY = date(2026, 11, 23)


def _known(number: int, *, is_nameless: bool = True, item_minor: int = 100) -> KnownDue:
    return KnownDue(
        line_id=LINE,
        break_id=BREAK,
        item_id=UUID(int=number),
        reference=f"R{number}",
        dossier_code="H24.11-1",
        payer_account="0071",
        known_on=DAY,
        line_minor=100,
        item_minor=item_minor,
        line_on=DAY,
        item_on=DAY,
        is_nameless=is_nameless,
    )


def _proposed(rank: int, *items: int) -> Proposed:
    payer = {"item": "", "line": "0071", "passed": False}
    return Proposed(
        line_id=LINE,
        break_id=BREAK,
        rank=rank,
        kind="mutual_pair",
        evidence_class="D",
        said=Said(vi="x", en="x"),
        parts=tuple(
            ProposedPart(
                item_id=UUID(int=number),
                reference=f"R{number}",
                dossier_code="",
                amount_minor=100,
                criteria={"payer": payer, "amount": {"passed": True}},
            )
            for number in items
        ),
    )


def test_a_proposal_of_a_known_payer_goes_first_and_says_why() -> None:
    found = with_known_payers([_proposed(1, 11), _proposed(2, 12)], [_known(12)])
    assert [each.rank for each in found] == [2, 1]
    assert found[0].parts[0].criteria["payer"] == {
        "item": "0071", "known_on": "2026-11-23", "line": "0071", "passed": True,
    }  # fmt: skip
    assert found[0].parts[0].criteria["amount"] == {"passed": True}
    assert found[1] == _proposed(1, 11)


def test_a_nameless_line_gets_a_proposal_for_each_known_due_none_names() -> None:
    found = with_known_payers([_proposed(3, 11)], [_known(12), _known(13, item_minor=70)])
    assert [(each.rank, each.kind, each.evidence_class) for each in found] == [
        (4, "known_payer", "D"), (5, "known_payer", "D"), (3, "mutual_pair", "D"),
    ]  # fmt: skip
    [part] = found[1].parts
    assert part.amount_minor == 70
    told = criteria_in_words(part.criteria, "en")
    assert [each.is_passed for each in told] == [False, False, True, True]
    assert told[2].sentence == (
        "the line comes from account 0071; known since 23 Nov 2026 to pay for this dossier"
    )


def test_a_line_that_names_something_gets_none_and_nobody_gets_too_many() -> None:
    assert with_known_payers([], [_known(12, is_nameless=False)]) == []
    many = [_known(number) for number in range(10, 10 + 2 * KNOWN_MAX)]
    assert len(with_known_payers([], many)) == KNOWN_MAX


def test_without_knowledge_nothing_changes() -> None:
    proposed = [_proposed(1, 11, 12), _proposed(2, 13)]
    assert with_known_payers(proposed, []) == proposed
