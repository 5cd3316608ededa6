"""Sums of open dues that make one amount: searched exactly, counted up to two, within a budget.

Nodes are counted, not time, so that every machine gives up at the same place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import comb, gcd
from typing import Final

SOLUTIONS_MAX: Final = 2
"""With a second solution nothing is known; no more are looked for."""


class Search(StrEnum):
    """How a search ended."""

    NONE = "none"
    """No two or more dues make the amount."""
    UNIQUE = "unique"
    """Exactly one set of dues makes it."""
    AMBIGUOUS = "ambiguous"
    """At least two sets of dues make it."""
    GIVEN_UP = "given_up"
    """The budget of nodes ended first; nothing is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """How a search ended, after how many nodes, and how many dues its one solution takes."""

    search: Search
    nodes: int
    counts: Mapping[int, int]


def find_combination(total_minor: int, counts: Mapping[int, int], *, nodes_max: int) -> Combination:
    """Find the one set of at least two dues that makes a total; `counts` is dues by their amount.

    Dues of one amount are interchangeable, so a solution that takes some of them and not all stands
    for several sets. A node is one choice of how many dues of one amount are taken.
    """
    amounts = sorted((each for each in counts if each <= total_minor), reverse=True)
    if not amounts or total_minor % gcd(*amounts):
        return Combination(search=Search.NONE, nodes=0, counts={})
    search = _Search(amounts, counts, nodes_max)
    search.walk(0, total_minor, [])
    taken = zip(amounts, search.solution, strict=False)
    return Combination(
        search=search.ending,
        nodes=search.nodes,
        counts={amount: count for amount, count in taken if count}
        if search.ending is Search.UNIQUE
        else {},
    )


class _Search:
    def __init__(self, amounts: list[int], counts: Mapping[int, int], nodes_max: int) -> None:
        self._amounts = amounts
        self._counts = [counts[amount] for amount in amounts]
        self._nodes_max = nodes_max
        self._sums = [0] * (len(amounts) + 1)
        for place in range(len(amounts) - 1, -1, -1):
            self._sums[place] = self._sums[place + 1] + amounts[place] * self._counts[place]
        self.nodes = 0
        self.sets = 0
        self.solution: list[int] = []

    @property
    def ending(self) -> Search:
        """How the search ended; two sets are two, however early it stopped."""
        if self.sets >= SOLUTIONS_MAX:
            return Search.AMBIGUOUS
        if self.nodes > self._nodes_max:
            return Search.GIVEN_UP
        return Search.UNIQUE if self.sets else Search.NONE

    def walk(self, place: int, left_minor: int, taken: list[int]) -> None:
        """Try every count of the amount at a place, most first; stop when enough is known."""
        if left_minor == 0:
            self._keep(taken)
            return
        if place == len(self._amounts) or left_minor > self._sums[place]:
            return
        amount, count = self._amounts[place], self._counts[place]
        for number in range(min(count, left_minor // amount), -1, -1):
            self.nodes += 1
            if self.nodes > self._nodes_max or self.sets >= SOLUTIONS_MAX:
                return
            self.walk(place + 1, left_minor - number * amount, [*taken, number])

    def _keep(self, taken: list[int]) -> None:
        if sum(taken) < 2:  # noqa: PLR2004 - one due alone is no combination
            return
        ways = 1
        for number, count in zip(taken, self._counts, strict=False):
            ways *= comb(count, number)
        self.sets += ways
        self.solution = taken
