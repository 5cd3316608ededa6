"""No one person opens an account, and two approvers cannot both decide."""

from dataclasses import replace
from typing import Any

import pytest

from payment_service.context import Context
from payment_service.db import people
from payment_service.db.people import Person
from payment_service.domain.errors import (
    Forbidden,
    Invalid,
    SamePerson,
    StateConflict,
    TooManyRequests,
    Unauthenticated,
)
from payment_service.use_cases.add_people import NewPerson, add_people
from payment_service.use_cases.decide_approval import decide_approval
from payment_service.use_cases.issue_client_key import issue_client_key
from payment_service.use_cases.log_in import FAILED_LOGINS_MAX, log_in
from payment_service.use_cases.register_account import ProposedAccount, register_account
from tests.builders import BANK, OPENED_ON, PASSWORD, UNIT, add_officers
from tests.payment_service.use_cases.days import broken
from tests.payment_service.use_cases.towns import at_once, only_approval
from tests.postgres import MovableClock

pytestmark = pytest.mark.anyio

PROPOSED = ProposedAccount(
    unit_code=UNIT,
    bank_bin=BANK,
    account_number="1132900001",
    holder_name="UBND PHUONG NGO QUYEN",
    decision_number="12/QD-UBND",
    opening_balance_minor=5_000,
    opening_on=OPENED_ON,
)
HUNG = NewPerson(
    username="hung",
    full_name="Phạm Văn Hùng",
    identity_number="031190000003",
    password=PASSWORD,
    role="approver",
)


async def _person(context: Context, new: NewPerson) -> Person:
    await add_people(context, [new], only_when_empty=False)
    async with context.database.read_only() as connection:
        found = await people.find_person(connection, new.username)
    assert found is not None
    return found


async def test_two_approvers_at_the_same_moment(context: Context) -> None:
    officer, approver = await add_officers(context)
    second = await _person(context, HUNG)
    for number in range(5):
        await register_account(context, officer, replace(PROPOSED, account_number=f"70000{number}"))
        approval_id = await only_approval(context)
        found = await at_once(
            decide_approval(context, approver, approval_id, is_approved=True),
            decide_approval(context, second, approval_id, is_approved=number % 2 == 0),
        )
        assert found == ["StateConflict", "done"]
    assert await broken(context) == {}


async def test_nobody_approves_what_they_asked_for(context: Context) -> None:
    officer, approver = await add_officers(context)
    await register_account(context, approver, PROPOSED)
    approval_id = await only_approval(context)
    with pytest.raises(SamePerson):
        await decide_approval(context, approver, approval_id, is_approved=True)
    with pytest.raises(SamePerson):
        await decide_approval(context, approver, approval_id, is_approved=False)
    with pytest.raises(Forbidden):
        await decide_approval(context, officer, approval_id, is_approved=True)
    assert await only_approval(context) == approval_id


async def test_a_declined_account_stays_dead_and_its_number_is_free(context: Context) -> None:
    officer, approver = await add_officers(context)
    await register_account(context, officer, PROPOSED)
    approval_id = await only_approval(context)
    await decide_approval(context, approver, approval_id, is_approved=False)
    with pytest.raises(StateConflict):
        await decide_approval(context, approver, approval_id, is_approved=True)
    await register_account(context, officer, PROPOSED)
    await decide_approval(context, approver, await only_approval(context), is_approved=True)
    with pytest.raises(StateConflict):
        await register_account(context, officer, PROPOSED)
    assert await broken(context) == {}


async def test_one_number_is_registered_once_however_many_ask(context: Context) -> None:
    officer, _ = await add_officers(context)
    found = await at_once(*(register_account(context, officer, PROPOSED) for _ in range(6)))
    assert found == ["StateConflict"] * 5 + ["done"]


IMPOSSIBLE_ACCOUNTS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"account_number": "12345"}, "account_number"),
    ({"account_number": "1" * 20}, "account_number"),
    ({"account_number": "1132 900001"}, "account_number"),
    ({"account_number": "１１３２９００００１"}, "account_number"),
    ({"account_number": "abc123456"}, "account_number"),
    ({"holder_name": "Ủy ban"}, "holder_name"),
    ({"holder_name": ""}, "holder_name"),
    ({"holder_name": "A\nB"}, "holder_name"),
    ({"decision_number": " "}, "decision_number"),
    ({"unit_code": "99999"}, "unit_code"),
    ({"unit_code": ""}, "unit_code"),
    ({"bank_bin": "999999"}, "bank_bin"),
    ({"bank_bin": "97043"}, "bank_bin"),
    ({"bank_bin": "9704361"}, "bank_bin"),
    ({"bank_bin": ""}, "bank_bin"),
    ({"opening_balance_minor": -1}, "opening_balance_minor"),
    ({"opening_balance_minor": 10**15 + 1}, "opening_balance_minor"),
    ({"opening_balance_minor": 2**63}, "opening_balance_minor"),
)


async def test_an_account_that_cannot_be_is_refused(context: Context) -> None:
    officer, _ = await add_officers(context)
    for changes, field in IMPOSSIBLE_ACCOUNTS:
        with pytest.raises(Invalid) as refused:
            await register_account(context, officer, replace(PROPOSED, **changes))
        assert refused.value.data["field"] == field, changes


async def test_an_auditor_only_looks(context: Context) -> None:
    officer, _ = await add_officers(context)
    auditor = await _person(context, replace(HUNG, role="auditor"))
    with pytest.raises(Forbidden):
        await register_account(context, auditor, PROPOSED)
    await register_account(context, officer, PROPOSED)
    with pytest.raises(Forbidden):
        await decide_approval(context, auditor, await only_approval(context), is_approved=True)


async def test_one_identity_number_is_one_person(context: Context) -> None:
    await add_officers(context)
    with pytest.raises(StateConflict):
        await add_people(
            context, [replace(HUNG, identity_number="031190000002")], only_when_empty=False
        )
    with pytest.raises(StateConflict):
        await add_people(context, [replace(HUNG, username="lan")], only_when_empty=False)
    with pytest.raises(StateConflict):
        await add_people(context, [HUNG], only_when_empty=True)


async def test_the_same_number_written_otherwise_is_the_same_person(context: Context) -> None:
    await add_officers(context)
    with pytest.raises(StateConflict):
        await add_people(
            context, [replace(HUNG, identity_number=" 031 190 000 002 ")], only_when_empty=False
        )


IMPOSSIBLE_PEOPLE = (
    {"username": "Hung"},
    {"username": "h"},
    {"username": "hùng"},
    {"username": "h" * 41},
    {"password": "ngan"},
    {"role": "root"},
    {"identity_number": ""},
    {"identity_number": "mot"},
    {"full_name": " "},
)


async def test_a_person_who_cannot_be_is_refused(context: Context) -> None:
    for changes in IMPOSSIBLE_PEOPLE:
        with pytest.raises(Invalid):
            await add_people(context, [replace(HUNG, **changes)], only_when_empty=False)


async def test_the_first_two_come_together_once(context: Context) -> None:
    async def bootstrap(number: int) -> None:
        new = replace(HUNG, username=f"hung{number}", identity_number=f"03119000010{number}")
        await add_people(context, [new], only_when_empty=True)

    assert await at_once(*map(bootstrap, range(4))) == ["StateConflict"] * 3 + ["done"]


async def test_a_client_has_one_name(context: Context) -> None:
    assert await issue_client_key(context, "Một cửa") != ""
    with pytest.raises(StateConflict):
        await issue_client_key(context, "Một cửa")
    with pytest.raises(Invalid):
        await issue_client_key(context, "  ")


async def test_guessing_is_stopped_where_it_comes_from(
    context: Context, clock: MovableClock
) -> None:
    await add_officers(context)
    for _ in range(FAILED_LOGINS_MAX):
        with pytest.raises(Unauthenticated):
            await log_in(context, "lan", "khong phai", "203.0.113.9")
    with pytest.raises(TooManyRequests):
        await log_in(context, "lan", PASSWORD, "203.0.113.9")
    assert await log_in(context, "lan", PASSWORD, "203.0.113.10")
    clock.advance(minutes=16)
    assert await log_in(context, "lan", PASSWORD, "203.0.113.9")


async def test_an_unknown_name_is_answered_like_a_wrong_password(context: Context) -> None:
    await add_officers(context)
    for username in ("khongai", "", "lan\0", "l" * 10_000, "LAN", "lan "):
        with pytest.raises(Unauthenticated, match="user name or password is wrong"):
            await log_in(context, username, PASSWORD, "203.0.113.9")
