"""Builds lines, items and runs with few words, for tests that say only what matters to them."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow as pa

from bank_adapters.payment_reference import make
from reconciliation.reconcile import Reconciliation, reconcile
from reconciliation.ruleset import RuleSet
from reconciliation.schemas import ITEMS, LINES

DAY = date(2026, 11, 16)
"""A Monday."""
WEEKENDS = frozenset(
    date.fromordinal(day)
    for day in range(DAY.toordinal() - 800, DAY.toordinal() + 800)
    if date.fromordinal(day).isoweekday() > 5
)

Row = dict[str, Any]
_STANDING_RULES = RuleSet()


def reference(number: int) -> str:
    """Return the valid payment reference that belongs to a number."""
    return make(hashlib.sha256(str(number).encode()).digest())


def line(name: str, amount_minor: int, **values: Any) -> Row:
    """Return one credit line of group G; `name` is its identifier and makes its content key."""
    row: Row = {
        "line_id": name,
        "account_group": "G",
        "account": "0011",
        "currency": "VND",
        "direction": "credit",
        "booking_date": DAY,
        "amount_minor": amount_minor,
        "residual_minor": amount_minor,
        "is_reversal": False,
        "bank_reference": "",
        "end_to_end_reference": "",
        "returned_reference": "",
        "batch_reference": "",
        "counterparty_account": "",
        "counterparty_name": "",
        "bank_code": "",
        "narrative": "",
        "content_key": hashlib.sha256(name.encode()).hexdigest(),
        "occurrence": 1,
    }
    return row | values


def item(name: str, kind: str, amount_minor: int, **values: Any) -> Row:
    """Return one open item of group G; `name` is its identifier and its order key."""
    row: Row = {
        "item_id": name,
        "kind": kind,
        "account_group": "G",
        "account": "0011" if kind == "bank_notice" else "",
        "currency": "VND",
        "direction": "debit" if kind == "refund" else "credit",
        "amount_minor": amount_minor,
        "residual_minor": amount_minor,
        "state": "open",
        "reference": "",
        "provider_transaction": "",
        "payer_account": "",
        "opened_on": DAY,
        "due_on": DAY,
        "order_key": name,
    }
    return row | values


def run(
    lines: Iterable[Row],
    items: Iterable[Row],
    *,
    as_of: date = DAY,
    ruleset: RuleSet = _STANDING_RULES,
) -> Reconciliation:
    """Reconcile rows with the standing rules, or with others."""
    return reconcile(
        pa.Table.from_pylist(list(lines), schema=LINES),
        pa.Table.from_pylist(list(items), schema=ITEMS),
        ruleset=ruleset,
        as_of=as_of,
        non_working_days=WEEKENDS,
        memory_limit_bytes=256 * 1024 * 1024,
        spill_folder=None,
    )


def moves(result: Reconciliation) -> list[tuple[Any, ...]]:
    """Return the decisions without keys and evidence."""
    names = ("pass_name", "evidence_class", "line_id", "item_id", "opposite_line_id", "effect")
    return [
        (*(row[name] for name in names), row["amount_minor"])
        for row in result.decisions.to_pylist()
    ]


def line_breaks(result: Reconciliation) -> dict[str, str]:
    """Return the code of every open line."""
    rows = result.breaks.to_pylist()
    return {row["line_id"]: row["code"] for row in rows if row["line_id"] is not None}


def item_breaks(result: Reconciliation) -> list[tuple[str, str]]:
    """Return item and code of every break on an item."""
    rows = result.breaks.to_pylist()
    return [(row["item_id"], row["code"]) for row in rows if row["item_id"] is not None]


def details(result: Reconciliation, code: str) -> Row:
    """Return the details of the only break with a code."""
    (row,) = [row for row in result.breaks.to_pylist() if row["code"] == code]
    parsed: Row = json.loads(row["details"])
    return parsed


def apply(
    result: Reconciliation, lines: list[Row], items: list[Row]
) -> tuple[list[Row], list[Row]]:
    """Return copies of the rows with the residuals a database would hold after the decisions."""
    new_lines = {row["line_id"]: dict(row) for row in lines}
    new_items = {row["item_id"]: dict(row) for row in items}
    for row in result.decisions.to_pylist():
        target = new_lines[row["line_id"]]
        if row["effect"] == "unmatch":
            opposite = new_lines[row["opposite_line_id"]]
            opposite["residual_minor"] = opposite["amount_minor"]
            continue
        target["residual_minor"] -= row["amount_minor"]
        if row["effect"] == "pair":
            new_lines[row["opposite_line_id"]]["residual_minor"] -= row["amount_minor"]
        if row["effect"] == "settle":
            due = new_items[row["item_id"]]
            due["residual_minor"] -= row["amount_minor"]
            if due["residual_minor"] == 0:
                due["state"] = "closed"
    return list(new_lines.values()), list(new_items.values())
