"""The search of sums finds the one set there is, or says that there are more."""

from collections import Counter
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from reconciliation.lump_sum import Search, find_combination


def _sets(total_minor: int, amounts: list[int]) -> list[tuple[int, ...]]:
    """Return every set of at least two dues that makes the total, as indexes."""
    return [
        chosen
        for size in range(2, len(amounts) + 1)
        for chosen in combinations(range(len(amounts)), size)
        if sum(amounts[place] for place in chosen) == total_minor
    ]


@given(st.lists(st.integers(1, 12), max_size=9), st.integers(1, 40))
def test_the_search_agrees_with_trying_every_set(amounts: list[int], total_minor: int) -> None:
    found = find_combination(total_minor, Counter(amounts), nodes_max=100_000)
    sets = _sets(total_minor, amounts)
    expected = (Search.NONE, Search.UNIQUE, Search.AMBIGUOUS)[min(len(sets), 2)]
    assert found.search is expected
    if len(sets) == 1:
        assert found.counts == Counter(amounts[place] for place in sets[0])


def test_the_budget_is_counted_in_nodes_and_says_so() -> None:
    amounts = Counter({3**power: 1 for power in range(30)})
    total_minor = sum(amounts) - 1
    assert find_combination(total_minor, amounts, nodes_max=10).search is Search.GIVEN_UP
    assert find_combination(total_minor, amounts, nodes_max=10_000).search is Search.UNIQUE


def test_equal_dues_are_interchangeable_unless_all_are_taken() -> None:
    prices = {8_000: 3, 50_000: 1}
    assert find_combination(58_000, prices, nodes_max=99).search is Search.AMBIGUOUS
    assert find_combination(74_000, prices, nodes_max=99).counts == {8_000: 3, 50_000: 1}


def test_forty_thousand_equal_dues_cost_a_handful_of_nodes() -> None:
    assert find_combination(16_000, {8_000: 40_000}, nodes_max=40).search is Search.AMBIGUOUS
    assert find_combination(12_000, {8_000: 40_000}, nodes_max=1).search is Search.NONE
