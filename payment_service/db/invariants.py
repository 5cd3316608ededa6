"""The invariants of the books, each one query that must return no row.

They are the paper's I1–I13 as the books of this house need them; the database enforces I1–I4, I8
and I10 on top.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_BALANCE = """
    SELECT unit_id, detail, sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END)
      AS balance_minor FROM posting WHERE account = '{account}' GROUP BY unit_id, detail
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """A rule of the books; `query` returns the rows that break it."""

    name: str
    sentence: str
    query: str


def _compare(
    name: str, sentence: str, account: str, key: str, expected: str, sign: int
) -> Invariant:
    """Compare an account's balance, detail by detail, with what its open records add up to."""
    balance = _BALANCE.format(account=account)
    return Invariant(
        name=name,
        sentence=sentence,
        query=f"""
            SELECT coalesce(book.key, expected.key) AS subject, book.balance_minor,
                   expected.balance_minor AS expected_minor
            FROM (SELECT {key} AS key, sum(balance_minor) AS balance_minor
                  FROM ({balance}) AS one GROUP BY 1) AS book
            FULL JOIN (SELECT key, sum(amount_minor) AS balance_minor
                       FROM ({expected}) AS two GROUP BY key) AS expected USING (key)
            WHERE coalesce({sign} * book.balance_minor, 0) <> coalesce(expected.balance_minor, 0)
        """,
    )


def _open_items(kind: str, key: str) -> str:
    return f"""
        SELECT {key}::text AS key, residual_minor AS amount_minor FROM item WHERE kind = '{kind}'
    """


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
            LEFT JOIN ({_BALANCE.format(account="bank")}) AS book
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
    _compare(
        "I6",
        "Suspense is what is still unexplained on the statements.",
        "suspense",
        "detail",
        """SELECT account_id::text AS key, CASE direction WHEN 'credit' THEN residual_minor
           ELSE -residual_minor END AS amount_minor FROM statement_line""",
        -1,
    ),
    _compare(
        "I7-clearing",
        "Gateway clearing is what was notified and not reported, and open payouts.",
        "gateway_clearing",
        "detail",
        """SELECT money.endpoint_id::text AS key, money.amount_minor FROM money_fact AS money
           WHERE kind IN ('gateway_notice', 'gateway_report') AND NOT is_reported
           UNION ALL
           SELECT line.endpoint_id::text, money.amount_minor - line.gross_minor
           FROM settlement_report_line AS line JOIN money USING (money_id)
           UNION ALL
           SELECT report.endpoint_id::text, CASE item.direction WHEN 'credit'
             THEN item.residual_minor ELSE -item.residual_minor END
           FROM item JOIN settlement_report AS report USING (report_id) WHERE kind = 'payout'""",
        1,
    ),
    _compare(
        "I7-notices",
        "Notices in transit are the bank notices that no line has shown.",
        "notices_in_transit",
        "detail",
        _open_items("bank_notice", "account_id"),
        1,
    ),
    _compare(
        "I7-costs",
        "Costs recoverable are the gateway costs that the unit has not put back.",
        "costs_recoverable",
        "detail",
        _open_items("cost_top_up", "account_id"),
        1,
    ),
    _compare(
        "I7-held",
        "Part payments held are the open part payments.",
        "part_payments_held",
        "unit_id::text",
        _open_items("part_payment", "unit_id"),
        -1,
    ),
    _compare(
        "I7-surplus",
        "Surplus to return is the open surplus.",
        "surplus_to_return",
        "unit_id::text",
        _open_items("surplus", "unit_id"),
        -1,
    ),
    _compare(
        "I7-refunds",
        "Refunds payable are the ordered refunds that no line has shown.",
        "refunds_payable",
        "unit_id::text",
        _open_items("refund", "unit_id"),
        -1,
    ),
    _compare(
        "I7-interest",
        "Interest due is the open interest.",
        "interest_due",
        "detail",
        _open_items("interest", "account_id"),
        -1,
    ),
    _compare(
        "I7-fees",
        "Fees collected are the applications to covered requests that were not declared.",
        "fees_collected",
        "unit_id::text || ':' || detail",
        """SELECT due.unit_id::text || ':' || line.fee_kind AS key, application.amount_minor
           FROM application JOIN request_line AS line USING (line_id)
           JOIN item AS due ON due.request_id = application.request_id AND due.kind = 'due'
           WHERE due.residual_minor = 0
           UNION ALL
           SELECT due.unit_id::text || ':' || line.fee_kind, -declared.amount_minor
           FROM application JOIN declared_application AS declared USING (application_id)
           JOIN request_line AS line USING (line_id)
           JOIN item AS due ON due.request_id = application.request_id AND due.kind = 'due'""",
        -1,
    ),
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
