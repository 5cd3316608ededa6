"""`python -m tests.fuzz [--runs N] [--seconds S] [--only NAME] [--jobs J]`: the whole campaign.

Each target runs in a process of its own under atheris (libFuzzer) with an input limit of two
seconds; the findings and the corpus stay in build/fuzz. Exits 1 when a target found something.
"""

import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.seeds import write_seeds
from tests.fuzz.targets import TARGETS

FOLDER = Path(__file__).resolve().parents[2] / "build" / "fuzz"
INPUT_SECONDS_MAX = 2
INPUT_BYTES_MAX = 4096
_DONE = re.compile(r"stat::number_of_executed_units: (\d+)")
_SLOWEST = re.compile(r"stat::slowest_unit_time_sec: +(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one target did: executions, whole seconds of its slowest input, and how it ended."""

    name: str
    executions: int
    slowest_seconds: int
    is_clean: bool


def run(name: str, runs: int, seconds: int) -> Result:
    """Run one target for so many executions or seconds, whichever ends first."""
    corpus, found = FOLDER / name / "corpus", FOLDER / name / "found"
    found.mkdir(parents=True, exist_ok=True)
    write_seeds(name, corpus)
    command = [
        sys.executable, "-m", "tests.fuzz.one", name, f"-runs={runs}",
        f"-max_total_time={seconds}", f"-timeout={INPUT_SECONDS_MAX}",
        f"-max_len={INPUT_BYTES_MAX}", f"-artifact_prefix={found}/", "-print_final_stats=1",
        str(corpus),
    ]  # fmt: skip
    ended = subprocess.run(command, capture_output=True, check=False)
    log = ended.stderr.decode("utf-8", "replace")
    (FOLDER / name / "log.txt").write_text(log, encoding="utf-8")
    done, slowest = _DONE.search(log), _SLOWEST.search(log)
    return Result(
        name=name,
        executions=int(done[1]) if done else 0,
        slowest_seconds=int(slowest[1]) if slowest else 0,
        is_clean=ended.returncode == 0,
    )


def main() -> int:
    """Run every target and print what each did."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=600, help="at most, for each target")
    parser.add_argument("--only", nargs="+", choices=sorted(TARGETS), default=list(TARGETS))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parsed = parser.parse_args()
    is_clean = True
    with ThreadPoolExecutor(parsed.jobs) as pool:
        results = [pool.submit(run, name, parsed.runs, parsed.seconds) for name in parsed.only]
        for waiting in results:
            result = waiting.result()
            is_clean = is_clean and result.is_clean
            verdict = "clean" if result.is_clean else "FOUND SOMETHING"
            print(  # noqa: T201 - a command's answer
                f"{result.name:24} {result.executions:>9,} executions, "
                f"slowest input {result.slowest_seconds} s, {verdict}",
                flush=True,
            )
    return 0 if is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
