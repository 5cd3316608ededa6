"""What is certain about a small world, found by trying everything that its evidence allows.

A world is one account group of lines and dues. An *assignment* says, for every line, what its money
is for. It is *consistent* with the evidence when

- a line that names one due is for that due: the payer said so, and nothing says otherwise;
- a line that names several dues is for one of them, or for two of them in either order (the first
  gets what it still asks, the second gets the rest), or for none of them: names say what the money
  may be for, not what it is for;
- a line that names none may be for any due of the group, or for none of them.

Amounts exclude nothing: people pay too little and too much. In an assignment lines are taken in
order (booking day, content key), and a due takes what it still asks; money beyond that, of lines
that are for it, is its surplus. A due that was withdrawn asks nothing.

*Certain* for a due is what every consistent assignment gives it: the least it is given by any. An
engine that decides by itself may give each due exactly this: more would be a guess, less would be
withheld. Dues are judged, not lines: of two lines for one due the order decides which is surplus.
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from tests.reconciliation.tables import DAY, Row, item, line, reference

FIRST_DAY = DAY - timedelta(days=9)
"""Long enough ago for every pass to act if it likes."""


@dataclass(frozen=True, slots=True, order=True)
class SmallLine:
    """A credit: its day counted from 0, its amount, and the places of the dues it names.

    `is_keyed`: the last name stands in the structured field and not in the memo.
    """

    day: int
    amount_minor: int
    names: tuple[int, ...]
    is_keyed: bool = False


@dataclass(frozen=True, slots=True)
class SmallWorld:
    """Lines in the order of their content keys, and what each due still asks; 0 if withdrawn."""

    lines: tuple[SmallLine, ...]
    asked_minor: tuple[int, ...]

    def rows(self, number: int) -> tuple[list[Row], list[Row]]:
        """Return the world as lines and items of the account group `group_of(number)`."""
        group = group_of(number)
        texts = [reference(10 * number + place) for place in range(len(self.asked_minor))]
        lines = [self._line(group, place, texts) for place in range(len(self.lines))]
        items = [
            item(
                f"{group}-{place}",
                "due",
                asked_minor or 1,
                account_group=group,
                reference=texts[place],
                opened_on=FIRST_DAY,
                state="open" if asked_minor else "cancelled",
            )
            for place, asked_minor in enumerate(self.asked_minor)
        ]
        return lines, items

    def _line(self, group: str, place: int, texts: list[str]) -> Row:
        small = self.lines[place]
        words = [texts[name] for name in small.names]
        keyed = words.pop() if small.is_keyed else ""
        return line(
            f"{group}-l{place}",
            small.amount_minor,
            account_group=group,
            booking_date=FIRST_DAY + timedelta(days=small.day),
            content_key=f"{place:064}",
            end_to_end_reference=keyed,
            narrative=" ".join(words),
        )


def group_of(number: int) -> str:
    """Return the account group of a world by its number."""
    return f"W{number:06}"


Targets = tuple[int, ...]
"""The dues a line is for, in the order in which they take from it; none: for something else."""


def targets(small: SmallLine, dues: int) -> tuple[Targets, ...]:
    """Return everything a line may be for."""
    if len(small.names) == 1:
        return (small.names,)
    if not small.names:
        return ((), *((due,) for due in range(dues)))
    single = tuple((due,) for due in small.names)
    return ((), *single, *itertools.permutations(small.names, 2))


def assignments_count(world: SmallWorld) -> int:
    """Return how many consistent assignments there are."""
    return math.prod(len(targets(small, len(world.asked_minor))) for small in world.lines)


def assignments(world: SmallWorld) -> Iterator[tuple[Targets, ...]]:
    """Return every consistent assignment: for each line what it is for."""
    dues = len(world.asked_minor)
    return itertools.product(*(targets(small, dues) for small in world.lines))


def outcome(world: SmallWorld, assignment: tuple[Targets, ...]) -> tuple[list[int], list[int]]:
    """Return what each due is given in an assignment, and the surplus that was meant for it."""
    left = list(world.asked_minor)
    surplus = [0] * len(left)
    for small, dues in sorted(
        zip(world.lines, assignment, strict=True), key=lambda pair: pair[0].day
    ):
        rest_minor = small.amount_minor
        for due in dues:
            taken_minor = min(rest_minor, left[due])
            left[due] -= taken_minor
            rest_minor -= taken_minor
        if dues:
            surplus[dues[-1]] += rest_minor
    return [a - b for a, b in zip(world.asked_minor, left, strict=True)], surplus


def certain(world: SmallWorld) -> tuple[list[int], list[int]]:
    """Return what every consistent assignment gives each due, and the surplus that is certain."""
    outcomes = [outcome(world, assignment) for assignment in assignments(world)]
    settled = [min(given) for given in zip(*(first for first, _ in outcomes), strict=True)]
    surplus = [min(given) for given in zip(*(second for _, second in outcomes), strict=True)]
    return settled, surplus
