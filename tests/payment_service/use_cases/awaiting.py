"""What is awaited on a statement, and lines that lost its key."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from bank_adapters.vocabulary import Direction
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.resolution import Act, Proposal
from tests.payment_service.use_cases.days import line
from tests.payment_service.use_cases.proposals import ask, ask_refund, line_of, line_part, proposed
from tests.payment_service.use_cases.towns import FEE, MONDAY, TUESDAY, Town

DEBIT = Direction.DEBIT
OVER = 3_000


async def awaited(town: Town, kind: str, direction: str = "debit") -> Any:
    """Return the newest item of a kind that goes one way, one that is open first."""
    return (
        await town.rows(
            "SELECT item_id, version, residual_minor, reference FROM item WHERE kind = :kind"
            " AND direction = :direction ORDER BY residual_minor > 0 DESC, item_id DESC",
            kind=kind,
            direction=direction,
        )
    )[0]


async def tying(
    town: Town, line_id: UUID, *items: Any, amount_minor: int | None = None
) -> Proposal:
    """Propose that a line is these items, each whole or of another amount."""
    whole = await line_part(town, line_id)
    parts = [
        replace(
            whole,
            item_id=item.item_id,
            item_version=item.version,
            amount_minor=amount_minor or item.residual_minor or 1,
        )
        for item in items
    ]
    return await proposed(town, Act.MATCH_BY_HAND, line_id, *parts)


async def refund_ordered(town: Town) -> str:
    """Let somebody pay 3.000 too much and order it back; return the printed key."""
    asked = await town.ask()
    await town.statement(MONDAY, [line(FEE + OVER, asked["reference"], MONDAY, reference="FT1")])
    await town.night(MONDAY)
    surplus = await awaited(town, "surplus")
    await town.approve(await ask_refund(town.context, town.officer, surplus.item_id, "x"))
    return str((await awaited(town, "refund")).reference)


async def paid_back(town: Town, memo: str, amount_minor: int = OVER, key: str = "D1") -> UUID:
    """Let the bank show money that left, and a night pass; return the line."""
    out = line(amount_minor, memo, TUESDAY, reference=key, direction=DEBIT)
    await town.statement(TUESDAY, [out])
    await town.night(TUESDAY)
    return await line_of(town, key)


async def refused(town: Town, proposal: Proposal) -> str:
    """Return the field by which a proposal is refused."""
    with pytest.raises((Invalid, StateConflict)) as error:
        await ask(town, proposal)
    return str(error.value.data["field"])
