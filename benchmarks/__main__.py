"""`python -m benchmarks [--quick] [--only NAME]`: every benchmark, one after another.

The figures go to the terminal and to build/bench.json.
"""

import argparse
import asyncio
import itertools
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from benchmarks import answering, figures, parsing, reconciling, verifying
from benchmarks.figures import Figure
from benchmarks.sizes import FULL, QUICK, Sizes


def _reconcile(sizes: Sizes) -> list[Figure]:
    return list(
        itertools.chain.from_iterable(
            asyncio.run(reconciling.measure(lines)) for lines in sizes.reconciled_lines
        )
    )


BENCHMARKS: dict[str, Callable[[Sizes], list[Figure]]] = {
    "parsing": lambda sizes: parsing.measure(sizes.statement_entries, sizes.repeats),
    "verifying": lambda sizes: verifying.measure(sizes.verified, sizes.repeats),
    "answering": answering.measure,
    "reconciling": _reconcile,
}


def run(sizes: Sizes, names: list[str], console: Console, result: Path) -> list[Figure]:
    """Run benchmarks by name, print what each brought and keep it in the file."""
    found = []
    for name in names:
        with console.status(name):
            measured = BENCHMARKS[name](sizes)
        figures.keep(measured, result)
        found += measured
    figures.show(found, console)
    return found


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, about a minute")
    parser.add_argument("--only", choices=sorted(BENCHMARKS), help="one of the benchmarks")
    parsed = parser.parse_args()
    if not parsed.only:
        figures.RESULT.unlink(missing_ok=True)
    names = [parsed.only] if parsed.only else list(BENCHMARKS)
    run(QUICK if parsed.quick else FULL, names, Console(), figures.RESULT)


if __name__ == "__main__":
    main()
