"""How others match lines with items, as plans of our own writing, and one library as it comes.

Each is given the same rows and what helps it: only open items, and the keys that our reader finds
in a memo. Each returns pairs of line and item, which the truth then judges.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from bankstatementparser import reconcile_payments_and_statements

from bank_adapters.payment_reference import find
from benchmarks.labelled_days import LabelledDay

Row = dict[str, Any]
Pairs = list[tuple[str, str]]
CANDIDATES_MAX: Final = 5_000
"""Where a known engine with nested loops stops to look, on either side of an account group."""
_DAYS_APART_MAX: Final = 7
_AUTOMATIC_SCORE: Final = 90
_SIGNS: Final = {"credit": "CRDT", "debit": "DBIT"}


def rows_of(day: LabelledDay) -> tuple[list[Row], list[Row]]:
    """Return open lines and open items as rows; a line's `key` is the best that it shows."""
    items = [
        row for row in day.items.to_pylist() if row["state"] == "open" and row["residual_minor"] > 0
    ]
    for row in items:
        row["key"] = row["reference"] or row["provider_transaction"]
    announced = {row["provider_transaction"] for row in items} - {""}
    lines = [row for row in day.lines.to_pylist() if row["residual_minor"] > 0]
    for row in lines:
        noticed = row["bank_reference"] if row["bank_reference"] in announced else ""
        named = find(row["narrative"])
        row["key"] = noticed or row["end_to_end_reference"] or row["batch_reference"]
        row["key"] = row["key"] or (named[0] if len(named) == 1 else "")
    return lines, items


def library(lines: list[Row], items: list[Row]) -> Pairs:
    """Match with `bankstatementparser`: by key, else by amount and name, unique on both sides."""
    report = reconcile_payments_and_statements(
        [_record(row, row["opened_on"], item_id=row["item_id"]) for row in items],
        [_record(row, row["booking_date"], line_id=row["line_id"]) for row in lines],
    )
    return [
        (match.statement_record["line_id"], match.payment_record["item_id"])
        for match in report.matches
    ]


def _record(row: Row, day: date, **identifier: str) -> Row:
    return {
        "amount": str(row["residual_minor"]),
        "currency": row["currency"],
        "credit_debit": _SIGNS[row["direction"]],
        "reference": row["key"],
        "account_id": row["account"],
        "date": day.isoformat(),
        **identifier,
    }


_TABLE: Final = """
CREATE TABLE item (item_id TEXT, account_group TEXT, currency TEXT, direction TEXT,
    amount_minor INTEGER, key TEXT, opened_on INTEGER, is_open INTEGER);
"""
_INDEXES: Final = """
CREATE INDEX item_key ON item (account_group, key) WHERE is_open = 1;
CREATE INDEX item_amount ON item
    (account_group, currency, direction, amount_minor, opened_on, item_id) WHERE is_open = 1;
"""
_BY_KEY: Final = """
SELECT rowid, item_id FROM item WHERE is_open = 1 AND account_group = ? AND key = ?
    AND +currency = ? AND +direction = ? LIMIT 1
"""
"""The signs keep the planner from the index of amounts, which would be a scan here."""
_BY_AMOUNT: Final = """
SELECT rowid, item_id FROM item WHERE is_open = 1 AND account_group = ? AND currency = ?
    AND direction = ? AND amount_minor = ? AND opened_on BETWEEN ? AND ?
ORDER BY opened_on, item_id LIMIT 1
"""


def query_per_line(lines: list[Row], items: list[Row]) -> Pairs:
    """Ask an indexed table for every line: by key, else the oldest of its amount within days."""
    pairs = []
    connection = sqlite3.connect(":memory:")
    connection.executescript(_TABLE)
    connection.executemany(
        "INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
        [
            (row["item_id"], row["account_group"], row["currency"], row["direction"],
             row["residual_minor"], row["key"], row["opened_on"].toordinal())
            for row in items
        ],
    )  # fmt: skip
    connection.executescript(_INDEXES)
    for row in lines:
        group, kind = row["account_group"], (row["currency"], row["direction"])
        found = None
        if row["key"]:
            found = connection.execute(_BY_KEY, (group, row["key"], *kind)).fetchone()
        if found is None:
            day = row["booking_date"].toordinal()
            wanted = (group, *kind, row["residual_minor"], day - _DAYS_APART_MAX, day)
            found = connection.execute(_BY_AMOUNT, wanted).fetchone()
        if found is not None:
            connection.execute("UPDATE item SET is_open = 0 WHERE rowid = ?", found[:1])
            pairs.append((row["line_id"], found[1]))
    connection.close()
    return pairs


def greedy_capped(lines: list[Row], items: list[Row]) -> Pairs:
    """Score line by line, item by item, and take the first pair whose score is high enough."""
    by_group: defaultdict[str, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((lines, items)):
        for row in rows:
            by_group[row["account_group"]][side].append(row)
    pairs = []
    for some_lines, some_items in by_group.values():
        left = dict.fromkeys(range(min(len(some_items), CANDIDATES_MAX)))
        for row in some_lines[:CANDIDATES_MAX]:
            for place in left:
                if _score(row, some_items[place]) >= _AUTOMATIC_SCORE:
                    pairs.append((row["line_id"], some_items[place]["item_id"]))
                    del left[place]
                    break
    return pairs


def _score(line: Row, item: Row) -> int:
    """Weigh amount 40, currency 30, date 20 and reference 10, as published engines do."""
    if line["direction"] != item["direction"]:
        return 0
    score = 40 * (line["residual_minor"] == item["residual_minor"])
    score += 30 * (line["currency"] == item["currency"])
    score += 20 * (abs((line["booking_date"] - item["opened_on"]).days) <= _DAYS_APART_MAX)
    score += 10 * bool(line["key"] and line["key"] == item["key"])
    return int(score)


OTHER_PLANS: Final[Mapping[str, tuple[Callable[[list[Row], list[Row]], Pairs], int]]] = (
    MappingProxyType(
        {
            "bankstatementparser": (library, 2_000),
            "one query per line": (query_per_line, 100_000),
            "greedy, capped": (greedy_capped, 10_000),
        }
    )
)
"""Plans by name, each with the size beyond which it would take too long."""
