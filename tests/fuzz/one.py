"""`python -m tests.fuzz.one NAME CORPUS [FLAGS]`: runs one target under atheris in this process.

The seeds are signed here, since every process makes RSA keys of its own.
"""

import sys
from pathlib import Path

import atheris

from tests.fuzz.libfuzzer import fuzz

with atheris.instrument_imports(include=["bank_adapters"]):
    from tests.fuzz.seeds import write_seeds
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Write the seeds of a target and fuzz it."""
    name, corpus, *flags = sys.argv[1:]
    write_seeds(name, Path(corpus))
    fuzz(TARGETS[name], corpus, flags)


if __name__ == "__main__":
    main()
