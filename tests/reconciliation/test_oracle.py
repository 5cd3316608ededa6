"""The engine beside the exhaustive oracle: it takes what is certain for a due, and nothing else."""

import itertools
import os
import random
from collections import Counter
from collections.abc import Iterator, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciliation.reconcile import Reconciliation
from tests.reconciliation.oracle import (
    SmallLine,
    SmallWorld,
    assignments_count,
    certain,
    group_of,
    outcome,
)
from tests.reconciliation.tables import run

LARGE_WORLDS = int(os.environ.get("ORACLE_WORLDS", "300"))
ASSIGNMENTS_MAX = 3_000


def _run(worlds: Sequence[SmallWorld]) -> Reconciliation:
    """Reconcile every world as an account group of one run."""
    sides = zip(*(world.rows(number) for number, world in enumerate(worlds)), strict=True)
    lines, items = (list(itertools.chain.from_iterable(side)) for side in sides)
    return run(lines, items)


def _require_the_certain(worlds: Sequence[SmallWorld]) -> None:
    given_minor: Counter[tuple[str, str]] = Counter()
    for row in _run(worlds).decisions.to_pylist():
        given_minor[row["item_id"], row["effect"]] += row["amount_minor"]
    for number, world in enumerate(worlds):
        names = [f"{group_of(number)}-{place}" for place in range(len(world.asked_minor))]
        found = tuple([given_minor[name, effect] for name in names] for effect in EFFECTS)
        assert found == certain(world), world


EFFECTS = ("settle", "surplus")


def _every_world(lines: int, dues: int) -> Iterator[SmallWorld]:
    """Every world of a size, one of each set of those that differ only in the names of dues."""
    names = [(), *((due,) for due in range(dues)), *itertools.combinations(range(dues), 2)]
    domain = [SmallLine(*values) for values in itertools.product((0, 1), (1, 2), names)]
    for asked_minor in itertools.combinations_with_replacement((1, 2), dues):
        swaps = [
            order
            for order in itertools.permutations(range(dues))
            if [asked_minor[due] for due in order] == list(asked_minor)
        ]
        for chosen in itertools.combinations_with_replacement(domain, lines):
            if all(chosen <= _renamed(chosen, order) for order in swaps):
                yield SmallWorld(chosen, asked_minor)


def _renamed(lines: tuple[SmallLine, ...], order: tuple[int, ...]) -> tuple[SmallLine, ...]:
    return tuple(
        sorted(
            SmallLine(
                small.day, small.amount_minor, tuple(sorted(order[name] for name in small.names))
            )
            for small in lines
        )
    )


def test_every_world_of_up_to_three_lines_and_three_dues_gets_what_is_certain() -> None:
    worlds = [
        world
        for lines, dues in itertools.product(range(1, 4), repeat=2)
        for world in _every_world(lines, dues)
    ]
    assert len(worlds) > 4_000
    _require_the_certain(worlds)


def _sampled(rng: random.Random) -> SmallWorld:
    """Up to six lines and six dues; a due may be withdrawn, a name may stand in its own field."""
    dues = rng.randrange(1, 7)
    lines = []
    for _ in range(rng.randrange(1, 7)):
        named = tuple(rng.sample(range(dues), min(dues, rng.choice([0, 1, 1, 1, 1, 2, 3]))))
        is_keyed = bool(named) and rng.random() < 0.3
        lines.append(SmallLine(rng.randrange(2), rng.choice([1, 2]), named, is_keyed))
    return SmallWorld(tuple(lines), tuple(rng.choice([0, 1, 1, 2, 2, 2]) for _ in range(dues)))


@settings(max_examples=2, deadline=None)
@given(rng=st.randoms(use_true_random=True))
def test_larger_worlds_get_what_is_certain(rng: random.Random) -> None:
    worlds = [_sampled(rng) for _ in range(LARGE_WORLDS)]
    _require_the_certain([w for w in worlds if assignments_count(w) <= ASSIGNMENTS_MAX])


def test_the_oracle_tells_the_certain_from_the_likely() -> None:
    one, two, both, none = (SmallLine(0, 1, names) for names in ((0,), (1,), (0, 1), ()))
    assert certain(SmallWorld((one, two), (1, 1))) == ([1, 1], [0, 0])
    assert certain(SmallWorld((both, none), (1, 1))) == ([0, 0], [0, 0])
    # One line and one due of its amount, alone: likely, and yet the line may be for something else.
    assert certain(SmallWorld((none,), (1,))) == ([0], [0])
    # Of two lines for one due the later one is surplus, whichever that is.
    assert certain(SmallWorld((SmallLine(1, 2, (0,)), one), (1,))) == ([1], [2])
    assert outcome(SmallWorld((SmallLine(0, 2, (0, 1)),), (1, 2)), ((0, 1),)) == ([1, 1], [0, 0])
