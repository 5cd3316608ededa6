"""Statement files, statements with their verdict, and their lines."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.database import insert_rows

_LINE = {
    "line_id": "uuid",
    "statement_id": "uuid",
    "account_id": "uuid",
    "account_group_id": "uuid",
    "position": "integer",
    "booking_date": "date",
    "value_date": "date",
    "direction": "text",
    "amount_minor": "bigint",
    "residual_minor": "bigint",
    "is_reversal": "boolean",
    "bank_reference": "text",
    "end_to_end_reference": "text",
    "returned_reference": "text",
    "batch_reference": "text",
    "counterparty_account": "text",
    "counterparty_name": "text",
    "code": "text",
    "narrative": "text",
    "content_key": "bytea",
    "occurrence": "integer",
}


class NewStatementLine(NamedTuple):
    """One booked line of an admitted statement; starts wholly open."""

    line_id: UUID
    statement_id: UUID
    account_id: UUID
    account_group_id: UUID
    position: int
    booking_date: date
    value_date: date
    direction: str
    amount_minor: int
    residual_minor: int
    is_reversal: bool
    bank_reference: str
    end_to_end_reference: str
    returned_reference: str
    batch_reference: str
    counterparty_account: str
    counterparty_name: str
    code: str
    narrative: str
    content_key: bytes
    occurrence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingStatement:
    """A proven statement that waits for a second person."""

    statement_id: UUID
    file_id: UUID
    account_id: UUID
    number: str
    closing_minor: int
    closing_on: date
    line_count: int
    imported_by: UUID | None
    content: bytes
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFile:
    """A file that came before, with what was answered last."""

    file_id: UUID
    is_signed: bool
    answer: bytes


async def find_file(connection: AsyncConnection, file_sha256: bytes) -> KnownFile | None:
    """Return what was answered when this file came before."""
    query = text("""
        SELECT file_id, authenticity = 'signed' AS is_signed, answer
        FROM statement_file JOIN statement_file_answer USING (file_id)
        WHERE file_sha256 = :file_sha256 ORDER BY position DESC LIMIT 1
    """)
    row = (await connection.execute(query, {"file_sha256": file_sha256})).one_or_none()
    return KnownFile(**row._mapping) if row else None  # noqa: SLF001 - public name


async def insert_answer(connection: AsyncConnection, file_id: UUID, answer: bytes) -> None:
    """Remember what was answered for a file."""
    await connection.execute(
        text("INSERT INTO statement_file_answer (file_id, answer) VALUES (:file_id, :answer)"),
        {"file_id": file_id, "answer": answer},
    )


async def insert_file(connection: AsyncConnection, values: dict[str, Any]) -> None:
    """Store a file that was read whole."""
    await connection.execute(
        text("""
            INSERT INTO statement_file (file_id, file_sha256, name, format, content, authenticity,
              imported_by, imported_at)
            VALUES (:file_id, :file_sha256, :name, :format, :content, :authenticity, :imported_by,
              :imported_at)
        """),
        values,
    )


async def insert_statement(connection: AsyncConnection, values: dict[str, Any]) -> None:
    """Store a statement with its verdict."""
    await connection.execute(
        text("""
            INSERT INTO statement (statement_id, file_id, account_id, number, opening_minor,
              opening_on, closing_minor, closing_on, line_count, basis, verdict, reason_code,
              details, admitted_at)
            VALUES (:statement_id, :file_id, :account_id, :number, :opening_minor, :opening_on,
              :closing_minor, :closing_on, :line_count, 'booking', :verdict, :reason_code,
              CAST(:details AS jsonb), :admitted_at)
        """),
        values,
    )


async def insert_lines(connection: AsyncConnection, rows: Sequence[NewStatementLine]) -> None:
    """Store the booked lines of an admitted statement."""
    await insert_rows(connection, "statement_line", _LINE, rows)


async def last_closing(connection: AsyncConnection, account_id: UUID) -> Any | None:
    """Return the closing balance and day of the account's last admitted statement."""
    query = text("""
        SELECT closing_minor, closing_on FROM statement
        WHERE account_id = :account_id AND verdict = 'admitted'
        ORDER BY closing_on DESC, admitted_at DESC, position DESC LIMIT 1
    """)
    return (await connection.execute(query, {"account_id": account_id})).one_or_none()


async def is_number_known(
    connection: AsyncConnection,
    account_id: UUID,
    number: str,
    closing_on: date,
    except_id: UUID | None,
) -> bool:
    """Say whether another live statement of this account bears this number and day."""
    query = text("""
        SELECT EXISTS (SELECT FROM statement WHERE account_id = :account_id
          AND number = :number AND closing_on = :closing_on AND verdict <> 'quarantined'
          AND statement_id IS DISTINCT FROM CAST(:except_id AS uuid))
    """)
    values = {
        "account_id": account_id,
        "number": number,
        "closing_on": closing_on,
        "except_id": except_id,
    }
    return bool((await connection.execute(query, values)).scalar_one())


async def keys_of_days(
    connection: AsyncConnection, account_id: UUID, days: Sequence[date]
) -> defaultdict[date, Counter[bytes]]:
    """Return, for booking dates, how often each content key stands on the account."""
    query = text("""
        SELECT booking_date, content_key, count(*) AS lines FROM statement_line
        WHERE account_id = :account_id AND booking_date = ANY(:days)
        GROUP BY booking_date, content_key
    """)
    found: defaultdict[date, Counter[bytes]] = defaultdict(Counter)
    for row in await connection.execute(query, {"account_id": account_id, "days": list(days)}):
        found[row.booking_date][row.content_key] = row.lines
    return found


async def count_keys(
    connection: AsyncConnection, account_id: UUID, content_keys: Sequence[bytes]
) -> dict[bytes, int]:
    """Return how often each content key already stands on the account."""
    query = text("""
        SELECT content_key, max(occurrence) AS occurrence FROM statement_line
        WHERE account_id = :account_id AND content_key = ANY(:content_keys) GROUP BY content_key
    """)
    values = {"account_id": account_id, "content_keys": list(set(content_keys))}
    rows = await connection.execute(query, values)
    return {row.content_key: row.occurrence for row in rows}


async def lock_statement(
    connection: AsyncConnection, statement_id: UUID
) -> WaitingStatement | None:
    """Lock a statement and return it with its file."""
    query = text("""
        SELECT statement_id, file_id, account_id, number, closing_minor, closing_on, line_count,
               imported_by, content, verdict
        FROM statement JOIN statement_file USING (file_id)
        WHERE statement_id = :statement_id FOR UPDATE OF statement
    """)
    row = (await connection.execute(query, {"statement_id": statement_id})).one_or_none()
    return WaitingStatement(**row._mapping) if row else None  # noqa: SLF001 - public name


async def decide_statement(connection: AsyncConnection, values: dict[str, Any]) -> None:
    """Write the final verdict on a waiting statement, with who confirmed it."""
    await connection.execute(
        text("""
            UPDATE statement SET verdict = :verdict, reason_code = :reason_code,
              details = CAST(:details AS jsonb), confirmed_by = :confirmed_by,
              confirmed_at = :now,
              admitted_at = CASE WHEN :verdict = 'admitted' THEN CAST(:now AS timestamptz) END
            WHERE statement_id = :statement_id
        """),
        values,
    )


async def close_statement_breaks(
    connection: AsyncConnection, account_id: UUID, number: str, reason: str, now: datetime
) -> None:
    """Close the breaks on earlier versions of a statement that is admitted now."""
    await connection.execute(
        text("""
            UPDATE break_case SET closed_at = :now, closed_reason = :reason
            FROM statement
            WHERE break_case.statement_id = statement.statement_id
              AND statement.account_id = :account_id AND statement.number = :number
              AND break_case.closed_at IS NULL
        """),
        {"account_id": account_id, "number": number, "reason": reason, "now": now},
    )
