"""Statement files read beside peers and beside the floor of their syntax, in process and whole.

Every reader has to find every entry, else its time says nothing.
"""

import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.figures import Figure, compared
from benchmarks.readers import READERS, ours
from benchmarks.statement_files import write_file
from benchmarks.stopwatch import seconds_of

_UNIT = "entries/s"
_MEBIBYTE_KIB = 1024
_REPEATED_MAX = 100_000
"""Larger files are read once."""
BESIDE = {
    # Format → who else reads it, and the size beyond which that would take too long.
    "mt940": (("regular_expression", 10_000_000), ("mt940_library", 100_000)),
    "camt": (("lxml_iterparse", 10_000_000), ("bankstatementparser", 100_000), ("pycamt", 2_000)),
}
SMALL = 2_000
"""What the quadratic peer is measured at."""


def measure(sizes: tuple[int, ...], repeats: int) -> list[Figure]:
    """Read each format at each size."""
    with tempfile.TemporaryDirectory() as folder:
        return list(_measured(Path(folder), sizes, repeats))


def _measured(folder: Path, sizes: tuple[int, ...], repeats: int) -> Iterator[Figure]:
    for kind, others in BESIDE.items():
        for entries in (SMALL, *sizes):
            path = write_file(folder, kind, entries)
            times = repeats if entries <= _REPEATED_MAX else 1
            speed = entries / seconds_of(partial(_read_all, "ours", path, entries), times)
            for name, entries_max in others:
                if entries > entries_max or (entries == SMALL and entries_max > SMALL):
                    continue
                other = entries / seconds_of(partial(_read_all, name, path, entries), times)
                yield compared(f"{kind} read", entries, speed, _UNIT, against=name, other=other)
            if entries != SMALL:
                yield from _whole_processes(kind, path, entries, others)
    entries = min(sizes)
    path = write_file(folder, "csv", entries)
    speed = entries / seconds_of(partial(ours, path), repeats)
    other = entries / seconds_of(partial(_walk_csv, path), repeats)
    yield compared("csv read", entries, speed, _UNIT, against="csv module, cells", other=other)


def _read_all(name: str, path: Path, entries: int) -> None:
    found = READERS[name](path)
    if found != entries:
        raise RuntimeError(f"{name} found {found} of {entries} entries")


def _whole_processes(
    kind: str, path: Path, entries: int, others: tuple[tuple[str, int], ...]
) -> Iterator[Figure]:
    speed, peak_kib = _process("ours", path, entries)
    for name, entries_max in others:
        if entries <= entries_max:
            other, _ = _process(name, path, entries)
            yield compared(
                f"{kind}, whole process", entries, speed, _UNIT, against=name, other=other
            )
    yield Figure(
        name=f"{kind}, peak memory", size=entries, value=peak_kib / _MEBIBYTE_KIB, unit="MiB"
    )


def _process(name: str, path: Path, entries: int) -> tuple[float, int]:
    started = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.readers", name, str(path)]
    done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - our own words
    answer = json.loads(done.stdout)
    seconds = time.perf_counter() - started
    if answer["entries"] != entries:
        raise RuntimeError(f"{name} found {answer['entries']} of {entries} entries")
    return entries / seconds, answer["peak_kib"]


def _walk_csv(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.reader(file, delimiter=";"))
