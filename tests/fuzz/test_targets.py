"""Every target reaches its depth with its seeds, and takes or refuses random changes of them.

The long campaign is `make fuzz`; this is its smallest part, so that no target rots.
"""

from random import Random

import pytest

from bank_adapters.contract import CallbackRejected, CallbackRequest, VerificationKey
from bank_adapters.counterpart.gateways import COUNTERPARTS
from bank_adapters.registry import ALGORITHMS, DIALECTS
from tests.bank_adapters.channels import channel_keys
from tests.fuzz.messages import NOW, genuine
from tests.fuzz.seeds import seeds_of
from tests.fuzz.targets import TARGETS

CHANGES = 60


@pytest.mark.parametrize("name", TARGETS)
def test_every_seed_is_accepted(name: str) -> None:
    seeds = seeds_of(name)
    assert seeds
    assert [TARGETS[name](seed) for seed in seeds] == [True] * len(seeds)


@pytest.mark.parametrize("code", DIALECTS)
def test_the_seeds_of_a_channel_are_signed_with_every_kind_of_key_it_allows(code: str) -> None:
    for key in channel_keys(code):
        assert any(_is_signed_with(key, code, request) for request in genuine(code))
    told = COUNTERPARTS[code].notifies if code in COUNTERPARTS else ()
    assert len(genuine(code)) >= max(len(ALGORITHMS[code]), len(told))


def _is_signed_with(key: VerificationKey, code: str, request: CallbackRequest) -> bool:
    try:
        DIALECTS[code].verify(request, [key], NOW)
    except CallbackRejected:
        return False
    return True


@pytest.mark.parametrize("name", TARGETS)
def test_changes_of_seeds_are_taken_or_refused(name: str) -> None:
    random = Random(name)  # noqa: S311 - a reproducible test, not a secret
    target = TARGETS[name]
    for seed in seeds_of(name):
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
