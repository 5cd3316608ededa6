"""Money placed on a due and taken off again is never created, lost, or put in two places."""

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from payment_service.domain.settlement import DueState, LineState, Placement, place, unplace

AMOUNTS = st.integers(1, 1_000)


def _due(amounts: list[int], *, is_cancelled: bool = False) -> DueState:
    return DueState(
        item_id=uuid4(),
        request_id=uuid4(),
        unit_id=uuid4(),
        reference="HPFAAAAAAAAAA",
        amount_minor=sum(amounts),
        residual_minor=sum(amounts),
        is_cancelled=is_cancelled,
        lines=[
            LineState(line_id=uuid4(), fee_kind=f"kind-{n}", amount_minor=each, applied_minor=0)
            for n, each in enumerate(amounts)
        ],
    )


def _hold(due: DueState, placement: Placement) -> UUID:
    item_id = uuid4()
    if placement.held_minor:
        due.held[item_id] = placement.held_minor
    return item_id


@given(st.lists(AMOUNTS, min_size=1, max_size=4), st.lists(AMOUNTS, max_size=6))
def test_every_payment_is_taken_or_surplus(asked: list[int], paid: list[int]) -> None:
    due = _due(asked)
    fees = 0
    for amount in paid:
        placement = place(due, amount)
        assert placement.taken_minor + placement.surplus_minor == amount
        collected = sum(minor for _, minor in placement.fees)
        assert collected + placement.held_minor == (
            placement.taken_minor + placement.released_minor
        )
        fees += collected
        _hold(due, placement)
    covered = sum(paid) >= sum(asked)
    assert due.residual_minor == max(sum(asked) - sum(paid), 0)
    assert fees == (sum(asked) if covered else 0)
    assert sum(due.held.values()) == (0 if covered else sum(paid))
    assert sum(line.applied_minor for line in due.lines) == min(sum(paid), sum(asked))


@given(st.lists(AMOUNTS, min_size=1, max_size=3), st.lists(AMOUNTS, min_size=1, max_size=4))
def test_a_returned_payment_leaves_what_the_others_paid(asked: list[int], paid: list[int]) -> None:
    due = _due(asked)
    applied = []
    for amount in paid:
        placement = place(due, amount)
        _hold(due, placement)
        applied.append(dict(placement.applications))
    was_covered = due.residual_minor == 0
    taken = sum(applied[-1].values())
    undone = unplace(due, applied[-1])
    rest = min(sum(paid[:-1]), sum(asked))
    assert due.residual_minor == sum(asked) - rest
    assert sum(line.applied_minor for line in due.lines) == rest
    if not taken:
        assert undone == Placement()
    elif was_covered:
        assert sum(minor for _, minor in undone.fees) == sum(asked)
        assert undone.held_minor == rest
    else:
        assert undone.released_minor == taken
        assert sum(due.held.values()) == rest


def test_a_cancelled_due_takes_nothing() -> None:
    assert place(_due([5_000], is_cancelled=True), 5_000) == Placement(surplus_minor=5_000)


def test_money_without_a_due_is_surplus() -> None:
    assert place(None, 700) == Placement(surplus_minor=700)
