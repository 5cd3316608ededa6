"""`python -m benchmarks [--quick | --large] [--only NAME]`: every benchmark, one after another.

The figures go to the terminal and to build/bench.json.
"""

import argparse
import asyncio
import itertools
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from benchmarks import answering, engine, figures, parsing, reconciling, scaling, verifying
from benchmarks.figures import Figure
from benchmarks.sizes import FULL, LARGE, QUICK, Sizes


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
    "scaling": lambda sizes: scaling.measure(sizes.scaled_payments),
    "engine": lambda sizes: engine.measure(sizes.engine_payments, sizes.other_plans_payments),
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
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="small sizes, about a minute")
    size.add_argument("--large", action="store_true", help="the engine over ten million lines too")
    parser.add_argument("--only", choices=sorted(BENCHMARKS), help="one of the benchmarks")
    parsed = parser.parse_args()
    if not parsed.only:
        figures.RESULT.unlink(missing_ok=True)
    names = [parsed.only] if parsed.only else list(BENCHMARKS)
    sizes = QUICK if parsed.quick else LARGE if parsed.large else FULL
    run(sizes, names, Console(), figures.RESULT)


if __name__ == "__main__":
    main()
