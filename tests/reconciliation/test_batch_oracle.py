"""The engine beside every way in which the lines of a day can pay the payouts that they name.

A *claim* is a line and one payout it names, of one amount; a line and several it names, of their
sum; or several lines and one payout that each of them names. An assignment is a set of claims that
share no line and no payout, to which no claim can be added. A payout is *certain* when it is paid
in every assignment; only such a payout may be settled, and only by a claim.
"""

import itertools
import random
from collections import defaultdict
from collections.abc import Iterator

from tests.reconciliation.tables import Row, item, line, run

ASKED = (2, 3, 4)
Named = tuple[int, tuple[int, ...]]
"""A line: its amount, and the places of the payouts it names."""
Claim = tuple[frozenset[int], frozenset[int]]
"""The places of lines, and of the payouts they pay."""


def _parts(places: range) -> Iterator[frozenset[int]]:
    for size in range(1, len(places) + 1):
        yield from map(frozenset, itertools.combinations(places, size))


def _claims(lines: tuple[Named, ...]) -> set[Claim]:
    return {
        (paying, paid)
        for paying, paid in itertools.product(_parts(range(len(lines))), _parts(range(len(ASKED))))
        if (len(paying) == 1 or len(paid) == 1)
        and all(paid <= set(lines[place][1]) for place in paying)
        and sum(lines[place][0] for place in paying) == sum(ASKED[place] for place in paid)
    }


def _assignments(claims: set[Claim]) -> Iterator[set[Claim]]:
    """Return every set of claims beside each other that no further claim fits into."""
    for size in range(min(len(ASKED), len(claims)) + 1):
        for chosen in map(set, itertools.combinations(sorted(claims, key=str), size)):
            pairs = list(itertools.combinations(chosen, 2))
            if any(_meet(*pair) for pair in pairs):
                continue
            if all(any(_meet(claim, other) for other in chosen) for claim in claims - chosen):
                yield chosen


def _meet(one: Claim, other: Claim) -> bool:
    return bool(one[0] & other[0] or one[1] & other[1])


def _certain(claims: set[Claim]) -> set[int]:
    paid = [{place for _, paid in each for place in paid} for each in _assignments(claims)]
    return set.intersection(*paid)


def _rows(number: int, lines: tuple[Named, ...]) -> tuple[list[Row], list[Row]]:
    group = f"W{number:05}"
    keys = [f"LOT{place}{group}" for place in range(len(ASKED))]
    return [
        line(
            f"{group}-{place}",
            amount_minor,
            account_group=group,
            narrative=" ".join(keys[name] for name in named),
        )
        for place, (amount_minor, named) in enumerate(lines)
    ], [
        item(f"{group}-{place}", "payout", asked, account_group=group, reference=keys[place])
        for place, asked in enumerate(ASKED)
    ]


def _named(world: tuple[Named, ...]) -> set[int]:
    return {place for _, named in world for place in named}


def _worlds() -> list[tuple[Named, ...]]:
    names = [*((place,) for place in range(3)), *itertools.combinations(range(3), 2), (0, 1, 2)]
    domain = list(itertools.product((1, 2, 3, 5, 9), names))
    worlds = [
        world for size in (1, 2) for world in itertools.combinations_with_replacement(domain, size)
    ]
    rng = random.Random(27)  # noqa: S311 - repeatable
    return worlds + [tuple(sorted(rng.choices(domain, k=3))) for _ in range(600)]


def test_only_what_is_certain_is_settled_and_only_by_a_claim() -> None:
    worlds = _worlds()
    sides = zip(*(_rows(number, world) for number, world in enumerate(worlds)), strict=True)
    lines, items = (list(itertools.chain.from_iterable(side)) for side in sides)
    taken: defaultdict[tuple[int, str], tuple[set[int], set[int]]]
    taken = defaultdict(lambda: (set(), set()))
    for row in run(lines, items).decisions.to_pylist():
        group, place = row["line_id"].split("-")
        paying, paid = taken[int(group[1:]), row["group_key"]]
        paying.add(int(place))
        paid.add(int(row["item_id"].split("-")[1]))
    settled: defaultdict[int, set[int]] = defaultdict(set)
    for (number, _), (paying, paid) in taken.items():
        assert (frozenset(paying), frozenset(paid)) in _claims(worlds[number]), worlds[number]
        assert not settled[number] & paid
        settled[number] |= paid
    for number, world in enumerate(worlds):
        assert settled[number] <= _certain(_claims(world)), world
    shapes = {(len(paying) > 1, len(paid) > 1) for paying, paid in taken.values()}
    assert shapes == {(False, False), (True, False), (False, True)}
    # A claim of all lines, and all that they name, is always settled.
    alone = [
        number
        for number, world in enumerate(worlds)
        if _claims(world) == {(frozenset(range(len(world))), frozenset(_named(world)))}
    ]
    assert len(alone) > 5
    assert [number for number in alone if settled[number] != _named(worlds[number])] == []
