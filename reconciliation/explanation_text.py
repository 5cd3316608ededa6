"""An explanation as lines of text, in one language."""

from collections.abc import Iterator

from reconciliation.breaks import Language, fill
from reconciliation.explain import sentences_of
from reconciliation.explanation import Explanation, Match, Proposed
from reconciliation.suggestion_sentences import criteria_in_words

_RULE = (
    "  Bước “{title}”, bằng chứng loại {name} ({meaning}). {sentence}",
    "  Pass “{title}”, evidence class {name} ({meaning}). {sentence}",
)
_CLASS = ("  Bằng chứng loại {name} ({meaning}).", "  Evidence class {name} ({meaning}).")
_UNDONE = ("  Sau đó đã gỡ.", "  Undone later.")
_SUGGESTION = ("Gợi ý {rank} (loại {name}): {said}", "Suggestion {rank} (class {name}): {said}")
_PART = ("  {reference}: {amount_minor}", "  {reference}: {amount_minor}")


def lines_of(explanation: Explanation, language: Language) -> Iterator[str]:
    """Yield what an explanation says; what belongs to the line before is indented."""
    subject = explanation.subject
    yield subject.said.told(language)
    if subject.standing is not None:
        yield subject.standing.told(language)
    for payment in explanation.payments:
        yield payment.said.told(language)
    for match in explanation.matches:
        yield from _match(match, language)
    for difference in explanation.breaks:
        first, *more = sentences_of(difference)
        yield f"{first.told(language)} [{difference.code}]"
        yield from (f"  {each.told(language)}" for each in more)
    for proposed in explanation.suggestions:
        yield from _proposed(proposed, language)


def _match(match: Match, language: Language) -> Iterator[str]:
    is_english = language == "en"
    values = {"name": match.evidence_class, "meaning": match.evidence_is.told(language)}
    yield match.why.told(language)
    if match.rule is None:
        yield _CLASS[is_english].format_map(values)
    else:
        title, sentence = match.rule.title.told(language), match.rule.sentence.told(language)
        yield _RULE[is_english].format_map({**values, "title": title, "sentence": sentence})
    if match.undone_at is not None:
        yield _UNDONE[is_english]


def _proposed(proposed: Proposed, language: Language) -> Iterator[str]:
    is_english = language == "en"
    yield _SUGGESTION[is_english].format(
        rank=proposed.rank, name=proposed.evidence_class, said=proposed.said.told(language)
    )
    for part in proposed.parts:
        values = {"reference": part.reference, "amount_minor": part.amount_minor}
        yield fill(_PART[is_english], values, language)
        for criterion in criteria_in_words(part.criteria, language):
            mark = "✓" if criterion.is_passed else "✗"
            yield f"    {mark} {criterion.name}: {criterion.sentence}"
