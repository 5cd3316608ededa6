"""Takes the time of a piece of work; the median of a few runs where it is cheap."""

import statistics
import time
from collections.abc import Callable


def seconds_of(work: Callable[[], object], repeats: int) -> float:
    """Return the median seconds of some runs."""
    taken = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)
