"""A bank's notice of money for another unit: no proof of money, handed over once its line came."""

from datetime import timedelta
from uuid import UUID

import pytest

from bank_adapters.contract import Outcome
from bank_adapters.vocabulary import Direction
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.resolution import Act, Part, Proposal
from tests.payment_service.db.worlds import refusal
from tests.payment_service.use_cases.awaiting import refused
from tests.payment_service.use_cases.days import line, open_break_codes
from tests.payment_service.use_cases.neighbours import (
    HERE,
    THERE,
    Neighbour,
    balances_by_unit,
    neighbour,
    transfer_key,
)
from tests.payment_service.use_cases.proposals import ask, ask_refund, carry_out, proposed, undoing
from tests.payment_service.use_cases.towns import (
    FEE,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Town,
    at_once,
    one_after_the_other,
)

__all__ = ["neighbour"]
pytestmark = pytest.mark.anyio
DEBIT = Direction.DEBIT
THURSDAY = WEDNESDAY + timedelta(days=1)


async def _announced(town: Town, neighbour: Neighbour, amount_minor: int = FEE) -> UUID:
    """Let our bank announce what was meant for the neighbour; return the surplus."""
    memo = neighbour.asked["reference"]
    assert await town.notify(memo, amount_minor, "FT1", MONDAY) is Outcome.UNKNOWN_REFERENCE
    found: UUID = await town.value("SELECT item_id FROM item WHERE kind = 'surplus'")
    return found


async def _shown(town: Town, neighbour: Neighbour, amount_minor: int = FEE) -> None:
    memo = neighbour.asked["reference"]
    await town.statement(MONDAY, [line(amount_minor, memo, MONDAY, reference="FT1")])
    await town.night(MONDAY)


async def _handing(
    town: Town, neighbour: Neighbour, surplus_id: UUID, amount_minor: int = FEE
) -> Proposal:
    """Propose to hand surplus over for the neighbour's due."""
    rows = await town.rows(
        "SELECT item_id, version FROM item WHERE item_id = :surplus_id"
        " OR (kind = 'due' AND reference = :reference) ORDER BY kind DESC",
        surplus_id=surplus_id,
        reference=neighbour.asked["reference"],
    )
    parts = [
        Part(item_id=row.item_id, item_version=row.version, amount_minor=amount_minor)
        for row in rows
    ]
    return await proposed(town, Act.MOVE_TO_UNIT, surplus_id, *parts)


async def _match_of(town: Town, surplus_id: UUID) -> UUID:
    found: UUID = await town.value(
        "SELECT group_id FROM allocation JOIN match_group USING (group_id)"
        " WHERE item_id = :surplus_id AND pass_name = 'move_to_unit' AND NOT EXISTS (SELECT FROM"
        " match_group AS undoing WHERE undoing.reverses = allocation.group_id)",
        surplus_id=surplus_id,
    )
    return found


async def test_it_waits_for_its_line_and_then_ends_like_a_line(
    town: Town, neighbour: Neighbour
) -> None:
    surplus_id = await _announced(town, neighbour)
    early = await _handing(town, neighbour, surplus_id)
    assert await refused(town, early) == "not-collected"
    await _shown(town, neighbour)
    assert await open_break_codes(town.context) == ["UNKNOWN_REFERENCE"]
    await carry_out(town, await _handing(town, neighbour, surplus_id))
    assert await balances_by_unit(town) == {
        HERE: {"bank": FEE, "due_to_units": -FEE},
        THERE: {"due_from_units": FEE, "fees_collected": -FEE},
    }
    assert await open_break_codes(town.context) == []
    facts = await town.rows(
        "SELECT is_collected FROM money_fact WHERE request_id = :request_id",
        request_id=UUID(neighbour.asked["request_id"]),
    )
    assert [row.is_collected for row in facts] == [True]
    key = await transfer_key(town)
    out = line(FEE, f"chuyen {key}", TUESDAY, reference="O1", direction=DEBIT)
    await town.statement(TUESDAY, [out])
    await neighbour.statement(TUESDAY, line(FEE, key, TUESDAY, reference="I1"))
    await town.night(TUESDAY)
    assert await balances_by_unit(town) == {HERE: {}, THERE: {"bank": FEE, "due_to_budget": -FEE}}
    assert await open_break_codes(town.context) == []


async def test_it_is_taken_back_in_parts_and_handed_over_again(
    town: Town, neighbour: Neighbour
) -> None:
    surplus_id = await _announced(town, neighbour, 13_000)
    await _shown(town, neighbour, 13_000)
    beyond = await _handing(town, neighbour, surplus_id, 10_001)
    assert await refused(town, beyond) == "amount"
    await carry_out(town, await _handing(town, neighbour, surplus_id, 4_000))
    first = await _match_of(town, surplus_id)
    assert await open_break_codes(town.context) == ["UNDERPAID", "UNKNOWN_REFERENCE"]
    assert (
        await town.value(
            "SELECT amount_minor::bigint FROM break_case WHERE closed_at IS NULL"
            " AND code = 'UNKNOWN_REFERENCE'"
        )
        == 9_000
    )
    await carry_out(town, await _handing(town, neighbour, surplus_id, 6_000))
    assert await balances_by_unit(town) == {
        HERE: {"bank": 13_000, "surplus_to_return": -3_000, "due_to_units": -FEE},
        THERE: {"due_from_units": FEE, "fees_collected": -FEE},
    }
    await town.night(TUESDAY)
    await carry_out(town, await undoing(town, first))
    await town.night(WEDNESDAY)
    assert await balances_by_unit(town) == {
        HERE: {"bank": 13_000, "surplus_to_return": -7_000, "due_to_units": -6_000},
        THERE: {"due_from_units": 6_000, "part_payments_held": -6_000},
    }
    [left] = await town.rows(
        "SELECT amount_minor::bigint AS minor, details ->> 'surplus_minor'"
        " AS told FROM break_case WHERE closed_at IS NULL"
        " AND code = 'UNKNOWN_REFERENCE'"
    )
    assert tuple(left) == (7_000, "7000")
    await carry_out(town, await _handing(town, neighbour, surplus_id, 4_000))
    await town.approve(await ask_refund(town.context, town.officer, surplus_id, "x"))
    assert await open_break_codes(town.context) == []


async def test_it_stays_once_a_side_was_seen_or_the_surplus_is_gone(
    town: Town, neighbour: Neighbour
) -> None:
    surplus_id = await _announced(town, neighbour)
    await _shown(town, neighbour)
    handing = await ask(town, await _handing(town, neighbour, surplus_id))
    with pytest.raises(StateConflict):
        await ask_refund(town.context, town.officer, surplus_id, "x")
    found = await at_once(*(town.approve(handing) for _ in range(3)))
    assert found == ["StateConflict", "StateConflict", "done"]
    made = await _match_of(town, surplus_id)
    out = line(FEE, await transfer_key(town), TUESDAY, reference="O1", direction=DEBIT)
    await town.statement(TUESDAY, [out])
    await town.night(TUESDAY)
    assert await refused(town, await undoing(town, made)) == "moved-on"
    with pytest.raises(StateConflict):
        await ask(town, await _handing(town, neighbour, surplus_id))


@pytest.mark.parametrize("is_before", [True, False])
async def test_the_bank_takes_the_line_back_before_or_after(
    town: Town, neighbour: Neighbour, *, is_before: bool
) -> None:
    surplus_id = await _announced(town, neighbour)
    await _shown(town, neighbour)
    handing = await ask(town, await _handing(town, neighbour, surplus_id))
    back = line(FEE, "tra lai", TUESDAY, reference="R1", returned="FT1", direction=DEBIT)
    await town.statement(TUESDAY, [back])
    held = "SELECT FROM item WHERE kind = 'surplus' FOR UPDATE"
    acts = [town.night(TUESDAY), town.approve(handing)]
    found = await one_after_the_other(town.context, held, *acts[:: 1 if is_before else -1])
    assert found == (["done", "StateConflict"] if is_before else ["done", "done"])
    await town.night(WEDNESDAY)
    books = await balances_by_unit(town)
    if is_before:
        assert await open_break_codes(town.context) == []
        assert books == {HERE: {}, THERE: {}}
    else:
        assert await open_break_codes(town.context) == ["RETURN_SETTLED"]
        assert books[HERE] == {"suspense": FEE, "due_to_units": -FEE}


async def test_only_surplus_of_this_account_is_handed_over_and_only_to_others(
    town: Town, neighbour: Neighbour
) -> None:
    own = await town.ask()
    surplus_id = await _announced(town, neighbour)
    await _shown(town, neighbour)
    here = Neighbour(town, town.bank, own)
    assert await refused(town, await _handing(town, here, surplus_id)) == "same-unit"
    good = await _handing(town, neighbour, surplus_id)
    kept, due = good.parts
    for parts, field in (((kept,), "same-unit"), ((kept, due, due), "due")):
        proposal = await proposed(town, Act.MOVE_TO_UNIT, surplus_id, *parts)
        with pytest.raises(Invalid) as error:
            await ask(town, proposal)
        assert error.value.data["field"] == field


_ORDERED = """
    UPDATE approval SET decision = 'approved', decided_at = now(),
      decided_by = (SELECT person_id FROM person WHERE username = 'minh') WHERE decision IS NULL;
    CREATE TEMP TABLE done ON COMMIT DROP AS
      SELECT ('00000000-0000-0000-0000-00000000000' || position)::uuid AS group_id, position,
        part.approval_id, item_id, part.amount_minor, item.account_group_id
      FROM resolution_part AS part JOIN item USING (item_id);
    INSERT INTO match_group SELECT group_id, account_group_id, NULL, 'move_to_unit', 'E', NULL,
      '{{}}', sha256('{{}}'), NULL, now() FROM done;
    INSERT INTO allocation SELECT gen_random_uuid(), group_id, NULL, item_id, NULL, amount_minor,
      now() FROM done;
    INSERT INTO resolved_group SELECT group_id, approval_id FROM done;
    INSERT INTO item (item_id, kind, direction, unit_id, account_group_id, account_id, reference,
      amount_minor, residual_minor, opened_on, due_on)
    SELECT group_id, 'unit_transfer', direction, unit.unit_id, unit.account_group_id,
      account_id, 'X', amount_minor, amount_minor, '2026-11-23', '2026-11-23'
    FROM done JOIN (VALUES {orders}) AS ordered (position, direction, code) USING (position)
    JOIN unit USING (code) JOIN collection_account USING (unit_id);
    SET CONSTRAINTS ALL IMMEDIATE; ROLLBACK; BEGIN
"""


async def test_the_database_lets_only_the_account_that_has_it_pay(
    town: Town, neighbour: Neighbour
) -> None:
    surplus_id = await _announced(town, neighbour)
    await _shown(town, neighbour)
    await ask(town, await _handing(town, neighbour, surplus_id))
    here, there = f"(1, 'debit', '{HERE}')", f"(2, 'credit', '{THERE}')"
    for orders, state in (
        ([here, there], ""),
        ([f"(1, 'debit', '{THERE}')", there], "23000"),
        ([f"(1, 'credit', '{HERE}')", there], "23000"),
        ([here, f"(2, 'debit', '{THERE}')"], "23000"),
        ([here, f"(2, 'credit', '{HERE}')"], "23000"),
    ):
        script = _ORDERED.format(orders=", ".join(orders))
        assert (orders, await refusal(town.context.database, script)) == (orders, state)


async def test_what_the_bank_took_back_in_part_is_not_handed_over_any_more(
    town: Town, neighbour: Neighbour
) -> None:
    surplus_id = await _announced(town, neighbour)
    await _shown(town, neighbour)
    await carry_out(town, await _handing(town, neighbour, surplus_id, 4_000))
    back = line(FEE, "tra lai", TUESDAY, reference="R1", returned="FT1", direction=DEBIT)
    await town.statement(TUESDAY, [back])
    await town.night(TUESDAY)
    assert "RETURN_SETTLED" in await open_break_codes(town.context)
    rest = await _handing(town, neighbour, surplus_id, 6_000)
    assert await refused(town, rest) == "taken-back"
