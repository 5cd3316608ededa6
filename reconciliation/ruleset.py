"""The rules of a run as one hashed value; a rule set is never changed, only succeeded by a version.

Calendars are data: this file only counts with the non-working days it is given.
"""

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

NEAREST_MISSES_MAX: Final = 3
_CALENDAR_DAYS_MAX: Final = 3_660
_BUSINESS_DAYS_MAX: Final = 1_000
_LIMIT_MAX: Final = 10**12

PASS_ORDER: Final = (
    "reversals",
    "bank_notices",
    "batches",
    "references",
    "repaired_references",
    "mutual_pairs",
    "bank_rules",
)
"""The only order in which a weaker pass cannot take what stronger evidence claims."""


@dataclass(frozen=True, slots=True, order=True)
class BankRule:
    """A bank's code for its own charges (`debit`) or interest (`credit`)."""

    code: str
    direction: str


BANK_RULES: Final = (
    *(BankRule(code, "debit") for code in ("CHRG", "COMM", "FCHG", "FEE", "FEES", "NCHG", "VAT")),
    *(BankRule(code, "credit") for code in ("FINT", "INTR", "NINT")),
)
"""MT940's transaction types, the last part of camt's codes, and the columns of CSV statements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """What a run may do: order of passes, look-back, and how long an expected line may stay away.

    `..._business_days` count whole business days after the item was opened (or was due, when that
    is later); the item is a break once more than that many have passed; `report_...` count after a
    payment that a gateway notified, which then is one in the same way. `weak_after_days` is how
    old a line has to be before evidence of class C takes it: until then better may come.
    `pair_days` is how long before a line a due may have been opened to be suggested for it.
    What a bank charges or credits of its own beyond `bank_line_minor_max`, a person looks at.
    """

    version: str = "2026-7"
    passes: tuple[str, ...] = PASS_ORDER
    look_back_days: int = 400
    bank_notice_business_days: int = 1
    payout_business_days: int = 2
    cost_top_up_business_days: int = 20
    refund_business_days: int = 3
    unit_transfer_business_days: int = 5
    report_business_days: int = 2
    nearest_misses_max: int = NEAREST_MISSES_MAX
    weak_after_days: int = 3
    pair_days: int = 30
    suggestions_max: int = 5
    lump_sum_amounts_max: int = 40
    lump_sum_nodes_max: int = 20_000
    lump_sum_group_nodes_max: int = 200_000
    bank_rules: tuple[BankRule, ...] = BANK_RULES
    bank_line_minor_max: int = 1_000_000

    def __post_init__(self) -> None:
        if self.passes != PASS_ORDER:
            raise ValueError(f"passes keep the order of strength of evidence: {self.passes!r}")
        limits = (self.suggestions_max, self.lump_sum_amounts_max, self.lump_sum_nodes_max,
                  self.lump_sum_group_nodes_max, self.bank_line_minor_max)  # fmt: skip
        days = (self.look_back_days, self.weak_after_days, self.pair_days, *limits,
                self.report_business_days, *self.business_days_by_kind.values())  # fmt: skip
        if min(days) < 0 or not 1 <= self.nearest_misses_max <= NEAREST_MISSES_MAX:
            raise ValueError(
                "days and limits are not negative, and one to three nearest misses are kept"
            )
        if max(self.look_back_days, self.weak_after_days, self.pair_days) > _CALENDAR_DAYS_MAX:
            raise ValueError(f"nothing is looked at over more than {_CALENDAR_DAYS_MAX} days")
        if max(self.business_days_by_kind.values()) > _BUSINESS_DAYS_MAX:
            raise ValueError(f"nothing waits for more than {_BUSINESS_DAYS_MAX} business days")
        if max(limits) > _LIMIT_MAX:
            raise ValueError(f"a limit is at most {_LIMIT_MAX}")
        if not self.version or any(
            not rule.code or rule.direction not in {"credit", "debit"} for rule in self.bank_rules
        ):
            raise ValueError("a rule set has a version, a bank's code a direction")
        if len(set(self.bank_rules)) < len(self.bank_rules):
            raise ValueError("a bank's code is given one meaning, once")

    @property
    def business_days_by_kind(self) -> dict[str, int]:
        """Business days an open item of each kind may wait for its line."""
        return {
            "bank_notice": self.bank_notice_business_days,
            "payout": self.payout_business_days,
            "cost_top_up": self.cost_top_up_business_days,
            "refund": self.refund_business_days,
            "unit_transfer": self.unit_transfer_business_days,
        }

    def canonical_json(self) -> str:
        """Return the rules as JSON with sorted keys and no spaces: what the hash is of."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True, separators=(",", ":"))

    def sha256(self) -> str:
        """Return the hex SHA-256 that names these rules in every result."""
        return hashlib.sha256(self.canonical_json().encode()).hexdigest()


def overdue_since(as_of: date, business_days: int, non_working_days: frozenset[date]) -> date:
    """Return the last start date from which more than `business_days` have passed by `as_of`.

    A business day is any day not in `non_working_days`: weekends must be in that set, and make-up
    working Saturdays must not.
    """
    passed, day = 0, as_of
    while True:
        passed += day not in non_working_days
        day -= timedelta(days=1)
        if passed > business_days:
            return day
        if (as_of - day).days > _CALENDAR_DAYS_MAX:
            raise ValueError("the list of non-working days leaves no business day")
