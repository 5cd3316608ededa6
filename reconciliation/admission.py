"""Is this statement whole, ours, and the continuation of the last one? Else it posts nothing.

Pass 0 of the matching: it judges one statement as it was read, and never mends it.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from bank_adapters.money import currency_exponent
from bank_adapters.payment_reference import normalise
from bank_adapters.vocabulary import Direction, Statement, StatementLine
from reconciliation.break_codes import BreakCode

_FLAGS_JUDGED_HERE: Final = frozenset({"unbalanced", "value-date-basis", "unproven"})
_FLAGS_WITHOUT_HARM: Final = frozenset({"batch-sum"})
"""Details that do not add up to their entry: the entry is proven, details never post."""


class Verdict(StrEnum):
    """What may become of a statement."""

    ADMITTED = "admitted"
    """It may post, once its origin is authenticated or confirmed."""
    QUARANTINED = "quarantined"
    """It posts nothing; its account is not proven until this is solved."""


class Basis(StrEnum):
    """Which entries the closing balance counts."""

    BOOKED = "booked"
    """Every booked entry."""
    VALUE_DATE = "value_date"
    """Booked entries up to the closing date by value date; later ones wait for a later proof."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """The verdict on a statement; `details` fill the sentence of `code`."""

    verdict: Verdict
    code: BreakCode | None = None
    basis: Basis | None = None
    details: Mapping[str, object] = field(default_factory=dict)


def admit(
    statement: Statement,
    *,
    account_number: str,
    currency: str,
    previous_closing_minor: int | None,
    previous_closing_on: date | None,
    known_number: bool,
    repeats_lines: bool = False,
) -> Admission:
    """Judge a statement against its account and the account's last proven closing balance.

    `previous_…` are None for an account's first statement. `known_number` says that a statement of
    this number was admitted before with other bytes, `repeats_lines` that a line of days that were
    closed before stands on the account already. The first criterion that fails is named.
    """
    return (
        _check_ownership(statement, account_number, currency)
        or _check_flags(statement)
        or _check_proof(statement)
        or _check_number(statement, previous_closing_on, is_known=known_number)
        or _check_repeated(statement, previous_closing_on, is_repeated=repeats_lines)
        or _check_continuity(statement, previous_closing_minor, previous_closing_on)
        or Admission(verdict=Verdict.ADMITTED, basis=_proven_basis(statement))
    )


def _quarantine(
    statement: Statement, code: BreakCode, failed_criterion: str, **details: object
) -> Admission:
    return Admission(
        verdict=Verdict.QUARANTINED,
        code=code,
        details={
            "currency": statement.currency,
            "failed_criterion": failed_criterion,
            "statement": statement.number,
            **details,
        },
    )


def _check_ownership(statement: Statement, account_number: str, currency: str) -> Admission | None:
    if statement.account != account_number:
        return _quarantine(
            statement,
            BreakCode.WRONG_ACCOUNT,
            "account",
            found_account=statement.account,
            expected_account=account_number,
        )
    if statement.currency != currency:
        return _quarantine(
            statement,
            BreakCode.WRONG_ACCOUNT,
            "currency",
            found_account=f"{statement.account} {statement.currency}",
            expected_account=f"{account_number} {currency}",
        )
    return None


def _check_flags(statement: Statement) -> Admission | None:
    flags = set(statement.flags) - _FLAGS_JUDGED_HERE - _FLAGS_WITHOUT_HARM
    if "vnd-fraction" in flags or statement.exponent != currency_exponent(statement.currency):
        return _quarantine(statement, BreakCode.VND_FRACTION, "decimals")
    if "gap" in flags:
        unknown = {"opening_minor": None, "previous_closing_minor": None}
        return _quarantine(statement, BreakCode.GAP, "pages", **unknown)
    if flags:
        return _quarantine(statement, BreakCode.PROOF_FAILED, min(flags), difference_minor=None)
    return None


def _difference_minor(statement: Statement, lines: tuple[StatementLine, ...]) -> int | None:
    """Return closing less opening less the movement of these lines; None without balances."""
    if statement.opening is None or statement.closing is None:
        return None
    movement_minor = sum(
        line.amount_minor if line.direction is Direction.CREDIT else -line.amount_minor
        for line in lines
    )
    return statement.closing.amount_minor - statement.opening.amount_minor - movement_minor


def _proven_basis(statement: Statement) -> Basis | None:
    if _difference_minor(statement, statement.booked) == 0:
        return Basis.BOOKED
    if statement.closing is not None:
        closing_on = statement.closing.on
        counted = tuple(line for line in statement.booked if line.value_date <= closing_on)
        if _difference_minor(statement, counted) == 0:
            return Basis.VALUE_DATE
    return None


def _check_proof(statement: Statement) -> Admission | None:
    difference_minor = _difference_minor(statement, statement.booked)
    if difference_minor is None:
        return _quarantine(
            statement, BreakCode.PROOF_FAILED, "balances_missing", difference_minor=None
        )
    if _proven_basis(statement) is not None:
        return None
    size_minor = abs(difference_minor)
    return _quarantine(
        statement,
        BreakCode.PROOF_FAILED,
        "balance",
        difference_minor=difference_minor,
        one_line=[li.source_line for li in statement.booked if li.amount_minor == size_minor],
        sign_error=[li.source_line for li in statement.booked if 2 * li.amount_minor == size_minor],
    )


def _check_number(
    statement: Statement, previous_closing_on: date | None, *, is_known: bool
) -> Admission | None:
    if not is_known:
        return None
    day = previous_closing_on and previous_closing_on.isoformat()
    return _quarantine(statement, BreakCode.OVERLAP_CONFLICT, "number", previous_closing_on=day)


def _check_repeated(
    statement: Statement, previous_closing_on: date | None, *, is_repeated: bool
) -> Admission | None:
    # An account that is swept to the same balance each day continues any earlier day as well.
    if not is_repeated:
        return None
    day = previous_closing_on and previous_closing_on.isoformat()
    return _quarantine(statement, BreakCode.OVERLAP_CONFLICT, "lines", previous_closing_on=day)


def _check_continuity(
    statement: Statement, previous_closing_minor: int | None, previous_closing_on: date | None
) -> Admission | None:
    if statement.opening is None or statement.closing is None:  # the proof refused it before
        return None
    if previous_closing_minor is None or previous_closing_on is None:
        return None
    previous: dict[str, object] = {
        "previous_closing_minor": previous_closing_minor,
        "previous_closing_on": previous_closing_on.isoformat(),
    }
    is_continued = statement.opening.amount_minor == previous_closing_minor
    closing_on = statement.closing.on
    is_older = closing_on < previous_closing_on
    if is_older or (closing_on == previous_closing_on and not is_continued):
        return _quarantine(statement, BreakCode.OVERLAP_CONFLICT, "period", **previous)
    if not is_continued:
        opening_minor = statement.opening.amount_minor
        return _quarantine(
            statement, BreakCode.GAP, "opening_balance", opening_minor=opening_minor, **previous
        )
    return None


def line_identities(statement: Statement) -> list[tuple[str, int]]:
    """Return (content key in hex, occurrence from 1) for every line, in the statement's order.

    The key is the SHA-256 of a length-prefixed tuple, so no text can imitate another split of the
    same bytes; `occurrence` keeps identical twins of one statement apart.
    """
    seen: Counter[str] = Counter()
    identities: list[tuple[str, int]] = []
    for line in statement.lines:
        key = _content_key(statement, line)
        seen[key] += 1
        identities.append((key, seen[key]))
    return identities


def _content_key(statement: Statement, line: StatementLine) -> str:
    parts = (
        statement.account,
        line.booking_date.isoformat(),
        line.value_date.isoformat(),
        line.direction,
        str(line.amount_minor),
        str(statement.exponent),
        statement.currency,
        line.status,
        line.bank_reference,
        line.end_to_end_reference,
        line.returned_reference,
        line.batch_reference,
        normalise(line.narrative),
    )
    prefixed = []
    for encoded in map(str.encode, parts):
        prefixed += [len(encoded).to_bytes(4, "big"), encoded]
    return hashlib.sha256(b"".join(prefixed)).hexdigest()
