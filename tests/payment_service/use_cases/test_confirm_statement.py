"""An unsigned statement is worth nothing until a second person reads the same figures off."""

import json
from uuid import UUID

import pytest

from payment_service.db import people
from payment_service.domain.errors import Forbidden, Invalid, SamePerson, StateConflict
from payment_service.use_cases.add_people import NewPerson, add_people
from payment_service.use_cases.confirm_statement import confirm_statement
from tests.builders import PASSWORD
from tests.payment_service.use_cases.days import balances, line, open_break_codes
from tests.payment_service.use_cases.towns import FEE, MONDAY, TUESDAY, Town, at_once

pytestmark = pytest.mark.anyio


async def _waiting(town: Town) -> UUID:
    content, _ = town.bank.statement(MONDAY, [line(FEE, "x", MONDAY, reference="FT1")])
    answer = await town.bring(content)
    [each] = answer["statements"]
    assert each["verdict"] == "waiting"
    return UUID(each["statement_id"])


async def test_two_people_and_the_right_figures(town: Town) -> None:
    statement_id = await _waiting(town)
    assert await balances(town.context) == {}
    assert await open_break_codes(town.context) == ["NOT_CONFIRMED"]
    for closing_minor, line_count in ((FEE + 1, 1), (FEE, 2), (0, 0), (-FEE, 1)):
        with pytest.raises(Invalid):
            await confirm_statement(
                town.context, town.approver, statement_id, closing_minor, line_count
            )
    with pytest.raises(SamePerson):
        await confirm_statement(town.context, town.officer, statement_id, FEE, 1)
    assert await balances(town.context) == {}
    await confirm_statement(town.context, town.approver, statement_id, FEE, 1)
    assert await balances(town.context) == {"bank": FEE, "suspense": -FEE}
    assert await open_break_codes(town.context) == []
    with pytest.raises(StateConflict):
        await confirm_statement(town.context, town.approver, statement_id, FEE, 1)


async def test_confirmed_twice_at_once_is_booked_once(town: Town) -> None:
    statement_id = await _waiting(town)
    confirm = [
        confirm_statement(town.context, town.approver, statement_id, FEE, 1) for _ in range(5)
    ]
    assert await at_once(*confirm) == ["StateConflict"] * 4 + ["done"]
    assert await balances(town.context) == {"bank": FEE, "suspense": -FEE}


async def test_an_auditor_confirms_nothing_and_nothing_is_confirmed_that_is_not_there(
    town: Town,
) -> None:
    statement_id = await _waiting(town)
    new = NewPerson(
        username="thanh",
        full_name="Lê Thị Thanh",
        identity_number="031190000009",
        password=PASSWORD,
        role="auditor",
    )
    await add_people(town.context, [new], only_when_empty=False)
    async with town.context.database.read_only() as connection:
        auditor = await people.find_person(connection, "thanh")
    assert auditor is not None
    with pytest.raises(Forbidden):
        await confirm_statement(town.context, auditor, statement_id, FEE, 1)
    with pytest.raises(StateConflict):
        await confirm_statement(town.context, town.approver, town.account_id, FEE, 1)


async def test_another_statement_took_its_place(town: Town) -> None:
    """The bank's signed file arrived between the upload and the confirmation."""
    before = town.bank.balance_minor, town.bank.last_on
    statement_id = await _waiting(town)
    town.bank.balance_minor, town.bank.last_on = before
    await town.statement(MONDAY, [line(FEE, "khac", MONDAY, reference="FT9")])
    with pytest.raises(StateConflict):
        await confirm_statement(town.context, town.approver, statement_id, FEE, 1)
    assert await balances(town.context) == {"bank": FEE, "suspense": -FEE}


async def test_days_brought_together_are_confirmed_one_after_another(town: Town) -> None:
    parts = [
        town.bank.statement(day, [line(FEE, "x", day, reference=f"FT{day}")])[0]
        for day in (MONDAY, TUESDAY)
    ]
    answer = await town.bring(b"".join(parts))
    assert [each["verdict"] for each in answer["statements"]] == ["waiting", "quarantined"]
    first = UUID(answer["statements"][0]["statement_id"])
    await confirm_statement(town.context, town.approver, first, FEE, 1)
    answer = await town.bring(b"".join(parts))
    second = UUID(answer["statements"][1]["statement_id"])
    await confirm_statement(town.context, town.approver, second, 2 * FEE, 1)
    assert await balances(town.context) == {"bank": 2 * FEE, "suspense": -2 * FEE}
    assert await open_break_codes(town.context) == []


async def test_two_statements_of_one_number_are_not_mistaken_for_each_other(town: Town) -> None:
    """A bank that numbers every day anew: Monday brought nothing, Tuesday bears the same number."""
    monday, _ = town.bank.statement(MONDAY, [])
    town.bank.number = 0
    tuesday, _ = town.bank.statement(TUESDAY, [line(FEE, "x", TUESDAY, reference="FT1")])
    answer = await town.bring(monday + tuesday)
    assert [each["verdict"] for each in answer["statements"]] == ["waiting", "waiting"]
    second = UUID(answer["statements"][1]["statement_id"])
    await confirm_statement(town.context, town.approver, second, FEE, 1)
    assert await balances(town.context) == {"bank": FEE, "suspense": -FEE}


async def test_the_bank_s_signature_on_a_brought_file_changes_nothing_by_itself(
    town: Town,
) -> None:
    """The answer to the same bytes is the same; who brought them first is on record."""
    content, signature = town.bank.statement(MONDAY, [line(FEE, "x", MONDAY)])
    brought = await town.bring(content)
    assert await town.take((content, signature)) == brought
    assert json.dumps(brought).count("waiting") == 1
    assert await balances(town.context) == {}
