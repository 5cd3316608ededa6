"""Plays business days from nothing against the real service and tells the story as tables.

It prepares and sequences; what happens outside the service is the simulation's business.
"""

import asyncio
import shutil
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from payment_service.composition import clock_of, database_of, open_context, system_clock
from payment_service.context import Clock, Context
from payment_service.db import invariants, nights, overview, tariff
from payment_service.db.break_ages import aged_breaks
from payment_service.db.database import Database
from payment_service.db.fresh import fresh_database
from payment_service.db.migration import migrate
from payment_service.domain.calendar import VIETNAM
from payment_service.nightly import run_night
from payment_service.rehearsal import furnish, observe
from payment_service.serving import started
from payment_service.settings import PREFIX, Settings
from payment_service.simulation import tables
from payment_service.simulation.casting import cast
from payment_service.simulation.gateway_server import GatewayServer
from payment_service.simulation.http_client import HttpClient
from payment_service.simulation.lives import Truth, write_truth
from payment_service.simulation.places import SURROUNDINGS_FILE, Surroundings, write_surroundings
from payment_service.simulation.progress import night_shown, open_progress, shown
from payment_service.simulation.scenarios import SCENARIOS
from payment_service.simulation.score import Observed, Score, score
from payment_service.simulation.world import World
from payment_service.use_cases.load_seeds import load_seeds
from payment_service.use_cases.reconcile_accounts import reconcile_accounts
from reconciliation.ruleset import RuleSet

DATABASE: Final = "payment_service_demo"
FOLDER: Final = "demo"
WIDTH: Final = 110
"""Columns of a log file, where nobody can widen the window."""
UNITS_SHOWN: Final = 15
SURPRISES_SHOWN: Final = 20
_PREPARES, _OPENS, _NIGHT = time(6), time(8), time(2)
_OUT: Final = Console(width=None if sys.stdout.isatty() else WIDTH)


def run_demo(
    settings: Settings,
    *,
    days: int = 3,
    requests: int = 3200,
    seed: int = 2026,
    serve: bool = False,
) -> int:
    """Play the last business days before today and return 0 only if everything ended as it must.

    Each run starts from a fresh database and folder of its own, beside those of the service.
    """
    folder = settings.data_folder / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    port = _free_port()
    with database_of(settings) as server:
        own = replace(
            server,
            database_url=asyncio.run(fresh_database(server.database_url or "", DATABASE)),
            data_folder=folder,
            host="127.0.0.1",
            port=port,
            public_url=f"http://127.0.0.1:{port}",
            master_key_file=folder / "master.key",
            clock_file=folder / "clock-seconds",
        )
        clock = MovedClock(own)
        plan = asyncio.run(_prepare(own, days))
        with started(own):
            story = asyncio.run(_play(own, clock, plan, requests, seed))
            status = _tell(story)
            if serve:
                clock.move_to(system_clock())
                _stay(own, story)
    return status


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class MovedClock:
    """The clock of the service under play: the real one, moved by the seconds in a file."""

    def __init__(self, settings: Settings) -> None:
        if settings.clock_file is None:
            raise ValueError("a play needs a clock that can be moved")
        self._path: Path = settings.clock_file
        self.move_to(system_clock())
        self.now: Clock = clock_of(settings)

    def move_to(self, moment: datetime) -> None:
        """Make it this instant now; processes never see half a file."""
        seconds = int((moment - system_clock()).total_seconds())
        draft = self._path.with_suffix(".new")
        draft.write_text(str(seconds), encoding="ascii")
        draft.replace(self._path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Everything that the tables need."""

    days: Sequence[date]
    truth: Truth
    observed: Observed
    score: Score
    surroundings: Surroundings
    units: Sequence[Any]
    fees: Sequence[Any]
    facts: dict[str, Any]
    breaks: Sequence[Any]
    balances: Sequence[Any]
    broken: dict[str, int]
    changed: dict[str, int]
    reports: Sequence[dict[str, Any]]


async def _prepare(settings: Settings, days: int) -> list[date]:
    """Bring the schema up, load the first facts, and return the last business days before today."""
    owner = Database(settings.database_url or "", role=None)
    try:
        await migrate(owner)
    finally:
        await owner.close()
    async with open_context(settings) as context:
        await load_seeds(context)
        async with context.database.read_only() as connection:
            calendar = await tariff.read_calendar(connection)
    today = system_clock().astimezone(VIETNAM).date()
    return [calendar.add_business_days(today, -back) for back in range(days, 0, -1)]


async def _play(
    settings: Settings, clock: MovedClock, days: list[date], requests: int, seed: int
) -> Story:
    clock.move_to(datetime.combine(days[0], _PREPARES, VIETNAM))
    async with (
        open_context(settings) as context,
        HttpClient(settings.public_url) as client,
        GatewayServer(clock.now) as gateways,
    ):
        with open_progress(_OUT) as bar:
            task = bar.add_task("Chuẩn bị · Setting up", total=None)
            opening_on = days[0] - timedelta(days=1)
            made = await furnish(context, client, gateways, seed=seed, opening_on=opening_on)
            bar.update(task, total=len(made.places), completed=len(made.places))
            world = World(
                surroundings=made,
                scenarios=SCENARIOS,
                lives=cast(SCENARIOS, made.places, seed=seed, requests=requests, days=len(days)),
                days=days,
                seed=seed,
                transport=client,
                gateway_server=gateways,
                clock=clock.now,
                pick_up_folder=settings.pick_up_folder,
            )
            reports = []
            for index, day in enumerate(days):
                clock.move_to(datetime.combine(day, _OPENS, VIETNAM))
                await world.play_day(index, shown(bar, f"Ngày · Day {day:%d/%m/%Y}"))
                clock.move_to(datetime.combine(day + timedelta(days=1), _NIGHT, VIETNAM))
                reports.append(await run_night(context, day, progress=night_shown(bar, day)))
                write_truth(world.truth, settings.data_folder / "truth.json")
                write_surroundings(made, settings.data_folder / SURROUNDINGS_FILE)
        observed = await observe(context, client, made.api_key)
        return await _read_story(context, world.truth, observed, made, reports)


async def _rerun(context: Context, day: date) -> dict[str, int]:
    """Run the last night again, matching included; return the tables whose rows became more."""
    async with context.database.read_only() as connection:
        before = await overview.count_rows(connection)
        groups = await nights.account_groups(connection)
    await run_night(context, day)
    await reconcile_accounts(context, groups, day, ruleset=RuleSet())
    async with context.database.read_only() as connection:
        after = await overview.count_rows(connection)
    return {name: after[name] - before[name] for name in before if after[name] != before[name]}


async def _read_story(
    context: Context,
    truth: Truth,
    observed: Observed,
    made: Surroundings,
    reports: list[dict[str, Any]],
) -> Story:
    changed = await _rerun(context, truth.days[-1])
    async with context.database.read_only(snapshot=True) as connection:
        return Story(
            days=truth.days,
            truth=truth,
            observed=observed,
            score=score(truth, observed),
            surroundings=made,
            units=await overview.collected_by_unit(connection),
            fees=await overview.collected_by_fee_kind(connection),
            facts={row.request_id: row for row in await overview.facts_by_request(connection)},
            breaks=await aged_breaks(connection, truth.days[-1]),
            balances=await overview.bank_balances(connection),
            broken=await invariants.broken_invariants(connection),
            changed=changed,
            reports=reports,
        )


def _tell(story: Story) -> int:
    """Print the tables and say whether everything is as it must be."""
    _OUT.print(tables.units_table(story.units, top=UNITS_SHOWN))
    _OUT.print(tables.fees_table(story.fees))
    _OUT.print(tables.labels_table(story.truth, story.observed.labels, story.facts))
    _OUT.print(tables.breaks_table(story.breaks))
    _OUT.print(tables.scores_table(story.score))
    _OUT.print(tables.balances_table(story.balances))
    _OUT.print(
        tables.invariants_table(
            [(each.name, each.sentence) for each in invariants.INVARIANTS], story.broken
        )
    )
    for surprise in story.score.surprises[:SURPRISES_SHOWN]:
        _OUT.print(f"  {surprise}", markup=False, highlight=False)
    differences = [row for row in story.balances if row.ledger_minor != row.statement_minor]
    rerun = "không đổi gì · changed nothing" if not story.changed else str(story.changed)
    _OUT.print(f"Chạy lại đêm cuối · The last night again: {rerun}", highlight=False)
    is_right = story.score.is_perfect and not story.broken and not differences and not story.changed
    _OUT.print(
        "[bold green]Mọi đồng đều có tên · Every đồng has its name[/]"
        if is_right
        else "[bold red]Có điều không đúng · Something is wrong[/]"
    )
    return 0 if is_right else 1


def _stay(settings: Settings, story: Story) -> None:
    """Print addresses and log-ins, and wait until told to stop."""
    sample = next(life.requests[0] for life in story.truth.lives if life.requests)
    rows = [
        ("Trang nộp · Payment page", f"{settings.public_url}{sample.pay_path}"),
        ("Cán bộ · Staff", f"{settings.public_url}/staff"),
        *(
            (officer.role, f"{officer.username} / {officer.password}")
            for officer in story.surroundings.officers
        ),
        ("API", f"{settings.public_url}/api/v1/payment-requests"),
        ("API key", story.surroundings.api_key),
    ]
    _OUT.print(tables.table("Đang chạy, Ctrl-C để dừng · Running, Ctrl-C to stop", ("", ""), rows))
    _OUT.print("Chạy lệnh khác trên dữ liệu này · To run other commands on these records:")
    for name, value in (
        ("DATABASE_URL", settings.database_url),
        ("DATA_FOLDER", settings.data_folder),
        ("CLOCK_FILE", settings.clock_file),
    ):
        line = f"  export {PREFIX}{name}='{value}'"
        _OUT.print(line, markup=False, highlight=False, soft_wrap=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        signal.pause()
    except KeyboardInterrupt:
        _OUT.print("Đã dừng · Stopped")
