"""One labelled day through the engine, in a process of its own.

`python -m benchmarks.reconciled_day FOLDER` reconciles the day that stands in a folder and prints
its time, its memory and what the truth says about its matches.
"""

import json
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from benchmarks.judging import judge
from benchmarks.labelled_days import LabelledDay
from reconciliation.reconcile import reconcile
from reconciliation.ruleset import RuleSet

MEMORY_LIMIT_BYTES: Final = 1 << 30
"""What the service gives the engine; beyond it the engine spills."""
_ALWAYS_RIGHT: Final = ("A", "B")

Outcome = dict[str, float]


def percent_of(right: int, wrong: int) -> float:
    """Return how many of a hundred matches are right; of none, all."""
    return 100 * right / (right + wrong) if right + wrong else 100


def _reconciled(day: LabelledDay, spill_folder: str) -> Outcome:
    given_kib = _peak_kib()
    started, cpu_started = time.perf_counter(), time.process_time()
    result = reconcile(
        day.lines,
        day.items,
        ruleset=RuleSet(),
        as_of=day.day,
        non_working_days=_weekends(day.day),
        memory_limit_bytes=MEMORY_LIMIT_BYTES,
        spill_folder=spill_folder,
    )
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    peak_kib = _peak_kib()
    judgement = judge(day, result.decisions, result.breaks)
    right, wrong = judgement.right_by_class, judgement.wrong_by_class
    return {
        "lines": day.lines.num_rows,
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "given_kib": given_kib,
        "peak_kib": peak_kib,
        "right": sum(right.values()),
        "right_percent": percent_of(sum(right.values()), sum(wrong.values())),
        "right_percent_a_b": percent_of(
            sum(right.get(name, 0) for name in _ALWAYS_RIGHT),
            sum(wrong.get(name, 0) for name in _ALWAYS_RIGHT),
        ),
    }


def _weekends(day: date) -> frozenset[date]:
    days = (day - timedelta(days=back) for back in range(200))
    return frozenset(day for day in days if day.isoweekday() > 5)  # noqa: PLR2004 - Friday


def _peak_kib() -> int:
    # What `getrusage` calls the peak began with the size of the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [peak_kib] = (int(line.split()[1]) for line in status.splitlines() if line[:6] == "VmHWM:")
    return peak_kib


def main() -> None:
    """Reconcile the day in one folder."""
    folder = Path(sys.argv[1])
    outcome = _reconciled(LabelledDay.read(folder), str(folder))
    print(json.dumps(outcome))  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
