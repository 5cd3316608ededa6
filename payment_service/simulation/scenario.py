"""What a scenario is: a story in a sentence, who does what on which day, and how it must end."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from bank_adapters.counterpart.banks import ASKED_BANKS, BANKS
from bank_adapters.registry import DIALECTS
from bank_adapters.vocabulary import NoticeResult
from payment_service.simulation.stage import Act
from reconciliation.breaks import BreakCode
from reconciliation.labels import Label

EVERY_BANK: Final = frozenset(BANKS)
STRONG: Final = frozenset(code for code in BANKS if not DIALECTS[code].scheme.is_weak)
"""Channels of banks whose notices are believed as they come."""
ASKED: Final = frozenset(ASKED_BANKS)
"""Channels whose notices are believed only after they were asked back."""
DOUBTED: Final = EVERY_BANK - STRONG - ASKED
"""Channels that prove too little and that nobody can ask: only the statement brings money."""


class Varies(Enum):
    """What a scenario depends on, beside the service."""

    AT_GATEWAYS = "at gateways"
    """Which gateway the payer chose."""
    TOLD_BY_BANKS = "told by banks"
    """On which channel the bank tells, or could."""


Script = tuple[tuple[int, Act], ...]
"""Acts with the day on which they happen, counted in business days from the life's first day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One story.

    `label` is what its requests end as, absent when nothing was asked; `breaks` are open at the
    end. It has ended `days` business days after its start; with an `early_label` it may start
    later than that and then ends as `early_label`. `permille` is its part of a day's requests.
    `is_alone` gives it a unit of its own. It happens only at gateways whose notices can say all
    that it `tells`, with `only_weak` only at those that have to be asked; there `weak_breaks` are
    open instead of `breaks`, when given. The bank tells on one of the channels `told_by`. With
    `has_bank_codes` it happens only where statements say what kind of movement a line is.
    """

    name: str
    vietnamese: str
    english: str
    script: Script
    label: Label | None
    breaks: tuple[BreakCode, ...] = ()
    days: int = 0
    early_label: Label | None = None
    permille: int = 4
    is_alone: bool = False
    tells: frozenset[NoticeResult] = frozenset()
    only_weak: bool = False
    weak_breaks: tuple[BreakCode, ...] | None = None
    told_by: frozenset[str] = STRONG
    has_bank_codes: bool = False
    varies: Varies | None = None

    def end(self, starts_on: int, last_day: int, *, channel: str) -> tuple[str, list[str]]:
        """Return the label and the open breaks of a life that began on a day of the plan."""
        breaks = self.breaks
        if self.weak_breaks is not None and DIALECTS[channel].scheme.is_weak:
            breaks = self.weak_breaks
        label = self.label
        if self.early_label is not None and last_day - starts_on < self.days:
            label = self.early_label
        return label.value if label else "", [code.value for code in breaks]
