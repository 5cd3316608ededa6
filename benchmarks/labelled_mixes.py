"""How often each story happens, at which prices and in how many units of which size."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from benchmarks.labelled_stories import STORIES

SHARES: Final = 10_000
"""Stories are counted in this many parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """Shares of stories; the higher the power `skew`, the more of them fall to the first units.

    An amount is one of the prices and up to `spread_minor` more.
    """

    shares: Mapping[str, int]
    prices_minor: tuple[int, ...]
    groups: int
    skew: int
    spread_minor: int = 0


_CLEAN: Final = {
    "keyed": 1_000, "late": 200, "rest": 200, "noticed": 1_000, "payout": 150, "told_payout": 50,
    "negative_payout": 10, "refund": 60, "top_up": 30,
}  # fmt: skip
_RARE: Final = dict.fromkeys((name for name in STORIES if name not in {*_CLEAN, "named"}), 8)


def _shares(rest: Mapping[str, int]) -> Mapping[str, int]:
    """Give the named transfers what the other stories leave of the whole."""
    return MappingProxyType({**rest, "named": SHARES - sum(rest.values())})


_PRICES: Final = (8_000, 10_000, 15_000, 50_000, 100_000)
_MANY_PRICES: Final = tuple(range(5_000, 405_000, 5_000))
MIXES: Final[Mapping[str, Mix]] = MappingProxyType(
    {
        "clean": Mix(shares=_shares(_CLEAN), prices_minor=_PRICES, groups=114, skew=3),
        "easy": Mix(
            shares=_shares({**_CLEAN, **_RARE, "nameless": 100, "broken": 80, "unpaid": 500}),
            prices_minor=_MANY_PRICES,
            groups=114,
            skew=3,
        ),
        "hard": Mix(
            shares=_shares({
                **_CLEAN, **_RARE, "nameless": 1_800, "broken": 700, "known_payer": 200,
                "broken_by_known_payer": 150, "other_purpose": 20, "lump_sum": 60, "unpaid": 1_500,
            }),
            prices_minor=_PRICES,
            groups=114,
            skew=3,
        ),
        "adversarial": Mix(
            shares=_shares({
                **_RARE, "nameless": 3_500, "broken": 400, "known_payer": 300, "unpaid": 2_000,
            }),
            prices_minor=(10_000,),
            groups=2,
            skew=8,
        ),
        "scattered": Mix(
            shares=_shares({**_RARE, "nameless": 3_500, "broken": 400, "unpaid": 2_000}),
            prices_minor=_PRICES,
            groups=114,
            skew=3,
            spread_minor=3_000_000,
        ),
    }
)  # fmt: skip
"""`clean`: nothing differs. `easy`: nineteen lines of twenty name their request. `hard`: five
prices, and three memos of ten without a usable reference. `adversarial`: one price, nearly all on
one account, and half the memos without a reference. `scattered`: the same half, and
hardly an amount that comes twice."""
