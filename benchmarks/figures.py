"""One figure beside what it is compared with: printed as a table and kept as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULT = Path(__file__).resolve().parents[1] / "build" / "bench.json"

_WHOLE_FROM = 1_000
"""Smaller figures are shown with three digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was measured; `ratio` is this speed divided by that of `against`, higher is better.

    A figure without a comparison, such as a floor of its own, has neither.
    """

    name: str
    size: int
    value: float
    unit: str
    against: str = ""
    ratio: float | None = None


def compared(
    name: str, size: int, value: float, unit: str, *, against: str, other: float
) -> Figure:
    """Return a figure beside another speed of the same unit, which its text states."""
    return Figure(
        name=name,
        size=size,
        value=round(value, 1),
        unit=unit,
        against=f"{against}: {other:,.0f} {unit}",
        ratio=float(f"{value / other:.3g}"),
    )


def keep(figures: Sequence[Figure], path: Path = RESULT) -> None:
    """Add figures to the file, in place of earlier ones of the same name and size."""
    rows = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    fresh = {(figure.name, figure.size) for figure in figures}
    rows = [row for row in rows if (row["name"], row["size"]) not in fresh]
    rows += [asdict(figure) for figure in figures]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def show(figures: Sequence[Figure], console: Console) -> None:
    """Print figures as a table."""
    table = Table(title="Speed and ratio (ours divided by theirs, higher is better)")
    for column in ("benchmark", "size", "ours", "against", "ratio"):
        table.add_column(column, justify="right" if column in {"size", "ours", "ratio"} else "left")
    for figure in figures:
        table.add_row(
            figure.name,
            f"{figure.size:,}",
            f"{_short(figure.value)} {figure.unit}",
            figure.against,
            "" if figure.ratio is None else f"{figure.ratio:.2f}",
        )
    console.print(table)


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= _WHOLE_FROM else f"{value:.3g}"
