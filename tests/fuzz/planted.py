"""Targets with planted faults: what shows that the campaign finds anything at all."""

import sys
from time import process_time, sleep

from tests.fuzz.libfuzzer import fuzz

SLOW_SECONDS = 3
KEPT_BYTES = 256 * 1024


def raises(data: bytes) -> bool:
    """Raise what nobody foresaw for every input that is not empty."""
    if data:
        raise ZeroDivisionError("planted")
    return True


def spins(data: bytes) -> bool:
    """Take too long for every input that is not empty."""
    end = process_time() + (SLOW_SECONDS if data else 0)
    while process_time() < end:
        pass
    return True


def swells(data: bytes) -> bool:
    """Keep more than may be kept."""
    _KEPT.append(b"x" * KEPT_BYTES)
    sleep(0.002)
    return bool(data)


def holds(data: bytes) -> bool:
    """Take every input."""
    return bool(data)


_KEPT: list[bytes] = []
PLANTED = {each.__name__: each for each in (raises, spins, swells, holds)}

if __name__ == "__main__":
    fuzz(PLANTED[sys.argv[1]], sys.argv[2], sys.argv[3:])
