"""The journal: append and read, never update."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.domain.identifiers import new_id
from payment_service.domain.journal import JournalEntry

_OPEN_DAY = text("""
    WITH wished AS (
      INSERT INTO business_day (book, day) VALUES (:book, :day) ON CONFLICT DO NOTHING
    )
    SELECT CASE WHEN NOT EXISTS (SELECT FROM business_day
        WHERE book = :book AND day = :day AND state <> 'open')
      THEN CAST(:day AS date)
      ELSE coalesce(
        (SELECT min(candidate) FROM generate_series(
           CAST(:day AS date), CAST(:day AS date) + 400, interval '1 day') AS candidate
         WHERE NOT EXISTS (SELECT FROM business_day
           WHERE book = :book AND day = candidate::date AND state <> 'open')), :day)::date
      END
""")


async def first_open_day(connection: AsyncConnection, book: str, day: date) -> date:
    """Return the first day of a book, at or after a day, that still takes entries."""
    found = (await connection.execute(_OPEN_DAY, {"book": book, "day": day})).scalar_one()
    if found != day:
        await connection.execute(_OPEN_DAY, {"book": book, "day": found})
    return date.fromisoformat(str(found))


async def append(
    connection: AsyncConnection, entries: Sequence[JournalEntry], now: datetime
) -> None:
    """Write entries with their postings; the database refuses unbalanced ones at commit.

    Days are locked in the order of book and date, whatever the entries are about.
    """
    for entry in sorted(entries, key=lambda entry: (entry.book, entry.business_date)):
        business_date = await first_open_day(connection, entry.book, entry.business_date)
        await connection.execute(
            _APPEND,
            {
                "entry_id": new_id(now),
                "rule": entry.rule,
                "source": entry.source,
                "book": entry.book,
                "business_date": business_date,
                "event_at": entry.event_at,
                "recorded_at": now,
                "evidence_root": entry.evidence_root,
                "accounts": [posting.account.value for posting in entry.postings],
                "unit_ids": [posting.unit_id for posting in entry.postings],
                "details": [posting.detail for posting in entry.postings],
                "sides": [posting.side.value for posting in entry.postings],
                "amounts_minor": [posting.amount_minor for posting in entry.postings],
            },
        )


_APPEND = text("""
    WITH entry AS (
      INSERT INTO journal_entry (entry_id, rule, source, book, business_date, event_at,
        recorded_at, evidence_root)
      VALUES (:entry_id, :rule, :source, :book, :business_date, :event_at, :recorded_at,
        :evidence_root)
      RETURNING entry_id
    )
    INSERT INTO posting (entry_id, position, account, unit_id, detail, side, amount_minor)
    SELECT entry.entry_id, line.position, line.account, line.unit_id, line.detail, line.side,
      line.amount_minor
    FROM entry, unnest(
      CAST(:accounts AS text[]), CAST(:unit_ids AS uuid[]), CAST(:details AS text[]),
      CAST(:sides AS text[]), CAST(:amounts_minor AS bigint[])
    ) WITH ORDINALITY AS line (account, unit_id, detail, side, amount_minor, position)
""")


async def balances(connection: AsyncConnection) -> list[Any]:
    """Return debit minus credit for each account, unit and detail."""
    query = text("""
        SELECT account, unit_id, detail,
          sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END)::bigint AS balance_minor
        FROM posting GROUP BY account, unit_id, detail ORDER BY account, unit_id, detail
    """)
    return list(await connection.execute(query))
