"""`reconcile-parquet` over days of any size, account group by account group, as a whole process.

Days are planted a million payments at a time, each in account groups of its own, so that neither
planting nor judging needs memory for all of them.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from pyarrow import parquet

from benchmarks.engine import exponent_of
from benchmarks.figures import Figure
from benchmarks.labelled_days import labelled_day

DAY: Final = date(2026, 11, 23)
PAYMENTS_A_PART: Final = 1_000_000
_SEED: Final = 2026
_LIMIT_MIB: Final = 1_024
_MEBIBYTE_KIB: Final = 1_024


def measure(sizes: tuple[int, ...], mix: str = "easy") -> list[Figure]:
    """Reconcile a day of each size; processor time and peak memory are those of the process."""
    taken: dict[int, float] = {}
    figures = [figure for payments in sizes for figure in _measured(mix, payments, taken)]
    if len(taken) > 1:
        exponent = round(exponent_of(taken), 3)
        name = "reconcile-parquet: exponent of processor time over size"
        figures.append(Figure(name=name, size=max(taken), value=exponent, unit=""))
    return figures


def _measured(mix: str, payments: int, taken: dict[int, float]) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name:
        lines = _plant(mix, payments, Path(name))
        command = [
            "payment-service", "reconcile-parquet", "--engine", "local", "--out", f"{name}/result",
            "--lines", f"{name}/lines", "--items", f"{name}/items", "--as-of", DAY.isoformat(),
            "--memory-limit-mib", str(_LIMIT_MIB), "--spill-folder", name,
        ]  # fmt: skip
        started = time.perf_counter()
        with (
            subprocess.Popen(  # noqa: S603 - our own words
                [Path(sys.executable).with_name(command[0]), *command[1:]],
                stdout=subprocess.DEVNULL,
            ) as process
        ):
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - started
        if process.returncode:
            raise RuntimeError(f"reconcile-parquet ended with {process.returncode}")
    taken[payments] = usage.ru_utime + usage.ru_stime
    figures = {
        "speed": (lines / seconds, "lines/s"),
        "processor time": (taken[payments], "s"),
        "peak memory": (usage.ru_maxrss / _MEBIBYTE_KIB, "MiB"),
    }
    for what, (value, unit) in figures.items():
        name = f"reconcile-parquet, {mix}: {what}"
        yield Figure(name=name, size=payments, value=round(value, 3), unit=unit)


def _plant(mix: str, payments: int, folder: Path) -> int:
    """Write a day as folders of Parquet files; return its lines."""
    for name in ("lines", "items"):
        (folder / name).mkdir()
    lines = 0
    for part, begin in enumerate(range(0, payments, PAYMENTS_A_PART)):
        wanted = min(PAYMENTS_A_PART, payments - begin)
        day = labelled_day(mix, wanted, seed=_SEED + part, day=DAY)
        parquet.write_table(day.lines, folder / "lines" / f"{part}.parquet")
        parquet.write_table(day.items, folder / "items" / f"{part}.parquet")
        lines += day.lines.num_rows
    return lines
