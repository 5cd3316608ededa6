"""Two people keep in mind whose account it is: a reason to look there first, and nothing more."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from bank_adapters.vocabulary import StatementLine
from payment_service.db import matching, payer_mappings
from payment_service.domain.errors import Forbidden, Invalid, SamePerson, StateConflict
from payment_service.use_cases.ask_resolution import ask_resolution
from payment_service.use_cases.learn_payer import KNOWN_FOR
from payment_service.use_cases.revoke_payer import revoke_payer
from tests.builders import ask_payment
from tests.payment_service.use_cases.days import line, open_break_codes
from tests.payment_service.use_cases.proposals import (
    ask,
    carry_out,
    learning,
    line_of,
    live_groups,
    person,
    split,
    undo,
)
from tests.payment_service.use_cases.towns import FEE, MONDAY, TUESDAY, Town, at_once

pytestmark = pytest.mark.anyio
PAYER = "0071000123456"


def _from_payer(key: str, memo: str = "nop le phi", account: str = PAYER) -> StatementLine:
    return replace(line(FEE, memo, MONDAY, reference=key), counterparty_account=account)


async def _again(town: Town) -> dict[str, Any]:
    """Ask for more money for the first dossier."""
    return await ask_payment(
        town.context, town.client_id, dossier_code="H24.11-261123-0001", sequence=2
    )


async def _matched(town: Town, account: str = PAYER) -> UUID:
    """Let a nameless line be matched by hand, with another one beside; return the match."""
    asked = await town.ask()
    await town.statement(MONDAY, [_from_payer("FT1", account=account), _from_payer("FT2")])
    await town.night(MONDAY)
    line_id = await line_of(town, "FT1")
    await carry_out(town, await split(town, line_id, (asked, FEE)))
    [group_id] = await live_groups(town, line_id)
    return group_id


async def _known(town: Town, days: int = 0) -> list[str]:
    async with town.context.database.read_only() as connection:
        found = await payer_mappings.known_dues(
            connection, await line_of(town, "FT2"), TUESDAY + timedelta(days=days)
        )
    return [each.reference for each in found]


async def test_a_mapping_alone_never_settles_anything(town: Town) -> None:
    group_id = await _matched(town)
    asked = await _again(town)
    group = await town.value("SELECT DISTINCT account_group_id FROM statement_line")
    async with town.context.database.read_only(snapshot=True) as connection:
        before = await matching.read_open_rows(connection, [group], TUESDAY, MONDAY)
    await carry_out(town, await learning(town, group_id))
    assert await _known(town) == [asked["reference"]]
    async with town.context.database.read_only(snapshot=True) as connection:
        after = await matching.read_open_rows(connection, [group], TUESDAY, MONDAY)
    # The engine gets the same rows as before, payer accounts included.
    assert after.lines.equals(before.lines)
    assert after.items.equals(before.items)
    for days in range(1, 6):
        await town.night(MONDAY + timedelta(days=days))
    assert await open_break_codes(town.context) == ["NO_REFERENCE"]
    assert (
        await town.value("SELECT count(*) FROM match_group WHERE pass_name <> 'match_by_hand'") == 0
    )
    posted = await town.rows("SELECT entry_id FROM journal_entry WHERE rule = 'learn_payer'")
    assert posted == []


async def test_it_holds_for_its_dossier_and_unit_until_its_day_or_until_taken_back(
    town: Town,
) -> None:
    approval_id = await carry_out(town, await learning(town, await _matched(town)))
    await town.ask()  # another dossier
    asked = await _again(town)
    assert await _known(town) == [asked["reference"]]
    assert await _known(town, KNOWN_FOR.days) == [asked["reference"]]
    assert await _known(town, KNOWN_FOR.days + 1) == []
    found = await at_once(
        *(revoke_payer(town.context, town.officer, approval_id) for _ in range(2))
    )
    assert found == ["StateConflict", "done"]
    assert await _known(town) == []


async def test_a_due_that_people_took_the_line_off_is_not_proposed_again(town: Town) -> None:
    await carry_out(town, await learning(town, await _matched(town)))
    asked, line_id = await _again(town), await line_of(town, "FT2")
    await carry_out(town, await split(town, line_id, (asked, FEE)))
    await undo(town, line_id)
    assert await _known(town) == []


async def test_nobody_learns_alone_twice_or_from_nothing(town: Town) -> None:
    group_id = await _matched(town)
    proposal = await learning(town, group_id)
    own, _ = await ask_resolution(town.context, town.approver, proposal)
    with pytest.raises(SamePerson):
        await town.approve(own)
    with pytest.raises(StateConflict):
        await ask(town, proposal)
    assert await _known(town) == []
    auditor = await person(town, "auditor")
    with pytest.raises(Forbidden):
        await ask_resolution(town.context, auditor, proposal)
    with pytest.raises(Forbidden):
        await revoke_payer(town.context, auditor, own)
    with pytest.raises(StateConflict):
        await revoke_payer(town.context, town.officer, own)


async def test_it_is_learned_once_and_from_a_live_payment_only(town: Town) -> None:
    group_id = await _matched(town)
    proposal = await learning(town, group_id)
    await carry_out(town, proposal)
    with pytest.raises(StateConflict) as refused:
        await ask(town, proposal)
    assert refused.value.data["field"] == "known-payer"
    await undo(town, await line_of(town, "FT1"))
    with pytest.raises(StateConflict):
        await ask(town, await learning(town, group_id))


async def test_a_payment_whose_account_nobody_told_teaches_nothing(town: Town) -> None:
    group_id = await _matched(town, account="")
    with pytest.raises(Invalid) as refused:
        await ask(town, await learning(town, group_id))
    assert refused.value.data["field"] == "no-payer-account"
