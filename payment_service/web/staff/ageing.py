"""The open breaks by code and age as officers read them; every figure leads to its list."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from payment_service.db.break_ages import AgedBreaks
from reconciliation.ageing import AGE_BUCKETS
from reconciliation.breaks import BreakCode


@dataclass(slots=True, kw_only=True)
class Figure:
    """How many breaks and, where it may be seen, their sum."""

    breaks: int = 0
    amount_minor: int = 0

    def add(self, group: AgedBreaks) -> None:
        """Count a group, without the sum that a second person is to read off the bank's screen."""
        self.breaks += group.breaks
        if group.code is not BreakCode.NOT_CONFIRMED:
            self.amount_minor += group.amount_minor


@dataclass(slots=True, kw_only=True)
class AgeRow:
    """The open breaks of one code, or of all: by age bucket, overdue, and together."""

    code: str = ""
    buckets: list[Figure] = field(default_factory=lambda: [Figure() for _ in AGE_BUCKETS])
    overdue: Figure = field(default_factory=Figure)
    together: Figure = field(default_factory=Figure)

    def add(self, group: AgedBreaks) -> None:
        """Count a group where it belongs."""
        self.together.add(group)
        self.buckets[AGE_BUCKETS.index(group.age.bucket)].add(group)
        if group.age.is_overdue:
            self.overdue.add(group)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeTable:
    """One row for each code that has open breaks, and their total."""

    rows: list[AgeRow]
    total: AgeRow


def age_table(groups: Iterable[AgedBreaks]) -> AgeTable:
    """Return the figures of open breaks, codes in alphabetical order."""
    rows: dict[str, AgeRow] = {}
    total = AgeRow()
    for group in groups:
        rows.setdefault(group.code.value, AgeRow(code=group.code.value)).add(group)
        total.add(group)
    return AgeTable(rows=[rows[code] for code in sorted(rows)], total=total)
