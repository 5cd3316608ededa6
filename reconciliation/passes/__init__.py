"""One file a pass, in the order of strength of evidence: a title, a sentence, one SQL statement.

A pass is a query over `open_line`, `open_item` and what the memo scan found. It returns verdicts:
`settle`, `surplus`, `pair`, `book`, `unmatch`, or `hold`, which keeps a line away from weaker
passes under a break code. It never looks across account groups, except to propose.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from reconciliation.passes import (
    bank_notices,
    bank_rules,
    batches,
    mutual_pairs,
    references,
    repaired_references,
    reversals,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """A named query and the sentence that says what it takes for proof."""

    title: str
    sentence: str
    statement: str


_MODULES: Final = (
    reversals, bank_notices, batches, references, repaired_references, mutual_pairs, bank_rules,
)  # fmt: skip
PASSES: Final[Mapping[str, Pass]] = MappingProxyType(
    {
        module.__name__.rpartition(".")[2]: Pass(
            title=module.TITLE, sentence=module.SENTENCE, statement=module.STATEMENT
        )
        for module in _MODULES
    }
)
"""Every pass that acts, by the name a rule set uses."""
