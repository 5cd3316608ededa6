"""The pure engine over labelled days, beside other plans for the same work.

Each plan is judged by the truth of the day: speed says nothing about one that matches wrongly.
"""

import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure, compared
from benchmarks.judging import right_and_wrong
from benchmarks.labelled_days import LabelledDay, labelled_day
from benchmarks.other_plans import OTHER_PLANS, rows_of
from benchmarks.reconciled_day import Outcome, percent_of

DAY: Final = date(2026, 11, 23)
MIXES: Final = ("easy", "hard", "adversarial", "scattered")
_SEED: Final = 2026
_MEBIBYTE_KIB: Final = 1024


def measure(sizes: tuple[int, ...], other_sizes: tuple[int, ...]) -> list[Figure]:
    """Reconcile a day of each mix at each size; the other plans at sizes of their own."""
    return [figure for mix in MIXES for figure in _measured(mix, sizes, other_sizes)]


def _measured(mix: str, sizes: tuple[int, ...], other_sizes: tuple[int, ...]) -> Iterator[Figure]:
    taken = {}
    for payments in sorted({*sizes, *other_sizes}):
        day = labelled_day(mix, payments, seed=_SEED, day=DAY)
        ours = _in_a_process(day)
        if payments in sizes:
            taken[payments] = ours["cpu_seconds"]
            yield from _own_figures(mix, payments, ours)
        if payments in other_sizes:
            yield from _beside_others(mix, payments, day, ours)
    if len(taken) > 1:
        yield Figure(
            name=f"engine, {mix}: exponent of processor time over size",
            size=max(taken),
            value=round(exponent_of(taken), 3),
            unit="",
        )


def _own_figures(mix: str, payments: int, ours: Outcome) -> Iterator[Figure]:
    figures = {
        "speed": (ours["lines"] / ours["seconds"], "lines/s"),
        "processor time": (ours["cpu_seconds"], "s"),
        "peak memory": (ours["peak_kib"] / _MEBIBYTE_KIB, "MiB"),
        "of which the tables it is given": (ours["given_kib"] / _MEBIBYTE_KIB, "MiB"),
        "lines matched": (100 * ours["right"] / ours["lines"], "%"),
        "right among matches of classes A and B": (ours["right_percent_a_b"], "%"),
        "right among all matches": (ours["right_percent"], "%"),
    }
    for name, (value, unit) in figures.items():
        yield Figure(name=f"engine, {mix}: {name}", size=payments, value=round(value, 3), unit=unit)


def _beside_others(mix: str, payments: int, day: LabelledDay, ours: Outcome) -> Iterator[Figure]:
    lines, items = rows_of(day)
    for name, (plan, payments_max) in OTHER_PLANS.items():
        if payments > payments_max:
            continue
        started = time.perf_counter()
        pairs = plan(lines, items)
        seconds = time.perf_counter() - started
        yield compared(
            f"engine, {mix}: whole day", payments, ours["lines"] / ours["seconds"], "lines/s",
            against=name, other=ours["lines"] / seconds,
        )  # fmt: skip
        right, wrong = right_and_wrong(day, pairs)
        percent = percent_of(right, wrong)
        yield Figure(
            name=f"engine, {mix}: right among matches",
            size=payments,
            value=round(ours["right_percent"], 2),
            unit="%",
            against=f"{name}: {percent:.1f} % ({right:,} right, {wrong:,} wrong)",
            ratio=round(ours["right_percent"] / percent, 3) if percent else None,
        )


def exponent_of(taken: dict[int, float]) -> float:
    """Fit seconds = c · size ^ exponent to seconds by size: 1 is linear, 2 quadratic."""
    sizes = [math.log(size) for size in taken]
    return statistics.linear_regression(sizes, [math.log(value) for value in taken.values()]).slope


def _in_a_process(day: LabelledDay) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        day.write(Path(folder))
        command = [sys.executable, "-m", "benchmarks.reconciled_day", folder]
        done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - our own words
    outcome: Outcome = json.loads(done.stdout)
    if outcome["right_percent_a_b"] < 100:  # noqa: PLR2004 - a hundred percent
        raise RuntimeError(f"classes A and B were wrong: {outcome}")
    return outcome
