"""Whatever officers do to lines in whatever order, the books are sound after every single act."""

import os
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.resolution import Act, Part
from tests.builders import ask_payment, open_account
from tests.payment_service.use_cases.days import balances, broken, line
from tests.payment_service.use_cases.proposals import (
    ask_refund,
    carry_out,
    due_part,
    line_part,
    live_groups,
    proposed,
    undoing,
)
from tests.payment_service.use_cases.towns import FEE, MONDAY, TUESDAY, Town

pytestmark = pytest.mark.anyio
SEEDS = range(int(os.environ.get("RESOLUTION_SEEDS", "1")))
ACTS = 24
LINES = (FEE, 2 * FEE, 13_000, 7_000)


class Officers:
    """Two officers who act at random; what is refused is refused by name."""

    def __init__(self, town: Town, seed: int) -> None:
        self.town = town
        self.random = random.Random(seed)  # noqa: S311 - a repeatable choice, not a secret
        self.asked: list[dict[str, Any]] = []
        self.elsewhere: list[dict[str, Any]] = []
        self.lines: list[UUID] = []
        self.done = 0

    async def act(self) -> None:
        """Do one thing, or be refused."""
        acts: list[Callable[[], Awaitable[object]]] = [
            *[self.split, self.move, self.undo] * 3, self.hand_over, self.hand_over,
            self.write_off, self.charge, self.notify, self.refund, self.refund_line,
        ]  # fmt: skip
        try:
            await self.random.choice(acts)()
        except (StateConflict, Invalid):
            return
        self.done += 1

    async def split(self) -> None:
        """Match a line with one to three requests, too little or too much."""
        line_id = self.random.choice(self.lines)
        parts = [
            await due_part(self.town, line_id, each, self.random.randrange(1, 13) * 1_000)
            for each in self.random.sample(self.asked, self.random.randint(1, 3))
        ]
        await carry_out(self.town, await proposed(self.town, Act.MATCH_BY_HAND, line_id, *parts))

    async def undo(self) -> None:
        """Undo a match."""
        groups = await live_groups(self.town, self.random.choice(self.lines))
        if groups:
            await carry_out(self.town, await undoing(self.town, self.random.choice(groups)))

    async def write_off(self) -> None:
        """Write off what is left of a line, or a surplus."""
        surplus = await self.town.rows(
            "SELECT item_id, version, residual_minor FROM item"
            " WHERE kind = 'surplus' AND residual_minor > 0 ORDER BY item_id"
        )
        if surplus and self.random.random() < 1 / 2:
            row = self.random.choice(surplus)
            part = Part(
                item_id=row.item_id, item_version=row.version, amount_minor=row.residual_minor
            )
            await carry_out(self.town, await proposed(self.town, Act.WRITE_OFF, row.item_id, part))
            return
        await self._whole(Act.WRITE_OFF)

    async def charge(self) -> None:
        """Book what is left of a line as interest."""
        await self._whole(Act.BOOK_AS_CHARGE)

    async def refund_line(self) -> None:
        """Order what is left of a line back to its payer."""
        await self._whole(Act.REFUND)

    async def move(self) -> None:
        """Give what one request got to another."""
        groups = await live_groups(self.town, self.random.choice(self.lines))
        if groups:
            taken = await undoing(self.town, self.random.choice(groups))
            line_id, amount_minor = taken.line_ids[0], taken.parts[0].amount_minor
            asked = self.random.choice(self.asked)
            target = await due_part(self.town, line_id, asked, amount_minor)
            moving = replace(taken, act=Act.MOVE_TO_REQUEST, parts=(*taken.parts, target))
            await carry_out(self.town, moving)

    async def hand_over(self) -> None:
        """Hand a part of a line over to another unit."""
        line_id, asked = self.random.choice(self.lines), self.random.choice(self.elsewhere)
        amount_minor = self.random.randrange(1, 13) * 1_000
        both = await due_part(self.town, line_id, asked, amount_minor)
        parts = (
            replace(both, item_id=None, item_version=None),
            replace(both, line_id=None, line_version=None),
        )
        await carry_out(self.town, await proposed(self.town, Act.MOVE_TO_UNIT, line_id, *parts))

    async def _whole(self, act: Act) -> None:
        line_id = self.random.choice(self.lines)
        part = await line_part(self.town, line_id)
        await carry_out(self.town, await proposed(self.town, act, line_id, part))

    async def notify(self) -> None:
        """Let a payer pay a part of a request otherwise."""
        reference = self.random.choice(self.asked)["reference"]
        await self.town.notify(reference, 3_000, f"N{self.random.random()}"[:20], MONDAY)

    async def refund(self) -> None:
        """Refund surplus or a part payment."""
        kept = await self.town.rows(
            "SELECT item_id FROM item WHERE kind IN ('surplus', 'part_payment')"
            " AND residual_minor > 0 ORDER BY item_id"
        )
        if kept:
            item_id = self.random.choice(kept).item_id
            approval_id = await ask_refund(self.town.context, self.town.officer, item_id, "x")
            try:
                await self.town.approve(approval_id)
            except StateConflict:
                await self.town.approve(approval_id, is_approved=False)
                raise


@pytest.mark.parametrize("seed", SEEDS)
async def test_books_are_sound_after_every_act(town: Town, seed: int) -> None:
    officers = Officers(town, seed)
    officers.asked = [await town.ask() for _ in range(4)]
    await open_account(town.context, town.officer, town.approver, "11359")
    officers.elsewhere = [
        await ask_payment(town.context, town.client_id, unit_code="11359", dossier_code=f"X-{n:03}")
        for n in range(2)
    ]
    lines = [
        line(minor, "khong ro", MONDAY, reference=f"K{number}")
        for number, minor in enumerate(LINES)
    ]
    await town.statement(MONDAY, lines)
    await town.night(MONDAY)
    rows = await town.rows("SELECT line_id FROM statement_line ORDER BY bank_reference")
    officers.lines = [row.line_id for row in rows]
    for number in range(ACTS):
        await officers.act()
        assert await broken(town.context) == {}, (seed, number)
    await town.night(TUESDAY)
    assert officers.done > ACTS // 4
    assert (await balances(town.context))["bank"] == sum(LINES)
    waiting = await town.rows("SELECT act FROM approval WHERE decision IS NULL")
    assert [row.act for row in waiting] == []
