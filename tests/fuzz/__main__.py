"""`python -m tests.fuzz [--runs N] [--seconds S] [--only NAME …] [--jobs J]`: the whole campaign.

Each target runs in a process of its own under atheris (libFuzzer) until N executions or S seconds,
whichever comes first; S = 0 sets no time. An uncaught exception, an input that takes more than
two seconds, and more than 300 MB of memory are findings. Corpus, findings and log stay in
build/fuzz. Exits 1 when a target found something.
"""

import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.targets import TARGETS

FOLDER = Path(__file__).resolve().parents[2] / "build" / "fuzz"
HANG_SECONDS = 20
"""When an input that never ends is given up; one that ends but took too long says so itself."""
INPUT_BYTES_MAX = 8192
MEMORY_MB_MAX = 300
_FIGURES = {
    name: re.compile(pattern)
    for name, pattern in (
        ("executions", r"stat::number_of_executed_units: (\d+)"),
        ("per_second", r"stat::average_exec_per_sec: +(\d+)"),
        ("slowest", r"stat::slowest_unit_time_sec: +(\d+)"),
        ("memory", r"stat::peak_rss_mb: +(\d+)"),
        ("branches", r" cov: (\d+) "),
    )
}
_REASON = re.compile(r"(?:=== Uncaught Python exception: ===\s+|ERROR: libFuzzer: )(.*)")
HEAD = (
    f"{'target':20} {'executions':>11} {'per second':>10} {'branches':>8} {'slowest':>7} "
    f"{'memory':>7}  ended"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one target did; `branches` of `bank_adapters` are those that any input reached."""

    name: str
    executions: int
    per_second: int
    branches: int
    slowest_seconds: int
    memory_mb: int
    finding: str
    """Why it was stopped, in one line; empty for a clean run."""

    def line(self, runs: int) -> str:
        """Return the row under `HEAD` for a target that was to do so many executions."""
        ended = "whole" if self.executions >= runs else "time over"
        return (
            f"{self.name:20} {self.executions:>11,} {self.per_second:>10,} {self.branches:>8,} "
            f"{self.slowest_seconds:>5} s {self.memory_mb:>4} MB  {self.finding or ended}"
        )


def run(name: str, runs: int, seconds: int, module: str = "tests.fuzz.one") -> Result:
    """Run one target of a module for so many executions or seconds, whichever ends first."""
    corpus, found = FOLDER / name / "corpus", FOLDER / name / "found"
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable, "-m", module, name, str(corpus), f"-runs={runs}",
        f"-max_total_time={seconds}", f"-timeout={HANG_SECONDS}",
        f"-rss_limit_mb={MEMORY_MB_MAX}", f"-max_len={INPUT_BYTES_MAX}",
        f"-artifact_prefix={found}/", "-print_final_stats=1",
    ]  # fmt: skip
    # A process is said to have used at its peak what the one had that started it: a small one does.
    shell = ["sh", "-c", '"$@"; exit $?', "sh"]
    ended = subprocess.run([*shell, *command], capture_output=True, check=False)
    log = (ended.stdout + ended.stderr).decode("utf-8", "replace")
    (FOLDER / name / "log.txt").write_text(log, encoding="utf-8")
    return read_log(name, log, ended.returncode)


def read_log(name: str, log: str, status: int) -> Result:
    """Return what a log of libFuzzer says of one target."""
    figures = {figure: (0, *map(int, each.findall(log)))[-1] for figure, each in _FIGURES.items()}
    reason = _REASON.search(log)
    return Result(
        name=name,
        executions=figures["executions"],
        per_second=figures["per_second"],
        branches=figures["branches"],
        slowest_seconds=figures["slowest"],
        memory_mb=figures["memory"],
        finding=_finding(reason[1] if reason else "", status, figures["executions"]),
    )


def _finding(reason: str, status: int, executions: int) -> str:
    if status:
        return f"FOUND {reason or f'exit {status}'}"
    return "" if executions else "FOUND nothing executed"


def main() -> int:
    """Run the targets, print what each did, and sum up."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--runs", type=int, default=1_000_000, help="executions of each target")
    parser.add_argument("--seconds", type=int, default=600, help="at most, for each target")
    parser.add_argument("--only", nargs="+", choices=sorted(TARGETS), default=list(TARGETS))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parsed = parser.parse_args()
    print(HEAD, flush=True)  # noqa: T201 - a command's answer
    results = []
    with ThreadPoolExecutor(parsed.jobs) as pool:
        for waiting in [
            pool.submit(run, name, parsed.runs, parsed.seconds) for name in parsed.only
        ]:
            results.append(waiting.result())
            print(results[-1].line(parsed.runs), flush=True)  # noqa: T201 - the same
    found = sum(bool(result.finding) for result in results)
    short = sum(not each.finding and each.executions < parsed.runs for each in results)
    executions = sum(result.executions for result in results)
    print(  # noqa: T201 - the same
        f"{len(results)} targets, {executions:,} executions: {found} found something, "
        f"{short} ran out of time before {parsed.runs:,}"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
