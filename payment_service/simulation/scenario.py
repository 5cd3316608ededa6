"""What a scenario is: a story in a sentence, who does what on which day, and how it must end."""

from dataclasses import dataclass

from payment_service.simulation.stage import Act
from reconciliation.breaks import BreakCode
from reconciliation.labels import Label

Script = tuple[tuple[int, Act], ...]
"""Acts with the day on which they happen, counted in business days from the life's first day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One story.

    `label` is what its requests end as, absent when nothing was asked; `breaks` are open at the
    end. It has ended `days` business days after its start; with an `early_label` it may start
    later than that and then ends as `early_label`. `permille` is its part of a day's requests.
    `is_alone` gives it a unit of its own; `needs_webhook` one whose bank sends webhooks.
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
    needs_webhook: bool = False

    def end(self, starts_on: int, last_day: int) -> tuple[str, list[str]]:
        """Return the label and the open breaks of a life that began on a day of the plan."""
        label = self.label
        if self.early_label is not None and last_day - starts_on < self.days:
            label = self.early_label
        return label.value if label else "", [code.value for code in self.breaks]
