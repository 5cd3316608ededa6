"""What officers read about nights, statements, lines, and what waits for a second person.

Reads only.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# A night may run a group again when rows moved: what is open after one run comes in again in the
# next, so it is counted once, and only the last run says what is open.
_TOTALS = """
    SELECT run.business_date, run.account_group_id, total ->> 'pass' AS pass_name,
           total ->> 'bucket' AS bucket, (total ->> 'lines')::bigint AS lines,
           (total ->> 'amount_minor')::bigint AS amount_minor,
           dense_rank() OVER (PARTITION BY run.business_date, run.account_group_id
                              ORDER BY made_at DESC, run_id DESC) = 1 AS is_last
    FROM run, jsonb_array_elements(totals) AS total
"""
_FIGURES = """
    coalesce(sum(CASE WHEN bucket = 'in' THEN lines
                      WHEN bucket = 'open' AND NOT is_last THEN -lines END), 0)::bigint
      AS lines_in,
    coalesce(sum(CASE WHEN bucket = 'in' THEN amount_minor
                      WHEN bucket = 'open' AND NOT is_last THEN -amount_minor END), 0)::bigint
      AS in_minor,
    coalesce(sum(lines) FILTER (WHERE bucket IN ('settled', 'paired', 'surplus')), 0)::bigint
      AS lines_matched,
    coalesce(sum(amount_minor) FILTER (WHERE bucket IN ('settled', 'paired', 'surplus')), 0)
      ::bigint AS matched_minor,
    coalesce(sum(lines) FILTER (WHERE bucket = 'open' AND is_last), 0)::bigint AS lines_open,
    coalesce(sum(amount_minor) FILTER (WHERE bucket = 'open' AND is_last), 0)::bigint
      AS open_minor
"""


async def list_nights(connection: AsyncConnection, limit: int) -> list[Any]:
    """Return the last nights with their lines and the breaks they opened, newest first."""
    query = text(f"""
        WITH figure AS (
          SELECT business_date, {_FIGURES} FROM ({_TOTALS}) AS total GROUP BY business_date
        ), opened AS (
          SELECT run.business_date, count(*) AS breaks
          FROM break_case JOIN run USING (run_id) GROUP BY run.business_date
        )
        SELECT business_date, night.started_at, night.finished_at,
               coalesce(lines_in, 0) AS lines_in, coalesce(lines_matched, 0) AS lines_matched,
               coalesce(lines_open, 0) AS lines_open, coalesce(breaks, 0) AS breaks
        FROM night FULL JOIN figure USING (business_date) LEFT JOIN opened USING (business_date)
        ORDER BY business_date DESC LIMIT :limit
    """)  # noqa: S608 - constants of this module
    return list(await connection.execute(query, {"limit": limit}))


async def find_night(connection: AsyncConnection, business_date: date) -> Any | None:
    """Return a night with its report as JSON text; also one whose runs were started by hand."""
    query = text("""
        SELECT CAST(:business_date AS date) AS business_date, started_at, finished_at,
               report::text AS report
        FROM (VALUES (1)) AS one LEFT JOIN night ON business_date = :business_date
        WHERE night.business_date IS NOT NULL
           OR EXISTS (SELECT FROM run WHERE run.business_date = :business_date)
    """)
    return (await connection.execute(query, {"business_date": business_date})).one_or_none()


async def totals_by_pass(connection: AsyncConnection, business_date: date) -> list[Any]:
    """Return lines and amounts of a night by pass and bucket; `open` as the last runs left it."""
    query = text(f"""
        SELECT pass_name, bucket, sum(lines)::bigint AS lines,
               sum(amount_minor)::bigint AS amount_minor
        FROM ({_TOTALS}) AS total
        WHERE business_date = :business_date AND bucket <> 'in' AND (bucket <> 'open' OR is_last)
        GROUP BY 1, 2 ORDER BY 1, 2
    """)  # noqa: S608 - constants of this module
    return list(await connection.execute(query, {"business_date": business_date}))


async def totals_by_group(connection: AsyncConnection, business_date: date) -> list[Any]:
    """Return a night's control totals of each account group that had lines."""
    query = text(f"""
        SELECT unit.code AS unit_code, unit.name_vi AS unit_name, {_FIGURES}
        FROM ({_TOTALS}) AS total
        JOIN unit ON unit.account_group_id = total.account_group_id AND successor_id IS NULL
        WHERE business_date = :business_date
        GROUP BY unit.code, unit.name_vi ORDER BY unit.code
    """)  # noqa: S608 - constants of this module
    return list(await connection.execute(query, {"business_date": business_date}))


_STATEMENT = """
    SELECT statement_id, statement.number, opening_minor, statement.opening_on, closing_minor,
           closing_on, line_count, verdict, reason_code, details::text AS details, confirmed_at,
           file.name AS file_name, file.format, file.authenticity, file.imported_at,
           file.imported_by, importer.full_name AS importer_name,
           confirmer.full_name AS confirmer_name, account.account_number,
           bank.short_name AS bank_name, unit.name_vi AS unit_name
    FROM statement JOIN statement_file AS file USING (file_id)
    JOIN collection_account AS account USING (account_id)
    JOIN unit USING (unit_id) JOIN bank ON bank.bin = account.bank_bin
    LEFT JOIN person AS importer ON importer.person_id = file.imported_by
    LEFT JOIN person AS confirmer ON confirmer.person_id = statement.confirmed_by
"""


async def list_statements(connection: AsyncConnection, limit: int) -> list[Any]:
    """Return the last statements, the waiting ones first."""
    query = text(
        _STATEMENT
        + """
        ORDER BY verdict = 'waiting' DESC, file.imported_at DESC, closing_on DESC, statement_id DESC
        LIMIT :limit"""
    )
    return list(await connection.execute(query, {"limit": limit}))


async def find_statement(connection: AsyncConnection, statement_id: UUID) -> Any | None:
    """Return one statement with its file and people."""
    query = text(_STATEMENT + " WHERE statement_id = :statement_id")
    return (await connection.execute(query, {"statement_id": statement_id})).one_or_none()


async def lines_of_statement(
    connection: AsyncConnection, statement_id: UUID, *, after: int, limit: int
) -> list[Any]:
    """Return the lines of a statement after a position."""
    query = text("""
        SELECT line_id, position, booking_date, direction, amount_minor, residual_minor,
               bank_reference, narrative
        FROM statement_line WHERE statement_id = :statement_id AND position > :after
        ORDER BY position LIMIT :limit
    """)
    values = {"statement_id": statement_id, "after": after, "limit": limit}
    return list(await connection.execute(query, values))


async def find_line(connection: AsyncConnection, line_id: UUID) -> Any | None:
    """Return a bank line with every field the bank sent."""
    query = text("""
        SELECT line.*, statement.number AS statement_number, account.account_number,
               account.unit_id,
               unit.name_vi AS unit_name
        FROM statement_line AS line JOIN statement USING (statement_id)
        JOIN collection_account AS account ON account.account_id = line.account_id
        JOIN unit USING (unit_id)
        WHERE line_id = :line_id
    """)
    return (await connection.execute(query, {"line_id": line_id})).one_or_none()


async def matches_of_line(connection: AsyncConnection, line_id: UUID) -> list[Any]:
    """Return every match of a line and its reversals, in the order they were made."""
    query = text("""
        SELECT match_group.group_id, match_group.pass_name, match_group.evidence_class,
               match_group.evidence::text AS evidence,
               match_group.made_at, match_group.reverses, allocation.amount_minor,
               item.kind AS item_kind, item.reference AS item_reference, request.dossier_code,
               request.link_token, reversal.made_at AS reversed_at, run.business_date
        FROM allocation JOIN match_group USING (group_id)
        LEFT JOIN item ON item.item_id = allocation.item_id
        LEFT JOIN money ON money.money_id = allocation.money_id
        LEFT JOIN payment_request AS request
          ON request.request_id = coalesce(item.request_id, money.request_id)
        LEFT JOIN match_group AS reversal ON reversal.reverses = match_group.group_id
        LEFT JOIN run ON run.run_id = match_group.run_id
        WHERE allocation.line_id = :line_id
        ORDER BY match_group.made_at, allocation.allocation_id
    """)
    return list(await connection.execute(query, {"line_id": line_id}))


async def list_approvals(connection: AsyncConnection, *, is_open: bool, limit: int) -> list[Any]:
    """Return what waits for a decision, oldest first, or what was decided, newest first."""
    query = text("""
        SELECT approval_id, act, approval.amount_minor, reason, requested_by, requested_at,
               decision, decided_at, asker.full_name AS requester_name,
               decider.full_name AS decider_name, unit.name_vi AS unit_name,
               bank.short_name AS bank_name, account.account_number, account.holder_name,
               item.reference, request.dossier_code, money.payer_account, resolution.note,
               resolution.effect, resolution.break_id
        FROM approval JOIN person AS asker ON asker.person_id = requested_by
        LEFT JOIN person AS decider ON decider.person_id = decided_by
        LEFT JOIN resolution USING (approval_id)
        LEFT JOIN item ON item.item_id = subject_id
        LEFT JOIN money ON money.money_id = item.money_id
        LEFT JOIN payment_request AS request ON request.request_id = item.request_id
        LEFT JOIN collection_account AS account
          ON account.account_id = coalesce(item.account_id, subject_id)
        LEFT JOIN bank ON bank.bin = account.bank_bin
        LEFT JOIN unit ON unit.unit_id = coalesce(item.unit_id, account.unit_id,
                                                resolution.unit_id)
        WHERE (decision IS NULL) = :is_open
        ORDER BY CASE WHEN :is_open THEN requested_at END, decided_at DESC, approval_id
        LIMIT :limit
    """)
    return list(await connection.execute(query, {"is_open": is_open, "limit": limit}))


async def list_banks(connection: AsyncConnection) -> list[Any]:
    """Return every bank by its short name."""
    return list(await connection.execute(text("SELECT bin, short_name FROM bank ORDER BY 2")))
