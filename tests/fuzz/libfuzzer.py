"""Hands one target to libFuzzer through atheris, with the limit of time that every input has."""

import sys
from collections.abc import Callable, Sequence
from time import process_time

import atheris

INPUT_SECONDS_MAX = 2
"""Of processor time, so that a busy machine finds nothing."""


class TooSlow(Exception):
    """One input took longer than any may."""


def fuzz(target: Callable[[bytes], bool], corpus: str, flags: Sequence[str]) -> None:
    """Hand a target to libFuzzer, which ends this process."""

    def test_one_input(data: bytes) -> None:
        started = process_time()
        target(data)
        if (seconds := process_time() - started) > INPUT_SECONDS_MAX:
            raise TooSlow(f"{len(data)} bytes took {seconds:.1f} s")

    atheris.Setup([sys.argv[0], *flags, corpus], test_one_input)
    atheris.Fuzz()
