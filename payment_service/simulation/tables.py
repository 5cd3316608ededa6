"""The story of a simulation as tables on the terminal; it only shows what it is given."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from payment_service.simulation.lives import Truth
from payment_service.simulation.score import ScenarioScore, Score, parts_of_hundred
from reconciliation.ageing import AGE_BUCKETS
from reconciliation.labels import LABEL_TEXTS

_NAMES = {label.value: f"{words.name_vi} ({label.value})" for label, words in LABEL_TEXTS.items()}


def dong(amount_minor: int) -> str:
    """Return an amount with the full stops that Vietnamese readers expect."""
    return f"{amount_minor:,}".replace(",", ".")


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Return a table whose columns after the first are aligned to the right."""
    made = Table(title=title, box=SIMPLE_HEAD, title_justify="left", title_style="bold")
    for position, column in enumerate(columns):
        # Vietnamese above English, so that columns stay narrow.
        header = column.replace(" · ", "\n")
        made.add_column(header, justify="right" if position else "left", no_wrap=True)
    for row in rows:
        made.add_row(*(dong(cell) if isinstance(cell, int) else str(cell) for cell in row))
    return made


def units_table(rows: Sequence[Any], *, top: int) -> Table:
    """Return what was collected by the first units, the rest, and all."""
    shown = [
        (row.name_vi, row.requests, row.asked_minor, row.collected_minor) for row in rows[:top]
    ]
    groups = (
        (f"… {len(rows) - top} đơn vị khác · other units", rows[top:]),
        ("Tổng · Total", rows),
    )
    for name, group in groups:
        shown.append(
            (
                name,
                sum(row.requests for row in group),
                sum(row.asked_minor for row in group),
                sum(row.collected_minor for row in group),
            )
        )
    return table(
        "Đã thu theo đơn vị (đồng) · Collected by unit",
        ("Đơn vị · Unit", "Yêu cầu · Requests", "Phải thu · Asked", "Đã thu · Collected"),
        shown,
    )


def fees_table(rows: Sequence[Any]) -> Table:
    """Return what was collected by kind of fee."""
    return table(
        "Đã thu theo loại phí, lệ phí (đồng) · Collected by fee",
        ("Phí, lệ phí · Fee", "Yêu cầu · Requests", "Đã thu · Collected"),
        [(row.name_vi, row.requests, row.collected_minor) for row in rows],
    )


def labels_table(truth: Truth, labels: Mapping[str, str], facts: Mapping[str, Any]) -> Table:
    """Return for each label the requests and the amount of each of the four facts."""
    rows: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for asked in (asked for life in truth.lives for asked in life.requests):
        row, known = rows[labels.get(asked.request_id, "?")], facts.get(asked.request_id)
        row.update(count=1, requested=asked.amount_minor)
        if known is not None:
            row.update(
                notified=known.notified_minor,
                reported=known.reported_minor,
                collected=known.collected_minor,
            )
    return table(
        "Bốn dữ kiện theo trạng thái (đồng) · The four facts by label",
        (
            "Trạng thái · Label", "Số · Count", "Yêu cầu · Requested", "Báo có · Notified",
            "Đối soát · Reported", "Đã thu · Collected",
        ),
        [
            (
                _NAMES.get(name, name), row["count"], row["requested"], row["notified"],
                row["reported"], row["collected"],
            )
            for name, row in sorted(rows.items())
        ],
    )  # fmt: skip


def scores_table(score: Score) -> Table:
    """Return precision and recall of the automatic matching by scenario."""
    rows: list[tuple[str, ScenarioScore]] = [
        *score.scenarios.items(),
        ("Tất cả · All", score.total),
    ]
    return table(
        "Tự động khớp theo kịch bản · Automatic matching by scenario",
        (
            "Kịch bản · Scenario", "Ca · Lives", "Đúng hẹn · As expected", "Dòng · Lines",
            "Đúng · Right", "Sai · Wrong", "Độ đúng · Precision", "Độ phủ · Recall",
        ),
        [
            (
                name, row.lives, row.ended_as_expected, row.lines, row.right, row.wrong,
                parts_of_hundred(row.right, row.right + row.wrong),
                parts_of_hundred(row.right_readable, row.readable),
            )
            for name, row in rows
        ],
    )  # fmt: skip


def breaks_table(groups: Sequence[Any]) -> Table:
    """Return the open breaks by code and age in business days, the overdue ones, and the amount."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    amounts: Counter[str] = Counter()
    overdue: Counter[str] = Counter()
    for group in groups:
        counts[group.code][group.age.bucket] += group.breaks
        overdue[group.code] += group.breaks if group.age.is_overdue else 0
        amounts[group.code] += group.amount_minor
    return table(
        "Chênh lệch đang mở theo số ngày làm việc · Open breaks by age in business days",
        ("Mã · Code", *AGE_BUCKETS, "Quá hạn · Overdue", "Số tiền · Amount"),
        [
            (
                code, *(counts[code][bucket] or "" for bucket in AGE_BUCKETS),
                overdue[code] or "", amounts[code],
            )
            for code in sorted(counts)
        ],
    )  # fmt: skip


def balances_table(rows: Sequence[Any]) -> Table:
    """Return whether each bank balance in the ledger is the one on the statement, bank by bank."""
    banks: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        banks[row.bank_name].append(row)
    shown = [
        (
            name,
            len(group),
            sum(row.ledger_minor for row in group),
            sum(row.statement_minor for row in group),
            sum(row.ledger_minor != row.statement_minor for row in group),
        )
        for name, group in [*sorted(banks.items()), ("Tổng · Total", list(rows))]
    ]
    return table(
        "Tiền gửi trên sổ = số dư sao kê (đồng) · Bank in the ledger = statement",
        (
            "Ngân hàng · Bank", "Tài khoản · Accounts", "Sổ · Ledger", "Sao kê · Statement",
            "Lệch · Differing",
        ),
        shown,
    )  # fmt: skip


def invariants_table(rules: Sequence[tuple[str, str]], broken: Mapping[str, int]) -> Table:
    """Return every invariant with how many rows break it."""
    made = Table(
        title="Bất biến · Invariants", box=SIMPLE_HEAD, title_justify="left", title_style="bold"
    )
    for column in ("", "", ""):
        made.add_column(column)
    for name, sentence in rules:
        made.add_row(name, str(broken[name]) if name in broken else "✓", sentence)
    return made
