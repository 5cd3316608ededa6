"""A day's statement from file to matched books, beside the floor the same rows cost PostgreSQL."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from bank_adapters.counterpart.statements import write_mt940
from benchmarks.asking import AMOUNT_MINOR, copies
from benchmarks.figures import Figure, compared
from benchmarks.floor import floor_seconds
from benchmarks.statements import sign, statement_of
from benchmarks.world import World, open_world
from payment_service.db import matching
from payment_service.domain.calendar import business_date
from payment_service.use_cases.import_statement import DeliveredFile, import_statement
from payment_service.use_cases.reconcile_accounts import MEMORY_LIMIT_BYTES, reconcile_accounts
from reconciliation.reconcile import reconcile
from reconciliation.ruleset import RuleSet

UNIT = "lines/s"


async def measure(lines: int) -> list[Figure]:
    """Import and match a statement of so many lines in a database of its own."""
    async with open_world() as world:
        return await _measure(world, lines)


async def _measure(world: World, lines: int) -> list[Figure]:
    references = await copies(world, lines)
    today = business_date(world.context.clock(), None)
    statement = statement_of(world.account_number, world.opened_on, today, references, AMOUNT_MINOR)
    content = write_mt940(statement)
    delivered = DeliveredFile(
        name="day.sta", content=content, signature=sign(content, world.bank_key)
    )
    taken: dict[str, float] = {}
    with _timed(taken, "import"):
        await import_statement(world.context, delivered)
    with _timed(taken, "engine with its rows read"):
        [dry] = await reconcile_accounts(
            world.context, [world.account_group_id], today, ruleset=RuleSet(), is_dry_run=True
        )
    async with world.context.database.read_only(snapshot=True) as connection:
        rows = await matching.read_open_rows(connection, [world.account_group_id], today, today)
    with _timed(taken, "engine"):
        reconcile(
            rows.lines,
            rows.items,
            ruleset=RuleSet(),
            as_of=today,
            non_working_days=frozenset(),
            memory_limit_bytes=MEMORY_LIMIT_BYTES,
            spill_folder=None,
        )
    with _timed(taken, "run"):
        [run] = await reconcile_accounts(
            world.context, [world.account_group_id], today, ruleset=RuleSet()
        )
    if run.decisions != dry.decisions or len(run.decisions) * 20 < lines * 19:
        raise RuntimeError(f"{len(run.decisions)} of {lines} lines were matched")
    floor = await floor_seconds(world, lines)
    other = lines / floor
    against = "COPY + hash join + insert of groups and allocations"
    return [
        compared(name, lines, lines / seconds, UNIT, against=against, other=other)
        for name, seconds in (
            ("statement file to matched books", taken["import"] + taken["run"]),
            ("… import alone", taken["import"]),
            ("… run alone", taken["run"]),
            ("… matching engine alone", taken["engine"]),
        )
    ]


@contextmanager
def _timed(taken: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    taken[name] = time.perf_counter() - started
