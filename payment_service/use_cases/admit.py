"""The shared step that judges one statement and, when it may act, books its lines.

Runs inside the caller's transaction, under the lock of the account.
"""

from collections import Counter, defaultdict
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bank_adapters.vocabulary import Direction, EntryStatus, Statement
from payment_service.db import statements
from payment_service.db.accounts import CollectionAccount
from payment_service.db.booking import Booking
from payment_service.db.statements import NewStatementLine
from payment_service.domain import posting_rules
from reconciliation.admission import Admission, Basis, Verdict, admit, line_identities
from reconciliation.breaks import BreakCode


async def judge_statement(
    connection: AsyncConnection,
    account: CollectionAccount,
    statement: Statement,
    *,
    waiting_id: UUID | None = None,
) -> Admission:
    """Judge a statement against its account's last proven closing balance.

    `waiting_id` is the statement's own record when it is judged again on confirmation.
    """
    last = await statements.last_closing(connection, account.account_id)
    closing_on = statement.closing.on if statement.closing else account.opening_on
    admission = admit(
        statement,
        account_number=account.account_number,
        currency="VND",
        previous_closing_minor=last.closing_minor if last else account.opening_balance_minor,
        previous_closing_on=last.closing_on if last else account.opening_on,
        known_number=await statements.is_number_known(
            connection, account.account_id, statement.number, closing_on, waiting_id
        ),
        repeats_lines=last is not None
        and await _repeats(connection, account.account_id, statement, last.closing_on),
    )
    if admission.verdict is Verdict.ADMITTED and admission.basis is not Basis.BOOKED:
        # Lines beyond the proof would have to wait for a later one; until then, nothing posts.
        return Admission(
            verdict=Verdict.QUARANTINED,
            code=BreakCode.PROOF_FAILED,
            details={"failed_criterion": "booking_basis", "statement": statement.number},
        )
    return admission


async def _repeats(
    connection: AsyncConnection, account_id: UUID, statement: Statement, closed_on: date
) -> bool:
    """Say whether the statement tells a closed day again, whole, beside what it adds.

    A line of its own that merely looks like one of the closing day is a twin and no repetition.
    """
    told: defaultdict[date, Counter[bytes]] = defaultdict(Counter)
    for line, (key, _) in zip(statement.lines, line_identities(statement), strict=True):
        if line.booking_date <= closed_on and line.bank_reference:
            told[line.booking_date][bytes.fromhex(key)] += 1
    if not told:
        return False
    stored = await statements.keys_of_days(connection, account_id, list(told))
    return any(stored[day] and stored[day] <= told[day] for day in told)


async def book_statement(
    connection: AsyncConnection,
    booking: Booking,
    account: CollectionAccount,
    statement_id: UUID,
    statement: Statement,
) -> None:
    """Store the booked lines and post each day: bank against suspense."""
    identities = line_identities(statement)
    keys = [bytes.fromhex(key) for key, _ in identities]
    before = await statements.count_keys(connection, account.account_id, keys)
    sums: defaultdict[tuple[date, Direction], int] = defaultdict(int)
    evidence: defaultdict[date, list[bytes]] = defaultdict(list)
    rows = []
    for line, key, (_, occurrence) in zip(statement.lines, keys, identities, strict=True):
        if line.status is not EntryStatus.BOOKED:
            continue
        sums[line.booking_date, line.direction] += line.amount_minor
        evidence[line.booking_date].append(key)
        rows.append(
            NewStatementLine(
                booking.new_id(), statement_id, account.account_id, account.account_group_id,
                line.position, line.booking_date, line.value_date, line.direction.value,
                line.amount_minor, line.amount_minor, line.is_reversal, line.bank_reference,
                line.end_to_end_reference, line.returned_reference, line.batch_reference,
                line.counterparty_account, line.counterparty_name, line.code, line.narrative,
                key, occurrence + before.get(key, 0),
            )
        )  # fmt: skip
    await statements.insert_lines(connection, rows)
    for day in sorted(evidence):
        entry = ("statement", f"{statement_id}:{day}", account.book, day)
        booking.evidence[entry] = evidence[day]
        booking.post(
            entry,
            posting_rules.statement_booked(
                account.unit_id,
                account.account_id,
                sums[day, Direction.CREDIT],
                sums[day, Direction.DEBIT],
            ),
        )
    await statements.close_statement_breaks(
        connection, account.account_id, statement.number, "admitted", booking.now
    )
