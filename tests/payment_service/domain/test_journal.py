"""An entry that does not balance cannot be constructed; every posting rule balances."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment_service.domain import posting_rules
from payment_service.domain.chart_of_accounts import Account
from payment_service.domain.journal import (
    JournalEntry,
    Movement,
    Posting,
    Side,
    Unbalanced,
    merged,
)
from payment_service.domain.settlement import Placement

UNIT, OTHER = UUID(int=1), UUID(int=2)
AMOUNTS = st.integers(1, 10**9)


def _entry(postings: tuple[Posting, ...]) -> JournalEntry:
    return JournalEntry(
        rule="rule",
        source="source",
        book="book",
        business_date=date(2026, 11, 23),
        event_at=datetime(2026, 11, 23, tzinfo=UTC),
        postings=postings,
    )


def _posting(side: Side, amount_minor: int, unit_id: UUID = UNIT) -> Posting:
    return Posting(Account.SUSPENSE, unit_id, "", side, amount_minor)


@pytest.mark.parametrize(
    "postings",
    [
        (),
        (_posting(Side.DEBIT, 5),),
        (_posting(Side.DEBIT, 5), _posting(Side.CREDIT, 4)),
        (_posting(Side.DEBIT, 5), _posting(Side.CREDIT, 5, OTHER)),
    ],
)
def test_an_unbalanced_entry_cannot_be_constructed(postings: tuple[Posting, ...]) -> None:
    with pytest.raises(Unbalanced):
        _entry(postings)


@pytest.mark.parametrize("amount", [0, -1, True, 1.0, "1"])
def test_a_posting_is_a_positive_whole_amount(amount: object) -> None:
    with pytest.raises(Unbalanced):
        Posting(Account.BANK, UNIT, "", Side.DEBIT, amount)  # type: ignore[arg-type] # on purpose


def _sum(movements: list[Movement]) -> int:
    return sum(movement[3] for movement in movements)


@given(AMOUNTS, AMOUNTS, st.integers(0, 1000))
def test_every_rule_balances(first: int, second: int, permille: int) -> None:
    account = uuid4()
    placement = Placement(
        applications=((uuid4(), first),),
        fees=(("kind", first + second),),
        released=((uuid4(), second),),
        surplus_minor=second,
    )
    held = Placement(applications=((uuid4(), first),), held_minor=first)
    undone = Placement(fees=(("kind", first + second),), held_minor=second)
    for movements in (
        posting_rules.account_opened(UNIT, account, first),
        posting_rules.money_placed(Account.SUSPENSE, account, UNIT, placement),
        posting_rules.money_placed(Account.GATEWAY_CLEARING, account, UNIT, held),
        posting_rules.money_returned(Account.SUSPENSE, account, UNIT, undone, first, 0),
        posting_rules.statement_booked(UNIT, account, first, second),
        *(
            posting_rules.line_matched(
                kind, way, UNIT, account, first, item_unit_id=whose, endpoint_id=account
            )
            for kind, way in (("payout", "credit"), ("refund", "debit"), ("unit_transfer", "debit"))
            for whose in (UNIT, uuid4())
        ),
        posting_rules.costs_kept(UNIT, account, account, first),
        posting_rules.refund_approved(Account.SUSPENSE, "account", UNIT, first),
        posting_rules.handed_over(Account.SUSPENSE, "account", UNIT, first),
        posting_rules.fees_declared(UNIT, "kind", "805/2716", first, permille),
        posting_rules.fees_declared(UNIT, "kind", "805/2716", -first, permille),
    ):
        assert _sum(movements) == 0
        assert _entry(merged(movements)).postings


def test_the_rounding_remainder_goes_to_the_budget() -> None:
    movements = posting_rules.fees_declared(UNIT, "kind", "805/2716", 1_001, 500)
    shares = {account: minor for account, _, _, minor in movements}
    assert shares[Account.RETAINED_SHARE] == -500
    assert shares[Account.DUE_TO_BUDGET] == -501


def test_merging_keeps_debits_and_credits_apart() -> None:
    postings = merged([(Account.BANK, UNIT, "", 7), (Account.BANK, UNIT, "", -7)])
    assert [(posting.side, posting.amount_minor) for posting in postings] == [
        (Side.DEBIT, 7),
        (Side.CREDIT, 7),
    ]
