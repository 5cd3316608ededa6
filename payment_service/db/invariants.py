"""The invariants of the books, each one query that must return no row.

They are the paper's I1–I13 as the books of this house need them; the database enforces I1–I4, I8
and I10 on top.
"""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.invariant import BALANCE, Invariant, compare
from payment_service.db.open_item_invariants import OPEN_ITEM_INVARIANTS

INVARIANTS: Final = (
    Invariant(
        name="I1",
        sentence="Every line is in one state, derived from its residual and its matches.",
        query="""
            SELECT line_id FROM statement_line JOIN statement USING (statement_id)
            WHERE statement.verdict <> 'admitted'
        """,
    ),
    Invariant(
        name="I2",
        sentence="Matches of a line and its residual add up to its amount.",
        query="""
            SELECT line.line_id FROM statement_line AS line
            LEFT JOIN (SELECT line_id, sum(amount_minor) AS matched_minor FROM allocation
                       WHERE line_id IS NOT NULL GROUP BY line_id) AS sums USING (line_id)
            WHERE coalesce(matched_minor, 0) + residual_minor <> amount_minor
        """,
    ),
    Invariant(
        name="I3",
        sentence="Matches or applications of an item and its residual add up to its amount.",
        query="""
            SELECT item.item_id FROM item
            LEFT JOIN (SELECT item_id, sum(amount_minor) AS taken_minor FROM allocation
                       WHERE item_id IS NOT NULL GROUP BY item_id) AS matched
              ON matched.item_id = item.item_id AND item.kind <> 'due'
            LEFT JOIN (SELECT request_id, sum(amount_minor) AS taken_minor FROM application
                       GROUP BY request_id) AS applied
              ON applied.request_id = item.request_id AND item.kind = 'due'
            WHERE coalesce(matched.taken_minor, 0) + coalesce(applied.taken_minor, 0)
                  + item.residual_minor <> item.amount_minor
        """,
    ),
    Invariant(
        name="I4",
        sentence="Debits equal credits in every entry and in each unit's books.",
        query="""
            SELECT entry_id FROM posting GROUP BY entry_id, unit_id
            HAVING sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END) <> 0
        """,
    ),
    Invariant(
        name="I5",
        sentence="Bank in the ledger is the last proven closing balance of the statement.",
        query=f"""
            SELECT account.account_id, book.balance_minor, proven.closing_minor
            FROM collection_account AS account
            LEFT JOIN ({BALANCE.format(account="bank")}) AS book
              ON book.detail = account.account_id::text
            LEFT JOIN LATERAL (
              SELECT closing_minor FROM statement
              WHERE statement.account_id = account.account_id AND verdict = 'admitted'
              ORDER BY closing_on DESC, admitted_at DESC, position DESC LIMIT 1) AS proven ON true
            WHERE account.state = 'live'
              AND coalesce(book.balance_minor, 0)
                  <> coalesce(proven.closing_minor, account.opening_balance_minor)
        """,
    ),
    compare(
        "I6",
        "Suspense is what is still unexplained on the statements.",
        "suspense",
        "detail",
        """SELECT account_id::text AS key, CASE direction WHEN 'credit' THEN residual_minor
           ELSE -residual_minor END AS amount_minor FROM statement_line""",
        -1,
    ),
    *OPEN_ITEM_INVARIANTS,
    Invariant(
        name="I8",
        sentence="Nothing is matched across account groups.",
        query="""
            SELECT allocation_id FROM allocation JOIN match_group USING (group_id)
            LEFT JOIN statement_line USING (line_id)
            LEFT JOIN item ON item.item_id = allocation.item_id
            WHERE statement_line.account_group_id <> match_group.account_group_id
               OR item.account_group_id <> match_group.account_group_id
        """,
    ),
    Invariant(
        name="I9",
        sentence="After a run every open line has one open break, every closed line none.",
        query="""
            SELECT line.line_id FROM statement_line AS line
            LEFT JOIN break_case AS found ON found.line_id = line.line_id AND closed_at IS NULL
            WHERE (line.residual_minor > 0) <> (found.break_id IS NOT NULL)
              AND line.booking_date <= coalesce((
                SELECT max(business_date) FROM run
                WHERE run.account_group_id = line.account_group_id), '-infinity')
              AND NOT EXISTS (SELECT FROM statement WHERE statement.statement_id = line.statement_id
                AND admitted_at >= coalesce((SELECT max(made_at) FROM run
                  WHERE run.account_group_id = line.account_group_id), '-infinity'))
              AND coalesce((SELECT dropped_count FROM run
                WHERE run.account_group_id = line.account_group_id
                ORDER BY made_at DESC, run_id DESC LIMIT 1), 0) = 0
        """,
    ),
    Invariant(
        name="I10",
        sentence="A line is in several live matches only if their amounts fit into it.",
        query="""
            SELECT line_id FROM allocation JOIN statement_line USING (line_id)
            GROUP BY line_id, statement_line.amount_minor
            HAVING sum(allocation.amount_minor) NOT BETWEEN 0 AND statement_line.amount_minor
        """,
    ),
    Invariant(
        name="I11",
        sentence="Lines of a statement are as many, and as much, as the statement says.",
        query="""
            SELECT statement.statement_id FROM statement
            LEFT JOIN statement_line AS line USING (statement_id)
            WHERE statement.verdict = 'admitted'
            GROUP BY statement.statement_id
            HAVING count(line.line_id) <> statement.line_count
               OR coalesce(sum(CASE direction WHEN 'credit' THEN amount_minor
                    ELSE -amount_minor END), 0)
                  <> statement.closing_minor - statement.opening_minor
        """,
    ),
    Invariant(
        name="I12",
        sentence="Each admitted statement opens with the closing balance before it.",
        query="""
            SELECT statement_id FROM (
              SELECT statement_id, opening_minor,
                lag(closing_minor, 1, account.opening_balance_minor) OVER (
                  PARTITION BY account_id
                  ORDER BY closing_on, admitted_at, position) AS before_minor
              FROM statement JOIN collection_account AS account USING (account_id)
              WHERE verdict = 'admitted') AS chain
            WHERE opening_minor <> before_minor
        """,
    ),
    Invariant(
        name="I13",
        sentence="Every match carries evidence whose hash recomputes, and the rules of its run.",
        query="""
            SELECT group_id FROM match_group
            WHERE (run_id IS NOT NULL AND ruleset_sha256 IS NULL)
               OR sha256(convert_to(evidence, 'UTF8')) <> evidence_sha256
        """,
    ),
)


async def broken_invariants(connection: AsyncConnection) -> dict[str, int]:
    """Return the names of broken invariants with how many rows break each; empty is sound."""
    broken = {}
    for invariant in INVARIANTS:
        count = (
            await connection.execute(text(f"SELECT count(*) FROM ({invariant.query}) AS rows"))
        ).scalar_one()
        if count:
            broken[invariant.name] = int(count)
    return broken
