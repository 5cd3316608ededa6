"""Matches held against the truth of a labelled day: right, wrong, and what got another name."""

from collections.abc import Sequence
from dataclasses import dataclass
from string import Template
from typing import Final

import duckdb
import pyarrow as pa

from benchmarks.labelled_days import LabelledDay
from benchmarks.labelled_stories import BANK_ONLY
from reconciliation.wrong_units import name_wrong_units

# A match with an item is right when the line is for it, a match with a line alone when that line is
# what was taken back. What is booked with neither is the bank's own money, or it is wrong.
_JUDGED: Final = """
CREATE TABLE judged AS
SELECT evidence_class, line_id, effect, story, CASE
        WHEN d.item_id IS NOT NULL THEN list_contains(t.item_ids, d.item_id)
        WHEN d.opposite_line_id IS NOT NULL THEN d.opposite_line_id = t.opposite_line_id
        ELSE story IN $bank_only END AS is_right
FROM decisions d JOIN line_truth t USING (line_id)
"""

# A line of weaker classes or of the bank's own may be matched or not: both are judged elsewhere.
_OTHERWISE_NAMED: Final = """
WITH weak AS (
    SELECT line_id FROM judged WHERE is_right AND (evidence_class NOT IN ('A', 'B') OR NOT EXISTS (
        SELECT 1 FROM line_truth t WHERE t.line_id = judged.line_id
            AND (len(t.item_ids) > 0 OR t.opposite_line_id <> '' )))
),
expected AS (
    SELECT line_id AS id, story, code FROM line_truth WHERE code <> ''
        AND line_id NOT IN (SELECT line_id FROM weak)
    UNION ALL SELECT item_id, story, code FROM item_truth WHERE code <> ''
),
found AS (SELECT coalesce(line_id, item_id) AS id, code FROM breaks),
named AS (
    SELECT line_id AS id, story FROM line_truth UNION ALL SELECT item_id, story FROM item_truth
)
SELECT n.story, coalesce(e.code, ''), coalesce(f.code, ''), count(*)
FROM expected e FULL JOIN found f ON e.id = f.id AND e.code = f.code
JOIN named n ON n.id = coalesce(e.id, f.id)
WHERE e.id IS NULL OR f.id IS NULL GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Lines by what became of them: `right_by_class`, `wrong_by_class`.

    `otherwise_named` lists (story, expected code, found code, how many) where a break is missing,
    is not expected, or has another name; a missing or unexpected one has an empty text.
    """

    right_by_class: dict[str, int]
    wrong_by_class: dict[str, int]
    otherwise_named: tuple[tuple[str, str, str, int], ...]


def judge(day: LabelledDay, decisions: pa.Table, breaks: pa.Table) -> Judgement:
    """Hold the whole result of the engine against the truth."""
    issued = zip(
        day.items.column("reference").to_pylist(),
        day.items.column("account_group").to_pylist(),
        strict=True,
    )
    groups_by_reference = {reference: [group] for reference, group in issued if reference}
    tables = {"decisions": decisions, "breaks": name_wrong_units(breaks, groups_by_reference)}
    tables |= {"line_truth": day.line_truth, "item_truth": day.item_truth}
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        for name, table in tables.items():
            connection.register(name, table)
        connection.execute(Template(_JUDGED).substitute(bank_only=tuple(sorted(BANK_ONLY))))
        counted = connection.execute(
            "SELECT evidence_class, is_right, count(DISTINCT line_id) FROM judged GROUP BY ALL"
        ).fetchall()
        otherwise_named = connection.execute(_OTHERWISE_NAMED).fetchall()
    return Judgement(
        right_by_class={name: lines for name, is_right, lines in counted if is_right},
        wrong_by_class={name: lines for name, is_right, lines in counted if not is_right},
        otherwise_named=tuple(otherwise_named),
    )


def right_and_wrong(day: LabelledDay, pairs: Sequence[tuple[str, str]]) -> tuple[int, int]:
    """Count pairs of a line and an item that are right, and that are wrong."""
    truth = dict(
        zip(
            day.line_truth.column("line_id").to_pylist(),
            day.line_truth.column("item_ids").to_pylist(),
            strict=True,
        )
    )
    right = sum(item_id in truth[line_id] for line_id, item_id in pairs)
    return right, len(pairs) - right
