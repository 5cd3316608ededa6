"""The outside world day by day: gateways settle, lives are played, banks write their statements.

It meets the service over HTTP and files only; the nights in between are the service's own.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import count
from pathlib import Path
from random import Random

from bank_adapters.vocabulary import Statement
from payment_service.simulation.bank import Bank, StatementFile, deliver
from payment_service.simulation.gateway import COST_TOP_UP, PAYOUT, Gateway, PayoutManner, Till
from payment_service.simulation.gateway_server import GatewayServer
from payment_service.simulation.http_client import Transport
from payment_service.simulation.lives import Life, Truth, truth_of
from payment_service.simulation.officers import Officers
from payment_service.simulation.places import Place, Surroundings
from payment_service.simulation.scenario import Scenario
from payment_service.simulation.stage import Act, Stage
from reconciliation.breaks import BreakCode
from reconciliation.ruleset import RuleSet

LIVES_AT_ONCE = 8
Progress = Callable[[int, int], None]
"""Told how many lives have had their day, and of how many."""


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""


class World:
    """Banks, gateways, officers and the lives of a plan of business days."""

    def __init__(
        self,
        *,
        surroundings: Surroundings,
        scenarios: Mapping[str, Scenario],
        lives: Sequence[Life],
        days: Sequence[date],
        seed: int,
        transport: Transport,
        gateway_server: GatewayServer,
        clock: Callable[[], datetime],
        pick_up_folder: Path,
        in_one_day: bool = False,
    ) -> None:
        """Take the parts.

        `in_one_day`: the gateway pays out at once, and only accounts with lines get statements.
        """
        self.lives = list(lives)
        self._scenarios, self._days, self._seed = scenarios, tuple(days), seed
        self._folder, self._surroundings = pick_up_folder, surroundings
        self.bank, self.gateway = Bank(surroundings), Gateway()
        self.officers = Officers(transport, surroundings.officers)
        self._manners = {
            life.unit_code: life.scenario for life in lives if scenarios[life.scenario].is_alone
        }
        self._in_one_day = in_one_day
        self._held: dict[str, StatementFile] = {}
        surroundings.lives = max(life.number for life in lives)
        self._stage = Stage(
            transport=transport,
            api_key=surroundings.api_key,
            clock=clock,
            bank=self.bank,
            gateway=self.gateway,
            gateway_server=gateway_server,
            officers=self.officers,
            today=self._days[0],
        )

    @property
    def truth(self) -> Truth:
        """What really happened until now."""
        return truth_of(self._seed, self._days, self.lives, self.bank.true_lines)

    async def play_day(self, index: int, progress: Progress = _silent) -> None:
        """Play one business day: the gateway's morning, everybody's day, the banks' evening."""
        on = self._stage.today = self._days[index]
        await self.officers.arrive()
        self._settle(index)
        due = [
            (life, acts)
            for life in self.lives
            if (acts := self._acts_of(life, index - life.starts_on))
        ]
        free, done = asyncio.Semaphore(LIVES_AT_ONCE), count(1)

        async def live(life: Life, acts: Sequence[Act]) -> None:
            async with free:
                for act in acts:
                    await act(self._stage, life)
            progress(next(done), len(due))

        async with asyncio.TaskGroup() as group:
            for life, acts in due:
                group.create_task(live(life, acts))
        if self._in_one_day:
            self._settle(index)
        for _, place in sorted(self.bank.places.items()):
            if self.bank.has_lines(place) or not self._in_one_day:
                await self._close(place, index, on)

    def _acts_of(self, life: Life, day: int) -> list[Act]:
        scenario = self._scenarios.get(life.scenario)
        return [act for when, act in scenario.script if when == day] if scenario else []

    def _settle(self, index: int) -> None:
        batches: dict[Till, Life] = {}
        for till in self.gateway.waiting():
            unit_code = till[0]
            manner = self._manners.get(unit_code, "")
            batches[till] = life = self._new_life(PAYOUT, unit_code, index)
            if manner in set(PayoutManner):
                self.gateway.settle_as(till, PayoutManner(manner))
            if manner == PayoutManner.OTHER_COSTS:
                life.breaks = [BreakCode.FEE_VARIANCE.value]
            if manner == PayoutManner.WRONG_AMOUNT:
                life.breaks = [BreakCode.BATCH_AMOUNT.value]
                if len(self._days) - 1 - index > RuleSet().payout_business_days:
                    life.breaks.append(BreakCode.BATCH_NO_BANK.value)
        self.gateway.settle(self.bank, batches, self._days[index], self._folder)

    def _new_life(self, scenario: str, unit_code: str, index: int) -> Life:
        self._surroundings.lives += 1
        number = self._surroundings.lives
        life = Life(
            number=number,
            scenario=scenario,
            unit_code=unit_code,
            starts_on=index,
            random=Random(f"life:{self._seed}:{number}"),  # noqa: S311 - not a secret
        )
        self.lives.append(life)
        return life

    async def _close(self, place: Place, index: int, on: date) -> None:
        statement, file = self.bank.close_day(place, on)
        manner = self._manners.get(place.unit_code, "")
        if held := self._held.pop(place.unit_code, None):
            self._deliver(held, f"{held.name[:10]}-again{held.name[10:]}")
        if not file.signature:
            is_left = manner == "statement-waiting" and index == len(self._days) - 1
            await self._bring(place, statement, file, is_left=is_left)
            return
        if manner not in {"statement-corrected", "statement-cut"} or index != len(self._days) - 2:
            self._deliver(file)
            if manner == "statement-doubled":
                self._deliver(file, f"{on}-copy-of-{file.name}")
            return
        self._held[place.unit_code] = file
        if manner == "statement-corrected":
            self._deliver(self.bank.write(place, _spoiled(statement)))
        else:
            cut = file.content[: len(file.content) * 2 // 3]
            deliver(self._folder, file.name, cut, self.bank.sign(place, cut))

    async def _bring(
        self, place: Place, statement: Statement, file: StatementFile, *, is_left: bool
    ) -> None:
        if not is_left:
            await self.officers.bring_and_confirm(file)
            return
        await self.officers.bring(file)
        # What stands on a statement that nobody confirmed is on no record.
        self.bank.hide_lines(statement)
        waiting = self._new_life("statement-waiting", place.unit_code, len(self._days) - 1)
        waiting.names.add(f"{place.account_number}/{file.number}")
        waiting.breaks = [BreakCode.NOT_CONFIRMED.value]

    def _deliver(self, file: StatementFile, name: str = "") -> None:
        deliver(self._folder, name or file.name, file.content, file.signature)


def _spoiled(statement: Statement) -> Statement:
    closing = statement.closing
    if closing is None:
        raise ValueError("a bank closes its statements")
    return replace(statement, closing=replace(closing, amount_minor=closing.amount_minor + 1_000))


BATCH_SCENARIOS = (PAYOUT, COST_TOP_UP)
"""Scenarios of whole batches: their lives are born when the gateway settles."""
