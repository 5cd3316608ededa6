"""Every scenario of the catalogue, played over HTTP with nights between, ends as it must.

The outside world is the simulation's; the service is the real application over a real database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

import httpx
import pytest
from sqlalchemy import text

from payment_service.context import Context
from payment_service.db import journal, tariff
from payment_service.db.invariants import broken_invariants
from payment_service.domain.calendar import VIETNAM
from payment_service.domain.chart_of_accounts import Account
from payment_service.nightly import run_night
from payment_service.outside.gateway_calls import GatewayCalls
from payment_service.rehearsal import furnish, observe
from payment_service.simulation.casting import cast
from payment_service.simulation.gateway import COST_TOP_UP, PAYOUT
from payment_service.simulation.gateway_server import GatewayServer
from payment_service.simulation.http_client import Answer, Headers
from payment_service.simulation.scenario import Scenario
from payment_service.simulation.scenarios import SCENARIOS
from payment_service.simulation.score import Score, score
from payment_service.simulation.world import World
from reconciliation.breaks import BreakCode, sentence
from tests.postgres import MovableClock
from tests.web import browsing

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SEED = 7
UNITS = 20
STEPS_A_CHECK = 40
KEPT = {Account.BANK, Account.DUE_TO_BUDGET, Account.RETAINED_SHARE, Account.OPENING_DIFFERENCE}
GATEWAY_FINISHES = (
    "gateway", "gateway-notice-twice", "gateway-success-after-failure", "gateway-chargeback",
    "gateway-refund-ordered", "payout-two-in-one", "payout-in-parts", "payout-other-costs",
)  # fmt: skip
FINISHES = (
    "gateway-failed", "gateway-forged", "transfer-signed-notice", "notice-webhookbank",
    "transfer", "transfer-notice-twice", "transfer-late-notice", "short-then-completed", "late",
    "reversed-same-day", "reversed-next-day", "reversed-after-notice", "unpaid", "cancelled",
    "over-refunded", "cancelled-refunded", "short-refunded", "short-refunded-then-paid",
    "memo-line-break", "statement-doubled", "statement-corrected", "statement-cut",
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class CheckedTransport:
    """Sends to the application in this event loop; looks at the books every few requests."""

    client: httpx.AsyncClient
    context: Context
    sent: int = 0
    broken: list[dict[str, int]] = field(default_factory=list)

    async def send(
        self, method: str, target: str, *, headers: Headers = (), body: bytes = b""
    ) -> Answer:
        """Send one request; what is broken right after it is kept for the test."""
        self.client.cookies.clear()
        answer = await self.client.request(method, target, headers=list(headers), content=body)
        self.sent += 1
        if self.sent % STEPS_A_CHECK == 0:
            await self.look()
        return Answer(
            status=answer.status_code,
            headers=tuple((name.lower(), value) for name, value in answer.headers.multi_items()),
            body=answer.content,
        )

    async def look(self) -> None:
        """Check every invariant of the books at this moment."""
        async with self.context.database.read_only(snapshot=True) as connection:
            if found := await broken_invariants(connection):
                self.broken.append(found)


async def play(
    context: Context,
    clock: MovableClock,
    scenarios: Mapping[str, Scenario],
    *,
    requests: int,
    units: int = UNITS,
) -> Score:
    """Play four business days with their nights and return the score."""
    async with context.database.read_only() as connection:
        calendar = await tariff.read_calendar(connection)
    first = calendar.roll_forward(clock().astimezone(VIETNAM).date())
    days = [first, *(calendar.add_business_days(first, count) for count in (1, 2, 3))]
    calls = GatewayCalls()
    context = replace(context, send=calls.send)
    async with browsing(context) as client, GatewayServer(clock) as gateways:
        transport = CheckedTransport(client=client, context=context)
        made = await furnish(
            context,
            transport,
            gateways,
            seed=SEED,
            opening_on=first - timedelta(days=1),
            units_max=units,
        )
        lives = cast(scenarios, made.places, seed=SEED, requests=requests, days=len(days))
        world = World(
            surroundings=made,
            scenarios=scenarios,
            lives=lives,
            days=days,
            seed=SEED,
            transport=transport,
            gateway_server=gateways,
            clock=clock,
            pick_up_folder=context.pick_up_folder,
        )
        for index, day in enumerate(days):
            clock.now = at(day, time(10))
            await world.play_day(index)
            await transport.look()
            clock.now = at(day + timedelta(days=1), time(2))
            report = await run_night(context, day)
            assert report["broken_invariants"] == {}
        assert transport.broken == []
        assert transport.sent > requests
        await calls.close()
        return score(world.truth, await observe(context, transport, made.api_key))


def at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, VIETNAM).astimezone(UTC)


def names_of(result: Score) -> set[str]:
    return set(result.scenarios)


async def test_every_scenario_ends_under_its_right_label_and_breaks(
    context: Context, clock: MovableClock
) -> None:
    result = await play(context, clock, SCENARIOS, requests=150)
    assert result.surprises == []
    assert names_of(result) == {*SCENARIOS, PAYOUT, COST_TOP_UP}
    assert result.total.wrong == 0
    assert result.total.right_readable == result.total.readable > 100
    assert result.total.lines > result.total.readable
    await assert_every_break_says_all_its_figures(context)


async def assert_every_break_says_all_its_figures(context: Context) -> None:
    async with context.database.read_only() as connection:
        rows = await connection.execute(text("SELECT code, details FROM break_case"))
        found = [sentence(BreakCode(row.code), row.details, "vi") for row in rows]
    assert len(found) > 50
    # A dash stands where a sentence has no figure to say.
    assert [each for each in found if "—" in each] == []


async def test_a_finished_life_leaves_every_account_empty(
    context: Context, clock: MovableClock
) -> None:
    # Costs are put back the day after the payout: two days after the payment.
    early = {name: replace(SCENARIOS[name], days=2, early_label=None) for name in GATEWAY_FINISHES}
    result = await play(
        context, clock, early | {name: SCENARIOS[name] for name in FINISHES}, requests=60
    )
    assert result.surprises == []
    async with context.database.read_only() as connection:
        balances = await journal.balances(connection)
    left = sums(balances)
    assert {account for account, minor in left.items() if minor} <= KEPT
    assert left[Account.BANK] > 0
    assert left[Account.DUE_TO_BUDGET] < 0
    open_rows = [row for row in balances if row.balance_minor and row.account not in KEPT]
    assert open_rows == []


async def test_money_for_another_unit_keeps_its_name_on_a_night_with_returns(
    context: Context, clock: MovableClock
) -> None:
    # A return makes its group run twice when the night has other matches too; the second run must
    # still see the other units' dues.
    names = ("other-unit", "reversed-next-day", "transfer")
    often = {name: replace(SCENARIOS[name], permille=333) for name in names}
    result = await play(context, clock, often, requests=48, units=6)
    assert result.surprises == []
    assert result.total.lives == 48


def sums(balances: Sequence[object]) -> dict[Account, int]:
    """Return the balance of each account over all units."""
    found = dict.fromkeys(Account, 0)
    for row in balances:
        found[Account(row.account)] += row.balance_minor  # type: ignore[attr-defined]  # a row
    return found
