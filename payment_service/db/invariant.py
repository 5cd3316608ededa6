"""What a rule of the books is: a query that returns no row, or an account beside its records."""

from dataclasses import dataclass

BALANCE = """
    SELECT unit_id, detail, sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END)
      AS balance_minor FROM posting WHERE account = '{account}' GROUP BY unit_id, detail
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """A rule of the books; `query` returns the rows that break it."""

    name: str
    sentence: str
    query: str


def compare(
    name: str, sentence: str, account: str, key: str, expected: str, sign: int
) -> Invariant:
    """Compare an account's balance, detail by detail, with what its open records add up to."""
    balance = BALANCE.format(account=account)
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
