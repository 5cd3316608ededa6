"""Every target takes its seeds and random changes of them without an unforeseen exception.

The long campaign is `make fuzz`; this is its smallest part, so that no target rots.
"""

from random import Random

import pytest

from tests.fuzz.seeds import seeds_of
from tests.fuzz.targets import TARGETS

CHANGES = 60
PARSERS = ("mt940", "camt", "statement", "settlement", "vietqr", "memo")


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_and_their_changes_are_taken_or_refused(name: str) -> None:
    random = Random(name)  # noqa: S311 - a reproducible test, not a secret
    target = TARGETS[name]
    for seed in seeds_of(name):
        target(seed)
        for _ in range(CHANGES):
            changed = bytearray(seed)
            for _ in range(random.randint(1, 6)):
                at = random.randrange(len(changed) + 1)
                match random.randrange(4):
                    case 0:
                        changed[at:at] = random.randbytes(random.randint(1, 3))
                    case 1:
                        del changed[at : at + random.randint(1, 9)]
                    case 2:
                        changed[at : at + 1] = random.randbytes(1)
                    case _:
                        changed[at:at] = changed[: random.randint(0, 40)]
            target(bytes(changed))


@pytest.mark.parametrize("name", [*PARSERS, *(name for name in TARGETS if name[:5] == "read-")])
def test_some_seed_of_every_reader_is_readable(name: str) -> None:
    assert any(TARGETS[name](seed) for seed in seeds_of(name)), name
